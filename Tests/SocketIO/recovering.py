"""What a client does to have its connection state recovered, on a peer by hand: it keeps the private id of its session
and the offset of the last event, and gives both when it connects again."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from packets import CONNECT, EVENT, Packet
from peer import Peer, bare


@dataclass
class Session:
    """One namespace's, over all connections. `events` is all that was received, without the offsets."""

    namespace: str = "/"
    sid: str | None = None
    pid: str | None = None
    offset: str | None = None
    events: list[list] = field(default_factory=list)
    recovered: bool | None = None

    def take(self, packet: Packet) -> Packet:
        """Notes what a packet says of the session, and takes the offset off an event."""
        if packet.namespace == self.namespace:
            if packet.type == CONNECT:
                assert packet.data.keys() == {"sid", "pid"}, packet
                self.recovered = self.pid == packet.data["pid"]
                assert self.recovered == (self.sid == packet.data["sid"]), "id and private id go together"
                self.sid, self.pid = packet.data["sid"], packet.data["pid"]
            elif packet.type == EVENT:
                # An event that asks for an acknowledgement has none; a volatile one of the suite ends in a number.
                if packet.id is None and isinstance(packet.data[-1], str):
                    self.offset = packet.data.pop()
                self.events.append(packet.data)
        return packet

    def auth(self) -> dict:
        given = {"pid": self.pid, "offset": self.offset}
        return {name: value for name, value in given.items() if value is not None}

    def numbers(self, name: str = "room-message") -> list:
        return [event[1] for event in self.events if event[0] == name]


class RecoveringPeer(Peer):
    def __init__(self, peer: Peer, *sessions: Session):
        super().__init__(peer.engine, peer.transport)
        self.sessions = {session.namespace: session for session in sessions}

    async def next(self, seconds: float = 5) -> Packet:
        packet = await super().next(seconds)
        if session := self.sessions.get(packet.namespace):
            session.take(packet)
        return packet

    async def enter(self, namespace: str = "/", auth: dict | None = None) -> list[Packet]:
        """Connects, and reads until an answer shows that all the server had to say was said."""
        session = self.sessions[namespace]
        session.recovered = None
        await self.send(Packet(CONNECT, session.auth() | (auth or {}), namespace=namespace))
        # Missed events come before or after the answer: clients keep them until then.
        found = []
        while session.recovered is None:
            found.append(await self.next())
            if found[-1].type not in (CONNECT, EVENT):
                return found
        await self.fence(namespace)
        return found

    async def fence(self, namespace: str = "/"):
        """Reads until the acknowledgement of an event that is sent now."""
        await self.emit("message-with-ack", id=987_654, namespace=namespace)
        while (await self.next()).id != 987_654:
            pass

    async def done(self, *event, namespace: str = "/"):
        """Sends an event and reads until its acknowledgement."""
        await self.emit(*event, id=456_789, namespace=namespace)
        while (await self.next()).id != 456_789:
            pass

    async def cut(self):
        """Ends the connection without a word, as a network does; over polling by giving up the poll."""
        if hasattr(self.transport, "socket"):
            self.transport.socket.cut()
        else:
            await self.transport.close()


@asynccontextmanager
async def entered(url: str, *sessions: Session, transport: str = "websocket", auth: dict | None = None):
    """A connection on which the sessions (a new one for `/` if none is given) begin or go on."""
    async with bare(url, transport) as plain:
        peer = RecoveringPeer(plain, *(sessions or (Session(),)))
        for namespace in peer.sessions:
            await peer.enter(namespace, auth)
        yield peer
