"""A Redis of the tests' own, on a unix socket or on addresses of loopback: killed, frozen and started at will."""

import shutil
import signal
import socket
import subprocess
from pathlib import Path

from server import eventually, temporary_folder


class Redis:
    def __init__(self, addresses: list[str] | None = None, port: int = 0):
        self.folder = temporary_folder("redis")
        self.socket = self.folder / "redis.sock"
        self.url = f"redis://{addresses[0]}:{port}" if addresses else f"unix://{self.socket}"
        self._listening = ["--port", str(port), *(["--bind", *addresses] if addresses else [])]
        self.process: subprocess.Popen | None = None

    def _program(self) -> str:
        if found := shutil.which("redis-server"):
            return found
        # Debian's redis-tools has the same program under another name; it does as it is called.
        tool = shutil.which("redis-check-rdb")
        assert tool, "Redis is not installed: apt-get install redis-tools"
        link = self.folder / "redis-server"
        if not link.exists():
            link.symlink_to(tool)
        return str(link)

    def start(self) -> "Redis":
        self.process = subprocess.Popen(
            [self._program(), *self._listening, "--unixsocket", str(self.socket), "--dir", str(self.folder), "--save", "",
             "--appendonly", "no", "--logfile", str(self.folder / "log")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually("Redis answers", lambda: self._says("PING", "+PONG"), 20)
        return self

    def _says(self, command: str, answer: str) -> bool:
        assert self.process.poll() is None, Path(self.folder / "log").read_text()[-2000:]
        try:
            return self.ask(command).startswith(answer)
        except OSError:
            return False

    def ask(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.socket))
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(65536).decode()

    def publish(self, channel: str, payload: bytes) -> int:
        """How many subscribers got it."""
        parts = [b"PUBLISH", channel.encode(), payload]
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(self.socket))
            connection.sendall(b"*3\r\n" + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
            return int(connection.recv(100).strip(b":\r\n"))

    def freeze(self):
        """As a partition: connections stand, and nothing comes."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
