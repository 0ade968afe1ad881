"""Calls, tickets, fault cases, dispatch orders, visits."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
