"""The reference client: a local replica that is kept by sync, /changes and events, and nothing else.

What a client must do to be always right, in as few lines as it takes:
1. Connect first, then sync from the kept cursor, and look at the events only after that: they are for what came later.
2. A chat whose rev is ahead of the own copy is brought up to date from /changes.
3. An event whose prev_rev is known is applied, one with a known rev ignored. One that leaves a hole makes its chat wait
   for 300 ms; then the hole is healed from /changes, with what came meanwhile. Other chats do not wait. A chat that is not
   known is read from rev 0; 404 means that it is gone.
4. Marks are watermarks without a rev: the highest counts.
5. The cursor is kept only when all that it stands for is there, so that an interruption anywhere loses nothing.
6. The newest history that an answer named is kept. What is answered 410, the event `resync`, and a chat that a sync
   tells at a rev below the own copy's: the database has another past, and everything is read anew.
"""

import asyncio
from dataclasses import dataclass, field

import httpx

HEAL_AFTER = 0.3


@dataclass
class Copy:
    """One chat, as it stands at `rev`."""

    rev: int = 0
    fields: dict = field(default_factory=dict)
    members: dict[str, dict] = field(default_factory=dict)
    messages: dict[str, dict] = field(default_factory=dict)
    marks: dict[str, tuple[int, int]] = field(default_factory=dict)

    def mark(self, user_id: str, read: int, delivered: int):
        known = self.marks.get(user_id, (0, 0))
        self.marks[user_id] = (max(known[0], read), max(known[1], delivered, read))

    def put_member(self, member: dict):
        self.members[member["user"]["id"]] = {"role": member["role"], "joined_at": member["joined_at"]}
        self.mark(member["user"]["id"], member["last_read_seq"], member["last_delivered_seq"])

    def put_chat(self, chat: dict):
        self.fields = {key: chat[key] for key in ("type", "name", "created_by", "created_at") if key in chat}


class Gone(Exception):
    """The chat is none of the client's any more."""


class Resync(Exception):
    """The database is not the one that the copies are of."""


class Replica:
    def __init__(self, url: str, user_id: str, token: str):
        self.user_id = user_id
        self.http = httpx.AsyncClient(base_url=f"{url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=20)
        self.cursor: str | None = None
        self.history: str | None = None
        # How often everything was read anew.
        self.resyncs = 0
        self.chats: dict[str, Copy] = {}
        self.users: dict[str, dict] = {}
        self.holes = 0
        # The revs up to which chats with holes are to be healed.
        self.wanted: dict[str, int] = {}

    async def follow(self, events: asyncio.Queue):
        """Runs from a connection's beginning until it is cancelled."""
        while True:
            self.wanted = {}
            try:
                await self.sync()
                async with asyncio.TaskGroup() as healers:
                    while True:
                        event = await events.get()
                        try:
                            await self.apply(*event, healers)
                        finally:
                            events.task_done()
            except* Resync:
                self.forget()

    def forget(self):
        self.cursor = self.history = None
        self.chats, self.users = {}, {}
        self.resyncs += 1

    async def sync(self):
        try:
            await self.read_all()
        except Resync:
            self.forget()
            await self.read_all()

    async def read_all(self):
        seen: set[str] = set()
        while True:
            response = await self.http.get("/sync", params={"cursor": self.cursor} if self.cursor else {})
            if response.status_code == 410:
                raise Resync
            page = response.raise_for_status().json()
            self.history = page["history"]
            self.users |= {user["id"]: user for user in page["users"]}
            for chat_id in page["removed_chat_ids"]:
                self.chats.pop(chat_id, None)
            for entry in page["chats"]:
                seen.add(entry["chat"]["id"])
                await self.catch_up(entry["chat"]["id"], entry["chat"]["rev"])
                if copy := self.chats.get(entry["chat"]["id"]):
                    for mark in entry["marks"]:
                        copy.mark(mark["user_id"], mark["last_read_seq"], mark["last_delivered_seq"])
            if page["full"] and not page["has_more"]:
                for chat_id in self.chats.keys() - seen:
                    del self.chats[chat_id]
            self.cursor = page["next_cursor"]
            if not page["has_more"]:
                return

    async def catch_up(self, chat_id: str, rev: int):
        copy = self.chats.get(chat_id, Copy())
        try:
            if copy.rev > rev:
                # If that is of another past, the answer says so.
                await self.read_changes(chat_id, copy)
            while copy.rev < rev:
                await self.read_changes(chat_id, copy)
            self.chats[chat_id] = copy
        except Gone:
            self.chats.pop(chat_id, None)

    async def read_changes(self, chat_id: str, copy: Copy):
        response = await self.http.get(
            f"/chats/{chat_id}/changes", params={"after_rev": copy.rev, "history": self.history})
        if response.status_code == 404:
            raise Gone
        if response.status_code == 410:
            raise Resync
        page = response.raise_for_status().json()
        self.history = page["history"]
        for change in page["changes"]:
            if change["kind"] == "message":
                copy.messages[change["message"]["id"]] = change["message"]
            elif change["kind"] == "chat":
                copy.put_chat(change["chat"])
            elif change["removed"]:
                copy.members.pop(change["user_id"], None)
            else:
                copy.put_member(change["member"])
        copy.rev = page["up_to_rev"]

    async def heal(self, chat_id: str):
        """What comes meanwhile only says how far: applied now, it could be overwritten by a page that was read before."""
        await asyncio.sleep(HEAL_AFTER)
        healed = 0
        while healed < self.wanted[chat_id]:
            healed = self.wanted[chat_id]
            await self.catch_up(chat_id, healed)
        del self.wanted[chat_id]

    async def apply(self, name: str, event: dict, healers: asyncio.TaskGroup):
        if name == "resync":
            raise Resync
        chat_id = event.get("chat_id", event.get("id"))
        copy = self.chats.get(chat_id)
        if name == "message_read":
            if copy:
                copy.mark(event["user_id"], event["up_to_seq"], event["up_to_seq"])
            return
        if "rev" not in event or copy and event["rev"] <= copy.rev:
            return
        if chat_id in self.wanted:
            self.wanted[chat_id] = max(event["rev"], self.wanted[chat_id])
            return
        if name == "chat_deleted" or name == "member_removed" and event["user_id"] == self.user_id:
            self.chats.pop(chat_id, None)
            return
        if name == "chat_created" and event["rev"] == 1:
            copy = self.chats[chat_id] = Copy()
        elif not copy:
            await self.catch_up(chat_id, event["rev"])
            return
        elif event["prev_rev"] > copy.rev:
            self.holes += 1
            self.wanted[chat_id] = event["rev"]
            healers.create_task(self.heal(chat_id))
            return
        if name in ("new_message", "message_updated", "message_deleted"):
            copy.messages[event["id"]] = {key: value for key, value in event.items() if key != "prev_rev"}
        elif name in ("chat_created", "chat_updated"):
            copy.put_chat(event)
            for member in event.get("members", []):
                copy.put_member(member)
        elif name in ("member_added", "member_updated"):
            copy.put_member(event["member"])
        elif name == "member_removed":
            copy.members.pop(event["user_id"], None)
        copy.rev = event["rev"]

    def state(self) -> dict:
        """All that two replicas of the same moment agree on."""
        return {
            chat_id: {
                "rev": copy.rev, "fields": copy.fields, "members": copy.members, "messages": copy.messages,
                "marks": {user_id: copy.marks[user_id] for user_id in copy.members},
            }
            for chat_id, copy in self.chats.items()
        }
