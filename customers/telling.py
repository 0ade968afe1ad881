"""The story on the pages of a customer and of a machine: everything that happened, by kind and page (CUS-03)."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core import history, paging, stories

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
    entries = history.about(record)
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
    return {"rows": stories.tell(page.rows, here=record), "page": page, "views": tabs}
