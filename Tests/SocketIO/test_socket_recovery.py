"""Connection state recovery: a session that was cut goes on where it was, and misses nothing; or it is a new one, and
says so."""

import asyncio
import random

import pytest

from engine import arrived
from packets import CONNECT, CONNECT_ERROR, DISCONNECT, Packet
from peer import TRANSPORTS, bare
from recovering import RecoveringPeer, Session, entered
from suite_server import SuiteServer

EACH_TRANSPORT = pytest.mark.parametrize("transport", TRANSPORTS)


@pytest.fixture
def room():
    """One that no other test is in."""
    return f"room {random.random()}"


async def publish(url: str, room: str, numbers, *more):
    async with entered(url) as sender:
        for number in numbers:
            await sender.emit("to-room", room, number, *more)
        await sender.fence()


async def test_what_a_client_is_given(recovering):
    """A private id beside the socket's, and an offset with each event from the first on, those to it alone too."""
    async with bare(recovering) as peer:
        await peer.send(Packet(CONNECT, {"token": "abc"}))
        answer = await peer.next()
        assert answer.data.keys() == {"sid", "pid"} and answer.data["sid"] != answer.data["pid"]
        assert len(answer.data["pid"]) >= 20
        offsets = []
        for event in (["auth", {"token": "abc"}], ["message-back", 1], ["message-back", b"bytes", "text"]):
            if event[0] != "auth":
                await peer.emit("message", *event[1:])
            packet = await peer.next()
            assert packet.data[:-1] == event and isinstance(packet.data[-1], str) and packet.data[-1]
            offsets.append(packet.data[-1])
        assert len(set(offsets)) == 3
        # What can't be told again has none.
        await peer.emit("flood", 1, 3, True)
        assert (await peer.next()).data == ["flooded", "xxx", 0]
        await peer.emit("ask", 100, 1)
        question = await peer.next()
        assert question.id is not None and question.data == ["question", 1]


@EACH_TRANSPORT
async def test_nothing_is_missed(recovering, room, transport):
    session = Session()
    async with entered(recovering, session, transport=transport) as peer:
        assert session.recovered is False
        await peer.done("join", room)
        await publish(recovering, room, range(5), {"in": [b"side"]})
        await peer.fence()
        await peer.cut()
    sid = session.sid
    await arrived()
    await publish(recovering, room, range(5, 30), {"in": [b"side"]})
    async with entered(recovering, session, transport=transport) as peer:
        assert session.recovered and session.sid == sid
        # It is in the room as before, without having asked.
        await publish(recovering, room, range(30, 35), {"in": [b"side"]})
        await peer.fence()
    assert session.numbers() == list(range(35))
    assert all(event[2] == {"in": [b"side"]} for event in session.events if event[0] == "room-message")
    assert len([event for event in session.events if event[0] == "auth"]) == 2, "the application hears of both"


async def test_nothing_is_missed_of_what_was_on_its_way(recovering, room):
    """The server has sent it, and the client never got it: the client's offset counts, not the server's."""
    session = Session()
    async with entered(recovering, session) as peer:
        await peer.done("join", room)
        await publish(recovering, room, range(5))
        await peer.fence()
        peer.transport.socket.pause()
        await publish(recovering, room, range(5, 50))
        await peer.cut()
    await arrived()
    async with entered(recovering, session):
        assert session.recovered
    assert session.numbers() == list(range(50))


async def test_what_is_emitted_to_one_socket(recovering):
    """Is told again too: the server answers after the client is gone."""
    session = Session()
    async with entered(recovering, session) as peer:
        for number in range(20):
            await peer.emit("message", number)
        await peer.next()
        await peer.cut()
    await arrived()
    async with entered(recovering, session):
        assert session.recovered
    found = session.numbers("message-back")
    # What the server had not read when the connection was cut is lost, as it is in every protocol.
    assert found == list(range(len(found))) and found


@EACH_TRANSPORT
async def test_again_and_again(recovering, room, transport):
    """Cut after every tenth message, while they go on."""
    count, session, cuts = 150, Session(), 0

    async def send():
        async with entered(recovering) as sender:
            for number in range(count):
                await sender.emit("to-room", room, number)
                await asyncio.sleep(0.01)
            await sender.fence()

    async with entered(recovering, session, transport=transport) as peer:
        await peer.done("join", room)
        await peer.cut()
    sending = asyncio.create_task(send())
    while (seen := len(session.numbers())) < count:
        async with entered(recovering, session, transport=transport) as peer:
            assert session.recovered, f"after {cuts} cuts"
            while len(session.numbers()) < min(seen + 10, count):
                await peer.next()
            await peer.cut()
        cuts += 1
    await sending
    assert session.numbers() == list(range(count))
    assert cuts >= 5


async def test_a_cut_before_anything_else(recovering):
    """The first event's offset is enough."""
    session = Session()
    async with entered(recovering, session) as peer:
        await peer.cut()
    await arrived()
    async with entered(recovering, session):
        assert session.recovered


async def test_two_namespaces(recovering, room):
    """Each is a session of its own."""
    first, second = Session(), Session("/custom")
    async with entered(recovering, first, second) as peer:
        await peer.done("join", room)
        await peer.done("join", room, namespace="/custom")
        await peer.cut()
    await arrived()
    async with entered(recovering, Session(), Session("/custom")) as sender:
        await sender.done("to-room", room, "first")
        await sender.done("to-room", room, "second", namespace="/custom")
    async with entered(recovering, first, second):
        assert first.recovered and second.recovered
    assert first.numbers() == ["first"] and second.numbers() == ["second"]


async def test_a_lost_heartbeat(room):
    """A client that the server gave up can go on too, on either side of the handshake."""
    with SuiteServer(recovery=60_000) as server:
        session = Session()
        async with entered(server.url, session) as peer:
            await peer.done("join", room)
            assert await peer.transport.socket.until_closed() == ["2"]
        await publish(server.url, room, range(3))
        async with entered(server.url, session):
            assert session.recovered
        assert session.numbers() == [0, 1, 2]


@EACH_TRANSPORT
async def test_a_connection_that_died_unnoticed(recovering, room, transport):
    """The server still takes it for alive when its client comes back on another. That one takes over; what the first
    got too late, or not at all, is told on the second, and the first is closed."""
    session = Session()
    async with entered(recovering, session) as first:
        await first.done("join", room)
        first.transport.socket.pause()
        await publish(recovering, room, range(20))
        async with entered(recovering, session, transport=transport) as second:
            assert session.recovered
            assert session.numbers() == list(range(20))
            first.transport.socket.resume()
            # Whatever comes on the first now comes to nobody.
            first.sessions.clear()
            await first.until_closed()
            await publish(recovering, room, range(20, 40))
            await second.fence()
            assert session.numbers() == list(range(40))


# What is not told again.


async def test_who_leaves_is_gone(recovering, room):
    """By its own wish, or by the server's."""
    for how in ("leaves", "is put out"):
        session = Session()
        async with entered(recovering, session) as peer:
            await peer.done("join", room)
            if how == "leaves":
                await peer.disconnect()
                await arrived()
            else:
                await peer.emit("disconnect-me", False)
                assert (await peer.next()).type == DISCONNECT
            await peer.cut()
        await arrived()
        await publish(recovering, room, [1])
        async with entered(recovering, session):
            assert session.recovered is False
        assert session.numbers() == []


async def test_what_is_none_of_its_business(recovering, room):
    """Other rooms, those that it had left, other namespaces, volatile events."""
    session = Session()
    async with entered(recovering, session) as peer:
        await peer.done("join", room)
        await peer.done("join", room + " left")
        await peer.done("leave", room + " left")
        await peer.cut()
    await arrived()
    await publish(recovering, room + " left", [1])
    await publish(recovering, room + " other", [2])
    async with entered(recovering, Session("/custom")) as sender:
        await sender.done("to-room", room, 3, namespace="/custom")
    await publish(recovering, room, [4])
    async with entered(recovering, session):
        assert session.recovered
    assert session.numbers() == [4]


async def test_put_out_of_a_room_while_away(recovering, room):
    """It gets what came before, nothing of what came after, and is in the room no more."""
    session = Session()
    async with entered(recovering, session) as peer:
        await peer.done("join", room)
        await peer.cut()
    await arrived()
    await publish(recovering, room, [1])
    async with entered(recovering) as other:
        await other.done("put-out", room, session.sid)
    await publish(recovering, room, [2])
    async with entered(recovering, session) as peer:
        assert session.recovered
        await publish(recovering, room, [3])
        await peer.fence()
    assert session.numbers() == [1]


async def test_it_authenticates_again(recovering):
    session = Session()
    async with entered(recovering, session) as peer:
        await peer.cut()
    await arrived()
    async with bare(recovering) as plain:
        peer = RecoveringPeer(plain, session)
        found = await peer.enter(auth={"refuse": "not any more", "data": 1})
        assert found == [Packet(CONNECT_ERROR, {"message": "not any more", "data": 1})], "and nothing that it missed"


@pytest.mark.parametrize("wrong", [
    {"pid": "nobody's"}, {"offset": "never"}, {"offset": ""}, {"offset": None}, {"pid": 1}, {"offset": 1},
    {"pid": None}, {"pid": "", "offset": ""}, {"pid": {"a": 1}, "offset": ["b"]},
], ids=str)
async def test_what_is_not_known_is_a_new_session(recovering, room, wrong):
    session = Session()
    async with entered(recovering, session) as peer:
        await peer.done("join", room)
        await peer.cut()
    await arrived()
    await publish(recovering, room, [1])
    async with bare(recovering) as peer:
        await peer.send(Packet(CONNECT, session.auth() | wrong))
        answer = await peer.next()
        assert answer.type == CONNECT
        assert answer.data["sid"] != session.sid and answer.data["pid"] != session.pid
        assert (await peer.next()).data[0] == "auth"
        with pytest.raises(TimeoutError):
            await peer.next(0.1)


async def test_the_private_id_of_another_namespace(recovering):
    session = Session()
    async with entered(recovering, session) as peer:
        await peer.cut()
    await arrived()
    async with bare(recovering) as peer:
        await peer.send(Packet(CONNECT, session.auth(), namespace="/custom"))
        answer = await peer.next()
        assert answer.type == CONNECT and answer.data["sid"] != session.sid


async def test_too_late(room):
    with SuiteServer(ping_interval=25_000, ping_timeout=20_000, recovery=300) as server:
        session = Session()
        async with entered(server.url, session) as peer:
            await peer.done("join", room)
            await peer.cut()
        await asyncio.sleep(0.6)  # It is time itself that is tested.
        await publish(server.url, room, [1])
        async with entered(server.url, session):
            assert session.recovered is False
        assert session.numbers() == []


async def test_too_much():
    """200 MB of events are not kept. Who missed some of them gets a new session, and knows that it did."""
    with SuiteServer(ping_interval=25_000, ping_timeout=20_000, recovery=600_000) as server:
        session = Session()
        async with entered(server.url, session) as peer:
            await peer.cut()
        async with entered(server.url) as reader:
            for _ in range(400):
                await reader.done("flood", 10, 50_000, False)
                reader.sessions["/"].events.clear()
        assert server.resident_bytes() < 150_000_000
        async with entered(server.url, session):
            assert session.recovered is False


async def test_many_at_once(recovering, room):
    """Fifty sessions are cut at the same time and come back at the same time."""
    sessions = [Session() for _ in range(50)]

    async def visit(session: Session):
        async with entered(recovering, session) as peer:
            if session.recovered is False:
                await peer.done("join", room)
            await peer.cut()

    await asyncio.gather(*(visit(session) for session in sessions))
    await arrived()
    await publish(recovering, room, range(100))
    await asyncio.gather(*(visit(session) for session in sessions))
    for session in sessions:
        assert session.recovered and session.numbers() == list(range(100))
