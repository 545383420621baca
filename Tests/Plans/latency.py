#!/usr/bin/env python3
"""How long one client waits for its lists, syncs and searches on a server of a million users, against a server where it
is alone: statements prepared on empty tables, with statistics from before the people came, and again after ANALYZE.

Needs the release build and the tests' Python environment: `.build/python/bin/python Tests/Plans/latency.py`. Prints a
table of medians; sizes come from the environment as those of Tests/Plans/run do.
"""

import base64
import concurrent.futures
import hashlib
import hmac
import http.client
import json
import os
import re
import statistics
import sys
import time
import uuid
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Live"))
from postgres import Postgres  # noqa: E402
from server import SECRET, Server  # noqa: E402

SIZES = {
    "users": int(os.environ.get("LETSCHAT_PLANS_USERS", 1_000_000)),
    "groups": int(os.environ.get("LETSCHAT_PLANS_GROUPS", 300_000)),
    "chats": int(os.environ.get("LETSCHAT_PLANS_CHATS", 1000)),
    "messages": int(os.environ.get("LETSCHAT_PLANS_MESSAGES", 200)),
}
# The caller, with as many people in its chats as it has among many.
ALONE = SIZES | {"users": 10 * SIZES["chats"], "groups": 0}
ROUNDS = int(os.environ.get("LETSCHAT_PLANS_ROUNDS", 300))
# Each with as many answers in both: 20, one or none.
SEARCHES = ["p_99", "p_00000099", "person", "person 77", "nobody at all"]


def token_of(user: str) -> str:
    """An access token as the server makes them, for a user who never logged in."""
    def text(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    now = int(time.time())
    claims = {"sub": user, "sid": str(uuid.uuid4()), "iat": now, "exp": now + 3600, "end": now + 3600}
    message = text(json.dumps({"alg": "HS256", "typ": "JWT"}).encode()) + "." + text(json.dumps(claims).encode())
    key = hmac.digest(SECRET.encode(), b"letschat access token 1", hashlib.sha256)
    return message + "." + text(hmac.digest(key, message.encode(), hashlib.sha256))


class Client:
    def __init__(self, server: Server, user: str):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.headers = {"Authorization": f"Bearer {token_of(user)}"}

    def get(self, path: str) -> dict:
        self.connection.request("GET", f"/api{path}", headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status, body[:300])
        return json.loads(body)

    def time(self, path: str) -> float:
        """In milliseconds."""
        start = time.perf_counter()
        self.get(path)
        return (time.perf_counter() - start) * 1000

    def cursor(self) -> str:
        """That of the last page of a whole sync."""
        page = self.get("/sync")
        while page.get("has_more"):
            page = self.get(f"/sync?cursor={page['next_cursor']}")
        return page["next_cursor"]

    def paths(self) -> dict[str, str]:
        paths = {"50 chats": "/chats?limit=50", "first page of a sync": "/sync",
                 "sync, nothing new": f"/sync?cursor={self.cursor()}"}
        return paths | {f"search {text!r}": f"/users/search?q={text.replace(' ', '%20')}" for text in SEARCHES}


# Whose rows are most of what is loaded: an eighth of the time goes into the log otherwise, and no plan depends on it.
UNLOGGED = ["chat_days", "chat_members", "messages", "user_words"]


def load(url: str, sizes: dict[str, int]) -> float:
    text = (Path(__file__).parent / "load.sql").read_text()
    text = "\n".join(line for line in text.splitlines() if not line.startswith("\\"))
    # The server has begun its own history already: this is from before.
    text = text.replace("SELECT n, md5('history ' || n)", "SELECT -n, md5('history ' || n)")

    def load_part(part: int):
        values = sizes | {"part": part, "first_user": 1, "last_user": sizes["users"],
                          "first_group": 1, "last_group": sizes["groups"] + sizes["chats"]}
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                re.sub(rf"(?<!:):({'|'.join(values)})\b", lambda name: str(values[name[1]]), text))

    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor() as threads:
        list(threads.map(load_part, [0, 1]))
    return time.monotonic() - start


class Case:
    """A server that was asked often on empty tables, which were filled then."""

    def __init__(self, postgres: Postgres, name: str, sizes: dict[str, int]):
        self.url = postgres.create(name)
        # Statistics are to be those of before, until they are asked for.
        self.execute("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
        self.server = Server(
            name=name, database_url=self.url, environment={"JWT_SECRET": SECRET, "DATABASE_CONNECTIONS": "2"})
        self.server.start()
        try:
            self.execute(*(f"ALTER TABLE {table} SET UNLOGGED" for table in UNLOGGED))
            self.client = Client(self.server, str(uuid.UUID(hashlib.md5(b"user 1").hexdigest())))
            # Often enough that each connection has its generic plans.
            for _ in range(40):
                for path in self.client.paths().values():
                    self.client.get(path)
            print(f"{name}: loaded in {load(self.url, sizes):.0f} s", file=sys.stderr, flush=True)
            # The server has let go of it meanwhile.
            self.client.connection.close()
        except BaseException:
            self.server.close()
            raise

    def execute(self, *statements: str):
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def medians(alone: Client, many: Client) -> dict[str, list[float]]:
    """Of both, in milliseconds. They are asked in turn, so that what the machine does besides meets both."""
    found = {}
    others = many.paths()
    for what, path in alone.paths().items():
        times = [(alone.time(path), many.time(others[what])) for _ in range(ROUNDS)]
        found[what] = [statistics.median(column) for column in zip(*times)]
    return found


def main():
    postgres = Postgres().start()
    cases = []
    try:
        cases.append(Case(postgres, "alone", ALONE))
        cases.append(Case(postgres, "many", SIZES))
        clients = [case.client for case in cases]
        found = medians(*clients)
        for case in cases:
            case.execute("ANALYZE")
        for what, analysed in medians(*clients).items():
            found[what] += analysed
    finally:
        for case in cases:
            case.server.close()
        postgres.close()
    print(f"p50 in ms of one client, {ROUNDS} times each; {SIZES}")
    print("| what | alone | among many | ratio | alone, analysed | among many, analysed | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for what, times in found.items():
        pairs = [times[:2], times[2:]]
        cells = [f"{little:.2f} | {much:.2f} | {much / little:.2f}" for little, much in pairs]
        print(f"| {what} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
