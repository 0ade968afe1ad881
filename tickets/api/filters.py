"""Filters of tickets, orders, visits and calls."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone

from tickets.models import Call, DispatchOrder, Ticket, Visit
from tickets.states import ORDER, TICKET


class TicketFilter(django_filters.FilterSet):
    """Filters of the ticket list."""

    state = django_filters.MultipleChoiceFilter(choices=TICKET.choices())
    open = django_filters.BooleanFilter(method="of_open", help_text="Whether work is still to be done.")
    grade = django_filters.MultipleChoiceFilter(choices=[(n, n) for n in (1, 2, 3, 4)])
    region = django_filters.CharFilter("region__code")
    province = django_filters.CharFilter("province__code")
    customer = django_filters.CharFilter("customer__number")
    equipment = django_filters.CharFilter("equipment__serial")
    product_line = django_filters.CharFilter("equipment__model__product_line__code")
    fault_type = django_filters.CharFilter("fault_type__code")
    engineer = django_filters.CharFilter(method="of_engineer", help_text="User name.")
    q = django_filters.CharFilter(method="match", help_text="Any fragment: number, symptom, customer, serial, phone.")
    reported_from = django_filters.IsoDateTimeFilter("reported_at", "gte")
    reported_to = django_filters.IsoDateTimeFilter("reported_at", "lt")
    late = django_filters.BooleanFilter(method="of_late", help_text="Open with a deadline that has passed.")
    mine = django_filters.BooleanFilter(method="of_mine", help_text="Minded by me, or with an order of mine.")

    class Meta:
        model = Ticket
        fields = ["state", "grade"]

    def of_open(self, rows: Any, _name: str, wanted: bool) -> QuerySet[Ticket]:
        """Open or ended tickets."""
        return rows.open() if wanted else rows.exclude(state__in=TICKET.open_states)

    def of_engineer(self, rows: Any, _name: str, username: str) -> QuerySet[Ticket]:
        """Tickets an engineer was sent to."""
        return rows.filter(pk__in=DispatchOrder.objects.filter(engineer__user__username=username).values("ticket"))

    def match(self, rows: Any, _name: str, query: str) -> QuerySet[Ticket]:
        """Tickets that match a fragment."""
        return rows.matching(query)

    def of_late(self, rows: Any, _name: str, wanted: bool) -> QuerySet[Ticket]:
        """Tickets whose next deadline has passed, or the others."""
        late = rows.open().filter(next_due_at__lt=timezone.now())
        return late if wanted else rows.exclude(pk__in=late.values("pk"))

    def of_mine(self, rows: Any, _name: str, wanted: bool) -> QuerySet[Ticket]:
        """Tickets of the person who asks."""
        user = self.request.user
        orders = DispatchOrder.objects.filter(engineer__user=user).values("ticket")
        mine = rows.filter(owner=user) | rows.filter(pk__in=orders)
        return mine if wanted else rows.exclude(pk__in=mine.values("pk"))


class OrderFilter(django_filters.FilterSet):
    """Filters of the order list."""

    state = django_filters.MultipleChoiceFilter(choices=ORDER.choices())
    open = django_filters.BooleanFilter(method="of_open")
    ticket = django_filters.CharFilter("ticket__number")
    engineer = django_filters.CharFilter("engineer__user__username")
    region = django_filters.CharFilter("ticket__region__code")
    customer = django_filters.CharFilter("ticket__customer__number")
    equipment = django_filters.CharFilter("ticket__equipment__serial")
    issued_from = django_filters.IsoDateTimeFilter("issued_at", "gte")
    issued_to = django_filters.IsoDateTimeFilter("issued_at", "lt")
    appointment_from = django_filters.IsoDateTimeFilter("appointment_from", "gte")
    appointment_to = django_filters.IsoDateTimeFilter("appointment_from", "lt")
    mine = django_filters.BooleanFilter(method="of_mine")

    class Meta:
        model = DispatchOrder
        fields = ["state"]

    def of_open(self, rows: Any, _name: str, wanted: bool) -> QuerySet[DispatchOrder]:
        """Open or ended orders."""
        return rows.open() if wanted else rows.exclude(state__in=ORDER.open_states)

    def of_mine(self, rows: Any, _name: str, wanted: bool) -> QuerySet[DispatchOrder]:
        """Orders of the engineer who asks."""
        mine = {"engineer__user": self.request.user}
        return rows.filter(**mine) if wanted else rows.exclude(**mine)


class VisitFilter(django_filters.FilterSet):
    """Filters of the visit list."""

    order = django_filters.CharFilter("order__number")
    ticket = django_filters.CharFilter("order__ticket__number")
    engineer = django_filters.CharFilter("order__engineer__user__username")
    equipment = django_filters.CharFilter("order__ticket__equipment__serial")
    customer = django_filters.CharFilter("order__ticket__customer__number")
    outcome = django_filters.MultipleChoiceFilter(choices=Visit.Outcome.choices)
    reported = django_filters.BooleanFilter("reported_at", "isnull", exclude=True)
    unsettled = django_filters.BooleanFilter(method="of_unsettled", help_text="Charges that are still to be paid.")
    reported_from = django_filters.IsoDateTimeFilter("reported_at", "gte")
    reported_to = django_filters.IsoDateTimeFilter("reported_at", "lt")

    class Meta:
        model = Visit
        fields = ["outcome"]

    def of_unsettled(self, rows: Any, _name: str, wanted: bool) -> QuerySet[Visit]:
        """Visits whose charges are open, or the others."""
        return rows.unsettled() if wanted else rows.exclude(pk__in=rows.unsettled().values("pk"))


class CallFilter(django_filters.FilterSet):
    """Filters of the call list."""

    kind = django_filters.MultipleChoiceFilter(choices=Call.Kind.choices)
    customer = django_filters.CharFilter("customer__number")
    equipment = django_filters.CharFilter("equipment__serial")
    ticket = django_filters.CharFilter("ticket__number")
    owed = django_filters.BooleanFilter(method="of_owed", help_text="Whether an answer is owed.")
    at_from = django_filters.IsoDateTimeFilter("at", "gte")
    at_to = django_filters.IsoDateTimeFilter("at", "lt")

    class Meta:
        model = Call
        fields = ["kind"]

    def of_owed(self, rows: Any, _name: str, wanted: bool) -> QuerySet[Call]:
        """Calls that wait for an answer."""
        owed = {"answered_at__isnull": True, "answer_due_at__isnull": False}
        return rows.filter(**owed) if wanted else rows.exclude(**owed)
