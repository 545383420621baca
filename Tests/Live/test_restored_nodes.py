"""Two nodes, and a database that comes back as it was before: the one that finds it tells the other.

A node which has only passed on what another one wrote may have no sign of a loss: it has seen nothing of it in the
database. Its clients kept what was lost, and were told nothing of what came in its place.
"""

import asyncio

import pytest

from api import people
from postgres import Restorable
from nodes import Nodes, connect
from relay import Relay
from sockets import close
from test_cluster import at
from test_restored_database import known, require_resync, say


class Shop:
    """Two nodes; the second one's way to PostgreSQL can be held up."""

    def __init__(self):
        self.postgres = Restorable().start()
        url = self.postgres.create("letschat")
        self.relay = Relay(self.postgres.port, ".s.PGSQL.5432")
        self.nodes = Nodes(
            url, second=f"postgresql://postgres@/letschat?host={self.relay.folder}", outage_expected=True)

    def close(self):
        self.relay.release()
        try:
            self.nodes.close()
        finally:
            self.relay.close()
            self.postgres.close()


# It was told over Redis, once: while that was away it never heard.
@pytest.mark.parametrize("redis", ["there", "away"])
async def test_a_node_that_has_no_sign_of_it_is_told(redis):
    shop = await asyncio.to_thread(Shop)
    try:
        one, two = shop.nodes.urls
        ada, ben = await asyncio.to_thread(people, one, "ada", "ben")
        chat_id = (await asyncio.to_thread(ada.direct, ben))["id"]
        await asyncio.to_thread(say, ada, chat_id, ["1", "2"])
        here, there = await connect(ada, one), await connect(ben, two)
        # From here on the second node sees nothing in the database, and passes on what it hears.
        shop.relay.hold()
        await asyncio.to_thread(shop.postgres.back_up)
        (late,) = await asyncio.to_thread(people, one, "late")
        at_late = await connect(late, one)
        await asyncio.to_thread(say, ada, chat_id, ["lost 1", "lost 2"])
        for connection in (here, there):
            await connection.event("new_message", lambda message: message["content"] == "lost 2")
        lost = await asyncio.to_thread(known, ben, chat_id)
        if redis == "away":
            await asyncio.to_thread(shop.nodes.redis.kill)
        await asyncio.to_thread(shop.postgres.kill)
        await asyncio.to_thread(shop.postgres.restore)
        await asyncio.to_thread(shop.postgres.start)
        await here.event("resync")
        shop.relay.release()
        # A second or two after the database is there for it.
        await there.event("resync")
        if redis == "away":
            await asyncio.to_thread(shop.nodes.redis.start)
            await asyncio.to_thread(shop.nodes.hear)
        await asyncio.to_thread(say, ada, chat_id, ["new 1", "new 2", "new 3"])
        for connection in (here, there):
            await connection.event("new_message", lambda message: message["content"] == "new 3")
            names = [name for name, *_ in connection.events]
            told = [event["content"] for name, event in connection.events[names.index("resync"):]
                    if name == "new_message"]
            assert told == ["new 1", "new 2", "new 3"], told
        await asyncio.to_thread(require_resync, at(ben, two), chat_id, lost)
        # The one has cut whose account is lost, and the other has heard of it.
        await asyncio.wait_for(at_late.disconnected.wait(), 30)
        for url in (one, two):
            assert (await asyncio.to_thread(at(late, url).ask, "GET", "/chats")).status == 401
        await close(here, there, at_late)
    finally:
        await asyncio.to_thread(shop.close)
