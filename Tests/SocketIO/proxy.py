"""A TCP proxy whose connections can be cut, all at once, and kept away for a while."""

import asyncio
from urllib.parse import urlsplit


class Proxy:
    """`async with Proxy(url) as proxy:` then talk to `proxy.url`."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        self._target = (parts.hostname, parts.port)
        self._refuses = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task] = set()
        self.connections = 0

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.refuse()
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self):
        """Resets every connection, on both sides."""
        for writer in self._writers:
            writer.transport.abort()

    def refuse(self):
        """Cuts, and resets new connections until `allow`."""
        self._refuses = True
        self.cut()

    def allow(self):
        self._refuses = False

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        if self._refuses:
            writer.transport.abort()
            return
        self.connections += 1
        target_reader, target_writer = await asyncio.open_connection(*self._target)
        if self._refuses:
            writer.transport.abort()
            target_writer.transport.abort()
            return
        self._writers |= {writer, target_writer}
        for task in (
                asyncio.create_task(self._pump(reader, target_writer)),
                asyncio.create_task(self._pump(target_reader, writer))):
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            self._writers.discard(writer)
            writer.close()
