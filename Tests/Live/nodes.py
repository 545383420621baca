"""Two servers on one PostgreSQL and one Redis."""

import httpx

from api import Person
from lossy_network import Packets
from redis_server import Redis
from relay import Relay
from server import SECRET, Server, eventually
from sockets import Connection


class Nodes:
    """`second` is the second node's way to the database, if it is another."""

    def __init__(self, database: str, redis: Redis | None = None, relay: Relay | Packets | None = None,
                 second: str | None = None, outage_expected=False):
        self.redis = (redis or Redis()).start()
        # The second node's way to it.
        self.relay = relay or Relay(str(self.redis.socket))
        self.database = database
        self.servers = [
            Server(
                name=f"node{number}", database_url=own, outage_expected=outage_expected,
                environment={"JWT_SECRET": SECRET, "REDIS_URL": url}).start()
            for number, own, url in ((1, database, self.redis.url), (2, second or database, self.relay.url))]
        self.urls = [server.url for server in self.servers]
        self.hear()

    def hear(self):
        """Waits until each hears the others."""
        for url in self.urls:
            eventually("it hears the others", lambda: readiness(url).get("redis") == "up")

    def close(self):
        self.relay.release()
        if self.redis.process.poll() is None:
            self.redis.thaw()
        try:
            for server in self.servers:
                server.close()
        finally:
            self.relay.close()
            self.redis.close()


def readiness(url: str) -> dict:
    answer = httpx.get(f"{url}/api/health?ready=1")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def connect(person: Person, url: str) -> Connection:
    return await Connection(url, person.token).open()
