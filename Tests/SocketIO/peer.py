"""A Socket.IO client by hand, over any transport: what it sends and gets are packets, one by one."""

import asyncio
import base64
from contextlib import asynccontextmanager

from engine import PING, PONG, Closed, Engine
from packets import ACK, CONNECT, DISCONNECT, EVENT, Decoder, Packet

TRANSPORTS = ("polling", "websocket", "upgraded")


class Polling:
    """A session that polls all the time; what it gets is kept until it is asked for."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()
        self._turn = asyncio.Lock()
        self._task = asyncio.create_task(self._run())

    async def _run(self):
        try:
            while True:
                answer = await self.engine.get()
                if answer.status != 200:
                    return
                for packet in answer.text.split("\x1e"):
                    if packet == "1":
                        return
                    if packet == PING:
                        await self.send(PONG)
                    elif packet != "6":
                        self._frames.put_nowait(packet)
        except Closed:
            pass
        finally:
            self._frames.put_nowait(None)

    async def send(self, *frames: str | bytes):
        """In one request."""
        packets = [
            frame if isinstance(frame, str) else "b" + base64.b64encode(frame).decode() for frame in frames]
        # Only one POST at a time.
        async with self._turn:
            answer = await self.engine.ask("POST", "\x1e".join(packets).encode())
        if answer.status != 200:
            raise Closed(str(answer))

    async def next(self, seconds: float) -> str | bytes:
        async with asyncio.timeout(seconds):
            frame = await self._frames.get()
        if frame is None:
            self._frames.put_nowait(None)
            raise Closed
        return base64.b64decode(frame[1:]) if frame.startswith("b") else frame

    async def close(self):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class Framed:
    """A WebSocket; pings are answered when something is read."""

    def __init__(self, socket):
        self.socket = socket

    async def send(self, *frames: str | bytes):
        for frame in frames:
            await self.socket.send(frame)

    async def next(self, seconds: float) -> str | bytes:
        return await self.socket.next(seconds)

    async def close(self):
        await self.socket.close()


class Peer:
    def __init__(self, engine: Engine, transport):
        self.engine = engine
        self.transport = transport
        self._decoder = Decoder()

    async def send(self, packet: Packet):
        text, *attachments = packet.encoded()
        await self.transport.send("4" + text, *attachments)

    async def send_text(self, *texts: str | bytes):
        """Messages as they are: the text of a packet, or an attachment."""
        await self.transport.send(*("4" + text if isinstance(text, str) else text for text in texts))

    async def emit(self, *event, id: int | None = None, namespace: str = "/"):
        await self.send(Packet(EVENT, list(event), id, namespace))

    async def next(self, seconds: float = 5) -> Packet:
        """The next packet, whatever it is. Closed when there will be none."""
        while True:
            frame = await self.transport.next(seconds)
            if isinstance(frame, str):
                assert frame.startswith("4"), frame
                frame = frame[1:]
            if packet := self._decoder.add(frame):
                return packet

    async def expect(self, *event, id: int | None = None, namespace: str = "/"):
        """The next packet, which must be this event."""
        packet = await self.next()
        assert packet == Packet(EVENT, list(event), id, namespace), packet

    async def expect_ack(self, id: int, *arguments, namespace: str = "/"):
        packet = await self.next()
        assert packet == Packet(ACK, list(arguments), id, namespace), packet

    async def ask(self, *event, id: int = 0, namespace: str = "/") -> list:
        """The acknowledgement's arguments, which must be the next packet."""
        await self.emit(*event, id=id, namespace=namespace)
        packet = await self.next()
        assert (packet.type, packet.id, packet.namespace) == (ACK, id, namespace), packet
        return packet.data

    async def connect(self, namespace: str = "/", auth: dict | None = None) -> str:
        """The socket's id."""
        await self.send(Packet(CONNECT, auth, namespace=namespace))
        answer = await self.next()
        assert (answer.type, answer.namespace) == (CONNECT, namespace), answer
        await self.expect("auth", auth or {}, namespace=namespace)
        return answer.data["sid"]

    async def disconnect(self, namespace: str = "/"):
        await self.send(Packet(DISCONNECT, namespace=namespace))

    async def until_closed(self, seconds: float = 30) -> list[Packet]:
        """What still came; fails when the server does not close."""
        packets = []
        async with asyncio.timeout(seconds):
            try:
                while True:
                    packets.append(await self.next(seconds))
            except Closed:
                return packets

    async def is_silent(self, namespace: str = "/"):
        """Fails when anything came before the answer to an event that is sent now."""
        assert await self.ask("message-with-ack", "fence", id=987_654, namespace=namespace) == ["fence"]


@asynccontextmanager
async def bare(url: str, transport: str = "websocket"):
    """A peer that is connected to no namespace."""
    async with Engine(url, "/socket.io/") as engine:
        if transport == "polling":
            channel = Polling(await engine.open())
        elif transport == "websocket":
            channel = Framed(await engine.websocket_session())
        else:
            channel = Framed(await (await engine.open()).upgrade())
        try:
            yield Peer(engine, channel)
        finally:
            await channel.close()


@asynccontextmanager
async def connected(url: str, transport: str = "websocket", auth: dict | None = None):
    """A peer that is connected to the namespace `/`."""
    async with bare(url, transport) as peer:
        await peer.connect(auth=auth)
        yield peer
