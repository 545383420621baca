"""What clients that have no token can make the server keep, and what its answers say of themselves."""

import contextlib
import re
import select
from pathlib import Path

import httpx
import pytest

from api import people
from raw import RawConnection, RawWebSocket, exchange, request
from server import SECRET, Server, eventually


@pytest.fixture(scope="module")
def ada(url):
    return people(url, "ada")[0]


def resident(server) -> int:
    """Bytes of memory that the server has."""
    return int(re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{server.pid}/status").read_text())[1]) << 10


def head(path: str, length: int, **headers: str) -> bytes:
    headers.setdefault("Content_Type", "application/json")
    return request("POST", path, Content_Length=str(length), **headers)


@pytest.mark.parametrize("what", ["without a token", "another scheme", "another type", "too long", "coded"])
def test_what_the_head_tells_is_refused_at_once(what, url, ada):
    """Nothing of the body has come, and nothing will: 1,500 such requests held 1.5 GB."""
    data, status = {
        "without a token": (head("/api/chats", 1 << 20), 401),
        "another scheme": (head("/api/chats", 1 << 20, Authorization="Basic YTpi"), 401),
        "another type": (head("/api/auth/login", 1000, Content_Type="text/plain"), 415),
        "too long": (head("/api/auth/login", 1 << 20), 413),
        "coded": (head("/api/auth/login", 1000, Content_Encoding="gzip"), 415),
    }[what]
    with RawConnection(url, seconds=3) as connection:
        connection.send(data)
        answer = connection.answer("POST")
    assert answer.status == status and answer.problem["status"] == status
    assert what != "coded" or answer.headers["accept-encoding"] == "identity"


def turned_away(sockets: list) -> list | None:
    """Those with an answer, if most have one."""
    answered = select.select(sockets, [], [], 0)[0]
    return answered if len(answered) > len(sockets) // 2 else None


def test_unfinished_bodies_have_a_bound(server, url, ada):
    """400 connections hold a body of 1 MiB a byte short: most are turned away, others are served, and the memory goes
    back."""
    before = resident(server)
    body = b"{" + b" " * ((1 << 20) - 2)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(RawConnection(url)) for _ in range(400)]
        for connection in connections:
            connection.socket.setblocking(True)
            connection.socket.settimeout(60)
            connection.send(head("/api/chats", 1 << 20, Authorization=f"Bearer {ada.token}") + body)
        assert resident(server) - before < 160 << 20
        assert ada.ask("GET", "/auth/me").status == 200
        assert ada.ask("POST", "/chats", json={"type": "nonsense"}).status in (400, 422)
        # Not necessarily the very last: it may find what two others that were turned away have left.
        sockets = [connection.socket for connection in connections]
        answered = eventually("most are turned away", lambda: turned_away(sockets))
        newest = next(connection for connection in reversed(connections) if connection.socket in answered)
        answer = newest.answer("POST")
        assert answer.status == 503 and int(answer.headers["retry-after"]) >= 1
    eventually("the memory goes back", lambda: resident(server) - before < 32 << 20, seconds=20)


def test_unfinished_messages_have_a_bound(own_server, new_database):
    """100 sockets of a user hold most of a message of 1 MB, five times: what is held is bounded, and goes back."""
    server = own_server(database_url=new_database()).start()
    ada = people(server.url, "ada")[0]
    before = resident(server)
    message = b'42["send_message","' + b"a" * 700_000
    for _ in range(5):
        with contextlib.ExitStack() as stack:
            for _ in range(100):
                socket = stack.enter_context(RawWebSocket(server.url)).open().sign_in(ada.token)
                socket.frame(message, length=1_000_000)
            eventually("much is held", lambda: resident(server) - before > 32 << 20)
            assert resident(server) - before < 128 << 20
        eventually("the memory goes back", lambda: resident(server) - before < 24 << 20, seconds=20)


def test_pipelined_requests_without_reading_cost_nothing(server, url):
    """2.7 GB in 10 s, from one connection without a token."""
    before = resident(server)
    data = request("GET", "/api/nothing?" + "x" * 200) * 1000
    with RawConnection(url) as connection:
        connection.socket.settimeout(1)
        with contextlib.suppress(TimeoutError):
            for _ in range(60):
                connection.socket.sendall(data)
            pytest.fail("the server reads on")
        assert resident(server) - before < 32 << 20


@pytest.mark.parametrize("path", ["openapi.yaml", "openapi.json", "events.yaml", "events.json"])
def test_documents_are_fetched_once(path, url):
    """150 kB each time (RFC 9110 §13.1.2: a weak comparison, lists, `*`)."""
    target = f"{url}/api/{path}"
    answer = httpx.get(target)
    tag = answer.headers["etag"]
    assert re.fullmatch(r'"[^"]+"', tag)
    assert answer.headers["cache-control"] == "no-cache"
    for field in (tag, f"W/{tag}", f'"other", {tag}', "*", f'W/"a,b" ,{tag}'):
        for method in ("GET", "HEAD"):
            again = httpx.request(method, target, headers={"If-None-Match": field})
            assert again.status_code == 304, field
            assert again.content == b"" and again.headers["etag"] == tag
            assert "content-length" not in again.headers or again.headers["content-length"] == str(len(answer.content))
    for field in ('"other"', tag.strip('"'), "", f'"x{tag[1:]}', "W/*"):
        assert httpx.get(target, headers={"If-None-Match": field}).content == answer.content, field


def test_settings_in_the_log_tell_no_secret(new_database):
    """At `trace` the service group describes its services, and with them all settings."""
    url = new_database()
    server = Server(database_url=url, environment={
        "JWT_SECRET": SECRET, "LOG_LEVEL": "trace", "REDIS_URL": "redis://:pa55word@127.0.0.1:1"}, outage_expected=True)
    try:
        server.start()
        assert httpx.get(f"{server.url}/api/health").status_code == 200
        assert server.stop() == 0
        text = "\n".join(server.logs[-1].lines)
        assert "letschat" in text
        for secret in (SECRET, str(list(SECRET.encode()))[1:30], "pa55word", url):
            assert secret not in text
    finally:
        server.close()
