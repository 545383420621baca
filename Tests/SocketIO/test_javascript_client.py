"""The official JavaScript client, in a real browser and from another origin, over each transport."""

import asyncio

import pytest

from browser import Browser
from proxy import Proxy
from recovering import entered

TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": ["polling", "websocket"]}
EACH_TRANSPORT = pytest.mark.parametrize("transport", TRANSPORTS)
FINAL = {"polling": "polling", "websocket": "websocket", "upgrade": "websocket"}


@pytest.fixture(scope="module")
def browser():
    browser = Browser()
    yield browser
    browser.close()


def options(transport: str, **more) -> dict:
    return {"transports": TRANSPORTS[transport]} | more


@EACH_TRANSPORT
async def test_a_conversation(browser, calm, transport):
    """Connecting with auth, events, acknowledgements of both sides, binary of both sides, 200 kB of both kinds."""
    async with browser.page() as page:
        found = await page.run("""
            const guest = new Guest(url, options);
            check(same(await guest.event("auth"), [{ token: "abc", n: 1 }]), "auth");
            const transport = await guest.reaches(final);
            for (const values of [
              [], [1, "2", { 3: [true, null] }], ["äöü € 😀"], [bytes(0, 255), { in: [bytes(1), bytes()] }],
              [new Uint8Array([1, 2, 3, 4]).subarray(1, 3)], ["x".repeat(200000)], [many(200000), many(10)],
            ]) {
              guest.socket.emit("message", ...values);
              check(same(await guest.event("message-back"), values), "message-back");
              const answer = await guest.call("message-with-ack", ...values);
              check(same(answer, values[0]), "message-with-ack");
            }
            for (guest.answer of [
              [], ["fine"], [bytes(1, 2), { more: [bytes(3)] }], ["x".repeat(200000), many(200000)],
            ]) {
              guest.socket.emit("ask", 5000, "how", bytes(1, 2), { are: "you" });
              check(same(await guest.event("question"), ["how", bytes(1, 2), { are: "you" }]), "question");
              check(same(await guest.event("answered"), ["answer", ...guest.answer]), "answered");
            }
            const blob = new Blob(["from a file"]);
            check(new TextDecoder().decode(await guest.call("message-with-ack", blob)) === "from a file", "blob");
            guest.socket.disconnect();
            return [transport, await guest.event("disconnect")];
            """, url=calm, options=options(transport, auth={"token": "abc", "n": 1}), final=FINAL[transport])
        assert found == [FINAL[transport], ["io client disconnect"]]


@EACH_TRANSPORT
async def test_many_messages_from_the_first_moment(browser, calm, transport):
    """Sent before the client is connected, while it is, and through the upgrade: all come back, in order."""
    async with browser.page() as page:
        assert await page.run("""
            const guest = new Guest(url, options);
            let number = 0;
            const send = (count) => {
              for (let i = 0; i < count; i++) guest.socket.emit("message", number, bytes(number++ % 256));
            };
            send(50);
            await guest.event("connect");
            send(100);
            await guest.reaches(final);
            send(100);
            for (let wanted = 0; wanted < number; wanted++) {
              const found = await guest.event("message-back");
              check(same(found, [wanted, bytes(wanted % 256)]), `${found} is not ${wanted}`);
            }
            return number;
            """, url=calm, options=options(transport), final=FINAL[transport]) == 250


@EACH_TRANSPORT
async def test_being_refused(browser, calm, transport):
    """With data; then connecting after all, with another auth on the same connection."""
    async with browser.page() as page:
        assert await page.run("""
            const guest = new Guest(url, options);
            const refused = await guest.event("connect_error");
            guest.socket.auth = { token: "new" };
            guest.socket.connect();
            return [refused, await guest.event("auth")];
            """, url=calm, options=options(transport, auth={"refuse": "not you", "data": {"code": "expired"}})) \
            == [["not you", {"code": "expired"}], [{"token": "new"}]]


@EACH_TRANSPORT
async def test_namespaces_on_one_connection(browser, calm, transport):
    async with browser.page() as page:
        assert await page.run("""
            const guest = new Guest(url, options);
            const custom = guest.other("/custom");
            const nowhere = guest.other("/nowhere");
            await guest.event("auth");
            await custom.event("auth");
            const answers = [await nowhere.event("connect_error")];
            nowhere.socket.disconnect();
            answers.push(await custom.call("message-with-ack", "there"));
            custom.socket.emit("disconnect-me", false);
            answers.push(await custom.event("disconnect"));
            answers.push(await guest.call("message-with-ack", "still here"));
            custom.socket.connect();
            await custom.event("auth");
            answers.push(await custom.call("message-with-ack", "there again"));
            guest.socket.emit("disconnect-me", true);
            answers.push(await guest.event("disconnect"), await custom.event("disconnect"));
            return answers;
            """, url=calm, options=options(transport)) == [
                ["Invalid namespace", None], "there", ["io server disconnect"], "still here", "there again",
                ["io server disconnect"], ["io server disconnect"]]


@EACH_TRANSPORT
async def test_coming_back(browser, calm, transport):
    """Without recovery: by itself, as a new socket, and what was sent meanwhile is delivered then."""
    async with Proxy(calm) as proxy, browser.page() as page:
        await page.run("""
            window.guest = new Guest(url, options);
            await guest.event("auth");
            await guest.reaches(final);
            window.first = guest.socket.id;
            """, url=proxy.url, options=options(transport, auth={"token": "abc"}), final=FINAL[transport])
        proxy.refuse()
        await page.run("await guest.event('disconnect'); guest.socket.emit('message', 'meanwhile');")
        await page.run("await new Promise((resolve) => guest.socket.io.once('reconnect_error', resolve))")
        proxy.allow()
        assert await page.run("""
            const connected = await guest.event("connect");
            const answers = [connected, await guest.event("auth"), await guest.event("message-back")];
            return [...answers, guest.socket.id === first];
            """) == [[False], [{"token": "abc"}], ["meanwhile"], False]


@EACH_TRANSPORT
async def test_recovery(browser, recovering, transport):
    """Cut three times for a moment, while messages go on: the same socket, and nothing lost or doubled."""
    room = f"recovery in the browser, {transport}"
    async with Proxy(recovering) as proxy, browser.page() as page, entered(recovering) as sender:
        await page.run("""
            window.guest = new Guest(url, options);
            await guest.event("auth");
            await guest.reaches(final);
            await guest.call("join", room);
            window.first = guest.socket.id;
            window.numbers = [];
            guest.socket.on("room-message", (number) => numbers.push(number));
            """, url=proxy.url, options=options(transport), final=FINAL[transport], room=room)
        sent = 0

        async def send(count: int):
            nonlocal sent
            for _ in range(count):
                await sender.emit("to-room", room, sent, b"bytes")
                sent += 1
                await asyncio.sleep(0.01)

        for _ in range(3):
            await send(20)
            proxy.refuse()
            await page.run("await guest.event('disconnect')")
            await send(20)
            proxy.allow()
            connecting = asyncio.create_task(page.run("return await guest.event('connect')"))
            await send(20)
            assert await connecting == [True], "socket.recovered"
        await sender.fence()
        found = await page.run("""
            await guest.call("message-with-ack", "fence");
            return [numbers, guest.socket.id === first];
            """)
        assert found == [list(range(sent)), True]


async def test_two_tabs(browser, calm):
    """Pages of their own, in a room."""
    async with browser.page() as first, browser.page() as second:
        for page in (first, second):
            await page.run("""
                window.guest = new Guest(url);
                await guest.event("auth");
                await guest.call("join", "red");
                """, url=calm)
        await first.run("guest.socket.emit('to-room', 'red', 'hello', bytes(1, 2, 3))")
        assert await second.run("""
            const [text, data] = await guest.event("room-message");
            return [text, Array.from(new Uint8Array(data))];
            """) == ["hello", [1, 2, 3]]


async def test_the_heartbeat(browser, strict):
    """With the pings of the official suites: nobody gives up the other."""
    async with browser.page() as page:
        assert await page.run("""
            const guests = transports.map((each) => new Guest(url, { transports: each, reconnection: false }));
            for (const guest of guests) await guest.event("auth");
            await new Promise((resolve) => setTimeout(resolve, 2000));
            return Promise.all(guests.map((guest) => guest.call("message-with-ack", "here")));
            """, url=strict, transports=list(TRANSPORTS.values())) == ["here"] * 3
