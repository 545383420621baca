"""The servers of the fan-out: SocketIO by itself, and its peers. None has a database."""

import importlib.util
import os
import subprocess
import sys

from .servers import BENCHMARKS, REPOSITORY, Program, build_product, fetch_node_modules

PEERS = f"{BENCHMARKS}/fanout-peers"
ENVIRONMENT = f"{BENCHMARKS}/.build/fanout-python"

TITLES = {
    "socketio": "SocketIO",
    "ws": "ws, frame built once",
    "ws-corked": "ws, built once, corked",
    "python": "python-socketio",
}


def _python():
    """An environment of the benchmark's own with the Python peer's packages."""
    with open(f"{PEERS}/requirements.txt") as file:
        wanted = file.read()
    stamp = f"{ENVIRONMENT}/requirements.txt"
    if not os.path.exists(stamp) or open(stamp).read() != wanted:
        # Debian's Python comes without what makes environments.
        if not importlib.util.find_spec("ensurepip"):
            subprocess.run([f"{REPOSITORY}/scripts/install-packages", "python3-venv"], check=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
        subprocess.run(
            [f"{ENVIRONMENT}/bin/pip", "install", "--quiet", "--disable-pip-version-check",
             "--requirement", f"{PEERS}/requirements.txt"],
            check=True)
        with open(stamp, "w") as file:
            file.write(wanted)
    return f"{ENVIRONMENT}/bin/python"


class Starter:
    """Gets a server's program once, and starts it as often as it is wanted."""

    def __init__(self, name, skip_build, loops=None):
        self.name, self.title = name, TITLES[name]
        self.environment = {}
        if name == "socketio":
            program = f"{BENCHMARKS}/.build/release/fanout-server" if skip_build else build_product("fanout-server")
            self.command = [program, "--port", "{port}", *(["--loops", str(loops)] if loops else [])]
        elif name == "python":
            # Nothing is logged for a connection or a message; the fast parts of uvicorn[standard].
            self.command = [
                _python(), "-m", "uvicorn", "socketio_server:app", "--app-dir", PEERS, "--host", "127.0.0.1",
                "--port", "{port}", "--loop", "uvloop", "--http", "httptools", "--ws", "websockets",
                "--log-level", "warning", "--no-access-log", "--backlog", "4096"]
            self.environment = {"PYTHONDONTWRITEBYTECODE": "1"}
        else:
            self.command = ["node", f"{PEERS}/ws-server.js"]
            self.environment = {
                "NODE_ENV": "production", "NODE_PATH": fetch_node_modules(),
                "CORK": "1" if name == "ws-corked" else "0"}

    def start(self, folder):
        return Program(self.name, self.title, self.command, self.environment, folder)


def versions():
    """What the peers are made of, in words."""
    found = {}
    packages = subprocess.run(
        [f"{ENVIRONMENT}/bin/pip", "freeze"], capture_output=True, text=True, check=False).stdout if os.path.isdir(
            ENVIRONMENT) else ""
    for line in packages.splitlines():
        name, _, version = line.partition("==")
        if name in ("python-socketio", "uvicorn", "websockets", "uvloop"):
            found[name] = version
    return ", ".join(f"{name} {version}" for name, version in sorted(found.items()))
