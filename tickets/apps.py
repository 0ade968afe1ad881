"""Calls, tickets, fault cases, dispatch orders, visits."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TicketsConfig(AppConfig):
    name = "tickets"

    def ready(self) -> None:
        """Declare stories, references, menu, search box, who may open files; readers that print and watch rights."""
        from core import finder, history, readers, uploads
        from customers import importing, panels
        from sla import histories
        from tickets import causes, links, menu, permissions, rights, searching, stories, tasks, timers
        from tickets import histories as own_histories
        from tickets.imports import RepairImporter

        history.declare(stories.KINDS)
        links.register()
        uploads.register_owner("tickets", permissions.may_see_file)
        finder.register("tickets", _("Tickets"), "ticket", searching.tickets, order=30)
        finder.register("orders", _("Dispatch orders"), "send", searching.orders, order=40)
        menu.register()
        panels.register("ticket", "tickets:cause", 5)
        importing.register(RepairImporter())
        histories.register("ticket", own_histories.cases)
        readers.register("tickets.papers", tasks.REPORTED, tasks.issue_papers)
        readers.register("tickets.deadlines", {"timer.moved"}, timers.read_moved)
        readers.register("tickets.rights", rights.KINDS, rights.read)
        readers.register("tickets.causes", causes.KINDS, causes.read)
