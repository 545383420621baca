"""One PostgreSQL and one server for the suites that don't kill anything."""

import itertools

import pytest

from postgres import Postgres
from nodes import Nodes
from server import SECRET, Server

_databases = itertools.count(1)


@pytest.fixture(scope="session")
def postgres():
    postgres = Postgres().start()
    yield postgres
    postgres.close()


@pytest.fixture(scope="session")
def new_database(postgres):
    """Makes an empty database and answers its URL."""
    return lambda: postgres.create(f"letschat_{next(_databases)}")


@pytest.fixture(scope="session")
def server(new_database):
    server = Server(database_url=new_database(), environment={"JWT_SECRET": SECRET})
    server.start()
    yield server
    server.close()


@pytest.fixture
def own_server():
    """Makes servers for one test, which closes them. If it fails, none is left behind."""
    servers = []

    def make(**options) -> Server:
        servers.append(Server(**options))
        return servers[-1]

    yield make
    for server in servers:
        server.discard()


@pytest.fixture(scope="session")
def secret():
    return SECRET


@pytest.fixture(scope="session")
def url(server):
    return server.url


@pytest.fixture
def nodes(new_database):
    nodes = Nodes(new_database())
    yield nodes
    nodes.close()
