"""The health check and the headers every answer carries."""

import datetime as dt

import pytest
from django.db import DatabaseError
from django.utils import timezone

from core.models import Heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.services]


def test_health_names_database_broker_and_worker(client):
    seen_at = timezone.now()
    Heartbeat.objects.update_or_create(name="worker", defaults={"seen_at": seen_at})
    answer = client.get("/healthz")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "ok"
    assert body["database"] == "ok"
    assert body["broker"] == "ok"
    assert dt.datetime.fromisoformat(body["worker_seen_at"]) - seen_at < dt.timedelta(seconds=1)


def test_health_is_degraded_while_the_worker_is_silent(client):
    Heartbeat.objects.filter(name="worker").delete()
    assert client.get("/healthz").json()["status"] == "degraded"
    Heartbeat.objects.create(name="worker", seen_at=timezone.now() - dt.timedelta(minutes=10))
    assert client.get("/healthz").json()["status"] == "degraded"


def test_health_is_down_without_a_broker_and_does_not_hang(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "down"


def test_health_is_down_without_a_database(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError("no connection")

    monkeypatch.setattr("aftersales.health.connection.cursor", refuse)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "down", "broker": "ok", "worker_seen_at": None}


def test_every_answer_carries_a_strict_content_security_policy(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "https:" not in policy
    for part in ("default-src 'self'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in policy
