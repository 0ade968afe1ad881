"""Runs a command with the database that is configured, starting the embedded one for its duration when none is:

.venv/bin/python bin/with_database.py .venv/bin/python manage.py shell
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from aftersales.embedded import Server  # noqa: E402


def main(command):
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    server = Server(Path(os.environ.get("VAR_DIR") or ROOT / "var") / "postgres")
    started = server.start()
    try:
        return subprocess.run(command, check=False, env=os.environ | {"DATABASE_URL": server.url}).returncode
    finally:
        if started:
            server.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
