"""The REST door for tests: people who are registered, and calls that say what they expected."""

import asyncio
import itertools
import secrets
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx

PASSWORD = "correct-horse-battery-staple"
_numbers = itertools.count(1)
_run = secrets.token_hex(3)


def new_id() -> str:
    """A client_id."""
    return str(uuid.uuid4())


class Answer:
    """An HTTP answer with its JSON at hand."""

    def __init__(self, response: httpx.Response):
        self.status = response.status_code
        self.headers = response.headers
        self.text = response.text
        kind = response.headers.get("content-type", "")
        self.json = response.json() if "json" in kind and response.content else None

    @property
    def code(self):
        return self.json.get("code") if isinstance(self.json, dict) else None

    def __repr__(self):
        return f"<{self.status} {self.text[:400]}>"


class Person:
    """A registered user and the connection pool of its device. Safe to use from several threads."""

    def __init__(self, url: str, name: str | None = None):
        self.url = url
        self.username = f"{name or 'user'}.{_run}.{next(_numbers)}"
        self.email = f"{self.username}@example.org"
        self.http = httpx.Client(base_url=f"{url}/api", timeout=20)
        answer = self.call("POST", "/auth/register", expect=201, anonymous=True, json={
            "email": self.email, "username": self.username, "password": PASSWORD, "display_name": name or "User"})
        self.id = answer["user"]["id"]
        self.token = answer["access_token"]
        self.refresh_token = answer["refresh_token"]

    def ask(self, method: str, path: str, anonymous=False, **options) -> Answer:
        headers = httpx.Headers(options.pop("headers", None))
        if not anonymous and "Authorization" not in headers:
            headers["Authorization"] = f"Bearer {self.token}"
        return Answer(self.http.request(method, path, headers=headers, **options))

    def call(self, method: str, path: str, expect=(200, 201, 204), **options):
        """The JSON of an expected answer."""
        answer = self.ask(method, path, **options)
        wanted = (expect,) if isinstance(expect, int) else expect
        assert answer.status in wanted, f"{method} {path}: {answer.status}, not {expect}: {answer.text[:600]}"
        return answer.json

    async def go(self, method: str, path: str, **options):
        """`call` for coroutines."""
        return await asyncio.to_thread(self.call, method, path, **options)

    # The few calls that nearly every test makes.

    def direct(self, other: "Person") -> dict:
        return self.call("POST", "/chats", json={"type": "direct", "member_ids": [other.id]})

    def group(self, name: str, *others: "Person") -> dict:
        return self.call(
            "POST", "/chats", expect=201,
            json={"type": "group", "name": name, "member_ids": [other.id for other in others]})

    def send(self, chat_id: str, content: str, client_id: str | None = None) -> dict:
        body = {"content": content} | ({"client_id": client_id} if client_id else {})
        return self.call("POST", f"/chats/{chat_id}/messages", json=body)

    def messages(self, chat_id: str) -> list[dict]:
        """All messages of a chat, in the order of seq, page after page."""
        found: dict[int, dict] = {}
        after = 0
        while True:
            page = self.call("GET", f"/chats/{chat_id}/messages", params={"after_seq": after, "limit": 100})["items"]
            for message in page:
                assert message["seq"] not in found, f"seq {message['seq']} came twice"
                found[message["seq"]] = message
            if not page:
                return [found[seq] for seq in sorted(found)]
            after = max(found)

    def changes(self, chat_id: str, after_rev: int = 0) -> list[dict]:
        found = []
        history = self.call("GET", "/sync")["history"]
        while True:
            known = {"after_rev": after_rev, "history": history, "limit": 100}
            page = self.call("GET", f"/chats/{chat_id}/changes", params=known)
            found += page["changes"]
            after_rev = page["up_to_rev"]
            if not page["has_more"]:
                return found


def people(url: str, *names: str) -> list[Person]:
    """Registers several at once: a password's hash takes about 60 ms of one core."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda name: Person(url, name), names))
