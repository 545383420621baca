"""`letschat verify` against the suite's server: nothing is wrong there, and it finds what is."""

import json
import os
import subprocess

import httpx
import pytest

import transcript
from api import PASSWORD, Person
from server import Server, binary
from specs import SPECS, Specs

def verify(url: str, *options) -> tuple[int, dict[str, list[str]], str]:
    """Its exit status, the faults of each check that failed, and all that it said."""
    done = subprocess.run(
        [binary(), "verify", url, *options], capture_output=True, text=True, timeout=120)
    failed: dict[str, list[str]] = {}
    name = None
    for line in done.stdout.splitlines():
        kind, rest = line[:13].strip(), line[13:]
        if kind:
            name = rest.split(":")[0] if kind == "failed" else None
            if name:
                failed[name] = []
        elif name:
            failed[name].append(rest)
    return done.returncode, failed, done.stdout + done.stderr


def test_the_server_does_what_its_documents_promise(url, ledger, tmp_path):
    status, failed, text = verify(url, "--transcript", tmp_path / "transcript")
    assert not failed and status == 0, text
    for story in ("first-chat", "group", "session"):
        for transport in ("websocket", "polling"):
            assert f"passed       story {story} over {transport}\n" in text, text
    if "LETSCHAT_URL" not in os.environ:
        assert "not checked  limits: the server limits nothing\n" in text, text
    said = transcript.read(tmp_path / "transcript")
    assert {each.kind for each in said} == {"answer", "acknowledgement", "event"}
    assert not transcript.disagreements(said, SPECS)
    for each in said:
        ledger.said_to_verify(each)


def promised(url: str, change) -> list[dict]:
    """The server's documents after a change: what they promise then, it does not do."""
    documents = [httpx.get(f"{url}/api/{name}.json").json() for name in ("openapi", "events")]
    change(*documents)
    return documents


def another_title(openapi, events):
    openapi["x-problems"]["username_taken"]["title"] = "Somebody was faster"


def a_header_more(openapi, events):
    openapi["paths"]["/auth/register"]["post"]["responses"]["201"]["headers"]["X-Surprise"] = {
        "required": True, "schema": {"type": "string"}}


def a_code_less(openapi, events):
    openapi["paths"]["/auth/register"]["post"]["responses"]["409"]["x-codes"].remove("email_taken")


def a_narrower_body(openapi, events):
    openapi["components"]["schemas"]["LoginRequest"]["properties"]["identifier"]["maxLength"] = 40


def another_default(openapi, events):
    openapi["components"]["parameters"]["Limit"]["schema"]["default"] -= 1


def another_event(openapi, events):
    events["channels"]["root"]["messages"]["userTyping"]["name"] = "somebody_types"


@pytest.mark.parametrize("change, check", [
    (another_title, "story session over polling"), (a_header_more, "story first-chat over websocket"),
    (a_code_less, "story session over websocket"),
    (a_narrower_body, "constraints of login"),
    (another_default, "default of limit of listMessages"),
    # What is volatile may be dropped between two polls.
    (another_event, "story first-chat over websocket"),
], ids=lambda value: getattr(value, "__name__", ""))
def test_a_broken_promise_is_found(url, change, check, tmp_path):
    documents = promised(url, change)
    paths = [tmp_path / name for name in ("openapi.json", "events.json")]
    for path, document in zip(paths, documents):
        path.write_text(json.dumps(document))
    status, failed, text = verify(
        url, "--openapi", paths[0], "--events", paths[1], "--transcript", tmp_path / "transcript")
    assert status == 1 and check in failed, text
    said = transcript.read(tmp_path / "transcript")
    texts = [json.dumps(document).replace("./openapi.json#", "./openapi.yaml#") for document in documents]
    changed = Specs(dict(zip(("openapi.yaml", "events.yaml"), map(json.loads, texts))))
    assert not transcript.disagreements(said, changed)


def test_prepared_accounts_sign_in(url, tmp_path):
    person = Person(url, "prepared")
    accounts = tmp_path / "accounts.json"
    accounts.write_text(json.dumps([{"identifier": person.username, "password": PASSWORD}]))
    _, failed, text = verify(url, "--accounts", accounts)
    assert not failed, text
    assert "not checked  story first-chat" in text and "passed       constraints of the event send_message" in text, text
    accounts.write_text(json.dumps([{"identifier": person.username, "password": PASSWORD + "!"}]))
    _, failed, text = verify(url, "--accounts", accounts)
    assert not failed and "not checked  constraints: nobody could sign in" in text, text


@pytest.fixture
def limited():
    """A server with the limits of the documents, at which nobody has asked for anything."""
    server = Server(name="limited", environment={"RATE_LIMIT_SCALE": "1"})
    try:
        yield server.start()
        server.close()
    finally:
        server.discard()


def verdicts(text: str) -> dict[str, str]:
    """What became of each limit, by its name."""
    found = {}
    for line in text.splitlines():
        name = line[13:].split(",")[0].split(":")[0]
        if name.startswith(("limit by ", "numbers of")):
            found[name] = line[:13].strip()
    return found


LIMITS = {
    "numbers of the limits", "limit by ip+account of login", "limit by ip of register", "limit by ip of getHealth",
    "limit by user of all operations", "limit by user of all events", "limit by ip of all operations",
}


@pytest.mark.skipif("LETSCHAT_URL" in os.environ, reason="needs a server with the limits of the documents")
def test_limits_are_kept_to_the_last_token(limited):
    """Registrations are five an hour, and the stories have more persons: that is no failure, and said."""
    status, failed, text = verify(limited.url)
    assert status == 0 and not failed, text
    assert "not checked  policies of story group: the server limits how often" in text, text
    assert "limit by ip of register, of which 0 of 5 were left: it is used up, and lets nothing through for 7" in text, text
    assert verdicts(text) == {
        name: "not checked" if name == "limit by ip of register" else "passed" for name in LIMITS}, text


def one_more(openapi, events):
    limits = [*openapi["x-rate-limit"]]
    for path in openapi["paths"].values():
        limits += [operation["x-rate-limit"] for operation in path.values() if "x-rate-limit" in operation]
    for limit in limits:
        limit["limit"] += 1
    events["x-rate-limit"]["burst"] += 1


def one_less(openapi, events):
    openapi["x-rate-limit"][1]["limit"] -= 1
    events["x-rate-limit"]["burst"] -= 1


@pytest.mark.skipif("LETSCHAT_URL" in os.environ, reason="needs a server with the limits of the documents")
@pytest.mark.parametrize("change, wrong", [
    # What is used up shows its numbers all the same.
    (one_more, LIMITS),
    (one_less, {"numbers of the limits", "limit by user of all operations", "limit by user of all events"}),
], ids=lambda value: getattr(value, "__name__", ""))
def test_a_limit_that_is_off_by_one_is_found(url, limited, change, wrong, tmp_path):
    paths = [tmp_path / name for name in ("openapi.json", "events.json")]
    for path, document in zip(paths, promised(url, change)):
        path.write_text(json.dumps(document))
    status, failed, text = verify(limited.url, "--openapi", paths[0], "--events", paths[1])
    assert status == 1, text
    assert {name for name, verdict in verdicts(text).items() if verdict == "failed"} == wrong, text


@pytest.mark.skipif("LETSCHAT_URL" in os.environ, reason="needs a server with other limits")
def test_other_limits_than_the_documents_are_kept_and_told():
    other = Server(name="other-limits", environment={"RATE_LIMIT_SCALE": "0.4"})
    try:
        status, failed, text = verify(other.start().url)
        other.close()
    finally:
        other.discard()
    assert status == 0 and not failed, text
    assert "limit by ip of all operations is 40 in 60 s, not 100 in 60 s" in text, text
    unsure = {"numbers of the limits", "limit by ip of register"}
    assert verdicts(text) == {name: "not checked" if name in unsure else "passed" for name in LIMITS}, text


def test_what_cannot_be_verified_is_said(url):
    for wrong in ("https://localhost", "nonsense"):
        status, _, text = verify(wrong)
        assert status not in (0, 1) and "no URL like http://" in text, text
    status, _, text = verify("http://127.0.0.1:1")
    assert status not in (0, 1) and "can't be verified" in text, text
