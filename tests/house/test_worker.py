"""A real worker on the configured broker: takes wake-ups, survives being killed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core.models import Heartbeat

pytestmark = [pytest.mark.services, pytest.mark.req("SEC-01")]


def database_url():
    values = connection.settings_dict
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{values['USER']}:{values['PASSWORD']}@{port}/{values['NAME']}?host={values['HOST']}"


@pytest.fixture
def environment(transactional_db, tmp_path):
    """What a worker of the test's own database needs; files and broker folders of its own."""
    redis = {"REDIS_URL": settings.REDIS_URL.rsplit("/", 1)[0] + "/7"} if settings.REDIS_URL else {}
    return os.environ | redis | {"DATABASE_URL": database_url(), "VAR_DIR": str(tmp_path)}


@pytest.fixture
def start_worker(environment):
    started = []

    def start():
        command = ["celery", "-q", "-A", "aftersales", "worker", "-c", "1", "--without-gossip", "--without-mingle"]
        worker = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=settings.BASE_DIR, env=environment, start_new_session=True
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        kill(worker)


def kill(worker):
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def send(environment, task):
    code = f"from aftersales.celery import app; app.send_task({task!r})"
    subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment, check=True, timeout=60)


def seen():
    return Heartbeat.objects.filter(name="worker").exists()


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_a_worker_takes_a_wake_up_and_a_killed_one_is_replaced_without_loss(environment, start_worker):
    worker = start_worker()
    send(environment, "core.tasks.heartbeat")
    assert wait_for(seen)

    kill(worker)
    Heartbeat.objects.all().delete()
    send(environment, "core.tasks.heartbeat")
    assert not seen()

    start_worker()
    assert wait_for(seen)


def test_beat_wakes_the_worker_by_the_table_of_clocks(environment, start_worker):
    from celery import current_app

    start_worker()
    schedule = f"{Path(environment['VAR_DIR'])}/beat"
    command = ["celery", "-q", "-A", "aftersales", "beat", "--pidfile=", "--schedule", schedule]
    quick = "import aftersales.settings as s; s.CELERY_BEAT_SCHEDULE['worker heartbeat']['schedule'] = 0.5"
    code = f"{quick}; import sys; sys.argv = {command!r}; from celery.__main__ import main; main()"
    beat = subprocess.Popen([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=environment)
    try:
        assert wait_for(seen)
    finally:
        beat.kill()
        beat.wait()
    current_app.loader.import_default_modules()
    names = {task for task, _ in settings.SCHEDULE.values()}
    assert names <= set(current_app.tasks), f"no such task: {names - set(current_app.tasks)}"
