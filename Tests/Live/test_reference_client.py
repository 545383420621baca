"""Nothing is lost on reconnect (guarantee 5): a client that is disconnected at random while others send, edit, delete,
read, rename, add, remove, leave and delete chats always ends in exactly the server's state.

That state is read twice: by a fresh snapshot over the API, and from the tables. While it is connected, the client never
sees a hole in rev (guarantee 3).
"""

import asyncio
import random
import socket
from datetime import timezone

import pytest

from api import Person, new_id, people
from postgres import rows
from reference_client import Replica
from sockets import Connection

STEPS = 120
WRITERS = 3


class Writers:
    """People who do random things to chats, some of them at once to the same one. Races may refuse them; never 5xx."""

    def __init__(self, persons: list[Person], observer: Person, seed: int):
        self.random = random.Random(seed)
        self.persons = persons
        self.observer = observer
        self.everybody = [*persons, observer]
        self.chats: list[str] = []
        self.messages: list[str] = []
        self.names = 0
        self.actions = 0
        self._acted = asyncio.Event()

    async def run(self, person: Person, steps: int):
        actions = [self.send] * 10 + [self.edit] * 3 + [self.delete] * 2 + [self.read] * 3 + [
            self.add, self.add, self.remove, self.rename, self.leave, self.open, self.open, self.delete_chat,
            self.introduce]
        for _ in range(steps):
            await self.random.choice(actions)(person)
            self.actions += 1
            self._acted.set()

    async def go_on(self, actions: int, work: asyncio.Future):
        """Waits until so many more things have been done, or all."""
        goal = self.actions + actions
        while self.actions < goal and not work.done():
            self._acted.clear()
            await asyncio.wait([work, acted := asyncio.ensure_future(self._acted.wait())],
                               return_when=asyncio.FIRST_COMPLETED)
            acted.cancel()

    async def ask(self, person: Person, method: str, path: str, **options):
        answer = await asyncio.to_thread(person.ask, method, path, **options)
        assert answer.status < 500, f"{method} {path}: {answer}"
        return answer.json if answer.status < 300 else None

    def name(self) -> str:
        self.names += 1
        return f"name {self.names}"

    def chat(self) -> str:
        # Mostly the newest ones: those that live.
        return self.random.choice(self.chats[-6:])

    async def send(self, person):
        body = {"content": self.name(), "client_id": new_id()}
        if sent := await self.ask(person, "POST", f"/chats/{self.chat()}/messages", json=body):
            self.messages.append(sent["id"])

    async def edit(self, person):
        if self.messages:
            await self.ask(person, "PUT", f"/messages/{self.random.choice(self.messages[-20:])}",
                           json={"content": self.name()})

    async def delete(self, person):
        if self.messages:
            await self.ask(person, "DELETE", f"/messages/{self.random.choice(self.messages[-20:])}")

    async def read(self, person):
        if self.messages:
            reader = self.random.choice([person, self.observer])
            await self.ask(reader, "POST", f"/messages/{self.random.choice(self.messages[-20:])}/read")

    async def add(self, person):
        who = self.random.choice([self.observer, *self.persons])
        await self.ask(person, "POST", f"/chats/{self.chat()}/members", json={"user_ids": [who.id]})

    async def remove(self, person):
        who = self.random.choice([self.observer, *self.persons])
        await self.ask(person, "DELETE", f"/chats/{self.chat()}/members/{who.id}")

    async def leave(self, person):
        await self.ask(person, "DELETE", f"/chats/{self.chat()}/members/{person.id}")

    async def rename(self, person):
        await self.ask(person, "PUT", f"/chats/{self.chat()}", json={"name": self.name()})

    async def open(self, person):
        others = [who.id for who in self.everybody if who is not person]
        kind = {"type": "group", "name": self.name(), "member_ids": others}
        if self.random.random() < 0.2:
            kind = {"type": "direct", "member_ids": [self.observer.id]}
        if opened := await self.ask(person, "POST", "/chats", json=kind):
            self.chats.append(opened["id"])

    async def delete_chat(self, person):
        # Of a group only: a direct chat that somebody hides is their own state.
        chat = await self.ask(person, "GET", f"/chats/{self.chat()}")
        if chat and chat["type"] == "group" and self.random.random() < 0.5:
            await self.ask(person, "DELETE", f"/chats/{chat['id']}")

    async def introduce(self, person):
        await self.ask(person, "PUT", "/auth/profile", json={"display_name": self.name(), "status": self.name()})


class Device:
    """The replica and its connection, which somebody pulls the plug of."""

    def __init__(self, person: Person, seed: int):
        self.random = random.Random(seed + 1)
        self.person = person
        self.replica = Replica(person.url, person.id, person.token)
        self.connections = 0

    async def session(self, events: int | None):
        """Follows a connection until so many events have come or a second has gone, or for good. Ends politely or not
        at all politely, in the midst of whatever the replica does."""
        connection = Connection(self.person.url, self.person.token)
        queue: asyncio.Queue = asyncio.Queue()
        connection.listeners.append(lambda name, payload: queue.put_nowait((name, payload)))
        await connection.open()
        self.connections += 1
        following = asyncio.create_task(self.replica.follow(queue))
        waiting = [following]
        if events is not None:
            enough = connection.until("some events", lambda: len(connection.events) >= events, 60)
            waiting.append(asyncio.create_task(enough))
        try:
            await asyncio.wait(
                waiting, timeout=1 if events is not None else None, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
            outcomes = await asyncio.gather(*waiting, return_exceptions=True)
            if self.random.random() < 0.5:
                connection.client.eio.ws.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
            await connection.close()
        if not isinstance(outcomes[0], asyncio.CancelledError):
            raise AssertionError("the replica failed") from outcomes[0]

    async def be_disconnected(self, writers: Writers, work: asyncio.Future):
        while not work.done():
            await self.session(self.random.randrange(0, 40))
            await writers.go_on(self.random.choice([0, 1, 10, 40]), work)


@pytest.mark.parametrize("seed", [1, 20, 300, 4000])
async def test_a_client_that_is_disconnected_at_random(seed, url, server):
    observer, *persons = await asyncio.to_thread(people, url, "observer", *["writer"] * WRITERS)
    writers = Writers(persons, observer, seed)
    for person in persons:
        await writers.open(person)
    device = Device(observer, seed)
    work = asyncio.gather(*(writers.run(person, STEPS) for person in persons))
    try:
        async with asyncio.timeout(60):
            await device.be_disconnected(writers, work)
            await work
    finally:
        work.cancel()
    assert device.connections > 3
    assert device.replica.holes == 0, "a hole in rev while connected"

    # Connected for good, while everybody writes on a little: events alone must bring the rest.
    following = asyncio.create_task(device.session(None))
    await asyncio.gather(*(writers.run(person, 10) for person in persons))
    fresh = Replica(url, observer.id, observer.token)
    await fresh.sync()
    async with asyncio.timeout(60):
        while device.replica.state() != fresh.state() and not following.done():
            await asyncio.sleep(0.01)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert device.replica.state() == fresh.state()
    assert device.replica.holes == 0, "a hole in rev while connected"

    # People's names come with sync.
    await device.replica.sync()
    known = {user_id for copy in fresh.chats.values() for user_id in copy.members} - {observer.id}
    assert {user: device.replica.users[user] for user in known} == {user: fresh.users[user] for user in known}
    assert device.replica.state() == fresh.state() == tables(server.database_url, observer.id)


def tables(database: str, user_id: str) -> dict:
    """The same state, from PostgreSQL."""
    chats = rows(database, """
        SELECT chats.* FROM chats JOIN chat_members ON chat_id = chats.id
        WHERE user_id = %s AND left_at IS NULL AND deleted_at IS NULL""", user_id)
    return {str(chat["id"]): table_chat(database, chat) for chat in chats}


def table_chat(database: str, chat: dict) -> dict:
    members = rows(database, "SELECT * FROM chat_members WHERE chat_id = %s AND left_at IS NULL", chat["id"])
    messages = rows(database, "SELECT * FROM messages WHERE chat_id = %s", chat["id"])
    fields = {"type": chat["type"], "created_by": str(chat["created_by"]), "created_at": moment(chat["created_at"])}
    if chat["name"]:
        fields["name"] = chat["name"]
    return {
        "rev": chat["rev"],
        "fields": fields,
        "members": {
            str(member["user_id"]): {"role": member["role"], "joined_at": moment(member["joined_at"])}
            for member in members},
        "messages": {str(message["id"]): table_message(message) for message in messages},
        "marks": {
            str(member["user_id"]): (member["last_read_seq"], member["last_delivered_seq"]) for member in members},
    }


def table_message(row: dict) -> dict:
    message = {key: str(row[key]) for key in ("id", "chat_id", "sender_id", "type", "content")}
    message |= {"seq": row["seq"], "rev": row["rev"]}
    if row["client_id"]:
        message["client_id"] = str(row["client_id"])
    if row["type"] == "system":
        message["system"] = {"action": row["system_action"]}
        if row["system_user_ids"]:
            message["system"]["user_ids"] = [str(user) for user in row["system_user_ids"]]
        if row["system_name"]:
            message["system"]["name"] = row["system_name"]
    return message | {key: moment(row[key]) for key in ("created_at", "edited_at", "deleted_at") if row[key]}


def moment(time) -> str:
    time = time.astimezone(timezone.utc)
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"
