"""Engine.IO for pages of other origins. CORS, as the original has it: by the npm module `cors`, on every answer."""

from engine import Engine
from suite_server import SuiteServer


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
