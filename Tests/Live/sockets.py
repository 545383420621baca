"""The Socket.IO door for tests: python-socketio's client, every event kept in the order of its arrival."""

import asyncio

import socketio


class Lost(Exception):
    """The connection ended before the acknowledgement came."""


class Connection:
    def __init__(self, url: str, token: str | None, transports=("websocket",)):
        self.url = url
        self.token = token
        self.transports = list(transports)
        self.events: list[tuple[str, dict]] = []
        self.refusal = None
        self.disconnected = asyncio.Event()
        self.reason = None
        self._changed = asyncio.Event()
        self.listeners = []
        self.client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        # Plain functions: the client runs those in the order of the packets, which it does not promise for coroutines.
        self.client.on("*", self._keep)
        self.client.on("connect_error", self._refused)
        self.client.on("disconnect", self._ended)

    def _keep(self, name, *arguments):
        self.events.append((name, *arguments))
        for listener in self.listeners:
            listener(name, *arguments)
        self._changed.set()

    def _refused(self, data=None):
        self.refusal = data

    def _ended(self, reason=None):
        self.reason = reason
        self.disconnected.set()
        self._changed.set()

    async def open(self) -> "Connection":
        await self.client.connect(
            self.url, transports=self.transports, auth={"token": self.token} if self.token else None, wait_timeout=10)
        return self

    async def close(self):
        await self.client.disconnect()

    async def call(self, event: str, payload=None, seconds: float = 15):
        """The acknowledgement, whole. Lost when the connection ends before it comes."""
        answer = asyncio.get_running_loop().create_future()

        def acknowledged(*arguments):
            if not answer.done():
                answer.set_result(arguments)

        try:
            await self.client.emit(event, payload, callback=acknowledged)
        except (socketio.exceptions.SocketIOError, ConnectionError) as error:
            raise Lost(str(error)) from error
        ended = asyncio.ensure_future(self.disconnected.wait())
        try:
            async with asyncio.timeout(seconds):
                await asyncio.wait([answer, ended], return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError as error:
            raise AssertionError(f"no acknowledgement of {event} within {seconds} s") from error
        finally:
            ended.cancel()
        if not answer.done():
            raise Lost(f"{event}: {self.reason}")
        arguments = answer.result()
        assert len(arguments) == 1 and isinstance(arguments[0], dict), f"an acknowledgement is one object: {arguments}"
        return arguments[0]

    async def do(self, event: str, payload=None):
        """The data of an acknowledgement that must be ok."""
        answer = await self.call(event, payload)
        assert answer.get("ok") is True, f"{event}: {answer}"
        return answer.get("data")

    async def refuse(self, event: str, payload=None) -> dict:
        """The problem of an acknowledgement that must not be ok."""
        answer = await self.call(event, payload)
        assert answer.get("ok") is False, f"{event}: {answer}"
        return answer["error"]

    def payloads(self, name: str) -> list[dict]:
        return [event[1] for event in self.events if event[0] == name]

    async def until(self, what: str, condition, seconds: float = 30):
        """Waits for the condition, looked at again after each event."""
        try:
            async with asyncio.timeout(seconds):
                while not (value := condition()):
                    self._changed.clear()
                    await self._changed.wait()
                return value
        except TimeoutError as error:
            tail = [event[0] for event in self.events[-10:]]
            raise AssertionError(f"not within {seconds} s: {what}; the last events: {tail}") from error

    async def event(self, name: str, matches=lambda payload: True, seconds: float = 30) -> dict:
        """The first event of that name that matches, also one that is already there."""

        def found() -> list[dict]:
            return [payload for payload in self.payloads(name) if matches(payload)]

        return (await self.until(f"event {name}", found, seconds))[0]


async def connect(*persons, transports=("websocket",)) -> list[Connection]:
    return list(
        await asyncio.gather(*(Connection(person.url, person.token, transports).open() for person in persons)))


async def close(*connections):
    await asyncio.gather(*(connection.close() for connection in connections), return_exceptions=True)
