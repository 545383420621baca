"""Socket.IO 5 packets, encoded and decoded by hand."""

import json
import re
from dataclasses import dataclass

CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR, BINARY_EVENT, BINARY_ACK = range(7)
_HEAD = re.compile(r"([0-6])(?:(\d+)-)?(?:(/[^,]*),)?(\d+)?(.*)", re.DOTALL)


@dataclass
class Packet:
    type: int
    data: object = None
    id: int | None = None
    namespace: str = "/"

    def encoded(self) -> list[str | bytes]:
        """The text, then its attachments."""
        attachments: list[bytes] = []
        data = _taken_out(self.data, attachments)
        kind = self.type + 3 if attachments and self.type in (EVENT, ACK) else self.type
        text = str(kind)
        if kind in (BINARY_EVENT, BINARY_ACK):
            text += f"{len(attachments)}-"
        if self.namespace != "/":
            text += f"{self.namespace},"
        if self.id is not None:
            text += str(self.id)
        if self.data is not None:
            text += json.dumps(data, separators=(",", ":"), ensure_ascii=False)
        return [text, *attachments]


class Decoder:
    """Makes packets of the messages of one connection."""

    def __init__(self):
        self._open: Packet | None = None
        self._attachments: list[bytes] = []
        self._count = 0

    def add(self, message: str | bytes) -> Packet | None:
        if isinstance(message, bytes):
            assert self._open, f"an attachment of nothing: {message[:40]}"
            self._attachments.append(message)
        else:
            assert not self._open, f"an attachment is missing before {message[:80]}"
            kind, count, namespace, number, rest = _HEAD.fullmatch(message).groups()
            data = json.loads(rest) if rest else None
            self._open = Packet(int(kind), data, None if number is None else int(number), namespace or "/")
            self._count = int(count or 0)
            assert (count is not None) == (self._open.type in (BINARY_EVENT, BINARY_ACK)), message[:80]
        if len(self._attachments) < self._count:
            return None
        packet, attachments, self._open, self._attachments = self._open, self._attachments, None, []
        if packet.type in (BINARY_EVENT, BINARY_ACK):
            packet.type -= 3
            packet.data = _put_back(packet.data, attachments)
        return packet


def _taken_out(value, attachments: list[bytes]):
    if isinstance(value, bytes):
        attachments.append(value)
        return {"_placeholder": True, "num": len(attachments) - 1}
    if isinstance(value, (list, tuple)):
        return [_taken_out(each, attachments) for each in value]
    if isinstance(value, dict):
        return {name: _taken_out(each, attachments) for name, each in value.items()}
    return value


def _put_back(value, attachments: list[bytes]):
    if isinstance(value, list):
        return [_put_back(each, attachments) for each in value]
    if isinstance(value, dict):
        if value.get("_placeholder") is True:
            return attachments[value["num"]]
        return {name: _put_back(each, attachments) for name, each in value.items()}
    return value
