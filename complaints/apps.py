"""Complaints and internal feedback."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"
