"""python-socketio's two clients, the asynchronous and the threaded one, behind the same calls."""

import asyncio

import engineio
import socketio

# The transports of `connect`: none named is polling and then the upgrade, as by default.
TRANSPORTS = {"polling": ["polling"], "websocket": ["websocket"], "upgrade": None}


class _OneThread(engineio.Client):
    """The threaded client handles each message in a thread of its own, so that events overtake each other, and an
    attachment its event. Here the thread that reads handles them."""

    def _trigger_event(self, *arguments, run_async=False, **options):
        return super()._trigger_event(*arguments, run_async=False, **options)


class _ThreadedClient(socketio.Client):
    def _engineio_client_class(self):
        return _OneThread


class Guest:
    """`kind` is "async" or "threads". Events are kept in the order of their arrival."""

    def __init__(self, kind: str, **options):
        make = socketio.AsyncClient if kind == "async" else _ThreadedClient
        self.client = make(handle_sigint=False, **options)
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[tuple] = asyncio.Queue()
        # What the handler of `question` answers.
        self.answer: tuple = ()
        for namespace in ("/", "/custom"):
            for name in ("connect", "disconnect", "connect_error"):
                self.client.on(name, self._keeper(namespace, name), namespace=namespace)
            self.client.on("question", self._asked, namespace=namespace)
            self.client.on("*", self._any(namespace), namespace=namespace)

    def _put(self, *event):
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    def _keeper(self, namespace: str, name: str):
        return lambda *arguments: self._put(namespace, name, *arguments)

    def _any(self, namespace: str):
        return lambda name, *arguments: self._put(namespace, name, *arguments)

    def _asked(self, *question):
        self._put("/", "question", *question)
        return self.answer

    async def _do(self, method: str, *arguments, **options):
        function = getattr(self.client, method)
        if isinstance(self.client, socketio.AsyncClient):
            return await function(*arguments, **options)
        return await asyncio.to_thread(function, *arguments, **options)

    async def connect(self, url: str, transports, auth=None, namespaces=("/",)):
        await self._do(
            "connect", url, transports=transports, auth=auth, namespaces=list(namespaces), wait_timeout=10, retry=False)

    async def emit(self, event: str, *arguments, namespace="/"):
        await self._do("emit", event, arguments, namespace=namespace)

    async def call(self, event: str, *arguments, namespace="/"):
        """One argument of an acknowledgement is itself, several are a tuple, none is None."""
        return await self._do("call", event, arguments, namespace=namespace, timeout=20)

    async def disconnect(self):
        await self._do("disconnect")

    async def event(self, name: str, namespace: str = "/", seconds: float = 20) -> tuple:
        """The arguments of the next event of that name; others before it are passed over."""
        async with asyncio.timeout(seconds):
            while True:
                where, found, *arguments = await self._events.get()
                if (where, found) == (namespace, name):
                    return tuple(arguments)

    def transport(self) -> str:
        return self.client.transport()
