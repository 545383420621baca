"""A PostgreSQL of the run's own: unix socket only, fsync and synchronous_commit on."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile

from . import processes

SETTINGS = """
listen_addresses = ''
fsync = on
synchronous_commit = on
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = none
# No checkpoint falls into one server's window and not into the other's.
max_wal_size = 4GB
checkpoint_timeout = 1h
"""


class Postgres:
    def __init__(self, parent):
        folders = glob.glob("/usr/lib/postgresql/*/bin")
        if not folders:
            raise SystemExit("PostgreSQL is missing: apt-get install postgresql")
        self.bin = max(folders, key=lambda path: int(path.split("/")[4]))
        self.pid = None
        # PostgreSQL refuses to run as root: its own user runs it then.
        self.prefix = []
        if os.geteuid() == 0:
            try:
                user = pwd.getpwnam("postgres")
            except KeyError:
                raise SystemExit("the user `postgres` is missing: apt-get install postgresql") from None
            self.prefix = ["runuser", "-u", "postgres", "--"]
        self.folder = tempfile.mkdtemp(prefix="letschat-bench-", dir=parent)
        self.data = f"{self.folder}/data"
        if self.prefix:
            os.chown(self.folder, user.pw_uid, user.pw_gid)

    def _run(self, *command):
        subprocess.run(
            [*self.prefix, *command], check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

    def start(self):
        self._run(
            f"{self.bin}/initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        with open(f"{self.data}/postgresql.conf", "a") as file:
            file.write(f"{SETTINGS}unix_socket_directories = '{self.folder}'\n")
        self._run(f"{self.bin}/pg_ctl", "-D", self.data, "-l", f"{self.folder}/log", "-w", "start")
        with open(f"{self.data}/postmaster.pid") as file:
            self.pid = int(file.readline())
        self.query("CREATE EXTENSION pg_stat_statements")

    def stop(self):
        if self.pid:
            self._run(f"{self.bin}/pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def query(self, *statements, database="postgres"):
        """Rows of the last statement, as lists of texts."""
        command = [f"{self.bin}/psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", self.folder, "-U", "postgres", "-d", database]
        for statement in statements:
            command += ["-c", statement]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return [line.split("\t") for line in output.splitlines() if line]

    def version(self):
        return self.query("SHOW server_version")[0][0]

    def cpu_seconds(self):
        return processes.family_cpu_seconds(self.pid)

    def count_statements(self, on):
        """Counting costs each statement a little, so it is on only in the windows that count."""
        self.query(
            f"ALTER SYSTEM SET pg_stat_statements.track = '{'top' if on else 'none'}'", "SELECT pg_reload_conf()")

    def counters(self, database):
        """What the database's statistics say; the syncs are all of PostgreSQL's."""
        row = self.query(f"""
            SELECT (SELECT coalesce(sum(s.calls), 0) FROM pg_stat_statements s WHERE s.dbid = d.datid),
                   d.xact_commit, d.xact_rollback, w.wal_sync, w.wal_bytes
            FROM pg_stat_database d, pg_stat_wal w WHERE d.datname = '{database}'""")[0]
        names = ("statements", "commits", "rollbacks", "syncs", "wal_octets")
        return dict(zip(names, map(float, row)))
