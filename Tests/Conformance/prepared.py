"""A prepared state for provocations, and a call of every operation and event that keeps their schemas in it."""

import uuid

from api import PASSWORD, Person, people
from specs import Event, Operation

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

    def parameters(self, operation: Operation) -> dict:
        """The parameters of ada's valid call: those that it can't be without."""
        known = {
            "chatId": self.group, "id": self.text, "userId": self.ben.id, "after_rev": "0", "history": self.history,
            "q": "a",
        }
        # A name that is not among these needs an example in the spec.
        return {
            each["name"]: known[each["name"]] if each["name"] in known else each["example"]
            for each in operation.parameters if each.get("required")}

    def body(self, operation: Operation) -> dict | None:
        """What keeps the schema; the ids in it are the spec's own, and nobody has them."""
        return operation.requests[0].value if operation.requests else None

    def payload(self, event: Event) -> dict:
        """Of an event that is no other door: the spec's, with a chat of ada's."""
        shown = event.examples[0].value
        return shown | {"chat_id": self.group} if "chat_id" in shown else shown


def crowd(url: str, size: int) -> list[Person]:
    return people(url, *(["crowd"] * size))
