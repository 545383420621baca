"""Bad input below the operations: what is hardly HTTP, hardly a WebSocket or hardly Socket.IO. The server goes on."""

import contextlib
import json

import httpx
import pytest

from api import people
from raw import RawConnection, RawWebSocket, exchange, request


@pytest.fixture(scope="module")
def ada(url):
    return people(url, "ada")[0]


@pytest.fixture(autouse=True)
def goes_on(url):
    yield
    assert httpx.get(f"{url}/api/health?ready=1").status_code == 200


GARBAGE = {
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    "an unknown version": b"GET /api/health HTTP/9.9\r\nHost: x\r\n\r\n",
    "no version": b"GET /api/health\r\n\r\n",
    "no Host": b"GET /api/health HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET /api/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a space before the colon": b"GET /api/health HTTP/1.1\r\nHost : x\r\n\r\n",
    "a folded header": b"GET /api/health HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
    "a name that is not ASCII": "GET /api/health HTTP/1.1\r\nHost: x\r\nɚ: x\r\n\r\n".encode(),
    "a NUL in a header": b"GET /api/health HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n",
    "two lengths": b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a negative length": b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a length and chunks": b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n"
                     b"0\r\n\r\n",
    "a chunk of no size": b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n",
    "a huge chunk": b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"FFFFFFFFFFFFFFFFFF\r\n",
    "another coding": b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    "a target that is none": b"GET nonsense HTTP/1.1\r\nHost: x\r\n\r\n",
    "an authority": b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n",
}


@pytest.mark.parametrize("what", GARBAGE)
def test_what_is_hardly_http(what, url):
    """A 4xx, or the connection is closed without a word; never anything else, and never a wait."""
    with RawConnection(url) as connection:
        connection.send(GARBAGE[what])
        with contextlib.suppress(ConnectionError, json.JSONDecodeError):
            try:
                answer = connection.answer()
            except Exception as error:
                assert "RemoteDisconnected" in type(error).__name__ or isinstance(error, ConnectionError), error
                return
            assert 400 <= answer.status < 500, (answer.status, answer.body)
            assert answer.problem["status"] == answer.status
        assert connection.is_closed()


@pytest.mark.parametrize("data", [
    b"GET /api/health HTTP/1.1\r\nHost: x\r\n" + b"A: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET /api/health HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    b"GET /api/health?" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
], ids=["one header", "many headers", "a query", "a path"])
def test_headers_that_are_too_large(data, url):
    answer = exchange(url, data)
    assert answer.status in (400, 414, 431), answer.status
    assert answer.problem["status"] == answer.status


def test_half_open_requests_hinder_nobody(url, ada):
    """Heads, bodies and chunks that never end, on 60 connections, while others are served. (The timeouts that end them
    are minutes; the server's own tests wait for those by a clock of their own.)"""
    post = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    halves = [
        b"", b"G", b"GET /api/health HTTP/1.1\r\nHost: x\r\nA: ", post + b"Content-Length: 100\r\n\r\n{",
        post + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        request("GET", RawWebSocket.PATH, Upgrade="websocket"),
    ]
    with contextlib.ExitStack() as stack:
        for half in halves * 10:
            stack.enter_context(RawConnection(url)).send(half)
        for _ in range(20):
            assert ada.ask("GET", "/auth/me").status == 200


def test_pipelined_requests_are_answered_in_order(url, ada):
    with RawConnection(url) as connection:
        paths = ["/api/health", "/api/auth/me", "/api/nothing", "/api/chats", "/api/openapi.json", "/api/auth/me"]
        expected = [200, 200, 404, 200, 200, 200]
        ids = [f"pipelined-{number}" for number in range(len(paths))]
        connection.send(b"".join(
            request("GET", path, token=ada.token, X_Request_Id=name) for path, name in zip(paths, ids)))
        # One buffer for all: http.client would lose what it has read ahead.
        stream = connection.socket.makefile("rb")
        for status, name in zip(expected, ids):
            line = stream.readline()
            assert line.split()[1] == str(status).encode(), line
            headers = {}
            while (header := stream.readline()) != b"\r\n":
                key, _, value = header.decode().partition(":")
                headers[key.lower()] = value.strip()
            stream.read(int(headers["content-length"]))
            assert headers["x-request-id"] == name


def test_http_1_0(url):
    with RawConnection(url) as connection:
        connection.send(b"GET /api/health HTTP/1.0\r\n\r\n")
        answer = connection.answer()
        assert answer.status == 200 and json.loads(answer.body)["status"] == "ok"
        assert "transfer-encoding" not in answer.headers
        assert connection.is_closed()


@pytest.mark.parametrize("path", [
    "/api/chats/%", "/api/chats/%zz", "/api/chats/%ff%fe", "/api/chats/%00", "/api/chats/%2e%2e", "/api/chats/..%2f..",
    "/api/users/search?q=%", "/api/users/search?q=%ff", "/api/users/search?q=%00", "/api/users/search?q=a&q=b",
    "/api/../../etc/passwd", "/../../etc/passwd", "/api/openapi.yaml/../../../etc/passwd", "//etc/passwd",
    "/api/%2e%2e/%2e%2e/etc/passwd", "/api/chats/" + "%41" * 3000, "/api/chats/", "/api/chats//messages",
    "/api//health", "/API/health", "/api/health/",
])
def test_odd_targets(path, url, ada):
    answer = exchange(url, request("GET", path, token=ada.token))
    assert answer.status in (400, 404, 422), (path, answer.status, answer.body)
    assert b"root:" not in answer.body
    assert answer.problem["status"] == answer.status


@pytest.mark.parametrize("method", ["BREW", "TRACE", "PROPFIND", "get", "PATCH", "X" * 50])
def test_odd_methods(method, url, ada):
    answer = exchange(url, request(method, "/api/auth/me", token=ada.token))
    assert answer.status in (400, 405, 501), answer.body


SOCKET_IO_REQUESTS = {
    "Engine.IO 3 by polling": "/socket.io/?EIO=3&transport=polling", "Engine.IO 3": "/socket.io/?EIO=3&transport=websocket",
    "no transport": "/socket.io/?EIO=4", "nothing": "/socket.io/",
    "an unknown transport": "/socket.io/?EIO=4&transport=x",
    "an unknown session": "/socket.io/?EIO=4&transport=websocket&sid=nobody",
}


@pytest.mark.parametrize("what", SOCKET_IO_REQUESTS)
def test_handshakes_that_are_refused(what, url):
    for upgrade in ({}, {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
                         "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}):
        answer = exchange(url, request("GET", SOCKET_IO_REQUESTS[what], **upgrade))
        assert 400 <= answer.status < 500, (upgrade, answer.status, answer.body)


def test_websocket_handshakes_that_are_refused(url):
    good = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Version": "13",
            "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    for change in ({"Sec_WebSocket_Version": "12"}, {"Sec_WebSocket_Key": "short"}, {"Sec_WebSocket_Key": ""},
                   {"Connection": "close"}):
        answer = exchange(url, request("GET", RawWebSocket.PATH, **(good | change)))
        assert 400 <= answer.status < 500, (change, answer.status)


FRAMES = {
    "an unmasked frame": lambda socket: socket.frame(b"40", masked=False),
    "a reserved bit": lambda socket: socket.frame(b"40", reserved=4),
    "an unknown opcode": lambda socket: socket.frame(b"40", opcode=3),
    "a ping that is too long": lambda socket: socket.frame(b"a" * 126, opcode=9),
    "a fragmented ping": lambda socket: socket.frame(b"a", opcode=9, final=False),
    "a continuation of nothing": lambda socket: socket.frame(b"40", opcode=0),
    "invalid UTF-8": lambda socket: socket.frame(b"40\xff"),
    "a length of 2^62": lambda socket: socket.frame(b"", length=1 << 62),
    "a frame of 2 MB": lambda socket: socket.frame(b"4" + b"2" * (2 << 20)),
    "a close of one byte": lambda socket: socket.frame(b"a", opcode=8),
    "2 MB in fragments": lambda socket: [socket.frame(b"4" * 65536, opcode=1 if not number else 0, final=False)
                                         for number in range(33)],
}


@pytest.mark.parametrize("what", FRAMES)
def test_frames_that_end_the_connection(what, url):
    with RawWebSocket(url).open() as socket:
        FRAMES[what](socket)
        assert socket.is_closed()


PACKETS = {
    "an unknown Engine.IO packet": ["9"], "an empty packet": [""], "a letter": ["x"],
    "an event before the connect": ['42["sync",{}]'], "a connect with garbage": ["40{"],
    "a connect with an array": ["40[1]"], "an unknown Socket.IO packet": ["48"],
    "a huge namespace": ["40/" + "a" * 5000 + ","],
    "a server's packet": ['44{"message":"no"}'], "nested deeply": ['42["sync",' + "[" * 100_000],
    "an acknowledgement of nothing": ["43999[]"],
    "a binary event without its parts": ['451-["sync",{"_placeholder":true}]'],
}


@pytest.mark.parametrize("what", PACKETS)
@pytest.mark.parametrize("connected", [False, True], ids=["first", "connected"])
def test_packets_that_are_nonsense(what, connected, url, ada):
    """Before the connect or after it: the connection ends, or the packet is refused; others go on."""
    with RawWebSocket(url).open() as socket:
        if connected:
            socket.text("40" + json.dumps({"token": ada.token}))
        for packet in PACKETS[what]:
            socket.text(packet)
        # A close frame is answered whatever came before, so this never waits for a timeout of the server.
        socket.frame(b"\x03\xe8", opcode=8)
        assert socket.is_closed()


EVENTS = [
    "42", "42{}", "42[]", "42[1]", "42[null]", '42["sync"', '42["sync",]', '42["send_message"]', '42["sync",{},{}]',
    '42["send_message",{"chat_id":1}]', "421", "421[]", '42999999999999999999999["sync",{}]', '42/other,["sync",{}]',
]


def test_events_that_are_nonsense(url, ada):
    for packet in EVENTS:
        with RawWebSocket(url).open() as socket:
            socket.text("40" + json.dumps({"token": ada.token}))
            socket.text(packet)
            socket.frame(b"\x03\xe8", opcode=8)
            assert socket.is_closed(), packet
