"""The heartbeat, to a few milliseconds: a ping 300 ms after the handshake and after each pong, and the end 200 ms after
a ping that nobody answers, whether it could be fetched or not.

A time is taken twice: from before the client sends what starts it, so that none may be short, whatever the machine is
doing; and from after that was answered, so that it does not count what the client itself needs. That these are not long
is asked of most sessions of several at once.
"""

import asyncio
import statistics
import time

import pytest

from engine import PING, PONG, UNKNOWN_SESSION, Closed, Engine

INTERVAL, TIMEOUT = 0.3, 0.2
SESSIONS = 12
# Two processes' clocks are not read at the same tick.
EARLY = 0.002
LATE = 0.015


# A machine that stalls makes everything late; a server that is late is so each time.
TRIES = 6


async def check(one, wanted: float):
    """`one` is a session's times, each with the longer first. They are never early; and in one try of a few most are
    hardly later than timers of this process that run beside them."""
    async def timer():
        begun = time.monotonic()
        await asyncio.sleep(wanted)
        return [time.monotonic() - begun]

    for _ in range(TRIES):
        times, own = await asyncio.gather(side_by_side(one), side_by_side(timer))
        longer, shorter = [time_[0] for time_ in times], [time_[1] for time_ in times]
        assert min(longer) >= wanted - EARLY, f"early: {sorted(longer)[:5]}"
        if statistics.median(shorter) <= statistics.median(own) + LATE:
            return
    raise AssertionError(f"late, {TRIES} times: {sorted(shorter)}, where timers took {sorted(own)}")


async def side_by_side(one) -> list:
    """Runs the sessions at once, but not in step."""
    async def after(delay: float):
        await asyncio.sleep(delay)
        return await one()

    found = await asyncio.gather(*(after(number * 0.011) for number in range(SESSIONS)))
    return [each for times in found for each in times]


class Stopwatch:
    def __init__(self):
        self._before = time.monotonic()

    def answered(self):
        self._after = time.monotonic()

    def stop(self) -> tuple[float, float]:
        now = time.monotonic()
        return now - self._before, now - self._after


async def beats(stopwatch: Stopwatch, receive, send) -> list[tuple[float, float]]:
    times = []
    for _ in range(3):
        assert await receive() == PING
        times.append(stopwatch.stop())
        stopwatch = Stopwatch()
        await send(PONG)
        stopwatch.answered()
    return times


async def test_pings_over_polling(strict):
    async def one():
        async with Engine(strict) as engine:
            async def receive():
                (packet,) = await engine.poll()
                return packet

            stopwatch = Stopwatch()
            await engine.open()
            stopwatch.answered()
            return await beats(stopwatch, receive, engine.push)

    await check(one, INTERVAL)


async def test_pings_over_websocket(strict):
    async def one():
        async with Engine(strict) as engine:
            stopwatch = Stopwatch()
            socket = await engine.websocket_session()
            stopwatch.answered()
            return await beats(stopwatch, socket.receive, socket.send)

    await check(one, INTERVAL)


async def test_pings_after_an_upgrade(strict):
    """The heartbeat goes on over the new transport."""
    async def one():
        async with Engine(strict) as engine:
            stopwatch = Stopwatch()
            await engine.open()
            stopwatch.answered()
            socket = await engine.upgrade()
            return await beats(stopwatch, socket.receive, socket.send)

    await check(one, INTERVAL)


async def test_messages_are_no_pongs(strict):
    async with Engine(strict) as engine:
        socket = await engine.websocket_session()
        assert await socket.receive() == PING
        begun = time.monotonic()  # Of the ping's arrival: this one may be a little short.
        with pytest.raises(Closed):
            while time.monotonic() < begun + 20:
                await socket.send("4hello")
                assert await socket.receive() == "4hello"
                await asyncio.sleep(0.01)
        assert time.monotonic() - begun > TIMEOUT - 0.05


async def test_no_pong_over_websocket(strict):
    async def one():
        async with Engine(strict) as engine:
            stopwatch = Stopwatch()
            socket = await engine.websocket_session()
            stopwatch.answered()
            assert await socket.until_closed() == [PING]
            return [stopwatch.stop()]

    await check(one, INTERVAL + TIMEOUT)


async def test_no_pong_over_polling(strict):
    """A poll that is open at the deadline fails: python-engineio, told to close, would not come back."""
    async def one():
        async with Engine(strict) as engine:
            stopwatch = Stopwatch()
            await engine.open()
            stopwatch.answered()
            assert await engine.poll() == [PING]
            answer = await engine.get()
            elapsed = stopwatch.stop()
            assert answer.error == UNKNOWN_SESSION, answer
            assert await engine.is_gone()
            return [elapsed]

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
