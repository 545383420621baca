"""python-socketio's clients, asynchronous and threaded, over each transport: an implementation that is not ours."""

import asyncio
import os

import pytest
import socketio

from guest import TRANSPORTS, Guest
from proxy import Proxy
from suite_server import SuiteServer

EACH_KIND = pytest.mark.parametrize("kind", ["async", "threads"])
EACH_TRANSPORT = pytest.mark.parametrize("transport", TRANSPORTS)
NAMES = {"polling": "polling", "websocket": "websocket", "upgrade": "websocket"}


@EACH_KIND
@EACH_TRANSPORT
async def test_a_conversation(calm, kind, transport):
    """Connecting with auth, events, acknowledgements of both sides, binary of both sides, 200 kB of both kinds."""
    guest = Guest(kind)
    await guest.connect(calm, TRANSPORTS[transport], auth={"token": "abc", "n": 1})
    assert await guest.event("auth") == ({"token": "abc", "n": 1},)
    assert guest.transport() == NAMES[transport]

    for arguments in (
            (), (1, "2", {"3": [True, None]}), ("äöü € 😀",), (b"\x00\xff", {"in": [b"side", b""]}),
            ("x" * 200_000,), (os.urandom(200_000), os.urandom(10))):
        await guest.emit("message", *arguments)
        assert await guest.event("message-back") == arguments
        answer = await guest.call("message-with-ack", *arguments)
        assert answer == (None if not arguments else arguments[0] if len(arguments) == 1 else arguments)

    for guest.answer in ((), ("fine",), (b"bytes", {"more": [b"bytes"]}), ("x" * 200_000, os.urandom(200_000))):
        await guest.emit("ask", 5000, "how", b"are", {"you": 1})
        assert await guest.event("question") == ("how", b"are", {"you": 1})
        assert await guest.event("answered") == ("answer", *guest.answer)

    await guest.disconnect()


@EACH_KIND
@EACH_TRANSPORT
async def test_many_messages_while_connecting(calm, kind, transport):
    """Sent from the first moment on, so also through the upgrade: all come back, in order."""
    guest = Guest(kind)
    connecting = asyncio.create_task(guest.connect(calm, TRANSPORTS[transport]))
    await guest.event("auth")
    for number in range(200):
        await guest.emit("message", number, b"%d" % number)
    await connecting
    for number in range(200):
        assert await guest.event("message-back") == (number, b"%d" % number)
    await guest.disconnect()


@EACH_KIND
@EACH_TRANSPORT
async def test_being_refused(calm, kind, transport):
    guest = Guest(kind, reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await guest.connect(calm, TRANSPORTS[transport], auth={"refuse": "not you", "data": {"code": "expired"}})
    assert await guest.event("connect_error") == ({"message": "not you", "data": {"code": "expired"}},)
    await guest.disconnect()


@EACH_KIND
@EACH_TRANSPORT
async def test_two_namespaces(calm, kind, transport):
    guest = Guest(kind, reconnection=False)
    await guest.connect(calm, TRANSPORTS[transport], namespaces=("/", "/custom"))
    assert await guest.call("message-with-ack", "here") == "here"
    assert await guest.call("message-with-ack", "there", namespace="/custom") == "there"
    await guest.emit("disconnect-me", False, namespace="/custom")
    await guest.event("disconnect", "/custom")
    assert await guest.call("message-with-ack", "still here") == "still here"
    await guest.emit("disconnect-me", True)
    await guest.event("disconnect")


@EACH_KIND
@EACH_TRANSPORT
async def test_coming_back(calm, kind, transport):
    """The connection is cut, and kept away for a moment: the client connects again by itself, as a new socket."""
    async with Proxy(calm) as proxy:
        guest = Guest(kind, reconnection_delay=0.1, reconnection_delay_max=0.2)
        await guest.connect(proxy.url, TRANSPORTS[transport], auth={"token": "abc"})
        await guest.event("connect")
        first = guest.client.get_sid()
        assert await guest.event("auth") == ({"token": "abc"},)
        proxy.refuse()
        await guest.event("disconnect")
        proxy.allow()
        await guest.event("connect")
        assert await guest.event("auth") == ({"token": "abc"},)
        assert guest.client.get_sid() != first
        assert await guest.call("message-with-ack", "back") == "back"
        leaving = asyncio.create_task(guest.disconnect())
    # The proxy is gone, so that a poll which the threaded client still waits for ends.
    await leaving


@EACH_KIND
@EACH_TRANSPORT
async def test_coming_back_to_the_next_process(kind, transport):
    """The server ends, as at an update (SIGTERM), and another one takes its place: the client finds it by itself. Over
    polling it stayed away for good, told to close by its poll's answer."""
    server = SuiteServer(ping_interval=25_000, ping_timeout=20_000)
    guest = Guest(kind, reconnection_delay=0.1, reconnection_delay_max=0.2)
    await guest.connect(server.url, TRANSPORTS[transport])
    await guest.event("connect")
    assert await guest.call("message-with-ack", "here") == "here"
    await asyncio.to_thread(server.close)
    await guest.event("disconnect")
    with SuiteServer(server.port, ping_interval=25_000, ping_timeout=20_000):
        await guest.event("connect")
        assert await guest.call("message-with-ack", "back") == "back"
        await guest.disconnect()


@EACH_KIND
@EACH_TRANSPORT
async def test_a_room(calm, kind, transport):
    guests = [Guest(kind) for _ in range(3)]
    for guest in guests:
        await guest.connect(calm, TRANSPORTS[transport])
        await guest.call("join", "red")
    for number in range(50):
        await guests[0].emit("to-room", "red", number, b"bytes")
    for guest in guests[1:]:
        for number in range(50):
            assert await guest.event("room-message") == (number, b"bytes")
    for guest in guests:
        await guest.disconnect()


async def test_the_heartbeat(strict):
    """A client that only answers pings stays connected."""
    async def one(transport):
        guest = Guest("async", reconnection=False)
        await guest.connect(strict, TRANSPORTS[transport])
        with pytest.raises(TimeoutError):
            await guest.event("disconnect", seconds=2)
        assert await guest.call("message-with-ack", "here") == "here"
        await guest.disconnect()

    await asyncio.gather(*(one(transport) for transport in TRANSPORTS))
