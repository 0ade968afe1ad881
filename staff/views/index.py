"""The index of the settings."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff import settings_index


@require_safe
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    """All pages of settings that are open to the person."""
    return render(request, "staff/settings.html", {"sections": settings_index.for_user(request.user)})
