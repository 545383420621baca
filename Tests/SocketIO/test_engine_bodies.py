"""What Engine.IO's polling carries: packets and their payloads, there and back, and what is no payload."""

import asyncio
import base64
import os
import socket

import aiohttp
import pytest

from engine import SEPARATOR, UNKNOWN_SESSION, Engine, arrived
from raw import RawConnection

MAX_PAYLOAD = 1_000_000
# More packets in one answer, and python-engineio's client drops them all.
MOST_PACKETS = 16


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
        except (ConnectionError, aiohttp.ClientConnectionError):
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
