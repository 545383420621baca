"""Played by test_cluster.py in a network of its own."""

import pytest

from lossy_network import LOSSY, SAFE, Packets
from nodes import Nodes
from redis_server import Redis
from test_cluster import live_through, ten_seconds_without

PORT = 6379


@pytest.fixture
def nodes(new_database):
    nodes = Nodes(new_database(), Redis([SAFE, LOSSY], PORT), Packets(PORT))
    yield nodes
    nodes.close()


async def test_one_node_loses_all_packets_to_redis_and_from_it(nodes):
    await live_through(nodes, ten_seconds_without(nodes.relay.hold, nodes.relay.release), 8)
