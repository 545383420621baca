"""Engine.IO over HTTP long-polling: what is asked, what is answered, and what is refused with which words."""

import asyncio
import base64
import contextlib
import os
import socket

import aiohttp
import pytest

from engine import (
    BAD_METHOD, BAD_REQUEST, BAD_TRANSPORT, BAD_VERSION, SEPARATOR, UNKNOWN_SESSION, Engine, arrived)
from raw import RawConnection
from suite_server import SuiteServer

PATHS = pytest.mark.parametrize("path", ["/engine.io/", "/socket.io/"])
MAX_PAYLOAD = 1_000_000
# More packets in one answer, and python-engineio's client drops them all.
MOST_PACKETS = 16


@PATHS
async def test_a_session_opens(strict, path):
    async with Engine(strict, path) as engine:
        answer = await engine.get()
        assert answer.headers["content-type"].lower() == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers
        await engine.open()
        assert engine.handshake == {
            "sid": engine.sid, "upgrades": ["websocket"], "pingInterval": 300, "pingTimeout": 200,
            "maxPayload": MAX_PAYLOAD}
        sids = {(await engine.open()).sid for _ in range(20)}
        assert len(sids) == 20 and all(len(sid) >= 20 for sid in sids), "hard to guess, and never the same"


@PATHS
@pytest.mark.parametrize("changes, error", [
    ({"EIO": None}, BAD_VERSION), ({"EIO": "3"}, BAD_VERSION), ({"EIO": "5"}, BAD_VERSION), ({"EIO": "x"}, BAD_VERSION),
    ({"transport": None}, BAD_TRANSPORT), ({"transport": "carrier-pigeon"}, BAD_TRANSPORT),
    ({"transport": "polling", "sid": "nobody"}, UNKNOWN_SESSION), ({"sid": "../../etc"}, UNKNOWN_SESSION),
    ({"transport": "websocket"}, BAD_REQUEST), ({"transport": "websocket", "sid": "nobody"}, UNKNOWN_SESSION),
], ids=str)
async def test_a_bad_query(calm, path, changes, error):
    async with Engine(calm, path) as engine:
        assert (await engine.get(**changes)).error == error


@PATHS
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_only_get_opens(calm, path, method):
    async with Engine(calm, path) as engine:
        assert (await engine.ask(method, b"4hello" if method != "DELETE" else None)).error == BAD_METHOD


async def test_another_method_on_a_session(calm):
    """The original answers 500; a client's mistake is a 4xx here. The session lives."""
    async with Engine(calm) as engine:
        await engine.open()
        assert 400 <= (await engine.ask("PUT", b"4hello")).status < 500
        await engine.push("4hello")
        assert await engine.read(1) == ["4hello"]


async def test_post_to_nobody(calm):
    async with Engine(calm) as engine:
        assert (await engine.ask("POST", b"4hello", sid="nobody")).error == UNKNOWN_SESSION


async def test_jsonp_is_not_spoken(calm):
    """A page that asks by a script tag gets no script. No official client of this protocol version does."""
    async with Engine(calm) as engine:
        answer = await engine.get(j="0")
        assert "___eio" not in answer.text and "javascript" not in answer.headers["content-type"]


PAYLOADS = {
    "a text": ["4hello"],
    "several": ["4one", "4two", "4three"],
    "none at all": ["4"],
    "beyond ASCII": ["4äöü €uro 😀 \u2028 \u0000 end"],
    "binary": ["bAQIDBA=="],
    "empty binary": ["b"],
    "mixed": ["4text", "bAQID", "4text", "bBAUG", "b/+8="],
    "that looks like packets": ["42", "4b", "41"],
}


@pytest.mark.parametrize("packet", ["bYWJj\n", "bYW\r\nJj\r\n", "bYWJj\n" + SEPARATOR + "4after"])
async def test_base64_with_line_breaks(calm, packet):
    """As engine.io-client-java writes it (MIME, RFC 2045): it was answered with 400, and the session was over."""
    async with Engine(calm) as engine:
        await engine.open()
        await engine.push(packet)
        expected = ["bYWJj"] + packet.split(SEPARATOR)[1:]
        assert await engine.read(len(expected)) == expected


def expecting(engine: Engine, body: bytes, expectation="100-continue", sid: str | None = None) -> bytes:
    """The head of a POST that holds its content back."""
    return (
        f"POST /engine.io/?EIO=4&transport=polling&sid={sid or engine.sid} HTTP/1.1\r\nHost: x\r\n"
        f"Expect: {expectation}\r\nContent-Length: {len(body)}\r\n\r\n").encode()


async def test_a_post_that_waits_to_be_told_to_go_on(calm):
    """`Expect: 100-continue` (RFC 9110 §10.1.1), as curl sends it with more than 1 kB."""
    async with Engine(calm) as engine:
        await engine.open()
        body = b"4" + b"x" * 2000
        with RawConnection(calm, 5) as connection:
            for _ in range(2):
                connection.send(expecting(engine, body))
                assert await asyncio.to_thread(connection.socket.recv, 100) == b"HTTP/1.1 100 Continue\r\n\r\n"
                connection.send(body)
                answer = await asyncio.to_thread(connection.answer, "POST")
                assert (answer.status, answer.body) == (200, b"ok")
                assert await engine.read(1) == [body.decode()]


@pytest.mark.parametrize("expectation, sid, status", [("100-continue", "nobody", 400), ("a-miracle", None, 417)])
async def test_a_post_that_is_not_told_to_go_on(calm, expectation, sid, status):
    async with Engine(calm) as engine:
        await engine.open()
        with RawConnection(calm, 5) as connection:
            connection.send(expecting(engine, b"4hello", expectation, sid))
            assert (await asyncio.to_thread(connection.answer, "POST")).status == status
            assert await asyncio.to_thread(connection.is_closed)


@pytest.mark.parametrize("what", PAYLOADS)
async def test_messages_come_back(calm, what):
    async with Engine(calm) as engine:
        await engine.open()
        await engine.push(*PAYLOADS[what])
        answer = await engine.get()
        assert answer.status == 200 and answer.text.split(SEPARATOR) == PAYLOADS[what]
        assert answer.headers["content-type"].lower() == "text/plain; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"


async def test_a_post_while_a_poll_is_open(calm):
    """The open poll is answered by what the POST brought, and the POST does not wait for the poll."""
    async with Engine(calm) as engine:
        await engine.open()
        for number in range(5):
            poll = asyncio.create_task(engine.poll())
            await engine.push(f"4{number}")
            assert await poll == [f"4{number}"]


async def test_many_packets_are_several_answers(calm):
    async with Engine(calm) as engine:
        await engine.open()
        sent = [f"4{number}" for number in range(100)]
        await engine.push(*sent)
        found: list[str] = []
        answers = 0
        while len(found) < len(sent):
            packets = await engine.poll()
            assert len(packets) <= MOST_PACKETS, f"{len(packets)} packets in one answer"
            found += packets
            answers += 1
        assert found == sent
        assert answers == 7, "and no more than it takes"


async def test_many_bytes(calm):
    """As much as one POST may have, as text and as binary."""
    async with Engine(calm) as engine:
        await engine.open()
        text = "4" + "x" * (MAX_PAYLOAD - 1)
        await engine.push(text)
        assert await engine.read(1) == [text]
        binary = "b" + base64.b64encode(os.urandom(740_000)).decode()
        await engine.push(binary)
        assert await engine.read(1) == [binary]


async def test_a_body_in_chunks(calm):
    """Without a length, as some clients send it."""
    async def body():
        yield b"4"
        for _ in range(20):
            yield b"x" * 10_000

    async with Engine(calm) as engine:
        await engine.open()
        answer = await engine.ask("POST", body())
        assert (answer.status, answer.text) == (200, "ok")
        assert await engine.read(1) == ["4" + "x" * 200_000]


async def test_a_body_byte_by_byte(calm):
    """Where a network cuts it, also in the midst of a character, is nothing to its content."""
    packets = ["4äöü €uro 😀", "bAQIDBA==", "4end"]
    body = SEPARATOR.join(packets).encode()
    async with Engine(calm) as engine:
        await engine.open()
        with RawConnection(calm) as connection:
            connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.send((
                f"POST /engine.io/?EIO=4&transport=polling&sid={engine.sid} HTTP/1.1\r\nHost: x\r\n"
                f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n").encode())
            for byte in body:
                connection.send(bytes([byte]))
                await asyncio.sleep(0.001)
            assert connection.answer().body == b"ok"
        assert await engine.read(3) == packets


async def test_other_parameters_are_ignored(calm):
    """Such as the one against caches, and the one of the older versions for base64."""
    async with Engine(calm) as engine:
        answer = await engine.get(t="P3w0LbQ", b64="1", x="", EIO="4")
        assert answer.status == 200
        await engine.open()
        answer = await engine.ask("POST", b"4hello", t="P3w0Lcx.0", b64="1")
        assert answer.status == 200
        assert (await engine.get(t="P3w0Lcx.1")).text == "4hello"


async def test_too_many_bytes(calm):
    async with Engine(calm) as engine:
        await engine.open()
        answer = await engine.ask("POST", b"4" + b"x" * MAX_PAYLOAD)
        assert answer.status == 413, answer
        await nothing_was_taken(engine)


async def nothing_was_taken(engine: Engine):
    """The next message is the first that comes back, or the session is over."""
    answer = await engine.ask("POST", b"4after")
    if answer.status == 200:
        assert await engine.read(1) == ["4after"]
    else:
        assert answer.error == UNKNOWN_SESSION


async def test_too_many_bytes_without_a_length(calm):
    async def chunks():
        for _ in range(30):
            yield b"4" + b"x" * 49_999

    async with Engine(calm) as engine:
        await engine.open()
        try:
            assert (await engine.ask("POST", chunks())).status == 413
        except ConnectionError:
            pass  # Refused while it was still being sent.
        await nothing_was_taken(engine)


@pytest.mark.parametrize("body", [
    "abc", "7", "9", "", "4good\x1eabc", "\x1e", "4good\x1e", "2", "2probe",
], ids=repr)
async def test_wrong_content(calm, body):
    """A packet that is none ends the session; also a ping, which only the server sends. A good one before it counts."""
    async with Engine(calm) as engine:
        await engine.open()
        answer = await engine.ask("POST", body.encode())
        assert answer.status in (200, 400), answer
        assert await engine.is_gone()


async def test_wrong_content_ends_an_open_poll(calm):
    async with Engine(calm) as engine:
        await engine.open()
        poll = asyncio.create_task(engine.get())
        await arrived()
        await engine.ask("POST", b"abc")
        answer = await poll
        assert (answer.status, answer.text) == (200, "1") or answer.status == 400, answer
        assert await engine.is_gone()


async def test_binary_content_is_refused(calm):
    """Engine.IO 4 posts text only, binary messages as base64."""
    async with Engine(calm) as engine:
        await engine.open()
        answer = await engine.ask("POST", b"\x04hello", {"Content-Type": "application/octet-stream"})
        assert answer.status == 400
        assert await engine.is_gone()


async def test_text_that_is_no_utf8(calm):
    """Whether it is refused or repaired, the server goes on, and what it sends is UTF-8."""
    async with Engine(calm) as engine:
        await engine.open()
        answer = await engine.ask("POST", b"4\xff\xfe\xc0\xaf")
        assert answer.status in (200, 400)
        (await engine.get()).text.encode()
        await engine.open()


async def test_a_second_poll(calm):
    async with Engine(calm) as engine:
        await engine.open()
        first = asyncio.create_task(engine.get())
        await arrived()
        second = await engine.get(t="again")
        assert second.status == 400, second
        answer = await first
        assert (answer.status, answer.text) == (200, "1"), "the first is told to close"
        assert await engine.is_gone()


async def test_a_second_post(calm):
    async with Engine(calm) as engine:
        await engine.open()
        poll = asyncio.create_task(engine.get())
        with RawConnection(calm, 5) as first:
            first.send((
                f"POST /engine.io/?EIO=4&transport=polling&sid={engine.sid} HTTP/1.1\r\nHost: x\r\n"
                "Content-Length: 10\r\n\r\n4he").encode())
            await arrived()
            assert (await engine.ask("POST", b"4again")).status == 400
            answer = await poll
            assert (answer.status, answer.text) == (200, "1")
            assert await engine.is_gone()
            # What the first would have said is never taken.
            first.send(b"llo4567")


async def test_a_poll_that_is_given_up(calm):
    """A client whose poll is cut is gone: the protocol has no other sign of it."""
    async with Engine(calm) as engine:
        await engine.open()
        with RawConnection(calm, 5) as connection:
            connection.send(
                f"GET /engine.io/?EIO=4&transport=polling&sid={engine.sid} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            await arrived()
        await arrived()
        assert await engine.is_gone()


async def test_a_post_that_is_given_up(calm):
    async with Engine(calm) as engine:
        await engine.open()
        with RawConnection(calm, 5) as connection:
            connection.send((
                f"POST /engine.io/?EIO=4&transport=polling&sid={engine.sid} HTTP/1.1\r\nHost: x\r\n"
                "Content-Length: 10\r\n\r\n4he").encode())
            await arrived()
        await arrived()
        assert await engine.is_gone()


async def test_the_client_closes(calm):
    async with Engine(calm) as engine:
        await engine.open()
        poll = asyncio.create_task(engine.get())
        await arrived()
        await engine.push("1")
        answer = await poll
        assert (answer.status, answer.text) == (200, "6")
        assert await engine.is_gone()


async def test_the_server_goes_away():
    """A poll fails with 503, after what was queued, and so do those that follow: told to close, python-engineio would
    not come back."""
    server = SuiteServer(ping_interval=25_000, ping_timeout=20_000)
    async with Engine(server.url) as engine, Engine(server.url) as waiting:
        sent = [f"4{number}" for number in range(3 * MOST_PACKETS)]
        await engine.open()
        await engine.push(*sent)
        poll = asyncio.create_task((await waiting.open()).get())
        await arrived()
        closing = asyncio.create_task(asyncio.to_thread(server.close))
        assert (await poll).status == 503
        found = []
        # Then it may be gone altogether.
        with contextlib.suppress(aiohttp.ClientError):
            while (answer := await engine.get()).status == 200:
                found += answer.text.split(SEPARATOR)
            assert answer.status == 503
        assert found == sent
        await closing


async def test_nobody_reads_anothers_session(calm):
    async with Engine(calm) as engine, Engine(calm) as other:
        await engine.open()
        await other.open()
        await engine.push("4mine")
        await other.push("4yours")
        assert await engine.read(1) == ["4mine"] and await other.read(1) == ["4yours"]


# CORS, as the original has it: by the npm module `cors`, on every answer.

ORIGIN = {"Origin": "https://app.example.org"}


async def test_any_origin_may_read(calm):
    async with Engine(calm) as engine:
        answers = [await engine.ask("GET", headers=ORIGIN), await engine.ask("GET", headers=ORIGIN, sid="nobody")]
        await engine.open()
        answers.append(await engine.ask("POST", b"4hello", ORIGIN))
        answers.append(await engine.ask("GET", headers=ORIGIN))
        assert [answer.status for answer in answers] == [200, 400, 200, 200]
        for answer in answers:
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers


PREFLIGHT = ORIGIN | {
    "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-mine"}


async def test_a_preflight(calm):
    async with Engine(calm) as engine:
        for sid in (None, (await engine.open()).sid):
            answer = await engine.ask("OPTIONS", headers=PREFLIGHT, sid=sid)
            assert (answer.status, answer.text) == (204, "")
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["access-control-allow-headers"] == "content-type,x-mine"
            methods = answer.headers["access-control-allow-methods"].replace(" ", "").split(",")
            assert {"GET", "POST"} <= set(methods)
            assert "access-control-request-headers" in answer.headers["vary"].lower()


async def test_one_origin_may_read_and_sends_cookies():
    with SuiteServer(origin=ORIGIN["Origin"], cookie="io") as server:
        async with Engine(server.url) as engine:
            for method, headers in (("GET", ORIGIN), ("OPTIONS", PREFLIGHT)):
                answer = await engine.ask(method, headers=headers)
                assert answer.headers["access-control-allow-origin"] == ORIGIN["Origin"]
                assert answer.headers["access-control-allow-credentials"] == "true"
                assert "origin" in answer.headers["vary"].lower()
                answer = await engine.ask(method, headers=headers | {"Origin": "https://evil.example.com"})
                assert answer.headers.get("access-control-allow-origin") in (None, "false", ORIGIN["Origin"])

            answer = await engine.get()
            cookie, *attributes = [part.strip() for part in answer.headers["set-cookie"].split(";")]
            assert cookie.startswith("io=") and len(cookie) >= 20
            assert {attribute.lower() for attribute in attributes} == {"path=/", "httponly", "samesite=lax"}
            engine.sid = cookie.removeprefix("io=")
            await engine.push("4hello")
            answer = await engine.get()
            assert answer.text == "4hello", "the cookie is the session"
            assert "set-cookie" not in answer.headers, "told once"
