"""The story on the pages of a customer and of a machine: everything that happened, by kind and page (CUS-03)."""

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import history, paging, refs, stories
from customers.models import Equipment

SIZE = 30
VIEWS = {
    "": (_("All"), ()),
    "work": (_("Calls and repairs"), ("call.", "ticket.", "order.", "visit.", "report.", "timer.")),
    "voice": (_("Follow-ups and complaints"), ("followup.", "complaint.", "card.", "survey.")),
    "training": (_("Training"), ("training.", "session.", "certificate.")),
    "file": (_("File and meter"), ("customer.", "equipment.", "contract.", "meter.", "warranty.")),
}


def story(request: HttpRequest, record: Any) -> dict[str, Any]:
    """Rows, views and page of the story that the request asks for."""
    view = request.GET.get("story", "")
    view = view if view in VIEWS else ""
    entries = history.about(record, reader=request.user)
    prefixes = VIEWS[view][1]
    if prefixes:
        wanted = Q()
        for prefix in prefixes:
            wanted |= Q(kind__startswith=prefix)
        entries = entries.filter(wanted)
    page = paging.page(entries, ("-at", "-id"), request.GET.get("cursor", ""), SIZE)
    tabs = [
        {"label": label, "url": f"?story={code}#story" if code else "?#story", "current": code == view}
        for code, (label, _prefixes) in VIEWS.items()
    ]
    return {"rows": _with_machines(page.rows, record), "page": page, "views": tabs}


def _with_machines(entries: list[Any], record: Any) -> list[stories.Row]:
    """Rows of the story; on a customer's page what happened to a machine begins with its serial number."""
    rows = stories.tell(entries, here=record)
    if isinstance(record, Equipment):
        return rows
    keys = {refs.ref(machine): machine.serial for machine in record.equipment.filter(pk__in=_machine_keys(entries))}
    told = []
    for entry, row in zip(entries, rows, strict=True):
        serial = keys.get(entry.subject, "")
        told.append(replace(row, text=f"{serial}: {row.text}") if serial and serial not in row.text else row)
    return told


def _machine_keys(entries: list[Any]) -> list[int]:
    subjects = (entry.subject.partition(":") for entry in entries)
    return [int(key) for name, _colon, key in subjects if name == "equipment"]
