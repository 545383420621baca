"""Bad input over HTTP: each gets the answer of PROTOCOL.md, never a 5xx, and the server goes on.

The session's server fails the run at its end if its log has an error or an answer 500.
"""

import base64
import hashlib
import hmac
import json
import time

import httpx
import pytest
import socketio

from api import PASSWORD, new_id, people
from raw import RawConnection, exchange, request
from sockets import Connection, close, connect


@pytest.fixture(scope="module")
def persons(url):
    return people(url, "ada", "ben")


@pytest.fixture(scope="module")
def chat(persons):
    return persons[0].direct(persons[1])["id"]


@pytest.fixture(autouse=True)
def goes_on(url):
    yield
    assert httpx.get(f"{url}/api/health?ready=1").status_code == 200


MALFORMED = {
    "nothing": b"", "a brace": b"{", "a comma too many": b'{"content": "a",}', "single quotes": b"{'content': 'a'}",
    "a comment": b'{"content": "a"} // why', "two values": b'{"content": "a"} {}', "NaN": b'{"content": NaN}',
    "a leading zero": b'{"content": 01}', "a name twice": b'{"content": "a", "content": "b"}',
    "an unknown name twice": b'{"content": "a", "b": 1, "b": 1}',
    "an escaped name twice": b'{"content": "a", "cont\\u0065nt": "b"}',
    "invalid UTF-8": b'{"content": "\xff"}', "an overlong encoding": b'{"content": "\xc0\xaf"}',
    "an encoded surrogate": b'{"content": "\xed\xa0\x80"}', "a lone surrogate": b'{"content": "\\ud800"}',
    "a byte order mark": b'\xef\xbb\xbf{"content": "a"}', "UTF-16": '{"content": "a"}'.encode("utf-16-le"),
    "a raw control character": b'{"content": "a\x00b"}', "a raw line feed": b'{"content": "a\nb"}',
    "1 MB of nested arrays": b"[" * 1_000_000, "1 MB of nested objects": b'{"a":' * 190_000,
    "nesting within": b'{"content": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nesting of an unknown property": b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_what_is_not_json(what, url, persons, chat):
    answer = exchange(url, request(
        "POST", f"/api/chats/{chat}/messages", MALFORMED[what] or b" ", persons[0].token))
    assert (answer.status, answer.problem["code"]) == (400, "malformed_body"), answer.body


INVALID = {
    "another type": (b'{"content": 17}', "/content", "type"),
    "an array": (b"[]", "", "type"), "a text": (b'"content"', "", "type"), "null": (b"null", "", "type"),
    "an unknown property": (b'{"content": "a", "surprise": 1}', "/surprise", "additionalProperties"),
    "a name that needs escapes": (b'{"content": "a", "a/b~c": 1}', "/a~1b~0c", "additionalProperties"),
    "U+0000": (b'{"content": "a\\u0000b"}', "/content", "pattern"),
    "too long a text": (json.dumps({"content": "a" * 4001}).encode(), "/content", "maxLength"),
    "a system message": (b'{"content": "a", "type": "system"}', "/type", "enum"),
    "a huge number": (b'{"content": 1e999999}', "/content", "type"),
}


@pytest.mark.parametrize("what", INVALID)
def test_what_breaks_the_schema(what, url, persons, chat):
    body, pointer, keyword = INVALID[what]
    answer = exchange(url, request("POST", f"/api/chats/{chat}/messages", body, persons[0].token))
    assert (answer.status, answer.problem["code"]) == (422, "validation_failed"), answer.body
    assert (pointer, keyword) in [(error["pointer"], error["keyword"]) for error in answer.problem["errors"]]


@pytest.mark.parametrize("body, pointer, keyword", [
    ({"type": "group"}, "/name", "required"), ({"type": "direct", "name": "us"}, "/name", "additionalProperties"),
    ({"type": "direct", "member_ids": [new_id(), new_id()]}, "/member_ids", "maxItems"),
    ({"type": "crowd"}, "/type", "oneOf"), ({}, "/type", "required"),
])
def test_each_kind_of_chat_has_its_own_rules(persons, body, pointer, keyword):
    answer = persons[0].ask("POST", "/chats", json={"member_ids": [persons[1].id]} | body)
    assert (answer.status, answer.code) == (422, "validation_failed"), answer
    assert (pointer, keyword) in [(each["pointer"], each["keyword"]) for each in answer.json["errors"]], answer


def test_at_most_32_violations_are_told(url, persons):
    body = json.dumps({f"surprise{number}": number for number in range(1000)})
    answer = persons[0].ask("PUT", "/auth/profile", content=body, headers={"Content-Type": "application/json"})
    assert answer.status == 422 and len(answer.json["errors"]) == 32


def test_text_of_any_script_comes_back_as_it_was(persons, chat):
    for text in (
        "\N{VIOLIN}" * 4000, "\u202e\u0301\ufeff", "‏שלום", "\ud7ff\ue000\uffff", "\x01\x7f\u0085", "'; DROP--",
    ):
        assert persons[0].send(chat, text)["content"] == text


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large(chunked, url, persons):
    head = request("POST", "/api/chats", token=persons[0].token, Content_Type="application/json", **(
        {"Transfer_Encoding": "chunked"} if chunked else {"Content_Length": str(1 << 40)}))
    with RawConnection(url) as connection:
        connection.send(head)
        if chunked:
            for _ in range(40):
                connection.send(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        answer = connection.answer("POST")
        assert (answer.status, answer.problem["code"]) == (413, "payload_too_large")
        assert connection.is_closed()


def sign(header: dict, claims: dict, key: bytes) -> str:
    def encoded(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    signed = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    return f"{signed}.{encoded(hmac.digest(key, signed.encode(), 'sha256'))}"


def claims_of(token: str) -> tuple[dict, dict]:
    return tuple(json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])


async def test_tokens_that_are_not_good(url, persons, secret):
    """Both doors. The server's keys are derived from its secret: HMAC-SHA-256 over a label."""
    token = persons[0].token
    header, claims = claims_of(token)
    key = hmac.digest(secret.encode(), b"letschat access token 1", hashlib.sha256)
    now = int(time.time())
    good = {"Authorization": f"Bearer {sign(header, claims, key)}"}
    assert persons[0].ask("GET", "/auth/me", headers=good).status == 200
    head, body, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    bad = {
        "expired": sign(header, claims | {"iat": now - 1000, "exp": now - 1}, key),
        "from the future": sign(header, claims | {"iat": now + 1000, "exp": now + 2000}, key),
        "for ever": sign(header, {name: claims[name] for name in ("sub", "sid")}, key),
        "signed by the secret itself": sign(header, claims, secret.encode()),
        "signed by nothing": sign(header, claims, b""),
        "alg none": f"{none}.{body}.", "alg none with the signature": f"{none}.{body}.{signature}",
        "another alg": sign(header | {"alg": "HS512"}, claims, key),
        "without a signature": f"{head}.{body}.", "cut": token[:-4], "longer": token + "A",
        "four parts": token + ".AAAA", "a refresh token": persons[0].refresh_token, "spaces": "a b c",
        "empty parts": "..", "very long": "A" * 4000, "not ASCII": "é",
    }
    for what, forged in bad.items():
        raw = f"Bearer {forged}".encode()
        answer = persons[0].ask("GET", "/auth/me", headers=httpx.Headers([(b"Authorization", raw)]))
        assert (answer.status, answer.code) == (401, "unauthorized"), f"{what}: {answer}"
        assert await refused(url, forged) == "unauthorized", what
    for header in (f"Basic {token}", f"bearer{token}", token, "Bearer", "Bearer ", f"Bearer {token} {token}"):
        answer = exchange(url, request("GET", "/api/auth/me", Authorization=header))
        assert (answer.status, answer.problem["code"]) == (401, "unauthorized"), header[:20]


async def test_a_session_that_has_ended(url):
    (ada,) = people(url, "ada")
    ada.call("POST", "/auth/logout", json={"refresh_token": ada.refresh_token}, expect=204)
    assert ada.ask("GET", "/auth/me").status == 401
    assert await refused(url, ada.token) == "unauthorized"


async def refused(url: str, token: str) -> str | None:
    """The code of the connect_error, or nothing if that token connects."""
    connection = Connection(url, token)
    try:
        await connection.open()
    except socketio.exceptions.ConnectionError:
        return connection.refusal["data"]["code"]
    await connection.close()
    return None


async def test_another_users_chat_does_not_exist(url, persons, chat):
    (eve,) = people(url, "eve")
    message = persons[0].send(chat, "a secret")
    for method, path, body in (
        ("GET", f"/chats/{chat}", None), ("PUT", f"/chats/{chat}", {"name": "mine"}),
        ("DELETE", f"/chats/{chat}", None),
        ("POST", f"/chats/{chat}/members", {"user_ids": [eve.id]}), ("DELETE", f"/chats/{chat}/members/{eve.id}", None),
        ("GET", f"/chats/{chat}/messages", None), ("POST", f"/chats/{chat}/messages", {"content": "hello"}),
        ("GET", f"/chats/{chat}/changes?after_rev=0&history={'A' * 43}", None), ("GET", f"/messages/{message['id']}", None),
        ("PUT", f"/messages/{message['id']}", {"content": "mine"}), ("DELETE", f"/messages/{message['id']}", None),
        ("POST", f"/messages/{message['id']}/read", None),
    ):
        answer = eve.ask(method, path, json=body)
        foreign = {key: value for key, value in answer.json.items() if key != "request_id"}
        assert (answer.status, answer.code) == (404, "not_found"), f"{method} {path}: {answer}"
        # The answer for what does not exist at all is the very same.
        nothing = eve.ask(method, path.replace(chat, new_id()).replace(message["id"], new_id()), json=body)
        assert {key: value for key, value in nothing.json.items() if key != "request_id"} == foreign
    (connection,) = await connect(eve)
    for event, payload in (
        ("join_chat", {"chat_id": chat}), ("leave_chat", {"chat_id": chat}), ("typing_start", {"chat_id": chat}),
        ("typing_stop", {"chat_id": chat}), ("mark_read", {"chat_id": chat, "up_to_seq": 1}),
        ("send_message", {"chat_id": chat, "content": "hello"}),
        ("edit_message", {"message_id": message["id"], "content": "mine"}),
        ("delete_message", {"message_id": message["id"]}),
    ):
        problem = await connection.refuse(event, payload)
        assert problem["code"] == "not_found", f"{event}: {problem}"
    # A fence: had anything of that chat been told to her, it would be there by now.
    assert (await connection.do("sync", {}))["chats"] == []
    assert connection.events == []
    await close(connection)


def test_a_password_in_bytes(url, persons):
    """bcrypt reads 72 bytes: a longer password is refused, not cut."""
    name = f"bytes.{new_id()[:8]}"
    body = {"username": name, "email": f"{name}@example.org", "password": "\N{VIOLIN}" * 19}
    answer = persons[0].ask("POST", "/auth/register", anonymous=True, json=body)
    assert (answer.status, answer.code) == (422, "unusable_password"), answer
    bell = persons[0].ask("POST", "/auth/register", anonymous=True, json=body | {"password": "a bell: \u0007"})
    assert (bell.status, bell.code) == (422, "unusable_password"), bell
    assert persons[0].ask(
        "POST", "/auth/register", anonymous=True, json=body | {"password": "\N{VIOLIN}" * 18}).status == 201
    assert persons[0].ask(
        "POST", "/auth/login", anonymous=True, json={"identifier": name, "password": PASSWORD}).status == 401
