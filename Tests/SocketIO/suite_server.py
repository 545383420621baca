"""Starts and stops what these suites talk to: socketio-suite-server, or the program that SUITE_SERVER names."""

import asyncio
import os
import signal
import subprocess
import threading
from pathlib import Path

from server import ROOT, eventually, free_port


def program() -> Path:
    path = Path(os.environ.get("SUITE_SERVER", ROOT / ".build/release/socketio-suite-server"))
    if not path.exists():
        raise FileNotFoundError(f"{path}: build it with `scripts/build-release socketio-suite-server`")
    return path.resolve()


class SuiteServer:
    """One process. `SuiteServer(ping_interval=25_000, recovery=60_000)`: keywords are the options' names."""

    def __init__(self, port: int | None = None, **options):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        words = [str(program()), "--port", str(self.port)]
        for name, value in options.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        self.lines: list[str] = []
        self._listening = threading.Event()
        self.process = subprocess.Popen(
            words, text=True, errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=os.environ | {"SWIFT_BACKTRACE": "enable=no"})
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        eventually(
            "the line 'is listening at'", lambda: self._listening.is_set() or self.process.poll() is not None, 30)
        assert self._listening.is_set(), "the suite server ended at start:\n" + "\n".join(self.lines)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if "is listening at http://" in line:
                self._listening.set()

    def resident_bytes(self) -> int:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def processor_ticks(self) -> int:
        """What it has worked, in the kernel's ticks."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    async def becomes_idle(self, seconds: float = 20):
        """Waits until it has done what it was asked to do."""
        deadline = asyncio.get_running_loop().time() + seconds
        ticks = None
        while (before := ticks) != (ticks := self.processor_ticks()):
            assert asyncio.get_running_loop().time() < deadline, "it works on and on"
            await asyncio.sleep(0.25)

    def close(self):
        """SIGTERM, which must end it well; that it lived until then is part of every test."""
        tail = "\n".join(self.lines[-20:])
        assert self.process.poll() is None, f"the suite server has ended with {self.process.returncode}:\n{tail}"
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
            raise
        self._reader.join(5)
        assert status == 0, f"exit status {status} after SIGTERM:\n{tail}"
