"""The history over the API: entries about one record, newest first."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, mixins, serializers, viewsets

from core import history, refs, stories
from core.models import Entry


class EntrySerializer(serializers.ModelSerializer):
    """What happened, in words and as data; `about` names records as ticket:WX20261121-0001."""

    text = serializers.CharField(source="told.text", read_only=True)
    by = serializers.CharField(source="by.username", read_only=True, default=None, allow_null=True)
    subject = serializers.CharField(source="subject_name", read_only=True)
    about = serializers.ListField(child=serializers.CharField(), source="about_names", read_only=True)

    class Meta:
        model = Entry
        fields = ["id", "kind", "text", "subject", "about", "by", "at", "entered_at", "why", "data"]


def told(entries: Iterable[Any]) -> list[Any]:
    """Entries with their sentence and with records named by natural key; one query per kind of record."""
    rows = list(entries)
    names = _names(reference for row in rows for reference in row.about)
    for row, line in zip(rows, stories.tell(rows), strict=True):
        row.told = line
        row.subject_name = names.get(row.subject, row.subject)
        row.about_names = [names.get(reference, reference) for reference in row.about]
    return rows


def _names(references: Iterable[str]) -> dict[str, str]:
    keys: dict[str, set[int]] = defaultdict(set)
    for reference in references:
        kind, _colon, key = reference.partition(":")
        keys[kind].add(int(key))
    found: dict[str, str] = {}
    for name, wanted in keys.items():
        registered = refs.kind_named(name)
        if registered is not None and registered.natural_key not in ("pk", "id"):
            rows = registered.model._default_manager.filter(pk__in=wanted).values_list("pk", registered.natural_key)
            found.update({f"{name}:{key}": f"{name}:{natural}" for key, natural in rows})
    return found


class HistoryViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The append-only history; what a record's page tells, the API tells too (TKT-07)."""

    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    filter_backends: list[Any] = []
    keyset_ordering = ("-at", "-id")

    def get_queryset(self) -> QuerySet[Entry]:
        """Entries about a record that the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return Entry.objects.none()
        about = self.request.query_params.get("about", "")
        name, colon, key = about.partition(":")
        kind = refs.kind_named(name)
        if not colon or kind is None:
            known = ", ".join(refs.names())
            raise exceptions.ValidationError(
                {"about": [_("Name a record as kind:number; kinds are %(known)s.") % {"known": known}]}
            )
        by_id = kind.natural_key in ("pk", "id")
        record = refs.find(name, key, self.request.user) if key.isdigit() or not by_id else None
        if record is None:
            raise Http404(_("Not found."))
        return history.about(record, reader=self.request.user)

    def paginate_queryset(self, queryset: Any) -> Any:
        """One page of entries, told."""
        return told(super().paginate_queryset(queryset) or [])

    @extend_schema(
        summary="Read the history of a record",
        parameters=[OpenApiParameter("about", str, required=True, description="As ticket:WX20261121-0001.")],
    )
    def list(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Entries about a record, newest first."""
        return super().list(request, *args, **kwargs)


routes = [("history", HistoryViewSet, "history")]
