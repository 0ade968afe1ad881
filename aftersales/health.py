"""The health check: database, broker, and when the worker was last seen."""

import time
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.models import Heartbeat

PROBE_SECONDS = 2
WORKER_SILENT_SECONDS = 300


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """`status` is ok, degraded (worker silent) or down (database or broker fail; answered with 503)."""
    database, seen_at = _database()
    broker = _broker()
    silent = seen_at is None or time.time() - seen_at.timestamp() > WORKER_SILENT_SECONDS
    status = "down" if "down" in (database, broker) else "degraded" if silent else "ok"
    body = {"status": status, "database": database, "broker": broker, "worker_seen_at": seen_at}
    return JsonResponse(body, status=503 if status == "down" else 200)


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "ok", Heartbeat.objects.filter(name="worker").values_list("seen_at", flat=True).first()
    except DatabaseError:
        return "down", None


def _broker():
    if not settings.REDIS_URL:
        return "ok" if Path(settings.BROKER_DIR, "queue").is_dir() else "down"
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=PROBE_SECONDS, socket_connect_timeout=PROBE_SECONDS, retry=None
        )
        client.ping()
        return "ok"
    except redis.RedisError:
        return "down"
