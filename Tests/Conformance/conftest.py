"""A live server on a fresh database, or the one that LETSCHAT_URL names, and the ledger of what was shown.

That one runs with RATE_LIMIT_SCALE=0: the suite asks more than one user may."""

import os
from pathlib import Path

import pytest

from postgres import Postgres
from ledger import Ledger
from server import ForeignServer, Server

HERE = Path(__file__).parent
LAST = ("test_generated_validators.py", "test_coverage.py")


def pytest_collection_modifyitems(items):
    """The counting comes last, after all that it counts."""
    own = [item for item in items if item.path.parent == HERE]
    others = [item for item in items if item.path.parent != HERE]
    own.sort(key=lambda item: LAST.index(item.path.name) + 1 if item.path.name in LAST else 0)
    items[:] = own + others


@pytest.fixture(scope="session")
def ledger():
    return Ledger()


@pytest.fixture(scope="session")
def server():
    if os.environ.get("LETSCHAT_URL"):
        yield ForeignServer(os.environ["LETSCHAT_URL"])
        return
    # PostgreSQL is the suite's own, so that a message can be made older than the edit window.
    postgres = Postgres().start()
    server = Server(name="conformance", database_url=postgres.create("letschat"))
    try:
        server.start()
        yield server
        server.close()
    finally:
        if server.process and server.process.poll() is None:
            server.process.kill()
        postgres.close()


@pytest.fixture(scope="session")
def url(server):
    return server.url
