"""What a PostgreSQL does to a server without going away: it locks, it stops writing, its clock is put back, or it is not
one that the server can use at all.

Whoever does not need what is locked notices nothing; what cannot be written is 503 and nothing in doubt; no clock makes
a chat sink or a session revive; and a database that would fail later is refused at start, with what to do.
"""

import threading
import time

import httpx
import psycopg
import pytest

from api import people
from postgres import Postgres, rows
from server import eventually


@pytest.fixture(scope="module")
def own():
    """A PostgreSQL whose databases may be set as a test needs them."""
    postgres = Postgres().start()
    yield postgres
    postgres.close()


def is_ready(server) -> bool:
    return httpx.get(f"{server.url}/api/health?ready=1", timeout=20).status_code == 200


def test_a_locked_chat_holds_up_nobody_else(own, own_server):
    url = own.create("locked")
    server = own_server(name="locked", database_url=url).start()
    ada, ben = people(server.url, "ada", "ben")
    locked, free = ada.group("locked", ben), ada.group("free", ben)
    ada.send(locked["id"], "before")
    answers = []
    with psycopg.connect(url) as keeper:
        keeper.execute("SELECT FROM chats WHERE id = %s FOR UPDATE", [locked["id"]])
        waiting = []
        for number in range(4):
            # Each of another kind, so that all ways to the lock are tried.
            calls = [
                ("POST", f"/chats/{locked['id']}/messages", {"content": "waits"}),
                ("PUT", f"/chats/{locked['id']}", {"name": "renamed"}),
                ("POST", f"/chats/{locked['id']}/messages", {"content": "waits, too"}),
                ("POST", f"/chats/{locked['id']}/members", {"user_ids": [ben.id]}),
            ]
            method, path, body = calls[number]
            waiting.append(threading.Thread(
                target=lambda method=method, path=path, body=body: answers.append(ada.ask(method, path, json=body))))
            waiting[-1].start()
        # Few: the server gives up what waits longer than 8 s.
        for number in range(8):
            assert ben.send(free["id"], f"{number}")["seq"] == number + 1
            ben.call("GET", "/chats")
        assert not answers, "those of the locked chat wait"
        keeper.rollback()
    for thread in waiting:
        thread.join(20)
    assert sorted(answer.status for answer in answers) == [200, 201, 201, 201], answers
    assert [message["seq"] for message in ada.messages(locked["id"])] == [1, 2, 3, 4]
    server.close()


def test_a_database_that_does_not_write_is_no_fault_of_ours(own, own_server):
    url = own.create("readonly")
    server = own_server(name="readonly", database_url=url, outage_expected=True).start()
    ada, ben = people(server.url, "ada", "ben")
    chat = ada.group("chat", ben)
    sent = ada.send(chat["id"], "before")
    assert is_ready(server)
    own.execute('ALTER DATABASE "readonly" SET default_transaction_read_only = on')
    own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'readonly'")
    eventually("it reads again", lambda: ada.ask("GET", "/chats").status == 200)
    for method, path, body in (
        ("POST", f"/chats/{chat['id']}/messages", {"content": "during"}),
        ("PUT", f"/messages/{sent['id']}", {"content": "edited"}), ("DELETE", f"/messages/{sent['id']}", None),
        ("POST", f"/messages/{sent['id']}/read", None), ("PUT", f"/chats/{chat['id']}", {"name": "renamed"}),
        ("POST", "/auth/refresh", {"refresh_token": ada.refresh_token}),
    ):
        answer = ben.ask(method, path, json=body) if path.endswith("/read") else ada.ask(method, path, json=body)
        assert (answer.status, answer.code) == (503, "unavailable"), f"{method} {path}: {answer}"
        assert int(answer.headers["retry-after"]) >= 1
    assert not is_ready(server), "who balances the load must send nobody here"
    assert httpx.get(f"{server.url}/api/health").status_code == 200, "it lives"
    # What is set anew holds for new sessions: the old ones must not be kept.
    own.execute('ALTER DATABASE "readonly" RESET default_transaction_read_only')
    eventually("ready again", lambda: is_ready(server), 20)
    eventually("it writes", lambda: ada.ask("POST", f"/chats/{chat['id']}/messages", json={"content": "x"}).status == 201)
    server.close()


CLOCK = """
CREATE SCHEMA clock;
CREATE TABLE clock.shift AS SELECT interval '0' AS by;
CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE
  AS 'SELECT pg_catalog.now() + (SELECT by FROM clock.shift)';
CREATE FUNCTION clock.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE
  AS 'SELECT pg_catalog.statement_timestamp() + (SELECT by FROM clock.shift)';
"""


@pytest.fixture
def shifted(own, own_server):
    """A server on a database whose clock can be moved: functions of its own lie before those of the system."""
    name = f"clock_{time.monotonic_ns()}"
    url = own.create(name)
    server = own_server(name="clock", database_url=url).start()
    server.stop()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(CLOCK)
    own.execute(f'ALTER DATABASE "{name}" SET search_path = clock, pg_catalog, public')
    server.start()

    def shift(by: str):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE clock.shift SET by = %s", [by])

    server.shift = shift
    yield server
    server.close()


@pytest.mark.parametrize("change", ["rename", "add", "remove", "send"])
def test_no_clock_makes_a_chat_sink(shifted, change):
    ada, ben, cy = people(shifted.url, "ada", "ben", "cy")
    first = ada.group("first", ben)
    second = ada.group("second", ben)
    path = f"/chats/{first['id']}"
    shifted.shift("-1 hour")
    match change:
        case "rename": ada.call("PUT", path, json={"name": "renamed"})
        case "add": ada.call("POST", f"{path}/members", json={"user_ids": [cy.id]})
        case "remove": ada.call("DELETE", f"{path}/members/{ben.id}")
        case "send": ada.send(first["id"], "hello")
    after = ada.call("GET", path)
    assert after["updated_at"] >= first["updated_at"], f"{first['updated_at']} fell to {after['updated_at']}"
    # And a chat that moved while the clock was wrong is in front again when it is right.
    shifted.shift("0")
    ada.send(first["id"], "now")
    assert [chat["id"] for chat in ada.call("GET", "/chats")["items"]] == [first["id"], second["id"]]


def test_marks_and_edits_are_no_earlier_than_what_they_mark(shifted):
    ada, ben = people(shifted.url, "ada", "ben")
    chat = ada.group("chat", ben)
    sent = [ada.send(chat["id"], f"{number}") for number in range(2)]
    ben.call("POST", f"/messages/{sent[0]['id']}/read", expect=204)

    def read_at() -> str:
        members = ada.call("GET", f"/chats/{chat['id']}")["members"]
        return next(member["last_read_at"] for member in members if member["user"]["id"] == ben.id)

    before = read_at()
    shifted.shift("-1 hour")
    ben.call("POST", f"/messages/{sent[1]['id']}/read", expect=204)
    assert read_at() >= before
    assert ada.call("PUT", f"/messages/{sent[0]['id']}", json={"content": "x"})["edited_at"] >= sent[0]["created_at"]
    ada.call("DELETE", f"/messages/{sent[1]['id']}", expect=204)
    assert ada.call("GET", f"/messages/{sent[1]['id']}")["deleted_at"] >= sent[1]["created_at"]


@pytest.mark.parametrize("then, now", [("-1 hour", "0"), ("0", "1 hour")])
def test_no_clock_revives_a_session(shifted, then, now):
    (ada,) = people(shifted.url, "ada")
    shifted.shift(then)
    ada.call("POST", "/auth/logout", json={"refresh_token": ada.refresh_token}, expect=204)
    assert ada.ask("GET", "/auth/me").status == 401
    shifted.shift(now)
    shifted.stop()
    shifted.start()
    assert ada.ask("GET", "/auth/me").status == 401, "its access token lives for a quarter of an hour"
    assert ada.ask("POST", "/auth/refresh", json={"refresh_token": ada.refresh_token}).status == 401


def test_grace_for_a_used_refresh_token_is_no_longer_with_a_clock_that_was_put_back(shifted):
    (ada,) = people(shifted.url, "ada")
    old = ada.refresh_token
    newer = ada.call("POST", "/auth/refresh", json={"refresh_token": old})["refresh_token"]
    ada.call("POST", "/auth/refresh", json={"refresh_token": newer})
    shifted.shift("-1 hour")
    assert ada.ask("POST", "/auth/refresh", json={"refresh_token": old}).status == 401


@pytest.mark.parametrize("name, options, found", [
    ("ascii", "TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'", "encoding SQL_ASCII"),
    ("small", "CONNECTION LIMIT 3", "allows 3 connections"),
])
def test_a_database_that_would_fail_later_is_refused(own, own_server, name, options, found):
    role = f"role_{name}"
    own.execute(f"CREATE ROLE {role} LOGIN")
    url = own.create(name, f"OWNER {role} {options}").replace("postgres@", f"{role}@")
    server = own_server(name=name, database_url=url, environment={"DATABASE_CONNECTIONS": "5"})
    with pytest.raises(AssertionError) as refusal:
        server.start(20)
    line = str(refusal.value)
    assert found in line and "letschat: " in line, line
    assert server.process.wait(5) == 78
    if name != "small":
        assert f"createdb -T template0 -E UTF8 {name}" in line
        assert not rows(url, "SELECT FROM pg_tables WHERE schemaname = 'public'"), "nothing was made in it"


@pytest.mark.parametrize("connections", ["64", "65"])
def test_as_many_connections_as_are_accepted_can_be_had(own_server, connections):
    server = own_server(name="many", environment={"DATABASE_CONNECTIONS": connections})
    if connections == "65":
        with pytest.raises(AssertionError) as refusal:
            server.start(20)
        assert "DATABASE_CONNECTIONS must be a number from 1 to 64" in str(refusal.value)
        return
    server.start(30)
    eventually("ready", lambda: is_ready(server))
    ada, ben = people(server.url, "ada", "ben")
    chat = ada.group("chat", ben)
    assert ada.send(chat["id"], "hello")["seq"] == 1
    socket = next((server.data / "postgres" / "socket").resolve().glob(".s.PGSQL.*")).parent
    counted = "SELECT count(*) AS n FROM pg_stat_activity WHERE backend_type = 'client backend'"
    url = f"host={socket} user=letschat dbname=letschat"
    # The socket is for PostgreSQL's user alone; root may enter.
    eventually("all stand", lambda: rows(url, counted)[0]["n"] >= 64)
    server.close()


def test_a_database_of_the_locale_c_knows_what_letters_are(own, own_server):
    """Whatever its locale, names are found by ICU."""
    url = own.create("bare", "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    server = own_server(name="bare", database_url=url).start()
    ada, ben = people(server.url, "ada", "ben")
    ben.call("PUT", "/auth/profile", json={"display_name": "Ägir Øst"})
    found = ada.call("GET", "/users/search", params={"q": "øst"})["items"]
    assert [user["id"] for user in found] == [ben.id]
    server.close()
