"""Who hears of a deadline, and when: the people of the chain, in their own hours unless the grade is urgent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import refs
from customers.models import Customer
from notices import actions as notices
from notices.models import Delivery
from sla import definitions
from sla.models import Chain, Timer
from staff.models import Region, User
from staff.roles import Role

URGENT_GRADES = (1, 2)
PERSONAL = ("engineer", "owner")


class Directory:
    """People, subjects and customers of a batch of timers, read with few queries and kept for the batch."""

    def __init__(self, timers: Iterable[Timer]) -> None:
        self._timers = list(timers)
        self._by_role: dict[str, list[User]] = {}
        self._users: dict[int, User] | None = None
        self._supervisors: dict[str, User | None] | None = None
        self._subjects: dict[str, Any] | None = None
        self._customers: dict[str, str] | None = None

    def people(self, timer: Timer, who: Iterable[str]) -> list[User]:
        """The receivers of a rung; when none of them exists, the dispatchers."""
        found = self._may_hear(timer, (user for role in who for user in self._of(timer, role)))
        return found or self._may_hear(timer, self._with_role(Role.DISPATCHER))

    @staticmethod
    def _may_hear(timer: Timer, people: Iterable[User]) -> list[User]:
        """Without those who have left and those from whom the record is kept."""
        known = dict.fromkeys(people)
        return [user for user in known if user.is_active and not refs.is_concealed(timer.subject, user)]

    def subject(self, timer: Timer) -> str:
        """Number of the record that a timer runs for."""
        if self._subjects is None:
            self._subjects = records({one.subject for one in self._timers})
        return str(self._subjects.get(timer.subject, timer.subject))

    def customer(self, timer: Timer) -> str:
        """Name of the customer concerned."""
        if self._customers is None:
            numbers = {one.facts.get("customer") for one in self._timers}
            rows = Customer.objects.filter(number__in=[number for number in numbers if number])
            self._customers = {row.number: str(row) for row in rows}
        return self._customers.get(timer.facts.get("customer", ""), "")

    def _of(self, timer: Timer, role: str) -> list[User]:
        if role in PERSONAL:
            if self._users is None:
                keys = {key for one in self._timers for key in (one.engineer_id, one.owner_id) if key}
                self._users = User.objects.in_bulk(keys)
            key = timer.engineer_id if role == "engineer" else timer.owner_id
            user = self._users.get(key) if key else None
            return [user] if user else []
        if role == "supervisor":
            if self._supervisors is None:
                rows = Region.objects.select_related("supervisor")
                self._supervisors = {row.code: row.supervisor for row in rows}
            supervisor = self._supervisors.get(timer.region)
            return [supervisor] if supervisor else []
        return self._with_role(role)

    def _with_role(self, role: str) -> list[User]:
        if role not in self._by_role:
            self._by_role[role] = list(User.objects.filter(is_active=True, roles__contains=[role]).order_by("pk"))
        return self._by_role[role]


def letters(
    kind: str, timer: Timer, who: Iterable[str], directory: Directory, *, at: datetime, level: int
) -> list[notices.Letter]:
    """What the people of one rung are told, once for each deadline and level."""
    chain = definitions.at_hand().chain(timer.line.chain)
    moment = own_hours(timer, chain, at)
    context = _context(timer, directory)
    dedupe = f"{timer.due_at:%Y%m%dT%H%M%S}:{level}"
    return [
        notices.Letter(kind, user, timer, context, at, not_before=moment, dedupe=dedupe)
        for user in directory.people(timer, who)
    ]


def own_hours(timer: Timer, chain: Chain | None, at: datetime) -> datetime:
    """At once for grades 1 and 2, else when the receivers' own clock opens next (SLA-08)."""
    if timer.grade in URGENT_GRADES or chain is None or not chain.hours:
        return at
    return definitions.at_hand().clock(chain.hours, timer.region).next_opening(at)


def taken_back(timer: Timer, *, at: datetime) -> None:
    """Those who were told of a missed deadline hear that it was not missed (edge case 8)."""
    rows = Delivery.objects.filter(about=refs.ref(timer), kind__in=["timer.broken", "timer.escalated"])
    told = User.objects.filter(pk__in=rows.values("receiver")).order_by("pk")
    directory = Directory([timer])
    for user in told:
        notices.tell(
            "timer.withdrawn",
            to=user,
            about=timer,
            context=_context(timer, directory),
            at=max(at, timezone.now()),
            dedupe=f"{timer.broken_at:%Y%m%dT%H%M%S}",
        )


def _context(timer: Timer, directory: Directory) -> dict[str, Any]:
    return {
        "number": directory.subject(timer),
        "title": timer,
        "customer": directory.customer(timer),
        "due": timer.broken_at or timer.due_at,
        "why": timer.breach_reason,
        "url": timer.url,
    }


def records(names: Iterable[str]) -> dict[str, Any]:
    """Records by reference, one query per kind."""
    wanted: dict[str, list[int]] = {}
    for name in names:
        kind, _colon, key = name.partition(":")
        wanted.setdefault(kind, []).append(int(key))
    found: dict[str, Any] = {}
    for kind, keys in wanted.items():
        registered = refs.kind_named(kind)
        if registered is not None:
            for record in registered.model._default_manager.filter(pk__in=keys):
                found[f"{kind}:{record.pk}"] = record
    return found
