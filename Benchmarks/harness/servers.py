"""The servers of the comparison: how each is got, started and filled. They are driven over the same protocol."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import time

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPOSITORY = os.path.dirname(BENCHMARKS)
CACHE = f"{BENCHMARKS}/.build/node-peer"


def build_letschat():
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", "letschat", "--static-swift-stdlib", "-j", "2"],
        check=True, cwd=REPOSITORY)
    return f"{REPOSITORY}/.build/release/letschat"


def build_product(name):
    """Builds an executable of the benchmarks' own package, for release."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--product", name, "--static-swift-stdlib",
         "--package-path", BENCHMARKS, "-j", "2"],
        check=True)
    return f"{BENCHMARKS}/.build/release/{name}"


def fetch_node_modules():
    """Unpacks Debian's own packages of the peer's libraries into a cache; nothing is installed.

    Installing them would pull Debian's nodejs in, which conflicts with a nodejs from elsewhere. They are plain
    JavaScript, so they run with whichever `node` there is."""
    if not shutil.which("node"):
        prefix = [] if os.geteuid() == 0 else ["sudo"]
        subprocess.run([*prefix, "apt-get", "install", "-y", "--no-install-recommends", "nodejs"], check=True)
    with open(f"{BENCHMARKS}/node-peer/packages.txt") as file:
        packages = file.read().split()
    stamp = f"{CACHE}/packages.txt"
    modules = f"{CACHE}/root/usr/share/nodejs"
    if os.path.exists(stamp) and open(stamp).read().split() == packages:
        return modules
    shutil.rmtree(CACHE, ignore_errors=True)
    os.makedirs(f"{CACHE}/archives")
    download = subprocess.run(
        ["apt-get", "download", "-q", *packages], cwd=f"{CACHE}/archives", capture_output=True, text=True)
    if download.returncode != 0:
        raise SystemExit(f"the peer's packages can't be had (apt-get update?):\n{download.stderr}")
    for archive in sorted(os.listdir(f"{CACHE}/archives")):
        subprocess.run(["dpkg-deb", "-x", f"{CACHE}/archives/{archive}", f"{CACHE}/root"], check=True)
    with open(stamp, "w") as file:
        file.write("\n".join(packages) + "\n")
    return modules


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A running server of whatever kind, at `self.port` of 127.0.0.1."""

    def __init__(self, name, title, command, environment, folder):
        self.name, self.title = name, title
        self.port = _free_port()
        self.log = f"{folder}/{name}.log"
        command = [part.replace("{port}", str(self.port)) for part in command]
        environment = {**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(self.port)}
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._wait_until_ready()

    def _wait_until_ready(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        with open(self.log, errors="replace") as log:
            raise SystemExit(f"{self.title} did not start:\n{log.read()[-4000:]}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def pid(self):
        return self.process.pid

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"


SECRET = "a secret of the benchmark, of 32 octets and more"


class Server(Program):
    """A server with a database. `name` is also the database's."""

    def __init__(self, name, title, command, environment, postgres, folder):
        self.postgres = postgres
        postgres.query(f"CREATE DATABASE {name}")
        environment = {**environment, "DATABASE_URL": postgres.url(name), "JWT_SECRET": SECRET}
        super().__init__(name, title, command, environment, folder)


def start_letschat(binary, postgres, folder, name="letschat"):
    command = [binary, "serve", "--data-dir", f"{folder}/{name}-data"]
    # The peer limits nothing and keeps no access log, so neither does letschat here.
    environment = {"RATE_LIMIT_SCALE": "0", "LOG_LEVEL": "warning"}
    return Server(name, "Let'sChat", command, environment, postgres, folder)


def start_node(modules, postgres, folder):
    environment = {"NODE_ENV": "production", "NODE_PATH": modules}
    return Server("node", "Node", ["node", f"{BENCHMARKS}/node-peer/server.js"], environment, postgres, folder)


class Population:
    """The accounts and chats of a server, made over its own API: 50 senders, each in a direct chat with the same
    silent partner, and a group of the first sender and the partner for the row that reads."""

    SENDERS = 50

    def __init__(self, server):
        self.server = server
        self.tokens = {}
        self.signed_in = 0.0
        names = ["partner", *(f"sender_{i}" for i in range(self.SENDERS))]
        ids = {}
        for name in names:
            answer = self._call("POST", "/api/auth/register", 201, {
                "email": f"{name}@example.org", "username": name, "password": self._password(name),
                "display_name": name.replace("_", " ").title()})
            self.tokens[name] = answer["access_token"]
            ids[name] = answer["user"]["id"]
        self.signed_in = time.monotonic()
        self.chats = {}
        for name in names[1:]:
            body = {"type": "direct", "member_ids": [ids["partner"]]}
            self.chats[name] = self._call("POST", "/api/chats", 201, body, self.tokens[name])["id"]
        body = {"type": "group", "name": "Pages", "member_ids": [ids["partner"]]}
        self.page_chat = self._call("POST", "/api/chats", 201, body, self.tokens["sender_0"])["id"]

    @staticmethod
    def _password(name):
        return f"a longer word of {name}"

    def _call(self, method, path, expected, body=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, json.dumps(body), headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status != expected:
            raise SystemExit(f"{self.server.title}: {method} {path} answered {response.status}: {answer[:500]}")
        return json.loads(answer)

    def refresh(self):
        """Signs everybody in again before the access tokens, which live 15 minutes, run out."""
        if time.monotonic() - self.signed_in < 8 * 60:
            return
        for name in self.tokens:
            body = {"identifier": name, "password": self._password(name)}
            self.tokens[name] = self._call("POST", "/api/auth/login", 200, body)["access_token"]
        self.signed_in = time.monotonic()

    def senders(self):
        return [{"token": self.tokens[name], "chat_id": chat} for name, chat in self.chats.items()]

    def page_sender(self):
        return [{"token": self.tokens["sender_0"], "chat_id": self.page_chat}]

    def me_requests(self):
        return [{"path": "/api/auth/me", "token": self.tokens[name]} for name in self.chats]

    def page_requests(self):
        path = f"/api/chats/{self.page_chat}/messages?limit=50"
        return [{"path": path, "token": self.tokens[name]} for name in ("sender_0", "partner")]
