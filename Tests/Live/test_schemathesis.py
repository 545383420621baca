"""Schemathesis, which knows nothing of us, against the running server: all of its checks, as a real user.

It makes requests that keep the specification and requests that break it, and chains them. It finds no 5xx and no answer
outside of the specification; what it is told beforehand is in the configuration, with the reasons. The run is the same
each time. The server's log is looked at as well (Tests/Live/conftest.py).
"""

import json
import subprocess
import sys
from pathlib import Path

from api import people

EXAMPLES = 60

CONFIGURATION = """
# Real things to ask for, beside made-up ones, so that more is met than 404.
[dictionaries.chats]
values = {chats}
[dictionaries.messages]
values = {messages}
[dictionaries.users]
values = {users}

[parameters]
"path.chatId" = {{ dictionary = "chats", probability = 0.7 }}
"path.id" = {{ dictionary = "messages", probability = 0.7 }}
"path.userId" = {{ dictionary = "users", probability = 0.7 }}

[auth.openapi.accessToken]
bearer = "{token}"

# Refusals of what keeps the schema, all of them declared: what a schema can't say.
[[operations]]
include-operation-id = ["searchUsers", "listChats", "listMessages", "sync"]
# A cursor is opaque, and an invented one none.
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 404]

[[operations]]
include-operation-id = ["listChanges"]
# A moment of a database's history is opaque, and an invented one of none.
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 404, 410]

[[operations]]
include-operation-id = ["register", "createChat", "addMembers", "updateProfile", "updateChat"]
# Common passwords and passwords of more than 72 bytes, people who do not exist; names that keep their pattern and are
# not in Form C.
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 422]

[[operations]]
include-operation-id = ["getMessage", "getChat"]
# A deleted message stays as a tombstone, and a deleted direct chat is hidden from lists only.
checks.use_after_free.enabled = false

[[operations]]
include-operation-id = ["getHealth"]
checks.positive_data_acceptance.expected-statuses = ["2xx"]
"""


def test_schemathesis_finds_nothing(url, server, tmp_path):
    ada, ben, cyd = people(url, "ada", "ben", "cyd")
    chats = [ada.direct(ben)["id"], *(ada.group(f"group {number}", ben, cyd)["id"] for number in range(8))]
    chats.append(ben.group("ada is no admin here", ada)["id"])
    messages = [person.send(chat, "a text")["id"] for chat in chats for person in (ada, ben)]
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION.format(
        chats=json.dumps(chats), messages=json.dumps(messages), users=json.dumps([ben.id, cyd.id, ada.id]),
        token=ada.token))
    before = len(server.logs[-1].lines)
    # One worker: two that compile Python at the same time end with a SystemError in Python 3.11.2, Debian 12's (gh-106905).
    done = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), "--config-file", tmp_path / "schemathesis.toml",
         "run", f"{url}/api/openapi.json", "--checks", "all", "--max-examples", str(EXAMPLES),
         "--generation-deterministic", "--workers", "1", "--no-color", "--request-timeout", "10"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    # It was let in, and met what is really there.
    answered = [record["status"] for record in server.logs[-1].records()[before:] if "status" in record]
    assert len(answered) > 2000 and sum(200 <= status < 300 for status in answered) > 500, len(answered)
