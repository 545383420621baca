"""Socket.IO: events, acknowledgements in both directions, binary, rooms, and what may be dropped."""

import asyncio
import base64
import os
import time
from contextlib import AsyncExitStack

import pytest

from engine import Engine
from packets import ACK, EVENT, Packet
from peer import TRANSPORTS, Framed, Peer, bare, connected
from suite_server import SuiteServer

EACH_TRANSPORT = pytest.mark.parametrize("transport", TRANSPORTS)

DEEP = [[[[[[[[[[{"deep": [b"bottom"]}]]]]]]]]]]
ARGUMENTS = {
    "none": [],
    "plain": [1, "2", {"3": [True]}],
    "every kind": [None, True, False, 0, -1, 1.5, 1e100, "", [], {}, [[]], {"": {}}],
    "big numbers": [9_007_199_254_740_991, -9_007_199_254_740_991],
    "beyond ASCII": ["äöü € 😀 \u2028\u2029", {"schlüssel": "wért"}, "\u0000\u001f\"\\/\u007f"],
    "record separators": ["as \\u001e in JSON: \u001e"],
    "one attachment": [b"\x00\x01\x02\xff"],
    "attachments": [b"\x01\x02\x03", b"\x04\x05\x06"],
    "empty attachments": [b"", "between", b""],
    "attachments inside": [{"a": {"b": [b"first", {"c": b"second"}]}}, [b"third"], "text", b"fourth"],
    "ten attachments": [bytes([number]) * number for number in range(10)],
    "an attachment deep inside": DEEP,
    "what looks like a placeholder": [{"_placeholder": False, "num": 0}, {"num": 0}, b"real"],
    "200 kB of text": ["x" * 200_000],
    "200 kB of bytes": [bytes(range(256)) * 782],
}


@EACH_TRANSPORT
@pytest.mark.parametrize("what", ARGUMENTS)
@pytest.mark.parametrize("namespace", ["/", "/custom"])
async def test_arguments_come_back(calm, transport, what, namespace):
    """As an event, and as an acknowledgement."""
    arguments = ARGUMENTS[what]
    async with bare(calm, transport) as peer:
        await peer.connect(namespace)
        await peer.emit("message", *arguments, namespace=namespace)
        await peer.expect("message-back", *arguments, namespace=namespace)
        await peer.emit("message-with-ack", *arguments, id=456, namespace=namespace)
        await peer.expect_ack(456, *arguments, namespace=namespace)


@EACH_TRANSPORT
async def test_ids_of_acknowledgements(calm, transport):
    async with connected(calm, transport) as peer:
        for number in (0, 1, 10, 4_294_967_296, 9_007_199_254_740_991):
            await peer.emit("message-with-ack", number, id=number)
            await peer.expect_ack(number, number)
        # The same one twice is the client's business.
        for answer in ("a", "b"):
            await peer.emit("message-with-ack", answer, id=7)
        await peer.expect_ack(7, "a")
        await peer.expect_ack(7, "b")


@EACH_TRANSPORT
async def test_order(calm, transport):
    """What one client sends is answered in the order in which it was sent, binary or not."""
    async with connected(calm, transport) as peer:
        for number in range(500):
            if number % 3 == 0:
                await peer.emit("message", number)
            elif number % 3 == 1:
                await peer.emit("message", number, os.urandom(3), {"nested": [b"more"]})
            else:
                await peer.emit("message-with-ack", number, id=number)
        found = []
        for _ in range(500):
            packet = await peer.next()
            found.append(packet.data[1] if packet.type == EVENT else packet.data[0])
        assert found == list(range(500))


@EACH_TRANSPORT
async def test_a_heartbeat_between_attachments(strict, transport):
    """A pong, or a poll, between an event and its attachments is nothing to it."""
    async with connected(strict, transport) as peer:
        await peer.transport.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
        await peer.transport.send("3")
        await peer.transport.send(b"first")
        await asyncio.sleep(0.35)  # A ping from the server too.
        await peer.transport.send("3")
        await peer.transport.send(b"second")
        await peer.expect("message-back", b"first", b"second")


@EACH_TRANSPORT
async def test_placeholders_in_another_order(calm, transport):
    """A placeholder says which attachment it stands for: they need not come in order, nor only once."""
    async with connected(calm, transport) as peer:
        await peer.send_text(
            '52-["message",{"num":1,"_placeholder":true},{"_placeholder":true,"num":0}]', b"zero", b"one")
        await peer.expect("message-back", b"one", b"zero")


# The server asks.


@EACH_TRANSPORT
@pytest.mark.parametrize("answer", [[], [1], ["a", {"b": [None]}], [b"binary", {"in": [b"side"]}]], ids=str)
async def test_an_answer(calm, transport, answer):
    async with connected(calm, transport) as peer:
        await peer.emit("ask", 2000, "how", {"much": b"bytes"})
        question = await peer.next()
        assert (question.type, question.data) == (EVENT, ["question", "how", {"much": b"bytes"}])
        assert question.id is not None
        await peer.send(Packet(ACK, answer, question.id))
        await peer.expect("answered", "answer", *answer)


@EACH_TRANSPORT
async def test_no_answer(calm, transport):
    async with connected(calm, transport) as peer:
        begun = time.monotonic()
        await peer.emit("ask", 250, "well?")
        question = await peer.next()
        await peer.expect("answered", "timeout")
        assert 0.24 < time.monotonic() - begun
        # Too late is nothing.
        await peer.send(Packet(ACK, ["late"], question.id))
        await peer.is_silent()


@EACH_TRANSPORT
async def test_answers_in_another_order(calm, transport):
    async with connected(calm, transport) as peer:
        for number in range(10):
            await peer.emit("ask", 5000, number)
        questions = [await peer.next() for _ in range(10)]
        assert [question.data for question in questions] == [["question", number] for number in range(10)]
        assert len({question.id for question in questions}) == 10
        for question in reversed(questions):
            await peer.send(Packet(ACK, [question.data[1]], question.id))
            # The second is one too many.
            await peer.send(Packet(ACK, ["again"], question.id))
        for number in reversed(range(10)):
            await peer.expect("answered", "answer", number)
        await peer.is_silent()


async def test_an_answer_from_another_namespace(calm):
    """Is none: the numbers of a namespace are its own."""
    async with bare(calm) as peer:
        await peer.connect()
        await peer.connect("/custom")
        await peer.emit("ask", 300, "here")
        question = await peer.next()
        await peer.send(Packet(ACK, ["elsewhere"], question.id, "/custom"))
        await peer.expect("answered", "timeout")


# Rooms.


@EACH_TRANSPORT
async def test_a_room(calm, transport):
    async with AsyncExitStack() as stack:
        sender, inside, outside = [
            await stack.enter_async_context(connected(calm, transport)) for _ in range(3)]
        for peer in (sender, inside):
            assert await peer.ask("join", "red") == []
        await sender.ask("to-room", "red", 1, {"in": b"side"})
        await inside.expect("room-message", 1, {"in": b"side"})
        await outside.ask("to-room", "red", 2)
        await sender.expect("room-message", 2)
        await inside.expect("room-message", 2)
        assert await inside.ask("join", "red") == [], "being in it twice is being in it once"
        await sender.ask("to-room", "red", 3)
        await inside.expect("room-message", 3)
        assert await inside.ask("leave", "red") == []
        await sender.ask("to-room", "red", 4)
        await sender.ask("to-room", "nobody's", 4)
        for peer in (sender, inside, outside):
            await peer.is_silent()


@EACH_TRANSPORT
async def test_a_broadcast(calm, transport):
    """All of the namespace but the sender; nobody of another one."""
    async with AsyncExitStack() as stack:
        sender, *others = [await stack.enter_async_context(connected(calm, transport)) for _ in range(4)]
        await others[0].connect("/custom")
        await sender.ask("broadcast", "hello", b"bytes")
        for peer in others:
            await peer.expect("broadcast-message", "hello", b"bytes")
        await others[0].ask("broadcast", "to custom", namespace="/custom")
        for peer in (sender, *others):
            await peer.is_silent()


async def test_rooms_are_a_namespaces_own(calm):
    async with bare(calm) as first, bare(calm) as second:
        for peer in (first, second):
            await peer.connect()
            await peer.connect("/custom")
        await first.ask("join", "red")
        await second.ask("join", "red", namespace="/custom")
        await first.ask("to-room", "red", "nobody", namespace="/")
        await first.ask("to-room", "red", "second", namespace="/custom")
        await second.expect("room-message", "second", namespace="/custom")
        await first.is_silent()
        await second.is_silent()


@pytest.mark.parametrize("how", ["leaves", "is put out", "closes", "is cut"])
async def test_who_is_gone_is_in_no_room(calm, how):
    async with connected(calm) as stays, bare(calm) as goes:
        await stays.ask("join", "red")
        await goes.connect()
        await goes.connect("/custom")
        await goes.ask("join", "red")
        if how == "leaves":
            await goes.disconnect()
        elif how == "is put out":
            await goes.emit("disconnect-me", False)
            await goes.next()
        elif how == "closes":
            await goes.transport.close()
        else:
            goes.transport.socket.cut()
        if how in ("leaves", "is put out"):
            await goes.is_silent("/custom")
            await goes.connect()
        await stays.ask("to-room", "red", "anybody?")
        await stays.ask("broadcast", "anybody at all?")
        if how in ("leaves", "is put out"):
            await goes.expect("broadcast-message", "anybody at all?")
            await goes.is_silent()


async def test_a_rooms_messages_are_in_one_order(calm):
    """Two senders, twenty receivers on every transport: all of them see the same."""
    async with AsyncExitStack() as stack:
        senders = [await stack.enter_async_context(connected(calm)) for _ in range(2)]
        receivers = [
            await stack.enter_async_context(connected(calm, TRANSPORTS[number % 3])) for number in range(20)]
        for peer in receivers:
            await peer.ask("join", "red")

        async def send(sender, name):
            for number in range(200):
                await sender.emit("to-room", "red", name, number)

        await asyncio.gather(send(senders[0], "a"), send(senders[1], "b"))
        seen = []
        for peer in receivers:
            seen.append([(await peer.next()).data[1:] for _ in range(400)])
        for name in ("a", "b"):
            assert [number for who, number in seen[0] if who == name] == list(range(200))
        assert all(each == seen[0] for each in seen)


# Volatile events, and clients that don't read.


async def test_volatile_events_to_a_client_that_reads(calm):
    async with connected(calm) as peer:
        for _ in range(20):
            await peer.emit("flood", 1, 10, True, id=1)
            await peer.expect("flooded", "x" * 10, 0)
            await peer.expect_ack(1)


async def test_volatile_events_without_a_poll(calm):
    """Nobody could take them now, so they are dropped; what is not volatile waits."""
    async with Engine(calm, "/socket.io/") as engine:
        await engine.open()
        await engine.push("40")
        assert len(await engine.read(2)) == 2
        await engine.push('42["flood",3,10,true]', '42["flood",2,1,false]', '421["message-with-ack"]')
        assert await engine.read(3) == ['42["flooded","x",0]', '42["flooded","x",1]', "431[]"]


async def test_a_client_that_does_not_read_misses_volatile_events():
    """It stays connected, and gets all that is not volatile."""
    with SuiteServer(ping_interval=25_000, ping_timeout=20_000) as server:
        async with connected(server.url) as slow:
            slow.transport.socket.pause()
            await slow.emit("flood", 2000, 50_000, True, id=1)
            async with connected(server.url) as witness:
                await witness.ask("broadcast", "are you there?")
            # What it sends while the client reads again is nothing that was missed.
            await server.becomes_idle()
            assert server.resident_bytes() < 150_000_000, "100 MB of volatile events are not kept"
            slow.transport.socket.resume()
            numbers, rest = [], []
            while len(rest) < 2:
                packet = await slow.next()
                if packet.data[:1] == ["flooded"]:
                    numbers.append(packet.data[2])
                else:
                    rest.append(packet.data)
            assert [] in rest and ["broadcast-message", "are you there?"] in rest
            assert len(numbers) < 2000 and numbers == sorted(set(numbers))


async def test_a_client_that_does_not_read_is_cut_in_the_end():
    """300 MB of what must not be lost are not kept for it; it can come back and be told by other means."""
    with SuiteServer(ping_interval=25_000, ping_timeout=20_000) as server:
        async with connected(server.url) as slow, connected(server.url) as witness:
            slow.transport.socket.pause()
            await slow.emit("flood", 6000, 50_000, False)
            assert await witness.ask("message-with-ack", 1) == [1]
            slow.transport.socket.resume()
            assert len(await slow.until_closed(20)) < 6000
            assert server.resident_bytes() < 150_000_000
            assert await witness.ask("message-with-ack", 2) == [2]


LONG = [os.urandom(700_000), os.urandom(700_000)]


async def send_in_parts(peer, packet: Packet):
    """Each message by itself: over polling one request with all of them would be too long."""
    text, *attachments = packet.encoded()
    for part in (text, *attachments):
        await peer.send_text(part)


@EACH_TRANSPORT
async def test_an_acknowledgement_longer_than_the_queue(calm, transport):
    """1.4 MB, as the first page of a sync may have: over polling the client was cut, though nothing waited for it."""
    async with connected(calm, transport) as peer:
        for number in range(2):
            await send_in_parts(peer, Packet(EVENT, ["message-with-ack", *LONG], number))
            await peer.expect_ack(number, *LONG)


async def test_long_acknowledgements_move_with_an_upgrade(calm):
    """What is not answered yet, because the answers before were not taken, is answered over the WebSocket."""
    async with Engine(calm, "/socket.io/") as engine:
        await engine.open()
        await engine.push("40")
        await engine.read(2)
        for number in range(2):
            text, *attachments = Packet(EVENT, ["message-with-ack", *LONG], number).encoded()
            for packet in ("4" + text, *("b" + base64.b64encode(part).decode() for part in attachments)):
                await engine.push(packet)
        peer = Peer(engine, Framed(await engine.upgrade()))
        for number in range(2):
            await peer.expect_ack(number, *LONG)
        await peer.is_silent()
        await peer.transport.close()
