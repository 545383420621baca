"""PostgreSQL goes away and comes back, and the server is told to stop: what clients see of it.

While the database is away both doors answer 503 `unavailable` with Retry-After, and nothing else; the server comes back
by itself. At SIGTERM a request that is under way is answered, sockets are closed, and the exit status is 0.
"""

import asyncio
import json
import socket

import httpx
import pytest

from api import Answer, new_id, people
from postgres import Postgres
from server import Server, eventually
from sockets import close, connect


@pytest.fixture
def own_postgres():
    postgres = Postgres().start()
    yield postgres
    postgres.close()


@pytest.fixture
def fragile(own_postgres):
    server = Server(name="outage", database_url=own_postgres.create("letschat"), outage_expected=True)
    server.start()
    yield server
    server.close()


def check_unavailable(answer: Answer):
    assert answer.status == 503, answer
    assert answer.code == "unavailable" and answer.headers["content-type"].startswith("application/problem+json")
    assert 1 <= int(answer.headers["retry-after"]) <= 3600


async def test_postgresql_is_away_for_a_while(fragile, own_postgres):
    ada, ben = await asyncio.to_thread(people, fragile.url, "ada", "ben")
    chat = await asyncio.to_thread(ada.direct, ben)
    at_ada, at_ben = await connect(ada, ben)
    sent = await at_ada.do("send_message", {"chat_id": chat["id"], "content": "before", "client_id": new_id()})
    await at_ben.event("new_message")

    await asyncio.to_thread(own_postgres.kill)
    client_id = new_id()
    calls = [
        ("GET", "/auth/me", None), ("GET", "/chats", None), ("GET", "/sync", None),
        ("GET", f"/chats/{chat['id']}/messages", None), ("GET", f"/messages/{sent['id']}", None),
        ("POST", f"/chats/{chat['id']}/messages", {"content": "during", "client_id": client_id}),
        ("PUT", f"/messages/{sent['id']}", {"content": "edited"}), ("DELETE", f"/messages/{sent['id']}", None),
        ("POST", "/auth/login", {"identifier": ada.username, "password": "whatever it is"}),
        ("POST", "/auth/refresh", {"refresh_token": ada.refresh_token}),
        ("GET", "/health?ready=1", None),
    ]
    # All at once: a query waits a second for the database to come back.
    answers = await asyncio.gather(
        *(asyncio.to_thread(ada.ask, method, path, json=body) for method, path, body in calls))
    for (method, path, _), answer in zip(calls, answers):
        assert answer.status == 503, f"{method} {path}: {answer}"
        check_unavailable(answer)
    for event, payload in (
        ("send_message", {"chat_id": chat["id"], "content": "during", "client_id": client_id}),
        ("mark_read", {"chat_id": chat["id"], "up_to_seq": 1}), ("sync", {}),
    ):
        problem = await at_ada.refuse(event, payload)
        assert (problem["status"], problem["code"]) == (503, "unavailable"), f"{event}: {problem}"
    # What needs no database goes on.
    assert (await asyncio.to_thread(ada.ask, "GET", "/health")).status == 200
    assert (await asyncio.to_thread(ada.ask, "GET", "/openapi.json")).status == 200
    # What is wrong without looking into the database is still told.
    assert (await asyncio.to_thread(ada.ask, "POST", "/auth/login", json={"surprise": 1})).status == 422

    await asyncio.to_thread(own_postgres.start)
    await asyncio.to_thread(
        eventually, "ready again", lambda: httpx.get(f"{fragile.url}/api/health?ready=1").status_code == 200, 15)
    again = await at_ada.do("send_message", {"chat_id": chat["id"], "content": "during", "client_id": client_id})
    assert again["seq"] == 2, "what was refused took no seq"
    await at_ben.event("new_message", lambda event: event["id"] == again["id"])
    assert not at_ada.disconnected.is_set() and not at_ben.disconnected.is_set(), "the sockets outlived it"
    await close(at_ada, at_ben)


def test_a_server_whose_postgresql_is_not_there_yet_says_so(own_postgres):
    """At start: a line that says what is wrong, or patience until it is there; no crash and no silence."""
    url = own_postgres.create("letschat")
    own_postgres.stop()
    server = Server(name="early", database_url=url, outage_expected=True)
    try:
        server.start(20)
    except AssertionError as error:
        assert "PostgreSQL" in str(error) or "database" in str(error), error
        return
    finally:
        own_postgres.start()
        if server.process and server.process.poll() is None:
            server.process.terminate()
            server.process.wait(20)


async def test_sigterm_lets_a_request_finish_and_closes_sockets(own_server):
    server = own_server(name="graceful")
    server.start()
    (ada,) = await asyncio.to_thread(people, server.url, "ada")
    (connection,) = await connect(ada)
    # Each request is under way when the signal comes: its head was read, for the server says 100 Continue.
    requests = [RawRequest(server.port, name) for name in ("early.one", "late.one")]
    for request in requests:
        await asyncio.to_thread(request.begin)
    server.process.terminate()
    for request in requests:
        answer = await asyncio.to_thread(request.finish)
        assert answer.startswith(b"HTTP/1.1 201"), answer[:500]
    async with asyncio.timeout(60):
        await connection.disconnected.wait()
    assert await asyncio.to_thread(server.process.wait, 60) == 0
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1)
    assert server.private_postmaster() is None, "its private PostgreSQL is stopped with it"
    server.close()


def test_a_session_that_has_ended_stays_ended_over_a_crash(own_server):
    server = own_server(name="revoked")
    server.start()
    gone, stays = people(server.url, "gone", "stays")
    gone.call("POST", "/auth/logout", json={"refresh_token": gone.refresh_token}, expect=204)
    server.kill()
    server.start()
    assert gone.ask("GET", "/auth/me").status == 401
    assert gone.ask("POST", "/auth/refresh", json={"refresh_token": gone.refresh_token}).status == 401
    assert stays.ask("GET", "/auth/me").status == 200, "the generated secret is kept"
    server.close()


class RawRequest:
    """A registration in two parts: the head and half of the body, and the rest."""

    def __init__(self, port: int, name: str):
        body = {"email": f"{name}@example.org", "username": name, "password": "a password of length"}
        self.body = json.dumps(body).encode()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def begin(self):
        self.socket.sendall(
            b"POST /api/auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(self.body) + self.body[:10])
        answer = self.socket.recv(65536)
        assert answer.startswith(b"HTTP/1.1 100"), answer

    def finish(self) -> bytes:
        self.socket.sendall(self.body[10:])
        return self.socket.recv(65536)
