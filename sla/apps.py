"""Promises, working clocks, timers, escalation."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "sla"
