"""Sign-in lockout: few tries per account and address, and a higher ceiling per account from anywhere."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone


class Handler(AxesDatabaseHandler):
    """The pair of account and address is counted by axes; here an account tried from many addresses is closed too."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return super().is_locked(request, credentials) or self._too_many_from_anywhere(credentials)

    def _too_many_from_anywhere(self, credentials: dict[str, Any] | None) -> bool:
        username = (credentials or {}).get("username")
        if not username:
            return False
        since = timezone.now() - settings.AXES_COOLOFF_TIME
        recent = AccessAttempt.objects.filter(username=username, attempt_time__gte=since)
        total = recent.aggregate(total=Sum("failures_since_start"))["total"] or 0
        return total >= settings.ACCOUNT_FAILURE_CEILING


def client_address(request: HttpRequest) -> str | None:
    """The address a request came from; behind our proxy the last one that the proxy itself has added."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR")
