"""The real server to measure: gunicorn as in `make run`, two workers, on a free port."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
START_SECONDS = 60


class Server:
    """A running gunicorn."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.process = process

    def peak_memory(self) -> float:
        """The most memory that a worker has held so far, in MiB, what it shares with others included."""
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return max(_peak(pid) for pid in text.split())


@contextmanager
def server() -> Iterator[Server]:
    """Serve while the block lasts."""
    port = _free_port()
    environment = {**os.environ, "PORT": str(port), "BIND": "127.0.0.1", "WEB_WORKERS": str(WORKERS)}
    environment.update(DEBUG="", SITE_URL=f"http://localhost:{port}", LOG_LEVEL="ERROR")
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--log-level", "error"]
    process = subprocess.Popen([*command, "aftersales.bench.wsgi"], cwd=ROOT, env=environment)
    try:
        _wait(port, process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/floor/", timeout=5).read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server to be measured does not answer")


def _peak(pid: str) -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0
