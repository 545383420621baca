"""Engine.IO over HTTP long-polling: what is asked, what is answered, and what is refused with which words."""

import asyncio
import contextlib

import aiohttp
import pytest

from engine import BAD_METHOD, BAD_REQUEST, BAD_TRANSPORT, BAD_VERSION, SEPARATOR, UNKNOWN_SESSION, Engine, arrived
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
