"""Answers to requests that nobody could serve: programs get JSON, people get a page."""

import sys
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

RETRY_AFTER_SECONDS = 5


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read at all: 400, or 413 when it is too large."""
    if not _is_program(request):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return JsonResponse({"detail": _("The request is too large.")}, status=413)
    return JsonResponse({"detail": _("The request cannot be read.")}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    if _is_program(request):
        return JsonResponse({"detail": _("Not found.")}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours: 500; 503 with the time to try again while the database does not answer."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    response: Any
    if not _is_program(request):
        response = defaults.server_error(request)
    elif away:
        response = JsonResponse({"detail": _("The database does not answer at the moment. Try again shortly.")})
    else:
        response = JsonResponse({"detail": _("Something went wrong here. Nothing half-done was saved.")})
    response.status_code = 503 if away else 500
    if away:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
