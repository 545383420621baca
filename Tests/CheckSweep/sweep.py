"""sweep.py BINARY: runs its `sweep-checks` on a PostgreSQL of its own."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Live"))

from postgres import Postgres  # noqa: E402
from server import SECRET, free_port, temporary_folder  # noqa: E402


def main() -> int:
    postgres = Postgres().start()
    try:
        environment = os.environ | {
            "DATABASE_URL": postgres.create("letschat"), "PORT": str(free_port()), "RATE_LIMIT_SCALE": "0",
            "DATA_DIR": str(temporary_folder("sweep")), "JWT_SECRET": SECRET, "LOG_LEVEL": "error",
        }
        return subprocess.run(
            [sys.argv[1], "sweep-checks", "--unnoticed", HERE / "unnoticed.txt"], env=environment).returncode
    finally:
        postgres.close()


if __name__ == "__main__":
    sys.exit(main())
