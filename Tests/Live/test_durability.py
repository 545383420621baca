"""Durable before acknowledged (guarantees 1 to 3), shown by SIGKILL.

While 20 connections send, the server is killed, or all processes of its PostgreSQL are. After the restart every
acknowledged message is there exactly once, seq and rev have no holes, and what was not acknowledged is sent again with
its client_id without making a double.
"""

import asyncio
from dataclasses import dataclass, field

import httpx
import pytest

from api import new_id, people
from postgres import Postgres
from server import Server, eventually, kill_postgres
from sockets import Connection, Lost, close

ROUNDS = 2
SENDERS = 20
CHATS = 4
WINDOW = 3
# Acknowledged messages after which the kill comes, and rises with the rounds: never at the same place twice.
BEFORE_THE_KILL = 300


@dataclass
class Record:
    """What one sender knows: the answers it got, and what it never heard of again."""

    chat_id: str
    acknowledged: dict[str, dict] = field(default_factory=dict)
    open: dict[str, str] = field(default_factory=dict)


class Load:
    """20 connections that send until the first failure of each."""

    def __init__(self, persons, chats):
        self.persons = persons
        self.records = [Record(chats[number % len(chats)]["id"]) for number in range(len(persons))]
        self.enough = asyncio.Event()
        self.goal = 0
        self.is_over = False

    async def run(self, kill, goal: int):
        self.goal = goal + sum(len(record.acknowledged) for record in self.records)
        self.enough.clear()
        self.is_over = False
        connections = [await Connection(person.url, person.token).open() for person in self.persons]
        workers = [
            asyncio.create_task(self._send(connection, record))
            for connection, record in zip(connections, self.records) for _ in range(WINDOW)
        ]
        async with asyncio.timeout(60):
            await self.enough.wait()
            await asyncio.to_thread(kill)
            self.is_over = True
            # A dead database does not close sockets: it makes sends fail. A dead server closes them.
            await asyncio.gather(*workers)
        await close(*connections)

    async def _send(self, connection, record):
        while not self.is_over:
            client_id, content = new_id(), f"message {len(record.acknowledged)} of {record.chat_id}"
            record.open[client_id] = content
            try:
                answer = await connection.call(
                    "send_message", {"chat_id": record.chat_id, "content": content, "client_id": client_id}, seconds=30)
            except Lost:
                return
            if not answer["ok"]:
                assert answer["error"]["status"] == 503 and answer["error"]["code"] == "unavailable", answer
                return
            record.acknowledged[client_id] = answer["data"]
            del record.open[client_id]
            if sum(len(each.acknowledged) for each in self.records) >= self.goal:
                self.enough.set()

    def verify(self, base_revs: dict[str, int]):
        """Every acknowledged message exactly once and as it was acknowledged; seq and rev without holes."""
        for chat_id in {record.chat_id for record in self.records}:
            reader = next(p for p, record in zip(self.persons, self.records) if record.chat_id == chat_id)
            messages = reader.messages(chat_id)
            chat = reader.call("GET", f"/chats/{chat_id}")
            assert [message["seq"] for message in messages] == list(range(1, chat["last_seq"] + 1)), "seq has holes"
            revs = [message["rev"] for message in messages if message["rev"] > base_revs[chat_id]]
            assert sorted(revs) == list(range(base_revs[chat_id] + 1, chat["rev"] + 1)), "rev has holes"
            told = [change["rev"] for change in reader.changes(chat_id, base_revs[chat_id])]
            assert told == sorted(revs), "/changes tells of each, in order"
            by_client_id: dict[str, list] = {}
            for message in messages:
                if message.get("client_id"):
                    by_client_id.setdefault(message["client_id"], []).append(message)
            doubles = [found for found in by_client_id.values() if len(found) > 1]
            assert not doubles, f"{len(doubles)} doubles"
            for record in self.records:
                if record.chat_id == chat_id:
                    for client_id, answer in record.acknowledged.items():
                        assert client_id in by_client_id, f"acknowledged and lost: {answer}"
                        found = by_client_id[client_id][0]
                        assert all(found[key] == answer[key] for key in ("id", "seq", "rev", "content", "created_at"))

    def send_again(self):
        """What was not acknowledged, by REST; then some of what was: both answer with the one message."""
        for person, record in zip(self.persons, self.records):
            for client_id, content in record.open.items():
                record.acknowledged[client_id] = person.send(record.chat_id, content, client_id)
            record.open.clear()
            for client_id, answer in list(record.acknowledged.items())[-3:]:
                again = person.ask(
                    "POST", f"/chats/{record.chat_id}/messages",
                    json={"content": answer["content"], "client_id": client_id})
                assert again.status == 200 and again.json["id"] == answer["id"], again


def ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/health", params={"ready": 1}, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


async def rounds(url: str, kill, revive, hurts=True):
    """`hurts`: some sends that are under way at the kill stay without an acknowledgement."""
    persons = await asyncio.to_thread(people, url, *[f"sender{number}" for number in range(SENDERS)])
    chats = []
    for number in range(CHATS):
        members = persons[number::CHATS]
        chats.append(await asyncio.to_thread(members[0].group, f"chat {number}", *members[1:]))
    base_revs = {chat["id"]: (await persons[number].go("GET", f"/chats/{chat['id']}"))["rev"]
                 for number, chat in enumerate(chats)}
    load = Load(persons, chats)
    for number in range(ROUNDS):
        await load.run(kill, BEFORE_THE_KILL * (number + 1) + 37 * number)
        assert any(record.open for record in load.records) or not hurts, "nothing was under way when the kill came"
        await asyncio.to_thread(revive)
        await asyncio.to_thread(eventually, "ready again", lambda: ready(url), 30)
        await asyncio.to_thread(load.verify, base_revs)
        await asyncio.to_thread(load.send_again)
        await asyncio.to_thread(load.verify, base_revs)


@pytest.fixture
def private():
    """A server with its private PostgreSQL, as somebody has it who runs one command."""
    server = Server(name="durable", outage_expected=True)
    server.start()
    yield server
    server.close()


async def test_the_server_is_killed(private):
    await rounds(private.url, private.kill, private.start)


async def test_the_private_postgresql_is_killed(private):
    """The server brings its own PostgreSQL back, without a restart of its own, and often within the second for which a
    send waits: then nobody notices."""
    await rounds(private.url, lambda: kill_postgres(private.private_postmaster()), lambda: None, hurts=False)
    assert private.process.poll() is None, "the server lived on"


async def test_another_postgresql_is_killed():
    """With DATABASE_URL PostgreSQL is somebody else's: the server waits until it is back."""
    postgres = Postgres().start()
    server = Server(name="durable", database_url=postgres.create("letschat"), outage_expected=True)
    try:
        server.start()
        await rounds(server.url, postgres.kill, postgres.start)
        assert server.process.poll() is None, "the server lived on"
        server.close()
    finally:
        if server.process and server.process.poll() is None:
            server.process.kill()
        postgres.close()
