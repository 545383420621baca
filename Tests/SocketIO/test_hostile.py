"""What clients do that mean harm, seen from outside: it ends them, at once, and nobody else notices."""

import json
import re
import struct
import time

import pytest

from raw import RawConnection, RawWebSocket, request
from suite_server import SuiteServer

POLLING = "/socket.io/?EIO=4&transport=polling"
LARGEST = "3w5e11264sgsf"
"""2⁶⁴ − 1 in base 36."""


@pytest.fixture
def server():
    """One of its own, with the clients' own heartbeat: closing it shows that it has lived until then."""
    with SuiteServer(ping_interval=25_000, ping_timeout=20_000, recovery=60_000) as server:
        yield server


class Client(RawWebSocket):
    """Frames of the server, whole."""

    def frames(self):
        """(opcode, content) of each, until TCP ends."""
        stream = self.socket.makefile("rb")
        while len(head := stream.read(2)) == 2:
            length = head[1]
            if length == 126:
                length, = struct.unpack("!H", stream.read(2))
            elif length == 127:
                length, = struct.unpack("!Q", stream.read(8))
            yield head[0] & 0x0F, stream.read(length)

    def connected(self) -> "Client":
        self.open()
        self.text("40")
        self.told = self.frames()
        for _, content in self.told:
            if content.startswith(b"40"):
                return self
        raise AssertionError("no CONNECT packet")

    def close_code(self) -> int | None:
        """With what the server closes; None where TCP just ends."""
        for opcode, content in self.frames():
            if opcode == 8:
                return struct.unpack("!H", content)[0]
        return None


def session(server: SuiteServer) -> tuple[RawConnection, str]:
    """A session by polling, on a connection that is kept, and where it is asked."""
    connection = RawConnection(server.url)
    connection.send(request("GET", POLLING))
    return connection, f"{POLLING}&sid={json.loads(connection.answer().body[1:])['sid']}"


def connect(connection: RawConnection, path: str):
    connection.send(request("POST", path, b"40"))
    assert connection.answer().body == b"ok"
    connection.send(request("GET", path))
    assert connection.answer().body.startswith(b"40")


def test_an_offset_without_a_successor(server):
    """Every client that can recover sees the log's name. The server added one to the number, and was gone."""
    with Client(server.url) as client:
        client.connected()
        offset = next(re.search(rb'"([\w-]{8}\.)\w+"\]$', content) for _, content in client.told)[1].decode()
        for number in (LARGEST, "3w5e11264sgse", "0", "zzzzzzzzzzzzzzzzz"):
            with Client(server.url) as other:
                other.open()
                other.text("40" + json.dumps({"pid": "A" * 32, "offset": offset + number}))
                assert any(content.startswith(b"40") for _, content in other.frames())


def test_nothing_but_connect_is_taken_before_connect(server):
    for text in ('451-["x",{"_placeholder":true,"num":0}]', '42["x"]', "43[]"):
        with Client(server.url) as client:
            client.open()
            client.text(text)
            assert client.close_code() == 1008, text


def test_a_long_frame_before_connect_ends_at_its_header(server):
    with Client(server.url) as client:
        client.open()
        client.frame(b"", length=8193)
        assert client.close_code() == 1009


@pytest.mark.parametrize("path, status", [(f"{POLLING}&sid=nobody", 400), (None, 413)], ids=["nobody's", "newcomer's"])
def test_a_body_that_nobody_wants_is_refused_by_its_head(server, path, status):
    connection, own = session(server)
    with connection:
        connection.send(request("POST", path or own, Content_Length="900000"))
        assert connection.answer().status == status
        assert connection.is_closed()


def test_a_byte_now_and_then_is_no_answer_to_a_ping():
    with SuiteServer() as server, Client(server.url) as client:
        client.connected()
        client.frame(b"42[", final=False)
        client.socket.settimeout(0.02)
        end = time.monotonic() + 8
        closed = b""
        while b"\x88\x02\x03\xe8" not in closed:
            assert time.monotonic() < end, "it lives on"
            client.frame(b" ", opcode=0, final=False)
            try:
                closed += client.socket.recv(4096)
            except TimeoutError:
                pass


def test_to_be_refused_is_no_way_to_stay(server):
    """The suite server's time to connect is a second."""
    with Client(server.url) as client:
        client.open()
        end = time.monotonic() + 8
        codes = []
        for opcode, content in client.frames():
            assert time.monotonic() < end, "it stays"
            if opcode == 8:
                codes.append(struct.unpack("!H", content)[0])
                break
            client.text('40{"refuse":"no"}')
        assert codes == [1000]


def test_a_flood_by_polling_leaves_others_their_turns(server):
    """20,000 events in one body; others ask meanwhile, and wait for a part of it at most."""
    connection, path = session(server)
    with connection:
        connect(connection, path)
        others = [Client(server.url).connected() for _ in range(4)]
        body = "\x1e".join(f'42["nothing",{number}]' for number in range(20_000)).encode()
        connection.send(request("POST", path, body))
        connection.socket.setblocking(False)
        waits = []
        while True:
            for other in others:
                begin = time.monotonic()
                other.text('420["message-with-ack"]')
                assert any(content.startswith(b"430") for _, content in other.told)
                waits.append(time.monotonic() - begin)
            try:
                assert connection.socket.recv(4096).startswith(b"HTTP/1.1 200")
                break
            except BlockingIOError:
                continue
        assert len(waits) > 40, f"others were served {len(waits)} times, the longest wait was {max(waits):.3f} s"
