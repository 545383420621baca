"""Starts, stops and kills what the tests talk to: the release binary of the server.

A server gets a free port of the loopback interface and a data folder of its own. Without `database_url` it keeps its
private PostgreSQL in that folder. Only processes that this file started are ever signalled.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Known to the tests, so that they can sign what the server must still refuse.
SECRET = "a secret that only the tests know, of 32 bytes and more"


# What a server logs that sent something against its documents.
BREACH = "what was sent breaks the documents"


def binary() -> Path:
    path = Path(os.environ.get("LETSCHAT_BINARY", ROOT / ".build/release/letschat"))
    if not path.exists():
        raise FileNotFoundError(f"{path}: build it with `swift build -c release`, or set LETSCHAT_BINARY")
    return path.resolve()


def temporary_folder(name: str) -> Path:
    """A folder that the user `postgres` can walk into; pytest's own are for one user only."""
    folder = Path(tempfile.mkdtemp(prefix=f"letschat-{name}-"))
    folder.chmod(0o755)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(what: str, condition, seconds: float = 30, interval: float = 0.02):
    """Polls until the condition answers something true; fails with `what` at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(interval)


def is_alive(pid: int) -> bool:
    try:
        # A zombie that nobody has waited for is dead.
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Log:
    """The JSON lines that a server wrote to stderr, read by a thread."""

    def __init__(self, stream):
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, args=[stream], daemon=True)
        self._reader.start()

    def _read(self, stream):
        for line in stream:
            self.lines.append(line.rstrip("\n"))

    def finish(self):
        self._reader.join(5)

    def records(self) -> list[dict]:
        found = []
        for line in self.lines:
            try:
                record = json.loads(line)
            except ValueError:
                record = {"level": "error", "message": f"a line that is no JSON: {line}"}
            found.append(record if isinstance(record, dict) else {"level": "error", "message": line})
        return found

    def faults(self) -> list[dict]:
        """What must never be there: an error, or an answer 500."""
        return [
            record for record in self.records()
            if str(record.get("level")).lower() in ("error", "critical", "fatal") or str(status_of(record)) == "500"
        ]


def status_of(record: dict):
    for holder in (record, record.get("metadata"), record.get("http")):
        if isinstance(holder, dict) and "status" in holder:
            return holder["status"]
    return None


class Server:
    """One `letschat serve`. `outage_expected` allows level error (not 500) in its log: its database is taken away."""

    def __init__(self, name="live", database_url=None, environment=None, outage_expected=False, program=None):
        self.program = program
        self.folder = temporary_folder(name)
        self.data = self.folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = database_url
        self.outage_expected = outage_expected
        self.environment = environment or {}
        self.process: subprocess.Popen | None = None
        self.logs: list[Log] = []
        self.output: list[str] = []

    def start(self, seconds: float = 60):
        environment = {
            key: value for key, value in os.environ.items()
            if key in ("PATH", "HOME", "LANG", "USER", "LD_LIBRARY_PATH", "TMPDIR")
        }
        environment |= {"RATE_LIMIT_SCALE": "0", "SWIFT_BACKTRACE": "enable=no", "LOG_LEVEL": "info", "CHECK_RESPONSES": "true"}
        if self.database_url:
            environment["DATABASE_URL"] = self.database_url
        environment |= self.environment
        command = [
            self.program or binary(), "serve", "--host", "127.0.0.1", "--port", self.port, "--data-dir", self.data]
        self.process = subprocess.Popen(
            [str(part) for part in command], env=environment, cwd=self.folder, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.logs.append(Log(self.process.stderr))
        listening = threading.Event()

        def read(stream):
            for line in stream:
                self.output.append(line.rstrip("\n"))
                if "is listening at http://" in line:
                    listening.set()

        threading.Thread(target=read, args=[self.process.stdout], daemon=True).start()
        eventually(
            "the line 'is listening at'", lambda: listening.is_set() or self.process.poll() is not None, seconds)
        if not listening.is_set():
            self.logs[-1].finish()
            raise AssertionError("the server ended at start:\n" + "\n".join(self.output + self.logs[-1].lines))
        return self

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self, seconds: float = 20) -> int:
        """SIGTERM, and its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(seconds)
        self.logs[-1].finish()
        return status

    def kill(self):
        """SIGKILL to the server alone: what it started lives on, as after a crash."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self.logs[-1].finish()

    def private_postmaster(self) -> int | None:
        """The process id of the PostgreSQL in the data folder, if one runs there."""
        # The folder is a symbolic link where the user postgres can't reach the data folder.
        folder = (self.data / "postgres" / "data").resolve()
        try:
            pid = int((folder / "postmaster.pid").read_text().split("\n")[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except (OSError, ValueError):
            return None
        return pid if str(folder) in command and is_alive(pid) else None

    def faults(self) -> list[dict]:
        found = [record for log in self.logs for record in log.faults()]
        if self.outage_expected:
            found = [
                record for record in found
                if str(status_of(record)) == "500" or record["level"] != "error" or record.get("message") == BREACH]
        return found

    def checked(self) -> dict | None:
        """What the server said of its responses when it ended: how many were judged, and how many broke the documents."""
        return next(
            (record for record in reversed(self.logs[-1].records())
             if record["message"] == "responses were checked"), None)

    def close(self):
        """Stops what runs, and tells whether the log is clean: what broke the documents is an error there."""
        if self.process and self.process.poll() is None:
            status = self.stop()
            assert status == 0, f"exit status {status} after SIGTERM"
            assert self.checked(), "the server did not judge what it sent"
        if pid := self.private_postmaster():
            kill_postgres(pid)
        faults = self.faults()
        assert not faults, "in the server's log:\n" + "\n".join(json.dumps(record) for record in faults[:20])
        shutil.rmtree(self.folder, ignore_errors=True)

    def discard(self):
        """Ends what runs still, and asks nothing. After `close` there is nothing."""
        if self.process and self.process.poll() is None:
            self.kill()
        if pid := self.private_postmaster():
            kill_postgres(pid)
        shutil.rmtree(self.folder, ignore_errors=True)


class ForeignServer:
    """The server that LETSCHAT_URL names: it is used, never started, stopped or looked into."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")

    def close(self):
        pass


def children_of(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def kill_postgres(postmaster: int):
    """SIGKILL to a postmaster and all of its processes, the postmaster first so that it starts no recovery."""
    backends = children_of(postmaster)
    for pid in [postmaster, *backends]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    eventually("PostgreSQL's processes are gone", lambda: not any(map(is_alive, [postmaster, *backends])))
