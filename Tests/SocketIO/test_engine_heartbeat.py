"""The heartbeat, to a few milliseconds: a ping 300 ms after the handshake and after each pong, and the end 200 ms after
a ping that nobody answers, whether it could be fetched or not.

Times are taken from before the client sends to after it receives, so that none may be short, whatever the machine is
doing; that they are not long is asked of most of twenty sessions at once.
"""

import asyncio
import statistics
import time

import pytest

from engine import PING, PONG, Closed, Engine

INTERVAL, TIMEOUT = 0.3, 0.2
SESSIONS = 20
# Two processes' clocks are not read at the same tick.
EARLY = 0.002
LATE = 0.015


# A machine that stalls makes everything late; a server that is late is so each time.
TRIES = 6


async def check(one, wanted: float):
    """`one` is a session's times. They are never early; and in one try of a few most are hardly later than timers of
    this process that run beside them."""
    async def timer():
        begun = time.monotonic()
        await asyncio.sleep(wanted)
        return [time.monotonic() - begun]

    for _ in range(TRIES):
        times, own = await asyncio.gather(side_by_side(one), side_by_side(timer))
        assert min(times) >= wanted - EARLY, f"early: {sorted(times)[:5]}"
        if statistics.median(times) <= statistics.median(own) + LATE:
            return
    raise AssertionError(f"late, {TRIES} times: {sorted(times)}, where timers took {sorted(own)}")


async def side_by_side(one) -> list[float]:
    """Runs the sessions at once, but not in step."""
    async def after(delay: float):
        await asyncio.sleep(delay)
        return await one()

    found = await asyncio.gather(*(after(number * 0.007) for number in range(SESSIONS)))
    return [each for times in found for each in times]


async def test_pings_over_polling(strict):
    async def one():
        async with Engine(strict) as engine:
            begun, times = time.monotonic(), []
            await engine.open()
            for _ in range(4):
                assert await engine.poll() == [PING]
                times.append(time.monotonic() - begun)
                begun = time.monotonic()
                await engine.push(PONG)
            return times

    await check(one, INTERVAL)


async def test_pings_over_websocket(strict):
    async def one():
        async with Engine(strict) as engine:
            begun, times = time.monotonic(), []
            socket = await engine.websocket_session()
            for _ in range(4):
                assert await socket.receive() == PING
                times.append(time.monotonic() - begun)
                begun = time.monotonic()
                await socket.send(PONG)
            return times

    await check(one, INTERVAL)


async def test_pings_after_an_upgrade(strict):
    """The heartbeat goes on over the new transport."""
    async def one():
        async with Engine(strict) as engine:
            begun, times = time.monotonic(), []
            await engine.open()
            socket = await engine.upgrade()
            for _ in range(3):
                assert await socket.receive() == PING
                times.append(time.monotonic() - begun)
                begun = time.monotonic()
                await socket.send(PONG)
            return times

    await check(one, INTERVAL)


async def test_messages_are_no_pongs(strict):
    async with Engine(strict) as engine:
        socket = await engine.websocket_session()
        assert await socket.receive() == PING
        begun = time.monotonic()  # Of the ping's arrival: this one may be a little short.
        with pytest.raises(Closed):
            while time.monotonic() < begun + 1:
                await socket.send("4hello")
                assert await socket.receive() == "4hello"
                await asyncio.sleep(0.01)
        assert abs(time.monotonic() - begun - TIMEOUT) < 0.05


async def test_no_pong_over_websocket(strict):
    async def one():
        async with Engine(strict) as engine:
            begun = time.monotonic()
            socket = await engine.websocket_session()
            assert await socket.until_closed() == [PING]
            return [time.monotonic() - begun]

    await check(one, INTERVAL + TIMEOUT)


async def test_no_pong_over_polling(strict):
    """A poll that is open at the deadline is told."""
    async def one():
        async with Engine(strict) as engine:
            begun = time.monotonic()
            await engine.open()
            assert await engine.poll() == [PING]
            answer = await engine.get()
            assert (answer.status, answer.text) == (200, "1"), answer
            assert await engine.is_gone()
            return [time.monotonic() - begun]

    await check(one, INTERVAL + TIMEOUT)


async def test_the_deadline_runs_without_a_poll(strict):
    """Just before it the ping can still be fetched; just after it the session is gone."""
    async def alive():
        async with Engine(strict) as engine:
            begun = time.monotonic()
            await engine.open()
            await asyncio.sleep(INTERVAL + TIMEOUT - 0.05)
            answer = await engine.get()
            # If this client was late itself, it can't complain.
            late = time.monotonic() > begun + INTERVAL + TIMEOUT
            assert late or (answer.status, answer.text) == (200, PING), answer
            return []

    async def gone():
        async with Engine(strict) as engine:
            await engine.open()
            await asyncio.sleep(INTERVAL + TIMEOUT + LATE)
            assert await engine.is_gone()
            return []

    await asyncio.gather(side_by_side(alive), side_by_side(gone))


async def test_a_ping_that_waits_is_one(strict):
    async with Engine(strict) as engine:
        await engine.open()
        await asyncio.sleep(INTERVAL + TIMEOUT / 2)
        assert await engine.poll() == [PING]
        await engine.push(PONG)
        assert await engine.poll() == [PING]
        await engine.push(PONG)


async def test_a_pong_that_nobody_asked_for(strict):
    """Does no harm, on either transport."""
    async with Engine(strict) as engine:
        await engine.open()
        await engine.push(PONG, "4hello")
        assert await engine.read(1) == ["4hello"]
        socket = await engine.websocket_session()
        await socket.send(PONG)
        await socket.send("4hello")
        assert await socket.next() == "4hello"
