"""A prepared state for provocations, and a valid call of every operation in it."""

import uuid

from api import PASSWORD, Person, people

NOBODY = "019cad9a-a880-77b1-b763-ee8f62eb88e4"


class Prepared:
    """ada is the admin of a group with ben; cyd is in none of their chats, dan in a direct chat with ada."""

    def __init__(self, url: str):
        self.url = url
        self.ada, self.ben, self.cyd, self.dan = people(url, "ada", "ben", "cyd", "dan")
        self.group = self.ada.group("provoked", self.ben)["id"]
        self.direct = self.ada.direct(self.dan)["id"]
        self.text = self.ada.send(self.group, "a text")["id"]
        self.ada.call("PUT", f"/chats/{self.group}", json={"name": "provoked again"})
        self.system = self.ada.messages(self.group)[-1]["id"]
        self.deleted = self.ada.send(self.group, "gone")["id"]
        self.ada.call("DELETE", f"/messages/{self.deleted}")
        self.history = self.ada.call("GET", "/sync")["history"]

    def account(self) -> dict:
        name = f"new.{uuid.uuid4().hex[:12]}"
        return {"username": name, "email": f"{name}@letschat.example", "password": PASSWORD}

    def parameters(self, operation: str) -> dict:
        """The parameters of ada's valid call: those that it can't be without."""
        return {
            "getChat": {"chatId": self.group}, "updateChat": {"chatId": self.group},
            "deleteChat": {"chatId": self.group}, "addMembers": {"chatId": self.group},
            "removeMember": {"chatId": self.group, "userId": self.ben.id},
            "listMessages": {"chatId": self.group}, "sendMessage": {"chatId": self.group},
            "listChanges": {"chatId": self.group, "after_rev": "0", "history": self.history}, "getMessage": {"id": self.text},
            "editMessage": {"id": self.text}, "deleteMessage": {"id": self.text}, "readMessage": {"id": self.text},
            "searchUsers": {"q": "a"},
        }.get(operation, {})

    def body(self, operation: str) -> dict | None:
        return {
            "register": self.account,
            "login": lambda: {"identifier": self.ada.username, "password": PASSWORD},
            "refresh": lambda: {"refresh_token": "a refresh token"},
            "logout": lambda: {"refresh_token": "a refresh token"},
            "updateProfile": lambda: {"bio": "A biography."},
            "createChat": lambda: {"type": "group", "name": "new", "member_ids": [self.ben.id]},
            "updateChat": lambda: {"name": "provoked once more"},
            "addMembers": lambda: {"user_ids": [self.ben.id]},
            "sendMessage": lambda: {"content": "hello"},
            "editMessage": lambda: {"content": "a better text"},
        }.get(operation, lambda: None)()

    def payload(self, event: str) -> dict:
        """Of an event that is no other door: all of these but one name a chat."""
        if event == "authenticate":
            return {"token": self.ada.token}
        chat = {"chat_id": self.group}
        return chat | {"up_to_seq": 1} if event == "mark_read" else chat


def crowd(url: str, size: int) -> list[Person]:
    return people(url, *(["crowd"] * size))
