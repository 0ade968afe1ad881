"""`make run`: the embedded database comes back after a crash, and programs that end are started again."""

import os
import signal
import sys
import time

import psycopg2
import pytest

from aftersales import supervise
from aftersales.embedded import Server
from aftersales.environment import SOCKET_PATH_LIMIT, database, flag, secret_key, socket_dir, words

pytestmark = pytest.mark.req("SEC-01")


@pytest.fixture
def server(tmp_path_factory):
    server = Server(tmp_path_factory.getbasetemp() / f"pg-{time.monotonic_ns()}" / "postgres")
    yield server
    server.stop()


def value_of(server, statement):
    values = database(server.url)
    connection = psycopg2.connect(host=values["HOST"], user=values["USER"], dbname=values["NAME"])
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_the_embedded_database_keeps_what_was_committed_when_it_is_killed(server):
    assert server.start() is True
    assert server.start() is False
    value_of(server, "CREATE TABLE kept AS SELECT 42 AS number")
    pid_file = server.data_dir / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    while server.answers():
        time.sleep(0.05)
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))  # the number belongs to somebody else by now
    assert server.start() is True
    assert value_of(server, "SELECT number FROM kept") == 42
    server.stop()
    assert not server.answers()


@pytest.fixture
def say(monkeypatch):
    said = []
    monkeypatch.setattr(supervise, "say", said.append)
    return said


def look_until(child, condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        child.look()
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_a_program_that_ends_is_started_again(say):
    child = supervise.Child("web", sys.executable, "-c", "import time; time.sleep(600)")
    assert look_until(child, lambda: child.process is not None)
    first = child.process
    os.killpg(first.pid, signal.SIGKILL)
    assert look_until(child, lambda: child.process not in (None, first))
    assert say
    child.stop(time.monotonic() + 10)
    assert child.process.poll() is not None


def test_a_program_that_ends_at_once_is_not_started_without_pause(say):
    child = supervise.Child("web", sys.executable, "-c", "raise SystemExit(3)")
    assert look_until(child, lambda: len(say) >= 2)
    assert child.pause > 1
    assert child.start_at > time.monotonic()


def test_a_program_that_does_not_listen_is_killed_in_time(say):
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    child = supervise.Child("worker", sys.executable, "-c", stubborn)
    child.start()
    time.sleep(1)
    child.stop(time.monotonic() + 0.5)
    assert child.process.wait(5) is not None


def test_the_environment_is_read_as_documented(monkeypatch, tmp_path):
    monkeypatch.setenv("ANSWER", "Yes")
    monkeypatch.setenv("HOSTS", "a.example, b.example,")
    assert flag("ANSWER")
    assert not flag("NOT_SET")
    assert words("HOSTS") == ["a.example", "b.example"]
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = secret_key(tmp_path)
    assert len(key) > 50
    assert secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_database_urls_are_understood():
    values = database("postgresql://some%40one:p%2Fw@db.example:6432/service?sslmode=require")
    assert values["USER"] == "some@one"
    assert values["PASSWORD"] == "p/w"
    assert (values["HOST"], values["PORT"], values["NAME"]) == ("db.example", "6432", "service")
    assert values["OPTIONS"] == {"sslmode": "require"}
    assert database("postgresql://me@/name?host=/var/run/pg")["HOST"] == "/var/run/pg"
    with pytest.raises(ValueError, match="postgresql"):
        database("mysql://me@host/name")


def test_a_long_way_to_the_data_gets_a_short_socket(tmp_path):
    assert socket_dir(tmp_path) == tmp_path.resolve()
    long = tmp_path / ("x" * SOCKET_PATH_LIMIT)
    assert len(str(socket_dir(long))) < SOCKET_PATH_LIMIT
