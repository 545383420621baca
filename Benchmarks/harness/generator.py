"""The load generator as a child: it says `ready`, waits for the word, says what it measured, and waits again."""

import json
import resource
import select
import subprocess

from .servers import BENCHMARKS

PROGRAM = f"{BENCHMARKS}/.build/release/loadgen"


def raise_descriptor_limit():
    """As far as this process may: its children inherit it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Generator:
    """`with Generator(…) as load:` ends it at the end, whatever happened."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def report(self, state):
        """Its next line, which has to be of this state."""
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the load generator ended early")
        report = json.loads(line)
        if report["state"] != state:
            raise SystemExit(f"the load generator said {report}, not {state}")
        return report

    def has_said_something(self, seconds):
        """Waits so long for its next line. Only good before the first `report`: that one reads ahead."""
        return bool(select.select([self.process.stdout], [], [], seconds)[0])

    def go(self):
        print("go", file=self.process.stdin, flush=True)
