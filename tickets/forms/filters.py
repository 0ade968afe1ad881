"""Filters of the lists of tickets, orders and calls: what is asked for, and the rows that answer it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.forms.utils import flatatt
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import search
from customers.models import Channel
from staff.models import Engineer, Province, Region
from tickets.models import Call, DispatchOrder, Ticket
from tickets.states import ORDER, TICKET

PLACES_SECONDS = 60


class Pick(forms.Select):
    """A drop-down written in one go: filters have many options and stand on every list."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        """The whole control."""
        chosen = str(value or "")
        rows = [(code, " selected" if str(code) == chosen else "", label) for code, label in self.choices]
        options = format_html_join("", '<option value="{}"{}>{}</option>', rows)
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs({**self.attrs, "name": name}, attrs)), options
        )


def _pick(label: Any, choices: Iterable[tuple[Any, Any]] = (), **more: Any) -> forms.ChoiceField:
    options = [("", pgettext_lazy("filter", "all")), *choices]
    return forms.ChoiceField(label=label, required=False, choices=options, widget=Pick, **more)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _text(hint: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search", "data-find": "", "placeholder": hint})
    return forms.CharField(label=_("Search"), required=False, max_length=100, widget=widget)


def _with_all(read: Callable[[], list[tuple[str, str]]]) -> Callable[[], list[tuple[Any, Any]]]:
    return lambda: [("", pgettext_lazy("filter", "all")), *read()]


def starts(day: date) -> datetime:
    """The first moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time.min))


class Filter(forms.Form):
    """What all filters share: a part that means nothing finds nothing."""

    def rows(self, rows: Any, at: datetime) -> Any:
        """The rows that were asked for at a moment."""
        return self.narrow(rows, self.cleaned_data, at) if self.is_valid() else rows.none()

    def narrow(self, rows: Any, given: dict[str, Any], at: datetime) -> Any:
        """The rows that answer the given values."""
        raise NotImplementedError

    def offer(self, **choices: Callable[[], list[tuple[str, str]]]) -> None:
        """Choices that are read when they are shown or asked for."""
        for name, read in choices.items():
            self.fields[name].choices = _with_all(read)  # type: ignore[attr-defined]

    @property
    def is_used(self) -> bool:
        """Whether anything is asked for."""
        return any(self.data.get(name) for name in self.fields)


def _matching(rows: Any, query: str) -> Any:
    return rows.matching(query) if search.wanted(query) else rows.none()


def _exactly(given: dict[str, Any], **paths: str) -> dict[str, Any]:
    """Conditions for the values that were given, by path."""
    return {path: given[name] for name, path in paths.items() if given[name]}


def _engineers(user: Any) -> list[tuple[str, str]]:
    rows = Engineer.objects.visible_to(user).order_by("region", "staff_number")
    return list(rows.values_list("user__username", "user__name"))


def _places() -> dict[str, list[tuple[str, str]]]:
    """Regions and provinces in the reader's language; they hardly ever change, so a minute old will do."""

    def read() -> dict[str, list[tuple[str, str]]]:
        regions = [(one.code, str(one)) for one in Region.objects.order_by("pk")]
        return {"region": regions, "province": [(one.pk, str(one)) for one in Province.objects.all()]}

    found: Any = cache.get_or_set(f"places:{get_language()}", read, PLACES_SECONDS)
    return found


class TicketFilter(Filter):
    """Filters of the ticket list."""

    q = _text(_("Number, symptom, phone, customer"))
    state = _pick(_("State"), TICKET.choices())
    grade = _pick(_("Grade"), [("1", "1"), ("2", "2"), ("3", "3"), ("4", "4"), ("0", _("no grade yet"))])
    region = _pick(_("Region"))
    province = _pick(_("Province"))
    engineer = _pick(_("Engineer"))
    path = _pick(_("Path"), [choice for choice in Ticket.Path.choices if choice[0]])
    reported_from = _day(_("Reported from"))
    reported_to = _day(pgettext_lazy("span", "to"))
    late = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self.offer(region=lambda: _places()["region"], province=lambda: _places()["province"])
        self.offer(engineer=lambda: _engineers(user))

    def narrow(self, rows: QuerySet[Ticket], given: dict[str, Any], at: datetime) -> QuerySet[Ticket]:
        """Tickets by text, state, grade, place, engineer, path, day, overdue."""
        if given["q"]:
            rows = _matching(rows, given["q"])
        rows = rows.filter(**_exactly(given, state="state", province="province", region="region__code", path="path"))
        if given["grade"]:
            rows = rows.filter(grade=int(given["grade"]) or None)
        if given["engineer"]:
            sent = DispatchOrder.objects.filter(engineer__user__username=given["engineer"])
            rows = rows.filter(pk__in=sent.values("ticket"))
        if given["reported_from"]:
            rows = rows.filter(reported_at__gte=starts(given["reported_from"]))
        if given["reported_to"]:
            rows = rows.filter(reported_at__lt=starts(given["reported_to"] + timedelta(days=1)))
        return rows.open().filter(next_due_at__lt=at) if given["late"] else rows  # type: ignore[attr-defined]


class OrderFilter(Filter):
    """Filters of the list of dispatch orders."""

    q = _text(_("Number, symptom, phone, customer"))
    region = _pick(_("Region"))
    engineer = _pick(_("Engineer"))
    state = _pick(_("State"), ORDER.choices())
    day = _day(_("Appointment on"))

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__(data)
        self.offer(region=lambda: _places()["region"], engineer=lambda: _engineers(user))

    def narrow(self, rows: QuerySet[DispatchOrder], given: dict[str, Any], at: datetime) -> QuerySet[DispatchOrder]:
        """Orders by the text of their tickets, region, engineer, state, day of the appointment."""
        if given["q"]:
            rows = rows.filter(self._text(given["q"]))
        rows = rows.filter(
            **_exactly(given, state="state", region="ticket__region__code", engineer="engineer__user__username")
        )
        if given["day"]:
            rows = rows.filter(
                appointment_from__gte=starts(given["day"]),
                appointment_from__lt=starts(given["day"] + timedelta(days=1)),
            )
        return rows

    @staticmethod
    def _text(query: str) -> Q:
        wanted = search.wanted(query)
        return Q(number__iexact=query.strip()) | (Q(ticket__search__contains=wanted) if wanted else Q(pk__in=[]))

    def of_tickets(self, rows: Any) -> Any:
        """The same question to tickets that wait for an order; an engineer or a day they do not have yet."""
        if not self.is_valid():
            return rows.none()
        given = self.cleaned_data
        if given["q"]:
            rows = _matching(rows, given["q"])
        return rows.filter(**_exactly(given, region="region__code"))


class CallFilter(Filter):
    """Filters of the call register."""

    q = _text(_("Words, name, phone"))
    kind = _pick(_("Kind"), Call.Kind.choices)
    channel = _pick(_("Channel"), Channel.choices)
    at_from = _day(_("From"))
    at_to = _day(pgettext_lazy("span", "to"))

    def narrow(self, rows: QuerySet[Call], given: dict[str, Any], at: datetime) -> QuerySet[Call]:
        """Calls by text, kind, channel, day."""
        if given["q"]:
            rows = rows.filter(self._text(given["q"].strip()))
        rows = rows.filter(**_exactly(given, kind="kind", channel="channel"))
        if given["at_from"]:
            rows = rows.filter(at__gte=starts(given["at_from"]))
        if given["at_to"]:
            rows = rows.filter(at__lt=starts(given["at_to"] + timedelta(days=1)))
        return rows

    @staticmethod
    def _text(words: str) -> Q:
        found = Q(number__iexact=words) | Q(said__icontains=words) | Q(answered__icontains=words)
        found |= Q(caller_name__icontains=words) | Q(customer__name__icontains=words)
        digits = "".join(sign for sign in words if sign.isdigit())
        return found | Q(caller_phone__contains=digits) if len(digits) >= 4 else found
