"""A socket lives by its access token, and no longer than its session."""

import base64
import hashlib
import hmac
import json
import time

import pytest
import socketio

from api import people
from server import SECRET
from sockets import Connection, connect, close


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def claims(token: str) -> dict:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def signed(**values) -> str:
    """An access token of ours, with other times."""
    key = hmac.digest(SECRET.encode(), b"letschat access token 1", hashlib.sha256)
    message = text(b'{"alg":"HS256","typ":"JWT"}') + "." + text(json.dumps(values).encode())
    return message + "." + text(hmac.digest(key, message.encode(), hashlib.sha256))


def ending(person, seconds: float, session: float | None = None) -> str:
    now = int(time.time())
    values = claims(person.token) | {"iat": now, "exp": now + seconds}
    return signed(**values | ({"end": now + session} if session is not None else {}))


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_the_end_of_a_session_cuts_within_a_second(url, transport):
    (ada,) = people(url, "ada")
    ada.token = ending(ada, 3, session=3)
    end = claims(ada.token)["end"]
    (socket,) = await connect(ada, transports=(transport,))
    await socket.event("token_expiring")
    assert (await socket.call("sync", {}))["ok"]
    # Else by its token's end, a minute later.
    await socket.until("the end", socket.disconnected.is_set, 30)
    assert end <= time.time()
    assert socket.payloads("problem") == []


async def test_a_newer_token_of_the_same_session_lets_a_connection_go_on(url):
    ada, ben = people(url, "ada", "ben")
    newer = ada.token
    ada.token = ending(ada, 30)
    end = claims(ada.token)["exp"]
    (socket,) = await connect(ada)
    expiring = await socket.event("token_expiring")
    assert expiring["expires_at"].startswith(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(end)))
    for token in (ben.token, newer[:-2], ending(ada, -1), "nonsense"):
        assert (await socket.refuse("authenticate", {"token": token}))["code"] == "unauthorized"
    assert (await socket.refuse("authenticate", {}))["code"] == "validation_failed"
    shown = await socket.do("authenticate", {"token": newer})
    assert shown["expires_at"].startswith(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(claims(newer)["exp"])))
    # An older one changes nothing.
    assert await socket.do("authenticate", {"token": ada.token}) == shown
    await close(socket)


@pytest.mark.long
@pytest.mark.lasts(62)
async def test_an_ended_token_cuts_after_a_minute_with_its_problem(url):
    ada, ben = people(url, "ada", "ben")
    newer = ben.token
    for person in (ada, ben):
        person.token = ending(person, 2)
    end = claims(ada.token)["exp"]
    quiet, renewing = await connect(ada, ben)
    await renewing.do("authenticate", {"token": newer})
    await quiet.until("the end", quiet.disconnected.is_set, 120)
    assert 59.5 <= time.time() - end
    (problem,) = quiet.payloads("problem")
    assert problem["error"]["code"] == "token_expired" and "event" not in problem
    assert quiet.events[-1][0] == "problem"
    assert (await renewing.call("sync", {}))["ok"]
    late = Connection(url, ada.token)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await late.open()
    assert late.refusal["data"]["code"] == "unauthorized"
    await close(renewing)
