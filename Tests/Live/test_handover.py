"""Clients that lose their connection to one node and come back to another get what they missed, and nothing twice."""

import asyncio
import random

from api import PASSWORD, new_id, people
from nodes import connect
from packets import CONNECT
from recovering import Session, entered
from sockets import Connection, close


class Wandering(Session):
    """Keeps what came since it last had to begin anew."""

    recoveries = 0

    def take(self, packet):
        super().take(packet)
        if packet.type == CONNECT:
            self.recoveries += self.recovered
            if not self.recovered:
                self.events.clear()
        return packet

    def revs(self, chat_id: str) -> list[int]:
        return [payload["rev"] for _, payload in self.events if payload.get("chat_id") == chat_id and "rev" in payload]


async def test_a_client_that_goes_from_node_to_node_gets_everything_once_and_in_order(nodes):
    ada, ben = await asyncio.to_thread(people, nodes.urls[0], "ada", "ben")
    chats = [await asyncio.to_thread(ada.direct, ben), await asyncio.to_thread(ada.group, "across", ben)]
    chat_ids = [chat["id"] for chat in chats]
    auth = {"token": ben.token, "recover": True}
    journeys = 25
    stopped = asyncio.Event()

    async def send(sender: Connection, chat_id: str):
        while not stopped.is_set():
            await sender.do("send_message", {"chat_id": chat_id, "content": "on", "client_id": new_id()})

    async def wander(session: Wandering, choice: random.Random):
        for _ in range(journeys):
            async with entered(choice.choice(nodes.urls), session, auth=auth) as peer:
                for _ in range(choice.randrange(1, 40)):
                    await peer.next()
                await peer.cut()

    async def arrive(session: Wandering, url: str, last: dict[str, int]):
        async with entered(url, session, auth=auth) as peer:
            while any(session.revs(chat_id)[-1:] != [rev] for chat_id, rev in last.items()):
                await peer.next()

    senders = [await connect(ada, url) for url in nodes.urls]
    sending = [asyncio.create_task(send(sender, chat_id)) for sender in senders for chat_id in chat_ids]
    sessions = [Wandering() for _ in range(4)]
    try:
        await asyncio.gather(*(wander(session, random.Random(seed)) for seed, session in enumerate(sessions)))
    finally:
        stopped.set()
        await asyncio.gather(*sending)
    last = {chat_id: ada.call("GET", f"/chats/{chat_id}")["rev"] for chat_id in chat_ids}
    for session, url in zip(sessions, nodes.urls * 2):
        await arrive(session, url, last)
        for chat_id, rev in last.items():
            revs = session.revs(chat_id)
            assert revs == list(range(revs[0], rev + 1)), "each once, in order"
    # Where the node that it comes to is a step ahead of the one that it left, a client begins anew.
    assert sum(session.recoveries for session in sessions) > len(sessions) * journeys / 2
    await close(*senders)


async def test_what_was_deleted_meanwhile_is_not_told_on_another_node(nodes):
    one, two = nodes.urls
    ada, ben = await asyncio.to_thread(people, one, "ada", "ben")
    chat = await asyncio.to_thread(ada.direct, ben)
    auth = {"token": ben.token, "recover": True}
    session = Wandering()
    async with entered(one, session, auth=auth) as peer, entered(two, Session(), auth=auth) as witness:
        await asyncio.to_thread(ada.send, chat["id"], "seen", new_id())
        while not session.events:
            await peer.next()
        await peer.cut()
        secret = await asyncio.to_thread(ada.send, chat["id"], "a secret", new_id())
        await ada.go("DELETE", f"/messages/{secret['id']}", params={"scope": "everyone"}, expect=204)
        # The other node has heard of it, so that the two of them agree.
        while (await witness.next()).data[0] != "message_deleted":
            pass
    session.events.clear()
    async with entered(two, session, auth=auth):
        assert session.recovered
        assert [(name, message["content"], message["rev"]) for name, message in session.events] == [
            ("new_message", "", secret["rev"]), ("message_deleted", "", secret["rev"] + 1)]


async def test_another_user_or_another_session_gets_nothing_of_a_connection_that_was_elsewhere(nodes):
    one, two = nodes.urls
    ada, ben, eve = await asyncio.to_thread(people, one, "ada", "ben", "eve")
    chat = await asyncio.to_thread(ada.direct, ben)
    again = await asyncio.to_thread(
        ben.call, "POST", "/auth/login", json={"identifier": ben.email, "password": PASSWORD})
    for token in (eve.token, again["access_token"]):
        session = Session()
        async with entered(one, session, auth={"token": ben.token, "recover": True}) as peer:
            await asyncio.to_thread(ada.send, chat["id"], "seen", new_id())
            while not session.events:
                await peer.next()
            await peer.cut()
        await asyncio.to_thread(ada.send, chat["id"], "for ben", new_id())
        session.events.clear()
        async with entered(two, session, auth={"token": token, "recover": True}):
            assert session.recovered is False
            assert session.events == []


async def test_while_redis_is_away_a_client_that_comes_from_another_node_begins_anew(nodes):
    one, two = nodes.urls
    ada, ben = await asyncio.to_thread(people, one, "ada", "ben")
    chat = await asyncio.to_thread(ada.direct, ben)
    auth = {"token": ben.token, "recover": True}
    session = Wandering()
    async with entered(one, session, auth=auth) as peer:
        await asyncio.to_thread(ada.send, chat["id"], "seen", new_id())
        while not session.events:
            await peer.next()
        await peer.cut()
    nodes.redis.freeze()
    async with entered(two, session, auth=auth) as peer:
        assert session.recovered is False
        here = await connect(ada, two)
        await here.do("send_message", {"chat_id": chat["id"], "content": "again", "client_id": new_id()})
        while not session.events:
            await peer.next()
        await close(here)
