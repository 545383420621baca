"""Engine.IO over WebSocket, from the beginning and after an upgrade."""

import asyncio
import base64

import pytest

from engine import BAD_REQUEST, UNKNOWN_SESSION, Closed, Engine, arrived

MAX_PAYLOAD = 1_000_000


async def refused(engine: Engine, **changes) -> bool:
    """Whether a WebSocket is refused by its answer, or closed without a word."""
    try:
        socket = await engine.websocket(**changes)
    except Closed:
        return True
    return await socket.until_closed() == []


@pytest.mark.parametrize("path", ["/engine.io/", "/socket.io/"])
async def test_a_session_opens(strict, path):
    async with Engine(strict, path) as engine:
        await engine.websocket_session()
        assert engine.handshake == {
            "sid": engine.sid, "upgrades": [], "pingInterval": 300, "pingTimeout": 200, "maxPayload": MAX_PAYLOAD}


@pytest.mark.parametrize("path", ["/engine.io/", "/socket.io/"])
@pytest.mark.parametrize("changes", [
    {"EIO": None}, {"EIO": "3"}, {"EIO": "x"}, {"transport": None}, {"transport": "x"}, {"sid": "nobody"},
    {"transport": "polling"},
], ids=str)
async def test_a_bad_query(calm, path, changes):
    async with Engine(calm, path) as engine:
        assert await refused(engine, **changes)


@pytest.mark.parametrize("offered, taken", [
    (("chat",), "chat"), (("v2.chat", "v1.chat"), "v2.chat"), ((), None)], ids=str)
async def test_the_first_subprotocol_is_taken(calm, offered, taken):
    """A browser fails a WebSocket that it offered some for and that takes none (RFC 6455 §4.1)."""
    async with Engine(calm) as engine:
        for sid in (None, (await engine.open()).sid):
            async with engine.http.ws_connect(
                    engine.url, params=engine.query({"transport": "websocket", "sid": sid}), protocols=offered) as socket:
                assert socket.protocol == taken


@pytest.mark.parametrize("offered", ["", "a b", "a,,b", "ä", "a,"])
async def test_subprotocols_that_are_none(calm, offered):
    """As the original answers them."""
    async with Engine(calm) as engine:
        answer = await engine.ask("GET", sid=None, transport="websocket", headers={
            "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol": offered})
        assert answer.error == BAD_REQUEST


@pytest.mark.parametrize("message", [
    "4hello", "4", "4äöü € 😀 \u2028 \u0000", b"\x01\x02\x03\x04", b"", b"4text", "4" + "x" * 200_000,
    bytes(200_000),
], ids=lambda message: repr(message[:12]))
async def test_messages_come_back(calm, message):
    async with Engine(calm) as engine:
        socket = await engine.websocket_session()
        for _ in range(3):
            await socket.send(message)
            assert await socket.receive() == message


async def test_many_messages_come_back_in_order(calm):
    async with Engine(calm) as engine:
        socket = await engine.websocket_session()
        sent = [f"4{number}" if number % 3 else number.to_bytes(4, "big") for number in range(3000)]
        sending = asyncio.gather(*(socket.send(message) for message in sent))
        assert [await socket.receive() for _ in sent] == sent
        await sending


async def test_too_many_bytes(calm):
    async with Engine(calm) as engine:
        socket = await engine.websocket_session()
        await socket.send("4" + "x" * (MAX_PAYLOAD - 1))
        assert len(await socket.receive()) == MAX_PAYLOAD
        await socket.send("4" + "x" * MAX_PAYLOAD)
        assert await socket.until_closed() == []
        assert await engine.get(transport="polling"), "the server goes on"


@pytest.mark.parametrize("frame", ["abc", "7", "", "2", "2probe"], ids=repr)
async def test_wrong_content(calm, frame):
    """What is no packet, and the ping that only a server sends."""
    async with Engine(calm) as engine:
        socket = await engine.websocket_session()
        await socket.send(frame)
        assert await socket.until_closed() == []


async def test_the_client_closes(calm):
    async with Engine(calm) as engine:
        socket = await engine.websocket_session()
        await socket.send("1")
        assert await socket.until_closed() == []


async def test_polling_on_a_websocket_session(calm):
    """Told so, and the session does not mind."""
    async with Engine(calm) as engine:
        socket = await engine.websocket_session()
        # Sessions that began with a WebSocket have no name among those of polling.
        assert (await engine.get()).error in (BAD_REQUEST, UNKNOWN_SESSION)
        assert (await engine.ask("POST", b"4hello")).error in (BAD_REQUEST, UNKNOWN_SESSION)
        await socket.send("4still here")
        assert await socket.next() == "4still here"


# The upgrade.


async def test_an_upgrade(calm):
    async with Engine(calm) as engine:
        await engine.open()
        socket = await engine.probe()
        assert await engine.poll() == ["6"], "a poll is ended, so that the client can go over"
        await socket.send("5")
        await socket.send("4hello")
        assert await socket.next() == "4hello"
        assert (await engine.get()).error == BAD_REQUEST
        assert (await engine.ask("POST", b"4hello")).error == BAD_REQUEST
        await socket.send("4still here")
        assert await socket.next() == "4still here"


async def test_an_upgrade_ends_an_open_poll(calm):
    async with Engine(calm) as engine:
        await engine.open()
        poll = asyncio.create_task(engine.poll())
        await arrived()
        socket = await engine.probe()
        assert await poll == ["6"]
        await socket.send("5")
        await socket.send("4hello")
        assert await socket.next() == "4hello"


async def test_what_waits_comes_over_the_websocket(calm):
    """Messages that no poll has fetched, more than fit into one answer."""
    async with Engine(calm) as engine:
        await engine.open()
        await engine.push(*(f"4{number}" for number in range(40)))
        socket = await engine.upgrade()
        assert [await socket.next() for _ in range(40)] == [f"4{number}" for number in range(40)]


@pytest.mark.parametrize("round", range(5))
async def test_an_upgrade_with_messages_in_flight(calm, round):
    """Text and binary messages are on their way in both directions all the time: none is lost or doubled, all in order.

    As the official clients do, POSTs go on until the probe is answered, then the open poll is waited for."""
    async with Engine(calm) as engine:
        await engine.open()
        sent: list = []
        received: list = []
        paused = asyncio.Event()

        def message():
            number = len(sent)
            sent.append(f"4{number}" if number % 4 else b"%d" % number)
            return sent[-1]

        async def post():
            while not paused.is_set():
                await engine.push(*(encoded(message()) for _ in range(7 + round)))

        async def poll():
            while not paused.is_set():
                received.extend(decoded(packet) for packet in await engine.poll() if packet != "6")

        transfers = [asyncio.create_task(post()), asyncio.create_task(poll())]
        while len(received) < 100:
            await asyncio.wait(transfers, timeout=0.005)
        socket = await engine.probe()
        paused.set()
        await asyncio.gather(*transfers)
        await socket.send("5")
        for _ in range(100):
            await socket.send(message())
        while len(received) < len(sent):
            received.append(await socket.next())
        assert received == sent


def encoded(message: str | bytes) -> str:
    return message if isinstance(message, str) else "b" + base64.b64encode(message).decode()


def decoded(packet: str) -> str | bytes:
    return base64.b64decode(packet[1:]) if packet.startswith("b") else packet


@pytest.mark.parametrize("instead", ["4hello", "3", "2", "1", "abc", b"bytes"], ids=repr)
async def test_an_upgrade_that_goes_wrong(calm, instead):
    """Something else in place of the probe, then in place of the upgrade: that WebSocket is closed, polling goes on."""
    async with Engine(calm) as engine:
        await engine.open()
        first = await engine.websocket()
        await first.send(instead)
        assert await first.until_closed() == []
        second = await engine.probe()
        await second.send(instead)
        assert await second.until_closed() == []
        await engine.push("4hello")
        found = await engine.poll()
        # The probe may have ended a poll already.
        assert "4hello" in found or await engine.read(1) == ["4hello"]
        third = await engine.upgrade()
        await third.send("4over")
        assert await third.next() == "4over"


async def test_an_upgrade_that_is_given_up(calm):
    async with Engine(calm) as engine:
        await engine.open()
        (await engine.probe()).cut()
        await arrived()
        await engine.push("4hello")
        assert [packet for packet in await engine.read(1) if packet != "6"] == ["4hello"]


async def test_a_second_websocket_during_and_after_the_upgrade(calm):
    async with Engine(calm) as engine:
        await engine.open()
        socket = await engine.probe()
        assert await refused(engine)
        await socket.send("5")
        await socket.send("4hello")
        assert await socket.next() == "4hello"
        assert await refused(engine)
        await socket.send("4still here")
        assert await socket.next() == "4still here"


async def test_a_cut_after_the_upgrade_ends_the_session(calm):
    async with Engine(calm) as engine:
        await engine.open()
        socket = await engine.upgrade()
        await socket.send("4hello")
        assert await socket.next() == "4hello"
        socket.cut()
        await arrived()
        assert await engine.is_gone()
