"""Pages of the mechanisms: the search over everything."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core import finder


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Everything a fragment matches; a single hit is opened at once."""
    query = request.GET.get("q", "").strip()[:100]
    groups = finder.find(query, request.user)
    hits = [hit for _provider, found in groups for hit in found]
    if len(hits) == 1:
        return redirect(hits[0].url)
    return render(request, "core/search.html", {"query": query, "groups": groups})
