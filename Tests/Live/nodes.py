"""Two servers on one PostgreSQL and one Redis."""

import httpx

from api import Person
from redis_server import Redis
from server import SECRET, Server, eventually
from sockets import Connection


class Nodes:
    def __init__(self, database: str):
        self.redis = Redis().start()
        self.database = database
        environment = {"JWT_SECRET": SECRET, "REDIS_URL": self.redis.url}
        self.servers = [
            Server(name=f"node{number}", database_url=database, environment=environment).start() for number in (1, 2)]
        self.urls = [server.url for server in self.servers]
        for url in self.urls:
            eventually("it hears the others", lambda: readiness(url).get("redis") == "up")

    def close(self):
        self.redis.thaw() if self.redis.process.poll() is None else None
        try:
            for server in self.servers:
                server.close()
        finally:
            self.redis.close()


def readiness(url: str) -> dict:
    answer = httpx.get(f"{url}/api/health?ready=1")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def connect(person: Person, url: str) -> Connection:
    return await Connection(url, person.token).open()
