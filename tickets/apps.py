"""Calls, tickets, fault cases, dispatch orders, visits."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        """Declare stories, references, menu entries, the reader that prints, and who may open files of this app."""
        from core import history, readers, uploads
        from customers import importing
        from tickets import links, menu, permissions, stories, tasks
        from tickets.imports import RepairImporter

        history.declare(stories.KINDS)
        links.register()
        uploads.register_owner("tickets", permissions.may_see_file)
        menu.register()
        importing.register(RepairImporter())
        readers.register("tickets.papers", tasks.REPORTED, tasks.issue_papers)
