"""Connection state recovery on the chat: a client that says `recover` and was cut for a moment gets what it missed, and
nothing else."""

import asyncio

from api import new_id, people
from packets import CONNECT, CONNECT_ERROR, Packet
from peer import bare
from recovering import RecoveringPeer, Session, entered


def say(person, chat: dict, text: str) -> dict:
    return person.send(chat["id"], text, new_id())


def told(session: Session, name: str) -> list[dict]:
    return [event[1] for event in session.events if event[0] == name]


def auth(person, **more) -> dict:
    return {"token": person.token, "recover": True} | more


async def begin(url, person, chat, others, session):
    """One connection that has seen an event, and is cut."""
    async with entered(url, session, auth=auth(person)) as peer:
        assert session.recovered is False
        await asyncio.to_thread(say, others, chat, "seen")
        while not told(session, "new_message"):
            await peer.next()
        await peer.cut()


async def test_what_was_missed_comes_once_and_in_order(url):
    ada, ben = people(url, "ada", "ben")
    chat = ada.direct(ben)
    session = Session()
    await begin(url, ben, chat, ada, session)
    for number in range(20):
        await asyncio.to_thread(say, ada, chat, str(number))
    for round in range(3):
        async with entered(url, session, auth=auth(ben)) as peer:
            assert session.recovered
            await asyncio.to_thread(say, ada, chat, f"live {round}")
            while told(session, "new_message")[-1]["content"] != f"live {round}":
                await peer.next()
            await peer.cut()
    texts = [message["content"] for message in told(session, "new_message")]
    assert texts == ["seen", *map(str, range(20)), "live 0", "live 1", "live 2"]
    revs = [message["rev"] for message in told(session, "new_message")]
    assert revs == list(range(revs[0], revs[0] + len(revs)))


async def test_what_was_deleted_or_edited_meanwhile_is_told_as_it_stands(url):
    """The text of a message that was deleted for everyone was told again. Each event has its own place still: without
    it the client would find a hole."""
    ada, ben = people(url, "ada", "ben")
    chat = ada.direct(ben)
    session = Session()
    await begin(url, ben, chat, ada, session)
    gone, edited = [await asyncio.to_thread(say, ada, chat, text) for text in ("a secret", "frist")]
    await ada.go("PUT", f"/messages/{gone['id']}", json={"content": "a better secret"})
    await ada.go("PUT", f"/messages/{edited['id']}", json={"content": "first"})
    await ada.go("DELETE", f"/messages/{gone['id']}", params={"scope": "everyone"}, expect=204)
    for round in range(2):
        session.events.clear()
        offset = session.offset
        async with entered(url, session, auth=auth(ben)) as peer:
            assert session.recovered
            await peer.cut()
        # The second time as if nothing of it had arrived.
        session.offset = offset
        assert [(name, message["id"], message["content"], "deleted_at" in message) for name, message in session.events] == [
            ("new_message", gone["id"], "", True), ("new_message", edited["id"], "first", False),
            ("message_updated", gone["id"], "", True), ("message_updated", edited["id"], "first", False),
            ("message_deleted", gone["id"], "", True)]
        revs = [message["rev"] for _, message in session.events]
        assert revs == list(range(gone["rev"], gone["rev"] + 5))


async def test_who_was_removed_meanwhile_is_told_and_gets_no_more(url):
    ada, ben, cyd = people(url, "ada", "ben", "cyd")
    chat = ada.group("tea", ben, cyd)
    session = Session()
    await begin(url, ben, chat, ada, session)
    await asyncio.to_thread(say, ada, chat, "before")
    await asyncio.to_thread(ada.call, "DELETE", f"/chats/{chat['id']}/members/{ben.id}")
    await asyncio.to_thread(say, ada, chat, "after")
    session.events.clear()
    async with entered(url, session, auth=auth(ben)):
        assert session.recovered
        assert [event[0] for event in session.events] == ["member_removed"], "nothing of what he may not read now"
        assert told(session, "member_removed")[0]["user_id"] == ben.id


async def test_who_was_added_meanwhile_gets_the_chat(url):
    ada, ben, cyd = people(url, "ada", "ben", "cyd")
    chat = ada.direct(ben)
    session = Session()
    await begin(url, ben, chat, ada, session)
    other = await asyncio.to_thread(cyd.group, "new", ada)
    await asyncio.to_thread(say, cyd, other, "unseen")
    await asyncio.to_thread(
        cyd.call, "POST", f"/chats/{other['id']}/members", json={"user_ids": [ben.id]})
    await asyncio.to_thread(say, cyd, other, "hello")
    session.events.clear()
    async with entered(url, session, auth=auth(ben)):
        assert session.recovered
        names = [event[0] for event in session.events]
        assert names[0] == "member_added" and set(names[1:]) == {"new_message"}
        assert told(session, "new_message")[-1]["content"] == "hello"
        assert "unseen" not in [message["content"] for message in told(session, "new_message")]


async def test_a_session_that_has_ended_is_refused(url):
    ada, ben = people(url, "ada", "ben")
    chat = ada.direct(ben)
    session = Session()
    await begin(url, ben, chat, ada, session)
    await asyncio.to_thread(
        ben.call, "POST", "/auth/logout", json={"refresh_token": ben.refresh_token})
    async with bare(url) as plain:
        peer = RecoveringPeer(plain, session)
        found = await peer.enter(auth=auth(ben))
        assert found[-1].type == CONNECT_ERROR and found[-1].data["data"]["code"] == "unauthorized"


async def test_somebody_elses_private_id_brings_nothing(url):
    ada, ben, eve = people(url, "ada", "ben", "eve")
    chat = ada.direct(ben)
    session = Session()
    await begin(url, ben, chat, ada, session)
    await asyncio.to_thread(say, ada, chat, "for ben")
    stolen = Session(pid=session.pid, sid=session.sid, offset=session.offset)
    async with entered(url, stolen, auth=auth(eve)):
        assert stolen.recovered is False
        assert stolen.events == []


async def test_clients_that_do_not_ask_get_no_offsets(url):
    ada, ben = people(url, "ada", "ben")
    chat = ada.direct(ben)
    async with bare(url) as peer:
        await peer.send(Packet(CONNECT, {"token": ben.token}))
        assert (await peer.next()).data.keys() == {"sid"}
        await asyncio.to_thread(say, ada, chat, "plain")
        event = await peer.next()
        while event.data[0] != "new_message":
            event = await peer.next()
        assert len(event.data) == 2
