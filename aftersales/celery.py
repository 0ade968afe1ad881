"""The Celery app. Tasks only wake actions up; the rows in the database are the truth."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")

app = Celery("aftersales")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def _be_seen_at_once(**_: object) -> None:
    """A worker that has just come up is seen without waiting for the next beat."""
    app.send_task("core.tasks.heartbeat", expires=60)
