"""Two suite servers: one with the heartbeat of the official suites, one for clients that may be slow for a moment."""

import pytest

from suite_server import SuiteServer

# The official clients' defaults: a full machine delays a pong by more than 200 ms.
CALM = {"ping_interval": 25_000, "ping_timeout": 20_000}


@pytest.fixture(scope="session")
def strict():
    """The options of the official suites; the address."""
    server = SuiteServer()
    yield server.url
    server.close()


@pytest.fixture(scope="session")
def calm():
    """With a heartbeat that nothing waits for; the address."""
    server = SuiteServer(**CALM)
    yield server.url
    server.close()


@pytest.fixture(scope="session")
def recovering():
    """With connection state recovery; the address."""
    server = SuiteServer(**CALM, recovery=120_000)
    yield server.url
    server.close()
