"""A network namespace in which the way to one address can lose all packets, for tests that play in it.

As a program (`lossy_network.py USER COMMAND…`, as root in a new namespace) it prepares the namespace and becomes the
command, as that user.
"""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Both are loopback's. The first is always reached.
SAFE, LOSSY = "127.0.0.2", "127.0.0.3"
_AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n", "-E"]
_PRIORITY = "5"


def play(suite: Path):
    """Plays a suite in a namespace of its own; skips where this user can't have one."""
    user = pwd.getpwuid(os.geteuid()).pw_name
    enter = [*_AS_ROOT, "unshare", "--net", sys.executable, __file__, user]
    if not shutil.which(enter[0]):
        pytest.skip(f"no network namespace to be had without {enter[0]}")
    trial = subprocess.run([*enter, "true"], capture_output=True, text=True)
    if trial.returncode != 0:
        pytest.skip(f"no network namespace to be had: {trial.stderr.strip()}")
    subprocess.run(
        [*enter, sys.executable, "-m", "pytest", "-c", suite.parents[1] / "pytest.ini", suite], check=True, timeout=300)


class Packets:
    """What passes between a program and the lossy address. As a Relay, but in the kernel: connections stand, and packets
    are sent again until they come through."""

    def __init__(self, port: int):
        self.url = f"redis://{LOSSY}:{port}"

    def hold(self):
        for direction in ("to", "from"):
            _ip("rule", "add", direction, LOSSY, "blackhole", "priority", _PRIORITY)

    def release(self):
        for direction in ("to", "from"):
            # There is none if nothing was held.
            _ip("rule", "del", direction, LOSSY, "priority", _PRIORITY, check=False)

    def close(self):
        pass


def _ip(*arguments: str, check=True):
    subprocess.run([*_AS_ROOT, "ip", *arguments], check=check, capture_output=not check)


def _prepare():
    _ip("link", "set", "lo", "up")
    # Rules are asked in order, and the one for this machine's own addresses comes first.
    _ip("rule", "add", "lookup", "local", "priority", str(2 * int(_PRIORITY)))
    _ip("rule", "del", "priority", "0")


def _become(user: str):
    entry = pwd.getpwnam(user)
    if entry.pw_uid == os.geteuid():
        return
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    _prepare()
    _become(sys.argv[1])
    os.execvp(sys.argv[2], sys.argv[2:])
