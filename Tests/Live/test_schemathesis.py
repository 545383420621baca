"""Schemathesis, which knows nothing of us, against the running server: all of its checks, as a real user.

It makes requests that keep the specification and requests that break it, and follows them in the order that the links
between operations suggest. It finds no 5xx and no answer outside of the specification. The seed is fixed; the log of the
server is looked at as well (Tests/Live/conftest.py).
"""

import subprocess
import sys
from pathlib import Path

from api import people

EXAMPLES = 25


def test_schemathesis_finds_nothing(url, tmp_path):
    (ada,) = people(url, "ada")
    done = subprocess.run(
        [Path(sys.executable).with_name("schemathesis"), "run", f"{url}/api/openapi.json", "--url", f"{url}/api",
         "--header", f"Authorization: Bearer {ada.token}", "--checks", "all", "--max-examples", str(EXAMPLES),
         "--seed", "20260302", "--generation-deterministic", "--generation-database", "none", "--workers", "2",
         "--no-color", "--request-timeout", "10", "--max-failures", "20"],
        cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
