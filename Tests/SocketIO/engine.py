"""Engine.IO 4 by hand: the requests and frames that a client sends, and those that none would."""

import asyncio
import json
from dataclasses import dataclass

import aiohttp

SEPARATOR = "\x1e"
PING, PONG = "2", "3"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def error(self) -> tuple:
        """Status, code and message of an error as the original words it."""
        assert self.headers["content-type"].startswith("application/json"), self
        body = json.loads(self.text)
        assert body.keys() == {"code", "message"}, self
        return self.status, body["code"], body["message"]


BAD_TRANSPORT = (400, 0, "Transport unknown")
UNKNOWN_SESSION = (400, 1, "Session ID unknown")
BAD_METHOD = (400, 2, "Bad handshake method")
BAD_REQUEST = (400, 3, "Bad request")
BAD_VERSION = (400, 5, "Unsupported protocol version")


async def arrived():
    """Gives a request that waits, or the end of a connection, a head start: nothing tells that it has arrived."""
    await asyncio.sleep(0.03)


class Closed(Exception):
    """The server has closed the WebSocket, or refused it."""


class WebSocket:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse):
        self._socket = socket

    async def receive(self, seconds: float = 5) -> str | bytes:
        """The next frame's content."""
        message = await self._socket.receive(timeout=seconds)
        if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            return message.data
        raise Closed(str(message))

    async def next(self, seconds: float = 5) -> str | bytes:
        """The next frame that is no ping; pings are answered."""
        async with asyncio.timeout(seconds):
            while (frame := await self.receive()) == PING:
                await self.send(PONG)
            return frame

    async def send(self, frame: str | bytes):
        try:
            if isinstance(frame, bytes):
                await self._socket.send_bytes(frame)
            else:
                await self._socket.send_str(frame)
        except (ConnectionError, RuntimeError) as error:
            raise Closed(str(error)) from error

    async def until_closed(self, seconds: float = 5, answering=False) -> list:
        """What still came before the server closed; fails when it does not close."""
        frames = []
        async with asyncio.timeout(seconds):
            try:
                while True:
                    frames.append(await self.receive(seconds))
                    if answering and frames[-1] == PING:
                        await self.send(PONG)
            except Closed:
                return frames

    async def close(self):
        await self._socket.close()

    @property
    def _transport(self) -> asyncio.Transport:
        return self._socket._response.connection.transport

    def cut(self):
        """Ends the TCP connection without a word."""
        self._transport.abort()

    def pause(self):
        """Leaves what comes in the kernel's buffers, until they are full."""
        self._transport.pause_reading()

    def resume(self):
        self._transport.resume_reading()


class Engine:
    """One client: an HTTP connection pool and, after `open`, a session.

    `async with Engine(url) as engine:`
    """

    def __init__(self, url: str, path: str = "/engine.io/"):
        self.url = url + path
        self.sid: str | None = None
        self.handshake: dict = {}

    async def __aenter__(self):
        # Many tests open more sessions at once than the pool's default of 100 connections.
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_):
        await self.http.close()

    def query(self, changes: dict) -> dict:
        """That of a polling request; a change to None takes a parameter away."""
        query = {"EIO": "4", "transport": "polling", "sid": self.sid} | changes
        return {name: value for name, value in query.items() if value is not None}

    async def ask(self, method: str, body=None, headers=None, **changes) -> Answer:
        if body is not None:
            headers = {"Content-Type": "text/plain;charset=UTF-8"} | (headers or {})
        async with self.http.request(
                method, self.url, params=self.query(changes), data=body, headers=headers,
                timeout=aiohttp.ClientTimeout(total=20)) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, headers, await response.text())

    async def get(self, **changes) -> Answer:
        return await self.ask("GET", **changes)

    async def open(self) -> "Engine":
        """A polling session."""
        self.sid = None
        answer = await self.get()
        assert answer.status == 200 and answer.text.startswith("0"), answer
        self.handshake = json.loads(answer.text[1:])
        self.sid = self.handshake["sid"]
        return self

    async def poll(self) -> list[str]:
        """The packets of one poll, which must succeed."""
        answer = await self.get()
        assert answer.status == 200, answer
        return answer.text.split(SEPARATOR)

    async def push(self, *packets: str):
        """Packets in one request, which must succeed."""
        answer = await self.ask("POST", SEPARATOR.join(packets).encode())
        assert (answer.status, answer.text) == (200, "ok"), answer

    async def read(self, count: int) -> list[str]:
        """As many packets, from as many polls as it takes; pings are answered and not counted."""
        found: list[str] = []
        while len(found) < count:
            packets = await self.poll()
            if PING in packets:
                await self.push(PONG)
            found += [packet for packet in packets if packet != PING]
        assert len(found) == count, found
        return found

    async def websocket(self, **changes) -> WebSocket:
        """A WebSocket to this session, or to a new one if there is none. Closed if it is refused."""
        query = {"transport": "websocket"} | changes
        try:
            return WebSocket(await self.http.ws_connect(self.url, params=self.query(query), max_msg_size=0))
        except aiohttp.WSServerHandshakeError as error:
            raise Closed(f"{error.status}") from error
        except aiohttp.ClientError as error:
            raise Closed(str(error)) from error

    async def websocket_session(self) -> WebSocket:
        """A session that begins as WebSocket."""
        socket = await self.websocket(sid=None)
        frame = await socket.receive()
        assert frame[0] == "0", frame
        self.handshake = json.loads(frame[1:])
        self.sid = self.handshake["sid"]
        return socket

    async def probe(self) -> WebSocket:
        """The first half of an upgrade."""
        socket = await self.websocket()
        await socket.send("2probe")
        assert await socket.receive() == "3probe"
        return socket

    async def upgrade(self) -> WebSocket:
        """A whole upgrade of a session that has no poll open."""
        socket = await self.probe()
        await socket.send("5")
        return socket

    async def is_gone(self) -> bool:
        return (await self.get()).error == UNKNOWN_SESSION
