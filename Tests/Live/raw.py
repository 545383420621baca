"""Bytes on a socket, where a client library would not send what the tests want to send."""

import base64
import http.client
import json
import os
import socket
import struct
from urllib.parse import urlsplit


class RawConnection:
    def __init__(self, url: str, seconds: float = 10):
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            # It has closed after its answer, which is still to be read.
            pass

    def answer(self, method: str = "GET") -> "RawAnswer":
        return RawAnswer(self.socket, method)

    def is_closed(self) -> bool:
        """Reads until the server has closed the connection; fails by the timeout if it does not."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True


class RawAnswer:
    def __init__(self, connection: socket.socket, method: str):
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def problem(self) -> dict:
        assert self.headers["content-type"].startswith("application/problem+json"), self.headers
        return json.loads(self.body)


def exchange(url: str, data: bytes, method: str = "GET") -> RawAnswer:
    with RawConnection(url) as connection:
        connection.send(data)
        return connection.answer(method)


def request(method: str, path: str, body: bytes = b"", token: str | None = None, **headers: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: letschat.example"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class RawWebSocket(RawConnection):
    """A WebSocket of our own, for frames that no client would send (RFC 6455 §5.2)."""

    PATH = "/socket.io/?EIO=4&transport=websocket"

    def open(self) -> "RawWebSocket":
        key = base64.b64encode(os.urandom(16)).decode()
        self.send(request(
            "GET", self.PATH, Upgrade="websocket", Connection="Upgrade", Sec_WebSocket_Key=key,
            Sec_WebSocket_Version="13"))
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.socket.recv(1)
            assert byte, head
            head += byte
        assert head.startswith(b"HTTP/1.1 101"), head
        return self

    def frame(self, payload: bytes, opcode=1, final=True, masked=True, reserved=0, length: int | None = None):
        """`length` may lie."""
        length = len(payload) if length is None else length
        head = struct.pack("!B", (0x80 if final else 0) | reserved << 4 | opcode)
        mask_bit = 0x80 if masked else 0
        if length < 126:
            head += struct.pack("!B", mask_bit | length)
        elif length < 65536:
            head += struct.pack("!BH", mask_bit | 126, length)
        else:
            head += struct.pack("!BQ", mask_bit | 127, length)
        if masked:
            mask = os.urandom(4)
            repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
            masked_bytes = int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")
            payload = mask + masked_bytes.to_bytes(len(payload), "big")
        self.send(head + payload)

    def text(self, text: str):
        self.frame(text.encode())

    def sign_in(self, token: str) -> "RawWebSocket":
        """Sends the user's CONNECT, and reads until it is answered."""
        self.text("40" + json.dumps({"token": token}))
        received = b""
        while b"40{" not in received:
            data = self.socket.recv(4096)
            assert data, received
            received += data
        return self
