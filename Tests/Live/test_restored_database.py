"""PostgreSQL comes back as it was before: from a disk's snapshot, from a dump, as a standby that was behind, or from a
crash that gave transactions' numbers out again.

Positions go backwards then, and are given once more for something else. Old cursors saw nothing of it ever after, nor did
who came back to a node's memory of the lost future; a connected client that knew rev 8 was told none of the new messages
4 to 8. Now whatever names the lost future is answered 410 `resync`, whoever is connected is told so, and everything goes
on from where the database is.
"""

import asyncio
import signal
import subprocess

import pytest
import socketio

from api import PASSWORD, Person, new_id, people
from postgres import Postgres, Restorable, as_postgres, programs
from recovering import Session, entered
from reference_client import Replica
from server import SECRET, Server, eventually, free_port
from sockets import Connection, close, connect

NEWS = [f"new {number}" for number in range(4, 9)]


@pytest.fixture
def postgres():
    postgres = Restorable()
    postgres.start()
    yield postgres
    postgres.close()


@pytest.fixture
def start():
    """Starts servers that are to be closed."""
    servers = []

    def start(database_url: str) -> Server:
        server = Server(database_url=database_url, environment={"JWT_SECRET": SECRET}, outage_expected=True)
        servers.append(server.start())
        return server

    yield start
    for server in servers:
        server.close()


def known(person: Person, chat_id: str) -> dict:
    """All that a client may name later."""
    synced = person.call("GET", "/sync")
    return {
        "cursor": synced["next_cursor"], "history": synced.get("history"),
        "page": person.call("GET", f"/chats/{chat_id}/messages", params={"limit": 1})["next_cursor"],
    }


def say(person: Person, chat_id: str, texts: list[str]):
    """Each as soon as it goes: the database may be away still."""
    for text in texts:
        body = {"content": text, "client_id": new_id()}
        eventually(
            "it is sent", lambda: person.ask("POST", f"/chats/{chat_id}/messages", json=body).status == 201, 20, 0.002)


def require_resync(person: Person, chat_id: str, lost: dict):
    """Whatever names the lost future is refused, and goes on being refused while numbers overtake it."""
    for request in (
        ("/sync", {"cursor": lost["cursor"]}),
        (f"/chats/{chat_id}/changes", {"after_rev": 1, "history": lost["history"]}),
        (f"/chats/{chat_id}/messages", {"limit": 1, "cursor": lost["page"]}),
    ):
        answer = person.ask("GET", request[0], params=request[1])
        assert (answer.status, answer.code) == (410, "resync"), f"{request}: {answer}"


async def contents(connection: Connection) -> list[str]:
    return [message["content"] for message in connection.payloads("new_message")]


# What lies between the loss and the new messages: as many commits as were lost, none, or many.
@pytest.mark.parametrize("others", [0, 30])
async def test_commits_are_lost_under_a_running_server(postgres, start, others):
    server = start(postgres.create("letschat"))
    ada, ben = await asyncio.to_thread(people, server.url, "ada", "ben")
    chat_id = (await asyncio.to_thread(ada.direct, ben))["id"]
    await asyncio.to_thread(say, ada, chat_id, ["1", "2"])
    kept = await asyncio.to_thread(known, ben, chat_id)
    await asyncio.to_thread(postgres.back_up)
    (socket,) = await connect(ben)
    replica = Replica(server.url, ben.id, ben.token)
    events: asyncio.Queue = asyncio.Queue()
    socket.listeners.append(lambda name, payload: events.put_nowait((name, payload)))
    following = asyncio.create_task(replica.follow(events))
    away = Session()
    try:
        async with entered(server.url, away, auth={"token": ben.token, "recover": True}) as peer:
            await asyncio.to_thread(say, ada, chat_id, [f"lost {number}" for number in range(4, 9)])
            while len(away.events) < 5:
                await peer.next()
            await peer.cut()
        await socket.event("new_message", lambda message: message["rev"] == 8)
        lost = await asyncio.to_thread(known, ben, chat_id)

        socket.events.clear()
        await asyncio.to_thread(postgres.kill)
        await asyncio.to_thread(postgres.restore)
        await asyncio.to_thread(postgres.start)
        # As soon as the database is there, before anybody can have looked.
        await asyncio.to_thread(say, ada, chat_id, NEWS[:3])
        for _ in range(others):
            await asyncio.to_thread(ada.call, "PUT", "/auth/profile", json={"status": new_id()})
        await socket.event("resync")
        await asyncio.to_thread(say, ada, chat_id, NEWS[3:])
        last = await socket.event("new_message", lambda message: message["content"] == NEWS[-1])
        assert last["rev"] == 8
        names = [name for name, _ in socket.events]
        told = [payload["rev"] for name, payload in socket.events[names.index("resync"):] if name == "new_message"]
        assert told == list(range(told[0], 9)) and len(told) >= 2, told

        await asyncio.to_thread(require_resync, ben, chat_id, lost)
        # What was read before the backup is true still.
        assert (await asyncio.to_thread(ben.ask, "GET", "/sync", params={"cursor": kept["cursor"]})).status == 200
        fresh = await asyncio.to_thread(ben.call, "GET", "/sync")
        assert [entry["chat"]["rev"] for entry in fresh["chats"]] == [8]
        assert [message["content"] for message in await asyncio.to_thread(ben.messages, chat_id)] == ["1", "2", *NEWS]
        # Who was away begins anew.
        async with entered(server.url, away, auth={"token": ben.token, "recover": True}):
            assert away.recovered is False
        # A client that follows the rules has what there is.
        await events.join()
        await socket.until("the replica is as far", lambda: replica.chats[chat_id].rev == 8)
        copies = sorted(replica.chats[chat_id].messages.values(), key=lambda message: message["seq"])
        assert [message["content"] for message in copies] == ["1", "2", *NEWS]
        assert replica.resyncs == 1
    finally:
        following.cancel()
        await close(socket)


async def test_whose_account_is_lost_is_cut(postgres, start):
    """Its sockets went on until the access token ended; who had none was believed until then."""
    server = start(postgres.create("letschat"))
    ada, quiet = await asyncio.to_thread(people, server.url, "ada", "quiet")
    await asyncio.to_thread(postgres.back_up)
    late, quiet_late = await asyncio.to_thread(people, server.url, "late", "quietlate")
    again = await asyncio.to_thread(
        ada.call, "POST", "/auth/login", json={"identifier": ada.username, "password": PASSWORD})
    stays, goes = await connect(ada, late)
    # Of an account that is kept, a session that is lost.
    goes_too = await Connection(server.url, again["access_token"]).open()
    chat_id = (await asyncio.to_thread(ada.direct, late))["id"]
    await asyncio.to_thread(say, ada, chat_id, ["lost"])
    await asyncio.to_thread(postgres.kill)
    await asyncio.to_thread(postgres.restore)
    await asyncio.to_thread(postgres.start)
    await stays.event("resync")
    async with asyncio.timeout(30):
        await asyncio.gather(goes.disconnected.wait(), goes_too.disconnected.wait())
    assert not stays.disconnected.is_set()
    for person, status in ((late, 401), (quiet_late, 401), (quiet, 200)):
        assert (await asyncio.to_thread(person.ask, "GET", "/chats")).status == status
    with pytest.raises(socketio.exceptions.ConnectionError):
        await connect(late)
    # Who signs up anew is somebody else.
    cyd = await asyncio.to_thread(Person, server.url, "cyd")
    chat_id = (await asyncio.to_thread(ada.direct, cyd))["id"]
    await stays.event("chat_created", lambda chat: chat["id"] == chat_id)
    await close(stays, goes, goes_too)


async def test_a_restart_of_postgresql_is_no_loss(postgres, start):
    server = start(postgres.create("letschat"))
    ada, ben = await asyncio.to_thread(people, server.url, "ada", "ben")
    chat_id = (await asyncio.to_thread(ada.direct, ben))["id"]
    await asyncio.to_thread(say, ada, chat_id, ["1", "2"])
    before = await asyncio.to_thread(known, ben, chat_id)
    (socket,) = await connect(ben)
    for end in (postgres.kill, postgres.stop):
        await asyncio.to_thread(end)
        await asyncio.to_thread(postgres.start)
        await asyncio.to_thread(say, ada, chat_id, [end.__name__])
        await socket.event("new_message", lambda message: message["content"] == end.__name__)
    # A look more than a second later: the row of ten seconds tells that there was one.
    rows = history_rows(postgres)
    await asyncio.to_thread(eventually, "a row was written", lambda: history_rows(postgres) > rows, 30, 0.1)
    assert (await asyncio.to_thread(ben.ask, "GET", "/sync", params={"cursor": before["cursor"]})).status == 200
    assert not socket.payloads("resync") and not socket.disconnected.is_set()
    await close(socket)


def history_rows(postgres: Postgres) -> int:
    import psycopg

    with psycopg.connect(postgres.url("letschat")) as connection:
        return connection.execute("SELECT max(number) FROM history").fetchone()[0]


def test_a_backup_is_restored_between_two_runs(postgres, start):
    url = postgres.create("letschat")
    server = start(url)
    ada, ben = people(server.url, "ada", "ben")
    chat_id = ada.direct(ben)["id"]
    say(ada, chat_id, ["1", "2"])
    postgres.back_up()
    # A single commit is lost.
    say(ada, chat_id, ["lost"])
    lost = known(ben, chat_id)
    late = Person(server.url, "late")
    server.close()
    postgres.kill()
    postgres.restore()
    postgres.start()
    server = start(url)
    ada.http.base_url = ben.http.base_url = late.http.base_url = f"{server.url}/api"
    # Whose account is lost has a token still.
    for method, path, body in (
        ("GET", "/auth/me", None), ("PUT", "/auth/profile", {"status": "here"}), ("GET", "/sync", None),
        ("POST", "/chats", {"type": "direct", "member_ids": [ben.id]}),
        ("POST", "/chats", {"type": "group", "name": "late", "member_ids": [ben.id]}),
        ("POST", f"/chats/{chat_id}/messages", {"content": "here"}), ("GET", "/users/search?q=ada", None),
    ):
        answer = late.ask(method, path, json=body)
        assert answer.status < 500, f"{method} {path}: {answer}"
    for text in ["new 1", "new 2", "new 3"]:
        require_resync(ben, chat_id, lost)
        say(ada, chat_id, [text])
    synced = ben.call("GET", "/sync")
    assert [entry["chat"]["last_message"]["content"] for entry in synced["chats"]] == ["new 3"]


def test_a_dump_is_read_into_another_postgresql(postgres, start):
    server = start(postgres.create("letschat"))
    ada, ben = people(server.url, "ada", "ben")
    chat_id = ada.direct(ben)["id"]
    # Its transactions' numbers are ahead of a new PostgreSQL's.
    say(ada, chat_id, [str(number) for number in range(1, 200)])
    lost = known(ben, chat_id)
    server.close()
    dump = subprocess.run(
        [programs() / "pg_dump", "--dbname", postgres.url("letschat")], check=True, capture_output=True)
    other = Restorable()
    other.start()
    try:
        url = other.create("letschat")
        subprocess.run([programs() / "psql", "--quiet", "--dbname", url], input=dump.stdout, check=True,
                       stdout=subprocess.DEVNULL)
        server = start(url)
        ada.http.base_url = ben.http.base_url = f"{server.url}/api"
        require_resync(ben, chat_id, lost)
        cursor = ben.call("GET", "/sync")["next_cursor"]
        # A sync tells nothing that has not moved, though its row was changed by a transaction that is still to come.
        nothing = ben.call("GET", "/sync", params={"cursor": cursor})
        assert (nothing["chats"], nothing["users"]) == ([], [])
        say(ada, chat_id, ["news"])
        moved = ben.call("GET", "/sync", params={"cursor": nothing["next_cursor"]})
        assert [entry["chat"]["last_message"]["content"] for entry in moved["chats"]] == ["news"]
        server.close()
    finally:
        other.close()


async def test_a_standby_takes_over_that_lacks_commits(postgres, start):
    postgres.execute("CREATE DATABASE letschat")
    standby = Standby(postgres)
    try:
        hosts = f"127.0.0.1:{postgres.port},127.0.0.1:{standby.port}"
        server = start(f"postgresql://postgres@{hosts}/letschat?target_session_attrs=read-write")
        ada, ben = await asyncio.to_thread(people, server.url, "ada", "ben")
        chat_id = (await asyncio.to_thread(ada.direct, ben))["id"]
        await asyncio.to_thread(say, ada, chat_id, ["1", "2"])
        (socket,) = await connect(ben)
        await asyncio.to_thread(standby.catch_up)
        await asyncio.to_thread(standby.stop)
        await asyncio.to_thread(say, ada, chat_id, [f"lost {number}" for number in range(4, 9)])
        await socket.event("new_message", lambda message: message["rev"] == 8)
        lost = await asyncio.to_thread(known, ben, chat_id)
        socket.events.clear()
        await asyncio.to_thread(postgres.kill)
        await asyncio.to_thread(standby.promote)
        await socket.event("resync")
        await asyncio.to_thread(say, ada, chat_id, NEWS)
        await socket.event("new_message", lambda message: message["content"] == NEWS[-1])
        revs = [message["rev"] for message in socket.payloads("new_message")]
        assert revs == list(range(4, 9)), "the new messages 4 to 8"
        await asyncio.to_thread(require_resync, ben, chat_id, lost)
        await close(socket)
        server.close()
    finally:
        standby.stop()


class Standby:
    """A copy of a PostgreSQL that follows it, in its folder."""

    def __init__(self, primary: Postgres):
        self.primary = primary
        self.port = free_port()
        self.data = primary.folder / "standby"
        subprocess.run(
            as_postgres([programs() / "pg_basebackup", "-d", primary.url("postgres"), "-D", self.data, "-R",
                         "--checkpoint=fast"]),
            cwd="/", check=True, capture_output=True)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            as_postgres([programs() / "postgres", "-D", self.data, "-p", self.port,
                         "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                         "-c", "max_connections=200", "-c", "logging_collector=off"]),
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.primary.folder / "standby.log", "ab"))

    def ask(self, port: int, query: str):
        import psycopg

        try:
            with psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2) as connection:
                return connection.execute(query).fetchone()[0]
        except psycopg.OperationalError:
            return None

    def catch_up(self):
        end = self.ask(self.primary.port, "SELECT pg_current_wal_flush_lsn()")
        eventually("the standby has all of it", lambda: self.ask(
            self.port, f"SELECT pg_last_wal_replay_lsn() >= '{end}'"), 20)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)

    def promote(self):
        """It had stopped. Who leads is no longer there."""
        self.start()
        eventually("it answers", lambda: self.ask(self.port, "SELECT 1"), 20)
        self.ask(self.port, "SELECT pg_promote()")
        eventually("it leads", lambda: self.ask(self.port, "SELECT NOT pg_is_in_recovery()"), 20)


def test_a_crash_gives_numbers_out_again(postgres, start):
    """Transactions that were rolled back, and whose end was not on the disk: a cursor that had seen them end saw nothing
    of those that got their numbers."""
    import psycopg

    postgres.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
    postgres.execute("SELECT pg_reload_conf()")
    url = postgres.create("letschat")
    server = start(url)
    ada, ben = people(server.url, "ada", "ben")
    chat_id = ada.direct(ben)["id"]
    say(ada, chat_id, ["1"])
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(40):
            connection.execute("BEGIN")
            last = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()[0]
            connection.execute("ROLLBACK")
        cursor = ben.call("GET", "/sync")["next_cursor"]
        postgres.kill()
    postgres.start()
    with psycopg.connect(url, autocommit=True) as connection:
        following = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()[0]
    assert following < last, "no number is given out again: this shows nothing"
    say(ada, chat_id, ["news"])
    # The numbers overtake those that the cursor has seen.
    for _ in range(60):
        ada.call("PUT", "/auth/profile", json={"status": new_id()})
    answer = ben.ask("GET", "/sync", params={"cursor": cursor})
    if answer.status == 200:
        told = [entry["chat"]["last_message"]["content"] for entry in answer.json["chats"]]
        assert told == ["news"], "no sync tells the news"
    else:
        assert (answer.status, answer.code) == (410, "resync"), answer
