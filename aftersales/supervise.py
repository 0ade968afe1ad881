"""`make run`: the embedded database when none is given, then web, worker and beat, each started again when it ends."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from aftersales.embedded import Server

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
STOP_SECONDS = 25
LONGEST_PAUSE = 10.0
CALM_SECONDS = 30
END_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM")


class Child:
    """One program that shall run for ever."""

    def __init__(self, name: str, *command: str):
        self.name = name
        self.command = (*END_WITH_PARENT, *command) if shutil.which(END_WITH_PARENT[0]) else command
        self.pause = 0.5
        self.start_at = 0.0
        self.started_at = 0.0
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the children in order
        )
        threading.Thread(target=self._forward, args=(self.process,), daemon=True).start()

    def look(self) -> None:
        """Start the program when it is due; when it ended, clear what it left and plan its next start."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self._signal(signal.SIGKILL)
        self.pause = 0.5 if now - self.started_at > CALM_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        say(f"{self.name} ended ({code}); starting it again in {self.pause:.0f} s")
        self.process, self.start_at = None, now + self.pause

    def stop(self, deadline: float) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{self.name} does not end; killing it")
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        try:
            if self.process:
                os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def _forward(self, process: "subprocess.Popen[str]") -> None:
        for line in process.stdout or ():
            print(f"{self.name:<7}| {line}", end="", flush=True)


def say(text: str) -> None:
    print(f"run    | {text}", flush=True)


def children() -> list[Child]:
    celery = (str(BIN / "celery"), "--quiet", "-A", "aftersales")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    level = ("--loglevel", os.environ.get("LOG_LEVEL", "WARNING"))
    return [
        Child("web", str(BIN / "gunicorn"), "-c", "deploy/gunicorn.conf.py", "aftersales.wsgi"),
        Child("worker", *celery, "worker", *level, *quiet),
        Child("beat", *celery, "beat", *level, "--pidfile="),
    ]


def announce_when_ready(address: str) -> None:
    """Say where the system is served as soon as it answers."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2)
            break
        except urllib.error.HTTPError:
            break
        except OSError:
            time.sleep(0.1)
    say(f"ready: {address}")
    say("demo users (password demo): dispatcher, engineer, supervisor, manager, admin …; Ctrl-C stops everything")


def port_is_free(port: int) -> bool:
    """Whether nothing listens on the port of this machine yet."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def main() -> int:
    port = int(os.environ.setdefault("PORT", "8000"))
    if not port_is_free(port):
        say(f"port {port} is taken; choose another one: PORT={port + 80} make run")
        return 1
    var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var")
    var_dir.mkdir(parents=True, exist_ok=True)
    lock = open(var_dir / "run.lock", "w")  # noqa: SIM115  (held until the process ends)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say(f"already running with the data in {var_dir}")
        return 1
    server = None if os.environ.get("DATABASE_URL") else Server(var_dir / "postgres")
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    if server:
        server.start()
        os.environ["DATABASE_URL"] = server.url
    try:
        prepared = prepare(stopping)
        if prepared != 0 or stopping.is_set():
            return prepared
        return serve(children(), server, stopping)
    finally:
        if server:
            server.stop()
        say("stopped")


def prepare(stopping: threading.Event) -> int:
    """Tables, policy data, static files and, once, the demo; given up when told to stop."""
    process = subprocess.Popen([sys.executable, "bin/prepare.py", "--demo"], cwd=ROOT)
    while process.poll() is None:
        if stopping.wait(0.1):
            process.terminate()
    return process.returncode


def serve(programs: list[Child], server: Server | None, stopping: threading.Event) -> int:
    """Keep the programs, and the embedded server, running until told to stop."""
    address = f"http://localhost:{os.environ['PORT']}"
    threading.Thread(target=announce_when_ready, args=(address,), daemon=True).start()
    looks = 0
    while not stopping.wait(0.2):
        for program in programs:
            program.look()
        looks += 1
        if server and looks % 25 == 0 and not server.answers() and server.start():
            say("the embedded database had ended; started it again")
    say("stopping …")
    deadline = time.monotonic() + STOP_SECONDS
    for program in reversed(programs):
        program.stop(deadline)
    return 0


if __name__ == "__main__":
    sys.exit(main())
