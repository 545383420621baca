"""Socket.IO: connecting to namespaces, being refused, leaving, and what ends a connection."""

import time

import pytest

from packets import CONNECT, CONNECT_ERROR, DISCONNECT, EVENT, Packet
from peer import TRANSPORTS, bare, connected

EACH_TRANSPORT = pytest.mark.parametrize("transport", TRANSPORTS)
EACH_NAMESPACE = pytest.mark.parametrize("namespace", ["/", "/custom"])


@EACH_TRANSPORT
@EACH_NAMESPACE
@pytest.mark.parametrize("auth", [None, {}, {"token": "abc", "n": [1, None, {"ä": "€"}]}], ids=str)
async def test_connecting(calm, transport, namespace, auth):
    async with bare(calm, transport) as peer:
        await peer.send(Packet(CONNECT, auth, namespace=namespace))
        answer = await peer.next()
        assert (answer.type, answer.namespace, answer.data.keys()) == (CONNECT, namespace, {"sid"})
        assert answer.data["sid"] != peer.engine.sid, "the session's id is a secret; the socket's is not"
        assert len(answer.data["sid"]) >= 20
        await peer.expect("auth", auth or {}, namespace=namespace)


async def test_the_exact_text(calm):
    """As the original writes it, for clients that compare."""
    async with bare(calm) as peer:
        await peer.send_text('0{"token":"123"}')
        assert (await peer.transport.next(5)).startswith('40{"sid":"')
        assert await peer.transport.next(5) == '42["auth",{"token":"123"}]'
        await peer.send_text("0/custom,")
        assert (await peer.transport.next(5)).startswith('40/custom,{"sid":"')
        assert await peer.transport.next(5) == '42/custom,["auth",{}]'
        await peer.send_text("0/nowhere")
        assert await peer.transport.next(5) == '44/nowhere,{"message":"Invalid namespace"}'
        await peer.send_text('2/custom,7["message-with-ack"]')
        assert await peer.transport.next(5) == "43/custom,7[]"
        await peer.send_text('51-["message",{"_placeholder":true,"num":0}]', b"\x01")
        assert await peer.transport.next(5) == '451-["message-back",{"_placeholder":true,"num":0}]'
        assert await peer.transport.next(5) == b"\x01"


@EACH_TRANSPORT
async def test_an_unknown_namespace(calm, transport):
    """Is refused, and the connection may go on elsewhere."""
    async with bare(calm, transport) as peer:
        for namespace in ("/random", "/custom/", "/Custom", "/random?token=1"):
            await peer.send(Packet(CONNECT, namespace=namespace))
            assert await peer.next() == Packet(CONNECT_ERROR, {"message": "Invalid namespace"}, namespace=namespace)
        await peer.connect()


@EACH_TRANSPORT
@EACH_NAMESPACE
@pytest.mark.parametrize("data", [None, {"code": "expired", "at": [1, 2]}, "text", 7], ids=str)
async def test_being_refused(calm, transport, namespace, data):
    """By the application, with a message and with data; then connecting after all."""
    auth = {"refuse": "not you"} | ({} if data is None else {"data": data})
    async with bare(calm, transport) as peer:
        await peer.send(Packet(CONNECT, auth, namespace=namespace))
        said = {"message": "not you"} | ({} if data is None else {"data": data})
        assert await peer.next() == Packet(CONNECT_ERROR, said, namespace=namespace)
        await peer.connect(namespace)


@EACH_TRANSPORT
async def test_nothing_before_connecting(calm, transport):
    for text in ('2["message","early"]', '2/custom,["message"]', "1", '31["a"]'):
        async with bare(calm, transport) as peer:
            await peer.send_text(text)
            assert await peer.until_closed() == [], text


async def test_an_event_for_another_namespace(calm):
    async with connected(calm) as peer:
        await peer.emit("message", namespace="/custom")
        assert await peer.until_closed() == []


async def test_connecting_twice(calm):
    async with connected(calm) as peer:
        await peer.send(Packet(CONNECT))
        assert await peer.until_closed() == []


@EACH_TRANSPORT
async def test_a_client_that_never_connects(strict, transport):
    """Has a second, whatever heartbeat it keeps."""
    async with bare(strict, transport) as peer:
        begun = time.monotonic()
        assert await peer.until_closed() == []
        assert 0.9 < time.monotonic() - begun


async def test_a_client_that_was_refused_has_no_more_time(strict):
    async with bare(strict) as peer:
        begun = time.monotonic()
        await peer.send(Packet(CONNECT, {"refuse": "not you"}))
        assert [packet.type for packet in await peer.until_closed()] == [CONNECT_ERROR]
        assert 0.9 < time.monotonic() - begun


async def test_a_client_that_connects_has_all_the_time(strict):
    async with connected(strict) as peer:
        with pytest.raises(TimeoutError):
            await peer.next(1.4)
        await peer.is_silent()


# Several namespaces on one connection.


@EACH_TRANSPORT
async def test_namespaces_side_by_side(calm, transport):
    async with bare(calm, transport) as peer:
        first, second = await peer.connect(), await peer.connect("/custom", {"who": "me"})
        assert first != second
        for number in range(20):
            await peer.emit("message", number)
            await peer.emit("message", number, b"binary", namespace="/custom")
            await peer.emit("message-with-ack", number, id=5)
            await peer.emit("message-with-ack", -number, id=5, namespace="/custom")
        for number in range(20):
            await peer.expect("message-back", number)
            await peer.expect("message-back", number, b"binary", namespace="/custom")
            await peer.expect_ack(5, number)
            await peer.expect_ack(5, -number, namespace="/custom")


@EACH_TRANSPORT
@pytest.mark.parametrize("leaves, stays", [("/", "/custom"), ("/custom", "/")])
async def test_the_client_leaves_one(calm, transport, leaves, stays):
    async with bare(calm, transport) as peer:
        first = await peer.connect(leaves)
        await peer.connect(stays)
        await peer.disconnect(leaves)
        await peer.emit("message", "here", namespace=stays)
        await peer.expect("message-back", "here", namespace=stays)
        assert await peer.connect(leaves) != first, "a new socket"
        await peer.emit("message", "again", namespace=leaves)
        await peer.expect("message-back", "again", namespace=leaves)


@EACH_TRANSPORT
@pytest.mark.parametrize("leaves, stays", [("/", "/custom"), ("/custom", "/")])
async def test_the_server_disconnects_one(calm, transport, leaves, stays):
    async with bare(calm, transport) as peer:
        await peer.connect(leaves)
        await peer.connect(stays)
        await peer.emit("disconnect-me", False, namespace=leaves)
        assert await peer.next() == Packet(DISCONNECT, namespace=leaves)
        await peer.emit("message", "here", namespace=stays)
        await peer.expect("message-back", "here", namespace=stays)
        await peer.connect(leaves)


@EACH_TRANSPORT
async def test_the_client_leaves_all(strict, transport):
    """The connection stays, with its heartbeat, and can be used again."""
    async with connected(strict, transport) as peer:
        await peer.disconnect()
        with pytest.raises(TimeoutError):
            await peer.next(0.7)
        await peer.connect("/custom")


@EACH_TRANSPORT
async def test_the_server_closes_the_connection(calm, transport):
    """Each of its sockets is told."""
    async with bare(calm, transport) as peer:
        await peer.connect()
        await peer.connect("/custom")
        await peer.emit("disconnect-me", True)
        last = await peer.until_closed()
        assert sorted(packet.namespace for packet in last) == ["/", "/custom"]
        assert all(packet.type == DISCONNECT for packet in last), last


# What is no packet ends the connection, whatever else goes on.

INVALID = [
    "abc", "", "7", "9[]", "-1", "2", "2[]", "2{}", '2"text"', "2null", "2true", "2[", '2["message"', '2["message"]]',
    "2[null]", "2[{}]", "2[[]]", "2[true]", '2abc["message"]', '21.5["message"]', '2-1["message"]', "2,[1]",
    '2["connect"]', '2["connect_error"]', '2["disconnect"]', '2["disconnecting"]', '2["newListener"]',
    '2["removeListener"]', "31{}", '31"text"', "31null", '1"text"', "1{}", '0"text"', "0[]", "0null", "01",
    '5["message"]', '5a-["message"]', '51["message"]', '5-1-["message"]', '51.5-["message"]',
    '599999999999999999999-["message"]', "61-{}", '2["message",]', "2['message']", '2["message",NaN]',
    '2["message",01]', '2["\ud83d"', '2["message"] x', '2["message\x01"]',
]


@pytest.mark.parametrize("text", INVALID, ids=repr)
async def test_what_is_no_packet(calm, text):
    async with connected(calm) as peer:
        await peer.send_text(text.encode("utf-8", "replace").decode())
        assert await peer.until_closed() == []


@pytest.mark.parametrize("texts", [
    (b"attached to nothing",),
    ('51-["message",{"_placeholder":true,"num":0}]', '2["message"]'),
    ('52-["message",{"_placeholder":true,"num":0}]', b"one", '2["message"]'),
    ('51-["message",{"_placeholder":true,"num":1}]', b"one"),
    ('51-["message",{"_placeholder":true,"num":-1}]', b"one"),
    ('51-["message",{"_placeholder":true,"num":"0"}]', b"one"),
    ('51-["message",{"_placeholder":true}]', b"one"),
], ids=str)
async def test_attachments_that_do_not_fit(calm, texts):
    async with connected(calm) as peer:
        await peer.send_text(*texts)
        assert await peer.until_closed() == []


@EACH_TRANSPORT
async def test_a_bad_packet_after_good_ones(calm, transport):
    """What the good ones brought about may still come, nothing of what is after it."""
    async with connected(calm, transport) as peer:
        await peer.send_text('2["message",1]', '2["message",2]', "2{}", '2["message",3]')
        found = await peer.until_closed()
        assert found == [Packet(EVENT, ["message-back", 1]), Packet(EVENT, ["message-back", 2])][: len(found)]


@EACH_TRANSPORT
async def test_harmless_packets(calm, transport):
    """Odd, but not wrong: acknowledgements that nobody waits for, odd names, spaces in the JSON, no comma before the
    end, an event that nobody knows."""
    async with connected(calm, transport) as peer:
        await peer.send_text("3[]", "31[]", '3999999["late"]', '61-1[{"_placeholder":true,"num":0}]', b"late")
        await peer.send_text('2["unknown",1]', '2[ "message" , 1 ]', '2["",1]', "2[5,1]", '2["__proto__",1]')
        await peer.expect("message-back", 1)
        assert await peer.ask("unknown", 1, id=3) == []
        await peer.send_text("0/custom")
        assert (await peer.next()).type == CONNECT
        await peer.expect("auth", {}, namespace="/custom")
        await peer.send_text("1/custom")
        await peer.is_silent()
