"""A PostgreSQL of the tests' own: on loopback only, fsync on, killed and restarted at will."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import psycopg

from server import eventually, free_port, kill_postgres, temporary_folder


def programs() -> Path:
    """The newest version's folder of Debian, or where initdb is on the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    assert found, "PostgreSQL's initdb is not installed"
    return Path(found).parent


def as_postgres(command: list) -> list[str]:
    """PostgreSQL refuses to run as root. setpriv becomes the program, so the process id stays that of PostgreSQL."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *words]


class Postgres:
    def __init__(self):
        self.folder = temporary_folder("postgres")
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        subprocess.run(
            as_postgres([programs() / "initdb", "-D", self.folder / "data", "-U", "postgres", "--auth=trust",
                         "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]),
            cwd="/", check=True, capture_output=True)

    def start(self):
        self.process = subprocess.Popen(
            as_postgres([programs() / "postgres", "-D", self.folder / "data", "-p", self.port,
                         "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                         "-c", "max_connections=200", "-c", "logging_collector=off"]),
            cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.folder / "postgres.log", "ab"))
        eventually("PostgreSQL answers", self._answers, 30)
        return self

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "postgres.log").read_text()[-2000:]
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            return True
        except psycopg.OperationalError:
            return False

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, options: str = "") -> str:
        """Makes an empty database, with the options of CREATE DATABASE, and answers its URL."""
        self.execute(f'CREATE DATABASE "{database}" {options}')
        return self.url(database)

    def execute(self, command: str):
        """A superuser's command, by itself."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(command)

    def kill(self):
        kill_postgres(self.process.pid)
        self.process.wait(10)

    def stop(self):
        """A fast shutdown (SIGINT): sessions are ended, everything is written."""
        if self.process.poll() is None:
            self.process.send_signal(2)
            self.process.wait(20)

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Restorable(Postgres):
    """A PostgreSQL whose disk can be put aside and brought back."""

    def back_up(self):
        # Everything is on the disk then, and nobody writes.
        self.execute("CHECKPOINT")
        self.copy("data", "backup")
        (self.folder / "backup" / "postmaster.pid").unlink()

    def restore(self):
        """PostgreSQL must have ended."""
        self.copy("backup", "data")

    def copy(self, source: str, target: str):
        shutil.rmtree(self.folder / target, ignore_errors=True)
        subprocess.run(["cp", "-a", self.folder / source, self.folder / target], check=True)


def rows(url: str, query: str, *values) -> list[dict]:
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        return connection.execute(query, values).fetchall()
