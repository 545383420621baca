"""Interoperability with python-socketio's client, an implementation that is not ours.

Two users write 1,000 messages each to one chat, at once and with acknowledgements: every connection, also one that
never joined the chat, gets each message exactly once, in the order of seq and without holes. And the two doors are one:
what REST changes is told by events, what events change is read by REST.
"""

import asyncio

import pytest

from api import PASSWORD, new_id, people
from sockets import Connection, close, connect

EACH = 1000
# Sends under way at once on one connection.
WINDOW = 50


async def write(connection, chat_id: str, name: str) -> list[dict]:
    gate = asyncio.Semaphore(WINDOW)

    async def send(number: int):
        async with gate:
            return await connection.do(
                "send_message", {"chat_id": chat_id, "content": f"{name} {number}", "client_id": new_id()})

    return await asyncio.gather(*(send(number) for number in range(EACH)))


@pytest.mark.parametrize("transports", [["websocket"], ["polling", "websocket"]], ids=["websocket", "upgrade"])
async def test_a_thousand_messages_each_way(url, transports):
    ada, ben = people(url, "ada", "ben")
    chat = ada.direct(ben)
    connections = await connect(ada, ben, ben, transports=transports)
    at_ada, at_ben, unjoined = connections
    for connection in (at_ada, at_ben):
        await connection.do("join_chat", {"chat_id": chat["id"]})

    async with asyncio.timeout(90):
        from_ada, from_ben = await asyncio.gather(
            write(at_ada, chat["id"], "ada"), write(at_ben, chat["id"], "ben"))
    acknowledged = {message["id"]: message["seq"] for message in from_ada + from_ben}
    assert sorted(acknowledged.values()) == list(range(1, 2 * EACH + 1)), "seq counts from 1 without holes"

    for name, connection in (("ada", at_ada), ("ben", at_ben), ("ben, who did not join", unjoined)):
        await connection.until(
            f"{2 * EACH} messages at {name}", lambda: len(connection.payloads("new_message")) >= 2 * EACH, 20)
        got = connection.payloads("new_message")
        assert [message["seq"] for message in got] == list(range(1, 2 * EACH + 1)), f"order at {name}"
        assert {message["id"]: message["seq"] for message in got} == acknowledged, f"identity at {name}"
        revs = [message["rev"] for message in got]
        assert revs == list(range(revs[0], revs[0] + 2 * EACH)), f"rev without holes at {name}"
    assert [message["content"] for message in ben.messages(chat["id"])] == [
        message["content"] for message in unjoined.payloads("new_message")]
    await close(*connections)


async def test_what_rest_changes_is_told_by_events(url):
    ada, ben, cyd = people(url, "ada", "ben", "cyd")
    at_ben, at_cyd = await connect(ben, cyd)
    chat = await asyncio.to_thread(ada.group, "tea", ben)
    created = await at_ben.event("chat_created", lambda event: event["id"] == chat["id"])
    assert {member["user"]["id"] for member in created["members"]} == {ada.id, ben.id}

    sent = await asyncio.to_thread(ada.send, chat["id"], "hello")
    event = await at_ben.event("new_message", lambda event: event["id"] == sent["id"])
    assert event == {key: value for key, value in sent.items() if key != "status"} | {"prev_rev": sent["rev"] - 1}

    edited = await ada.go("PUT", f"/messages/{sent['id']}", json={"content": "hello, you"})
    event = await at_ben.event("message_updated")
    assert (event["content"], event["rev"]) == ("hello, you", edited["rev"]) and event["edited_at"]

    await ben.go("POST", f"/messages/{sent['id']}/read", expect=204)
    read = await at_ben.event("message_read", lambda event: event["user_id"] == ben.id)
    assert read["up_to_seq"] == sent["seq"]
    assert (await ada.go("GET", f"/messages/{sent['id']}"))["status"] == "read"

    await ada.go("DELETE", f"/messages/{sent['id']}", params={"scope": "everyone"}, expect=204)
    event = await at_ben.event("message_deleted")
    assert event["id"] == sent["id"] and event["content"] == "" and event["deleted_at"]

    await ada.go("PUT", f"/chats/{chat['id']}", json={"name": "green tea"})
    assert (await at_ben.event("chat_updated"))["name"] == "green tea"
    await at_ben.event("new_message", lambda event: event.get("system", {}).get("action") == "chat_renamed")

    await ada.go("POST", f"/chats/{chat['id']}/members", json={"user_ids": [cyd.id]}, expect=201)
    added = await at_ben.event("member_added", lambda event: event["member"]["user"]["id"] == cyd.id)
    assert added["chat"]["member_count"] == 3
    await at_cyd.event("member_added", lambda event: event["chat_id"] == chat["id"])

    await ada.go("DELETE", f"/chats/{chat['id']}/members/{cyd.id}", expect=204)
    removed = await at_cyd.event("member_removed")
    assert (removed["user_id"], removed["by"]) == (cyd.id, ada.id)
    # The removal is the last that the removed one hears of the chat.
    await at_ben.event("member_removed")
    last = await asyncio.to_thread(ada.send, chat["id"], "she is gone")
    await at_ben.event("new_message", lambda event: event["id"] == last["id"])
    await at_cyd.do("sync", {})
    assert at_cyd.events[-1][0] == "member_removed", "nothing after one's own removal"

    await ada.go("DELETE", f"/chats/{chat['id']}", expect=204)
    assert (await at_ben.event("chat_deleted"))["chat_id"] == chat["id"]
    durable = [event[1]["rev"] for event in at_ben.events if event[1].get("rev") and event[0] != "chat_created"]
    assert durable == sorted(durable), "events come in the order of rev"
    await close(at_ben, at_cyd)


async def test_what_events_change_is_read_by_rest(url):
    ada, ben = people(url, "ada", "ben")
    chat = ada.direct(ben)
    at_ada, at_ben = await connect(ada, ben)
    sent = await at_ada.do("send_message", {"chat_id": chat["id"], "content": "by event", "client_id": new_id()})
    assert await ada.go("GET", f"/messages/{sent['id']}") == sent
    assert sent["status"] == "sent"

    edited = await at_ada.do("edit_message", {"message_id": sent["id"], "content": "by event, edited"})
    assert await ada.go("GET", f"/messages/{sent['id']}") == edited

    assert (await ben.go("GET", f"/chats/{chat['id']}"))["unread_count"] == 1
    marked = await at_ben.do("mark_read", {"chat_id": chat["id"], "up_to_seq": sent["seq"] + 100})
    assert marked == {"last_read_seq": sent["seq"]}, "clamped to last_seq"
    assert (await ben.go("GET", f"/chats/{chat['id']}"))["unread_count"] == 0
    assert (await ada.go("GET", f"/messages/{sent['id']}"))["status"] == "read"
    assert (await at_ada.event("message_read"))["user_id"] == ben.id

    await at_ada.do("delete_message", {"message_id": sent["id"]})
    tombstone = await ben.go("GET", f"/messages/{sent['id']}")
    assert tombstone["content"] == "" and tombstone["deleted_at"]

    by_event = await at_ben.do("sync", {})
    by_rest = await ben.go("GET", "/sync")
    assert by_event["chats"] == by_rest["chats"] and by_event["users"] == by_rest["users"]
    again = await ben.go("GET", "/sync", params={"cursor": by_event["next_cursor"]})
    assert again["full"] is False, "one cursor for both doors"
    await close(at_ada, at_ben)


async def test_typing_is_for_those_who_look_and_never_for_its_sender(url):
    ada, ben = people(url, "ada", "ben")
    chat = ada.direct(ben)
    place = {"chat_id": chat["id"]}
    at_ada, looking, elsewhere = connections = await connect(ada, ben, ben)
    joined = await looking.do("join_chat", place)
    assert joined == {"rev": chat["rev"], "last_seq": 0, "history": joined["history"]}
    await at_ada.do("join_chat", place)
    assert await at_ada.do("typing_start", place) is None
    event = await looking.event("user_typing")
    assert event == {"chat_id": chat["id"], "user_id": ada.id, "typing": True}
    await at_ada.do("typing_stop", place)
    await looking.event("user_typing", lambda event: event["typing"] is False)

    await looking.do("leave_chat", place)
    await at_ada.do("typing_start", place)
    # A message is a fence: it comes after whatever would have come.
    fence = await at_ada.do("send_message", place | {"content": "there"})
    for connection in connections:
        await connection.event("new_message", lambda event: event["id"] == fence["id"])
    assert len(looking.payloads("user_typing")) == 2
    assert not elsewhere.payloads("user_typing") and not at_ada.payloads("user_typing")
    await close(*connections)


async def test_an_event_that_asks_for_no_acknowledgement_gets_its_problem_as_an_event(url):
    (ada,) = people(url, "ada")
    (connection,) = await connect(ada)
    await connection.client.emit("send_message", {"chat_id": new_id(), "content": "to nobody"})
    problem = await connection.event("problem")
    assert problem["event"] == "send_message" and problem["error"]["code"] == "not_found"
    await close(connection)


async def test_logout_cuts_the_sockets_of_its_session_only(url):
    (ada,) = people(url, "ada")
    second = await ada.go("POST", "/auth/login", json={"identifier": ada.email, "password": PASSWORD})
    (staying,) = await connect(ada)
    going = await Connection(url, second["access_token"]).open()
    await ada.go("POST", "/auth/logout", json={"refresh_token": second["refresh_token"]}, expect=204)
    async with asyncio.timeout(30):
        await going.disconnected.wait()
    await staying.do("sync", {})
    await close(staying)
