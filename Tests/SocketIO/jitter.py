"""The jitter test: many clients in a room, a message each 200 ms, and each client cut off for 2 s again and again. With
connection state recovery each of them gets every message once and in order.

As a program it plays the whole, by default 1,000 clients for a minute, and ends with status 1 if anything is amiss:
    jitter.py [--clients N] [--seconds S] [--url http://127.0.0.1:3000]
"""

import argparse
import asyncio
import json
import random
import struct
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOM = "jitter"
INTERVAL = 0.2
AWAY = 2.0
# How long a client stays connected between two cuts.
STAYS = (1.0, 4.0)
PATIENCE = 30.0


class Connection(asyncio.Protocol):
    """A WebSocket to /socket.io/ in as little code, and as little of the machine, as it takes. Tells `owner` of its
    messages and of its end."""

    def __init__(self, owner: "Client"):
        self.owner = owner
        self.transport: asyncio.Transport | None = None
        self._data = bytearray()
        self._is_open = False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: jitter\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Key: aml0dGVyIGppdHRlciBqIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")

    def send(self, text: str):
        payload = text.encode()
        assert len(payload) < 65536
        length = len(payload)
        head = bytes([0x81, 0x80 | length]) if length < 126 else struct.pack("!BBH", 0x81, 0xFE, length)
        # A mask of zeros leaves the payload as it is.
        self.transport.write(head + bytes(4) + payload)

    def data_received(self, data):
        self._data += data
        if not self._is_open:
            end = self._data.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._data.startswith(b"HTTP/1.1 101"):
                self.transport.abort()
                return
            del self._data[: end + 4]
            self._is_open = True
        while (frame := self._frame()) is not None:
            self.owner.received(self, frame)

    def _frame(self) -> str | None:
        data = self._data
        if len(data) < 2:
            return None
        length, start = data[1], 2
        if length == 126:
            if len(data) < 4:
                return None
            length, start = struct.unpack_from("!H", data, 2)[0], 4
        assert data[0] in (0x81, 0x88) and length < 65536, "a text or the end, in one frame"
        if len(data) < start + length:
            return None
        text = data[start: start + length].decode() if data[0] == 0x81 else "1"
        del data[: start + length]
        return text

    def connection_lost(self, error):
        self.owner.ended(self)


@dataclass
class Client:
    """A session over all its connections."""

    host: str
    port: int
    sid: str | None = None
    pid: str | None = None
    offset: str | None = None
    numbers: list[int] = field(default_factory=list)
    connect_times: list[float] = field(default_factory=list)
    failed: int = 0
    lost_sessions: int = 0
    connection: Connection | None = None
    joined: asyncio.Event = field(default_factory=asyncio.Event)
    goal: int | None = None
    complete: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self):
        """Until it is connected, like a client that tries again."""
        begun = time.monotonic()
        while True:
            self.joined.clear()
            try:
                _, self.connection = await asyncio.get_running_loop().create_connection(
                    lambda: Connection(self), self.host, self.port)
                async with asyncio.timeout(PATIENCE):
                    await self.joined.wait()
                if self.connection:
                    self.connect_times.append(time.monotonic() - begun)
                    return
            except (OSError, TimeoutError):
                pass
            self.failed += 1
            await asyncio.sleep(0.1)

    def cut(self):
        if self.connection:
            connection, self.connection = self.connection, None
            connection.transport.abort()

    def ended(self, connection: Connection):
        if connection is self.connection:
            self.connection = None
            self.joined.set()

    def received(self, connection: Connection, text: str):
        if connection is not self.connection and self.connection is not None:
            return
        if text.startswith("42"):
            event = json.loads(text[2:])
            if isinstance(event[-1], str):
                self.offset = event.pop()
            if event[0] == "room-message":
                self.numbers.append(event[1])
                if event[1] == self.goal:
                    self.complete.set()
        elif text == "2":
            connection.send("3")
        elif text.startswith("40"):
            self._entered(connection, json.loads(text[2:]))
        elif text.startswith("43"):
            self.joined.set()
        elif text.startswith("0"):
            auth = {"pid": self.pid, "offset": self.offset} if self.pid and self.offset else None
            connection.send("40" + (json.dumps(auth) if auth else ""))
        elif text == "1":
            connection.transport.abort()

    def _entered(self, connection: Connection, answer: dict):
        recovered = self.pid is not None and answer.get("pid") == self.pid
        if recovered:
            self.joined.set()
        else:
            self.lost_sessions += self.pid is not None
            connection.send(f'421["join","{ROOM}"]')
        self.sid, self.pid = answer["sid"], answer.get("pid")

    async def come_and_go(self, until: asyncio.Event, chance: random.Random):
        while not until.is_set():
            await _either(until, chance.uniform(*STAYS))
            self.cut()
            await asyncio.sleep(AWAY)
            await self.connect()


async def _either(event: asyncio.Event, seconds: float):
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


@dataclass
class Outcome:
    clients: int
    published: int
    delivered: int
    lost: int
    doubled: int
    disordered: int
    reconnects: int
    lost_sessions: int
    failed_attempts: int
    connect_p50_ms: float
    connect_p99_ms: float

    @property
    def is_perfect(self) -> bool:
        return self.delivered == self.clients * self.published and not (
            self.lost or self.doubled or self.disordered or self.lost_sessions)

    def __str__(self):
        share = 100 * (self.clients * self.published - self.lost) / (self.clients * self.published)
        return (
            f"{self.clients} clients, {self.published} messages each: {share:.3f} % delivered, {self.lost} lost, "
            f"{self.doubled} doubled, {self.disordered} out of order; {self.reconnects} reconnects, "
            f"{self.lost_sessions} of them not recovered, {self.failed_attempts} failed attempts; connected again "
            f"within {self.connect_p50_ms:.1f} ms (p50), {self.connect_p99_ms:.1f} ms (p99)")


async def play(url: str, clients: int, seconds: float, seed: int = 1) -> Outcome:
    """Joins all, then publishes and cuts for that long, then lets all come back and read to the end."""
    parts = urlsplit(url)
    listeners = [Client(parts.hostname, parts.port) for _ in range(clients)]
    sender = Client(parts.hostname, parts.port)
    for start in range(0, clients, 50):
        await asyncio.gather(*(client.connect() for client in listeners[start: start + 50]))
    await sender.connect()
    for client in listeners:
        client.connect_times.clear()

    over = asyncio.Event()
    chance = random.Random(seed)
    riders = [
        asyncio.create_task(client.come_and_go(over, random.Random(chance.random()))) for client in listeners]
    published = 0
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        sender.connection.send(f'42["to-room","{ROOM}",{published}]')
        published += 1
        # By the clock, so that a slow moment is made good.
        await asyncio.sleep(max(0.0, begun + published * INTERVAL - time.monotonic()))
    for client in listeners:
        client.goal = published - 1
        if client.numbers[-1:] == [client.goal]:
            client.complete.set()
    over.set()
    await asyncio.gather(*riders)
    await asyncio.gather(*(_either(client.complete, PATIENCE) for client in listeners))
    # A double of the last one would come at once after it.
    await asyncio.sleep(0.5)
    for client in (sender, *listeners):
        client.cut()
    return _outcome(listeners, published)


def _outcome(listeners: list[Client], published: int) -> Outcome:
    times = sorted(each for client in listeners for each in client.connect_times) or [0.0]
    distinct = [len(set(client.numbers)) for client in listeners]
    delivered = sum(len(client.numbers) for client in listeners)
    return Outcome(
        clients=len(listeners), published=published, delivered=delivered,
        lost=len(listeners) * published - sum(distinct), doubled=delivered - sum(distinct),
        disordered=sum(
            sum(left >= right for left, right in zip(client.numbers, client.numbers[1:])) for client in listeners),
        reconnects=sum(len(client.connect_times) for client in listeners),
        lost_sessions=sum(client.lost_sessions for client in listeners),
        failed_attempts=sum(client.failed for client in listeners),
        connect_p50_ms=1000 * times[len(times) // 2], connect_p99_ms=1000 * times[int(len(times) * 0.99)])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--clients", type=int, default=1000)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--url", help="a suite server with --recovery; without it one is started")
    chosen = options.parse_args()
    if chosen.url:
        outcome = asyncio.run(play(chosen.url, chosen.clients, chosen.seconds))
    else:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Live"))
        from suite_server import SuiteServer
        with SuiteServer(ping_interval=25_000, ping_timeout=20_000, recovery=120_000) as server:
            outcome = asyncio.run(play(server.url, chosen.clients, chosen.seconds))
    print(outcome)
    sys.exit(0 if outcome.is_perfect else 1)


if __name__ == "__main__":
    main()
