"""The official JavaScript client in Chromium: started without a window, and driven over its DevTools protocol."""

import asyncio
import hashlib
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import zipfile
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from server import ROOT, eventually

# The client's own bundle comes with this package of PyPI, and is not kept in this repository.
PACKAGE = "nicegui==3.18.0"
MEMBER = "nicegui/static/socket.io.min.js"
VERSION = "4.8.1"
SHA256 = "b0e735814f8dcfecd6cdb8a7ce95a297a7e1e5f2727a29e6f5901801d52fa0c5"


def official_client() -> bytes:
    """socket.io.min.js, fetched once."""
    path = ROOT / f".build/socket.io-{VERSION}.min.js"
    if not path.exists():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
                 "--dest", folder, PACKAGE], check=True)
            (wheel,) = Path(folder).glob("*.whl")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zipfile.ZipFile(wheel).read(MEMBER))
    script = path.read_bytes()
    assert hashlib.sha256(script).hexdigest() == SHA256, f"{path} is not what it was"
    return script


class Browser:
    """A Chromium of the tests' own."""

    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        assert program, "Chromium is not installed"
        self.folder = tempfile.mkdtemp(prefix="letschat-chromium-")
        words = [
            # Its sandbox needs rights that root and users in a container lack, and it sees the tests' own pages only.
            program, "--no-sandbox", "--headless", "--remote-debugging-port=0", f"--user-data-dir={self.folder}",
            "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
            "--disable-background-timer-throttling", "--no-proxy-server", "about:blank"]
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            errors="replace", start_new_session=True)
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        self.address = eventually("Chromium's DevTools listen", self._address, 60)

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)

    def _address(self) -> str | None:
        assert self.process.poll() is None, "Chromium ended:\n" + "".join(self.lines[-20:])
        found = re.search(r"DevTools listening on (ws://\S+)", "".join(self.lines))
        return found and found[1]

    def close(self):
        # Its processes are a group of their own.
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    @asynccontextmanager
    async def page(self):
        """A page with the client and page.js, from an origin of its own."""
        async with _served() as url, aiohttp.ClientSession() as http:
            async with http.ws_connect(self.address, max_msg_size=0) as socket:
                tools = DevTools(socket)
                context = (await tools.ask("Target.createBrowserContext"))["browserContextId"]
                target = (await tools.ask(
                    "Target.createTarget", url="about:blank", browserContextId=context))["targetId"]
                session = (await tools.ask("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
                page = Page(tools, session)
                try:
                    await page.open(url)
                    yield page
                finally:
                    await tools.ask("Target.disposeBrowserContext", browserContextId=context)
                    await tools.close()


class DevTools:
    """Requests and their answers; events are not needed."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse):
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future] = {}
        self._reader = asyncio.create_task(self._read())

    async def _read(self):
        async for message in self._socket:
            answer = json.loads(message.data)
            if future := self._waiting.pop(answer.get("id"), None):
                future.set_result(answer)

    async def ask(self, method: str, session: str | None = None, **parameters) -> dict:
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "method": method, "params": parameters}
        await self._socket.send_json(request | ({"sessionId": session} if session else {}))
        async with asyncio.timeout(60):
            answer = await self._waiting[number]
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    async def close(self):
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)


class Page:
    def __init__(self, tools: DevTools, session: str):
        self._tools = tools
        self._session = session

    async def open(self, url: str):
        await self._tools.ask("Page.navigate", self._session, url=url)
        async with asyncio.timeout(20):
            while not await self._evaluate("typeof Guest !== 'undefined'"):
                await asyncio.sleep(0.01)

    async def run(self, body: str, **given):
        """The body of an asynchronous function, whose parameters are what is given; its result, as JSON has it."""
        names = ", ".join(given)
        values = ", ".join(json.dumps(value) for value in given.values())
        return await self._evaluate(f"(async ({names}) => {{ {body} }})({values})")

    async def _evaluate(self, expression: str):
        answer = await self._tools.ask(
            "Runtime.evaluate", self._session, expression=expression, awaitPromise=True, returnByValue=True)
        if problem := answer.get("exceptionDetails"):
            raise AssertionError(problem.get("exception", {}).get("description") or problem["text"])
        return answer["result"].get("value")


@asynccontextmanager
async def _served():
    script = official_client()
    files = {
        "/": ("<!doctype html><meta charset=utf-8><script src=client.js></script><script src=page.js></script>",
              "text/html"),
        "/client.js": (script.decode(), "text/javascript"),
        "/page.js": (Path(__file__).with_name("page.js").read_text(), "text/javascript"),
    }

    def answer(path: str):
        async def handler(_):
            text, kind = files[path]
            return web.Response(text=text, content_type=kind, charset="utf-8")
        return handler

    app = web.Application()
    for path in files:
        app.router.add_get(path, answer(path))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
    finally:
        await runner.cleanup()
