"""How each code of each operation is provoked, as far as a client can; the rest is listed with its reason."""

import base64
from dataclasses import dataclass, field

from api import PASSWORD, Person, new_id
from prepared import NOBODY, Prepared, crowd
from specs import SPECS, Operation

# (operation or *, code): why no client can provoke it here. The suite fails when one of these is not declared any more,
# or is met after all.
UNPROVOKED = {
    ("*", "internal_error"): "only a bug of the server answers it",
    ("*", "unavailable"): "needs the database to be away: Tests/Live/test_outage.py",
    ("*", "too_many_requests"): "needs a full hashing queue, which depends on the machine's speed",
    ("event *", "not_acceptable"): "of the REST door: an event has no Accept header",
    ("event *", "payload_too_large"): "of the REST door: too large a frame ends its connection",
    ("event *", "unsupported_media_type"): "of the REST door: an event has no media type",
}


# `authenticate` shows a token.
for event in SPECS.events.values():
    if event.is_received and event.id != "authenticate":
        UNPROVOKED[event.key, "unauthorized"] = "a socket whose session ends is cut, so the answer is a race"

# A history that no database has.
FOREIGN = "A" * 43


@dataclass
class Call:
    """One provocation. No person: without a token. The options are httpx's and of the REST door only."""

    code: str
    person: Person | None
    parameters: dict
    body: object = None
    options: dict = field(default_factory=dict)
    token: str | None = None


def generic(state: Prepared, operation: Operation) -> list[Call]:
    """Provocations that follow from the operation's form alone, as far as `letschat verify` does not know them."""
    person = None if operation.access == "public" else state.ada
    parameters, body = state.parameters(operation), state.body(operation)
    found = []
    if operation.access != "public":
        header, claims, signature = state.ada.token.split(".")
        for token in (f"{header}.{claims}.{signature[::-1]}", f"{header}.{claims}."):
            found.append(Call("unauthorized", None, parameters, body, token=token))
    if operation.body:
        large = {"content": b'{"a": "' + b"a" * (2 << 20) + b'"}', "headers": {"Content-Type": "application/json"}}
        found.append(Call("payload_too_large", person, parameters, None, large))
    if "invalid_cursor" in operation.codes:
        for cursor in ("nonsense", "eyJhIjoxfQ", "0", "%00", "A" * 1000):
            found.append(Call("invalid_cursor", person, parameters | {"cursor": cursor}))
    if "not_found" in operation.codes:
        for name in [each["name"] for each in operation.parameters if each["in"] == "path"]:
            found.append(Call("not_found", person, parameters | {name: NOBODY}, body))
        found.append(Call("not_found", state.cyd, parameters, body))
    return found


class Specific:
    """Provocations that need to know what the operations mean, by `operation_code`."""

    def __init__(self, state: Prepared, age):
        self.state = state
        # Makes a message older than the edit window; None for a server that is not this suite's own.
        self.age = age

    def of(self, operation: str, code: str) -> list[Call] | None:
        method = getattr(self, f"{operation}_{code}", None)
        return method() if method else None

    def register_email_taken(self):
        return [Call("email_taken", None, {}, self.state.account() | {"email": self.state.ada.email.upper()})]

    def register_username_taken(self):
        return [Call("username_taken", None, {}, self.state.account() | {"username": self.state.ada.username})]

    def register_weak_password(self):
        return [Call("weak_password", None, {}, self.state.account() | {"password": word})
                for word in ("password", "12345678", "qwertyuiop")]

    def register_unusable_password(self):
        return [Call("unusable_password", None, {}, self.state.account() | {"password": password})
                for password in ("é" * 37, "\u1100\u1161" * 18 + "\N{VIOLIN}" * 5)]

    def login_invalid_credentials(self):
        return [Call("invalid_credentials", None, {}, {"identifier": who, "password": password})
                for who, password in ((self.state.ada.email, PASSWORD + "!"), ("nobody.at.all", PASSWORD))]

    def refresh_invalid_refresh_token(self):
        return [Call("invalid_refresh_token", None, {}, {"refresh_token": token})
                for token in ("nonsense", self.state.ada.token, self.state.ada.refresh_token[:-2])]

    def refresh_refresh_token_reused(self):
        session = self.state.ben.call(
            "POST", "/auth/login", json={"identifier": self.state.ben.username, "password": PASSWORD})
        first = session["refresh_token"]
        newest = first
        for _ in range(3):
            newest = self.state.ben.call("POST", "/auth/refresh", json={"refresh_token": newest})["refresh_token"]
        return [Call("refresh_token_reused", None, {}, {"refresh_token": first})]

    def refresh_refresh_superseded(self):
        session = self.state.ben.call(
            "POST", "/auth/login", json={"identifier": self.state.ben.username, "password": PASSWORD})
        first = session["refresh_token"]
        second = self.state.ben.call("POST", "/auth/refresh", json={"refresh_token": first})["refresh_token"]
        self.state.ben.call("POST", "/auth/refresh", json={"refresh_token": second})
        return [Call("refresh_superseded", None, {}, {"refresh_token": first})] * 2

    def createChat_self_chat(self):
        return [Call("self_chat", self.state.ada, {}, {"type": "direct", "member_ids": [self.state.ada.id]})]

    def createChat_unknown_user(self):
        return [Call("unknown_user", self.state.ada, {}, {"type": "direct", "member_ids": [NOBODY]}),
                Call("unknown_user", self.state.ada, {},
                     {"type": "group", "name": "new", "member_ids": [self.state.ben.id, NOBODY]})]

    def createChat_idempotency_conflict(self):
        body = {"type": "group", "name": "one", "member_ids": [self.state.ben.id], "client_id": new_id()}
        self.state.ada.call("POST", "/chats", json=body)
        return [Call("idempotency_conflict", self.state.ada, {}, body | {"name": "another"})]

    def sendMessage_idempotency_conflict(self):
        body = {"content": "one", "client_id": new_id()}
        self.state.ada.call("POST", f"/chats/{self.state.group}/messages", json=body)
        return [Call("idempotency_conflict", self.state.ada, {"chatId": self.state.group}, body | {"content": "two"})]

    def updateChat_forbidden(self):
        return [Call("forbidden", self.state.ben, {"chatId": self.state.group}, {"name": "mine"})]

    def deleteChat_forbidden(self):
        return [Call("forbidden", self.state.ben, {"chatId": self.state.group})]

    def addMembers_forbidden(self):
        return [Call("forbidden", self.state.ben, {"chatId": self.state.group}, {"user_ids": [self.state.cyd.id]})]

    def removeMember_forbidden(self):
        return [Call("forbidden", self.state.ben, {"chatId": self.state.group, "userId": self.state.ada.id})]

    def editMessage_forbidden(self):
        return [Call("forbidden", self.state.ben, {"id": self.state.text}, {"content": "mine"})]

    def deleteMessage_forbidden(self):
        return [Call("forbidden", self.state.ben, {"id": self.state.text})]

    def updateChat_direct_chat(self):
        return [Call("direct_chat", self.state.ada, {"chatId": self.state.direct}, {"name": "ours"})]

    def addMembers_direct_chat(self):
        return [Call("direct_chat", self.state.ada, {"chatId": self.state.direct}, {"user_ids": [self.state.cyd.id]})]

    def removeMember_direct_chat(self):
        return [Call("direct_chat", self.state.ada, {"chatId": self.state.direct, "userId": who.id})
                for who in (self.state.ada, self.state.dan)]

    def addMembers_unknown_user(self):
        return [Call("unknown_user", self.state.ada, {"chatId": self.state.group},
                     {"user_ids": [self.state.cyd.id, NOBODY]})]

    def addMembers_chat_full(self):
        everybody = [self.state.ben, self.state.cyd, self.state.dan, *crowd(self.state.url, 252)]
        full = self.state.ada.group("full", *everybody)["id"]
        return [Call("chat_full", self.state.ada, {"chatId": full}, {"user_ids": [crowd(self.state.url, 1)[0].id]})]

    def editMessage_edit_window_closed(self):
        if not self.age:
            return None
        old = self.state.ada.send(self.state.group, "an old text")["id"]
        self.age(old)
        return [Call("edit_window_closed", self.state.ada, {"id": old}, {"content": "news"})]

    def sync_resync(self):
        """A cursor of 31 days ago: a new one whose time (LEB128, after the version and the owner's id) is set back."""
        if not self.age:
            return None
        given = self.state.ada.call("GET", "/sync")["next_cursor"]
        fields = bytearray(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        time = sum((fields[17 + place] & 0x7F) << 7 * place for place in range(5)) - 31 * 86400
        for place in range(5):
            fields[17 + place] = time >> 7 * place & 0x7F | (0x80 if place < 4 else 0)
        old = base64.urlsafe_b64encode(fields).decode().rstrip("=")
        return [Call("resync", self.state.ada, {"cursor": old})]

    def listChanges_resync(self):
        known = {"chatId": self.state.group, "after_rev": 0}
        return [Call("resync", self.state.ada, known | {"history": FOREIGN}),
                Call("resync", self.state.ada, known | {"history": self.state.history, "after_rev": 1 << 50})]

    def listMessages_resync(self):
        """A cursor of another history: it begins with that."""
        cursor = self.state.ada.call(
            "GET", f"/chats/{self.state.group}/messages", params={"limit": 1})["next_cursor"]
        return [Call("resync", self.state.ada, {"chatId": self.state.group, "cursor": FOREIGN + cursor[len(FOREIGN):]})]

    def listChats_resync(self):
        cursor = self.state.ada.call("GET", "/chats", params={"limit": 1})["next_cursor"]
        return [Call("resync", self.state.ada, {"cursor": FOREIGN + cursor[len(FOREIGN):]})]

    def searchUsers_resync(self):
        crowd(self.state.url, 2)
        cursor = self.state.ada.call("GET", "/users/search", params={"q": "crowd", "limit": 1})["next_cursor"]
        return [Call("resync", self.state.ada, {"q": "crowd", "cursor": FOREIGN + cursor[len(FOREIGN):]})]

    def editMessage_message_deleted(self):
        return [Call("message_deleted", self.state.ada, {"id": self.state.deleted}, {"content": "back again"})]

    def editMessage_not_editable(self):
        return [Call("not_editable", self.state.ada, {"id": self.state.system}, {"content": "history"})]

    def deleteMessage_not_editable(self):
        return [Call("not_editable", self.state.ada, {"id": self.state.system})]
