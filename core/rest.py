"""What every API view shares: error answers, keyset paging and idempotent POSTs."""

import json
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback
from rest_framework.views import exception_handler as rest_exception_handler

from core import idempotency
from core.errors import Forbidden, NotAllowed, Refused


class KeysetPagination(CursorPagination):
    """Pages by key, newest first: a deep page costs what the first one does and nothing is counted."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-id"

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """The view's `keyset_ordering`, always ending in the primary key."""
        ordering = tuple(getattr(view, "keyset_ordering", ("-id",)))
        return ordering if ordering[-1].lstrip("-") in ("id", "pk") else (*ordering, "-id")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of actions as HTTP answers: 400 by field, 403, 409 with `detail` and `allowed`."""
    if isinstance(error, Refused):
        set_rollback()
        return Response({k: [str(t) for t in v] for k, v in error.fields.items()}, status.HTTP_400_BAD_REQUEST)
    if isinstance(error, NotAllowed):
        set_rollback()
        body = {"detail": str(error.detail), "allowed": error.allowed, **error.extra}
        return Response(body, status.HTTP_409_CONFLICT)
    if isinstance(error, Forbidden):
        set_rollback()
        return Response({"detail": str(error.detail)}, status.HTTP_403_FORBIDDEN)
    return rest_exception_handler(error, context)


class IdempotentMixin:
    """Honours the `Idempotency-Key` header on unsafe methods of an APIView."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Run the view once per key and user; repeats get the stored answer, other bodies 422."""
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method in ("GET", "HEAD", "OPTIONS"):
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        body = request.body
        with transaction.atomic():
            response = self._once(request, key, body, *args, **kwargs)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response

    def _once(self: Any, request: Any, key: str, body: bytes, *args: Any, **kwargs: Any) -> Any:
        self.args, self.kwargs = args, kwargs
        api_request = self.initialize_request(request, *args, **kwargs)
        self.request, self.headers = api_request, self.default_response_headers
        try:
            if len(key) > 200:
                raise exceptions.ValidationError({"Idempotency-Key": [_("At most 200 characters.")]})
            self.initial(api_request, *args, **kwargs)
            print_ = idempotency.fingerprint(request.method, request.get_full_path(), _sent(request, body))
            slot = idempotency.claim(api_request.user.pk, key, print_)
            if slot.first is not None:
                response = Response(slot.first.answer, slot.first.status, headers={"Idempotent-Replayed": "true"})
            else:
                handler = getattr(self, request.method.lower(), self.http_method_not_allowed)
                response = handler(api_request, *args, **kwargs)
                if response.status_code < 400:
                    slot.store(response.status_code, json.loads(JSONRenderer().render(response.data) or b"null"))
        except idempotency.Mismatch:
            detail = _("This Idempotency-Key was already used for another request.")
            response = Response({"detail": detail}, status.HTTP_422_UNPROCESSABLE_ENTITY)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(api_request, response, *args, **kwargs)
        return self.response


def _sent(request: Any, body: bytes) -> bytes:
    """What was sent, without the boundary that a browser draws anew when it sends the same form again."""
    boundary = request.content_params.get("boundary", "")
    return body.replace(boundary.encode(), b"") if boundary else body


class ApiView(IdempotentMixin, APIView):
    """Base of single API views."""


def found_or_404(rows: Any, **lookup: Any) -> Any:
    """The one row of an already narrowed queryset, or 404 in the words of a missing page."""
    try:
        return rows.get(**lookup)
    except (rows.model.DoesNotExist, ValueError) as error:
        raise Http404(_("Not found.")) from error
