"""Outgoing messages: template, delivery, channel."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
