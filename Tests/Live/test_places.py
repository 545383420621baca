"""Who has places where there are few: a server with 256 descriptors, and clients that never come in."""

import contextlib
import json
import socket
from urllib.parse import urlsplit

import pytest

from api import people
from raw import RawAnswer, RawWebSocket, exchange, request
from server import Server, binary
from sockets import close, connect

POLLING = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
def small_server(new_database, tmp_path):
    """128 of its descriptors are for clients."""
    program = tmp_path / "letschat"
    program.write_text(f'#!/bin/sh\nexec prlimit --nofile=256 "{binary()}" "$@"\n')
    program.chmod(0o755)
    server = Server(name="places", database_url=new_database(), program=program)
    server.start()
    try:
        yield server
    finally:
        server.close()


class Stranger(RawWebSocket):
    """Another client of this machine's network."""

    def __init__(self, url: str, number: int, addresses: int):
        parts = urlsplit(url)
        source = (f"127.0.{number % addresses}.2", 0)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=5, source_address=source)

    def poll(self):
        self.send(request("GET", POLLING))
        sid = json.loads(RawAnswer(self.socket, "GET").body[1:])["sid"]
        self.send(request("GET", f"{POLLING}&sid={sid}"))


@pytest.mark.parametrize("addresses", [1, 8])
@pytest.mark.parametrize("door", ["websocket", "polling"])
async def test_who_never_comes_in_locks_nobody_out(small_server, door, addresses):
    """Twice as many as there are places: all are let in, in the place of the oldest; and people come and stay."""
    ada, ben = people(small_server.url, "ada", "ben")
    (connection,) = await connect(ada)
    with contextlib.ExitStack() as stack:
        for number in range(256):
            stranger = stack.enter_context(Stranger(small_server.url, number, addresses))
            stranger.open() if door == "websocket" else stranger.poll()
        assert exchange(small_server.url, request("GET", "/api/health")).status == 200
        (other,) = await connect(ben)
        chat = ada.direct(ben)
        answer = await connection.do("send_message", {"chat_id": chat["id"], "content": "still here"})
        assert answer["content"] == "still here"
        await close(other)
    await close(connection)
