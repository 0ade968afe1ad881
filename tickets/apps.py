"""Calls, tickets, fault cases, dispatch orders, visits."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        """Declare stories, references and who may open the files of this app."""
        from core import history, uploads
        from tickets import links, permissions, stories

        history.declare(stories.KINDS)
        links.register()
        uploads.register_owner("tickets", permissions.may_see_file)
