"""A history with two nodes and a Redis that is killed again and again (guarantee 3): people on both nodes open groups,
write, edit, add, remove, leave and delete, and every connection gets of each chat, from its own start on, each rev once
(or what superseded it), in order, and nothing after its end.

Half a minute; LETSCHAT_HISTORY_SECONDS and LETSCHAT_HISTORY_SEED choose another length and another history.
"""

import asyncio
import os
import random
from dataclasses import dataclass, field

import pytest

from api import new_id, people
from postgres import rows
from nodes import Nodes, connect
from sockets import close
from test_cluster import SEEN_WITHIN, at, warnings

SECONDS = float(os.environ.get("LETSCHAT_HISTORY_SECONDS", "30"))
SEED = int(os.environ.get("LETSCHAT_HISTORY_SEED", "9"))
ENDS = {"chat_deleted": lambda event, person: True,
        "member_removed": lambda event, person: event["user_id"] == person.id}


@dataclass
class View:
    """What a connection has been told of a chat."""

    rev: int = 0
    is_in: bool = False
    # The chat's last seq when it was told that it is in.
    start: int = 0
    # The seqs of the messages that it was told as new.
    messages: set[int] = field(default_factory=set)


def in_short(connection, chat_id: str) -> str:
    """All that a connection got of a chat, in short."""
    return " ".join(
        f"{name}:{event['rev']}" + (f"/{event['seq']}" if "seq" in event else "")
        for name, event, *_ in connection.events
        if "rev" in event and event.get("chat_id", event.get("id")) == chat_id)


def faults(connection, person) -> tuple[list[str], dict[str, View]]:
    """What is wrong in the events of a connection that was there before any chat."""
    views: dict[str, View] = {}
    found = []
    for name, event, *_ in connection.events:
        if "rev" not in event:
            continue
        chat_id = event.get("chat_id", event["id"] if "id" in event else None)
        view = views.setdefault(chat_id, View())
        what = f"{chat_id}: {name} {event['rev']} behind {event['prev_rev']}"
        is_addition = name == "chat_created" or name == "member_added" and event["member"]["user"]["id"] == person.id
        if event["rev"] <= view.rev:
            found.append(f"{what} after {view.rev}")
        if is_addition:
            view.start = event.get("chat", event)["last_seq"]
        if not view.is_in:
            if not is_addition:
                found.append(f"{what}, who is not a member")
            view.is_in = True
        elif event["prev_rev"] != view.rev:
            found.append(f"{what} follows {view.rev}")
        view.rev = max(view.rev, event["rev"])
        if name == "message_updated" and event["seq"] not in view.messages and event["seq"] > view.start:
            found.append(f"{what} of a message that it never saw")
        if name == "message_updated" and event["type"] == "system":
            found.append(f"{what} of a system message, which nobody changes")
        if name == "new_message":
            view.messages.add(event["seq"])
        if name in ENDS and ENDS[name](event, person):
            view.is_in = False
            view.messages = set()
    return found, views


class History:
    def __init__(self, nodes: Nodes, persons, seed: int):
        self.random = random.Random(seed)
        self.persons = persons
        self.doors = {person: [at(person, url) for url in nodes.urls] for person in persons}
        self.chats: list[str] = []
        self.messages: list[str] = []
        self.count = 0

    async def ask(self, person, method: str, path: str, **options):
        answer = await asyncio.to_thread(self.random.choice(self.doors[person]).ask, method, path, **options)
        assert answer.status < 500, f"{method} {path}: {answer}"
        self.count += 1
        return answer.json if answer.status < 300 else None

    def chat(self) -> str:
        return self.random.choice(self.chats[-5:])

    async def open(self, person):
        others = [other.id for other in self.random.sample(self.persons, 7) if other is not person]
        body = {"type": "group", "name": f"group {self.count}", "member_ids": others}
        if opened := await self.ask(person, "POST", "/chats", json=body):
            self.chats.append(opened["id"])
            for _ in range(5):
                await self.send(person, opened["id"])

    async def send(self, person, chat_id=None):
        body = {"content": f"text {self.count}", "client_id": new_id()}
        if sent := await self.ask(person, "POST", f"/chats/{chat_id or self.chat()}/messages", json=body):
            self.messages.append(sent["id"])

    async def edit(self, person):
        if self.messages:
            await self.ask(person, "PUT", f"/messages/{self.random.choice(self.messages[-10:])}",
                           json={"content": f"text {self.count}"})

    async def add(self, person):
        others = [other.id for other in self.random.sample(self.persons, 2)]
        await self.ask(person, "POST", f"/chats/{self.chat()}/members", json={"user_ids": others})

    async def remove(self, person):
        await self.ask(person, "DELETE", f"/chats/{self.chat()}/members/{self.random.choice(self.persons).id}")

    async def delete(self, person):
        await self.ask(person, "DELETE", f"/chats/{self.chat()}")

    async def be_visited(self, person, visitor, url: str, trouble: asyncio.Task) -> list[str]:
        """What looks tell somebody of a group that was opened and deleted while nobody on that node was in it: they told
        it whole. The wait is the length of a visit, in which there is mostly a look.

        What Redis brings so late is told, too, from the creation to the end; a look tells a creation as an addition."""
        found = []
        while not trouble.done():
            opened = await self.ask(
                person, "POST", "/chats", json={"type": "group", "name": "gone", "member_ids": [visitor.id]})
            await self.ask(person, "DELETE", f"/chats/{opened['id']}")
            connection = await connect(visitor, url)
            await asyncio.sleep(3)
            found += [f"{name} of a deleted group" for name, *_ in connection.events if name == "member_added"]
            await close(connection)
        return found

    async def live(self, person, trouble: asyncio.Task):
        actions = [self.send] * 8 + [self.edit] * 4 + [self.open, self.add, self.add, self.remove, self.delete]
        while not trouble.done():
            await self.random.choice(actions)(person)


async def kill_again_and_again(nodes: Nodes, seed: int, seconds: float):
    """The waits are the lengths of troubles, and of the times between them."""
    chance = random.Random(seed)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while loop.time() < end:
        await asyncio.sleep(chance.uniform(0.5, 3))
        await asyncio.to_thread(nodes.redis.kill)
        await asyncio.sleep(chance.uniform(0.1, 4))
        await asyncio.to_thread(nodes.redis.start)


@pytest.mark.lasts(SECONDS)
async def test_each_connection_gets_each_rev_once_while_redis_is_killed_again_and_again(nodes):
    *persons, visitor = await asyncio.to_thread(people, nodes.urls[0], *["person"] * 10)
    # Three on the one node, six on the other, of which each group has some.
    connections = [
        await connect(person, nodes.urls[0 if number < 3 else 1]) for number, person in enumerate(persons)]
    history = History(nodes, persons, SEED)
    await history.open(persons[0])
    trouble = asyncio.create_task(kill_again_and_again(nodes, SEED, SECONDS))
    _, told, *_ = await asyncio.gather(
        trouble, history.be_visited(persons[0], visitor, nodes.urls[1], trouble),
        *(history.live(person, trouble) for person in persons[1:5]))
    assert not told, told

    def wrong() -> list[str]:
        found = []
        truth = rows(nodes.database, """
            SELECT user_id, chat_id, chats.rev FROM chat_members JOIN chats ON chats.id = chat_id
            WHERE left_at IS NULL AND deleted_at IS NULL""")
        for number, (person, connection) in enumerate(zip(persons, connections)):
            mistakes, views = faults(connection, person)
            wanted = {str(row["chat_id"]): row["rev"] for row in truth if str(row["user_id"]) == person.id}
            known = {chat_id: view.rev for chat_id, view in views.items() if view.is_in}
            if known != wanted:
                mistakes += [f"{chat_id} is at {known.get(chat_id)}, and not at {wanted.get(chat_id)}"
                             for chat_id in known.keys() | wanted.keys() if known.get(chat_id) != wanted.get(chat_id)]
            found += [f"connection {number}, {mistake}" for mistake in mistakes]
            found += [in_short(connection, chat_id) for chat_id in views if any(chat_id in mistake for mistake in mistakes)]
        return found

    assert not [connection.reason for connection in connections if connection.disconnected.is_set()]
    loop = asyncio.get_running_loop()
    deadline = loop.time() + SEEN_WITHIN + 5
    while found := wrong():
        if loop.time() > deadline:
            raise AssertionError(f"seed {SEED}, {history.count} actions:\n" + "\n".join(found[:20]) + "\n" +
                                 warnings(nodes)[-3000:])
        await asyncio.sleep(0.5)
    assert history.count > 100
    print(f"{history.count} actions, {len(history.chats)} groups, "
          f"{sum(len(connection.events) for connection in connections)} events")
    # A look more tells nothing again.
    await asyncio.to_thread(nodes.redis.kill)
    await asyncio.to_thread(nodes.redis.start)
    last = await asyncio.to_thread(persons[0].group, "last", *persons[1:])
    for connection in connections:
        await connection.until(
            "the last group", lambda: any(event.get("chat_id", event.get("id")) == last["id"]
                                          for _, event, *_ in connection.events), SEEN_WITHIN + 5)
    assert not [fault for person, connection in zip(persons, connections) for fault in faults(connection, person)[0]]
    await close(*connections)
