"""sweep.py BINARY: runs its `sweep-checks` on a PostgreSQL of its own, once without limits and once for them.

They are made smaller, so that they are used up sooner; but two persons must be able to register."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Live"))

from postgres import Postgres  # noqa: E402
from server import SECRET, free_port, temporary_folder  # noqa: E402


SCALES = ("0", "0.4")


def sweep(database: str, scale: str) -> int:
    environment = os.environ | {
        "DATABASE_URL": database, "PORT": str(free_port()), "RATE_LIMIT_SCALE": scale,
        "DATA_DIR": str(temporary_folder("sweep")), "JWT_SECRET": SECRET, "LOG_LEVEL": "error",
    }
    return subprocess.run(
        [sys.argv[1], "sweep-checks", "--unnoticed", HERE / "unnoticed.txt"], env=environment).returncode


def main() -> int:
    postgres = Postgres().start()
    try:
        return max(sweep(postgres.create(f"scale{place}"), scale) for place, scale in enumerate(SCALES))
    finally:
        postgres.close()


if __name__ == "__main__":
    sys.exit(main())
