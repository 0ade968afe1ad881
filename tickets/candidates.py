"""Who could be sent to a ticket: facts gathered in a constant number of queries, judged by `ranking` (DSP-02)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from sla import queries
from staff.models import Engineer, Qualification, Region, Skill, StandbyDuty, in_language
from tickets import availability, ranking
from tickets.models import DispatchOrder, Ticket

KEPT = 5
LATELY = timedelta(days=180)


@dataclass(frozen=True)
class Reason:
    """One consideration in the reader's language."""

    code: str
    label: str
    points: int
    text: str

    def __iter__(self) -> Any:
        return iter((self.label, self.points, self.text))


@dataclass(frozen=True)
class Candidate:
    """An engineer with score, reasons, way and arrival; `obstacle` says why he cannot be sent."""

    engineer: Engineer
    rank: ranking.Rank

    @property
    def score(self) -> int:
        """Sum of the points."""
        return self.rank.score

    @property
    def obstacle(self) -> str:
        """Why he cannot be sent, with what would help; empty when he can."""
        return self.rank.obstacle

    @property
    def parts(self) -> list[Reason]:
        """All considerations, the weightiest first."""
        parts = sorted(self.rank.parts, key=lambda part: -abs(part.points))
        return [Reason(part.code, in_language(*part.label), part.points, in_language(*part.words)) for part in parts]

    @property
    def open_orders(self) -> int:
        """How many orders he has in hand."""
        return self.rank.person.open_orders

    @property
    def distance_km(self) -> int | None:
        """Kilometres as the crow flies from his base."""
        return self.rank.kilometres

    @property
    def arrives_at(self) -> datetime | None:
        """When he could be there."""
        return self.rank.arrives_at


def for_ticket(
    ticket: Ticket, *, start: datetime | None = None, end: datetime | None = None, at: datetime | None = None
) -> list[Candidate]:
    """All engineers in service for a ticket, best first, those who cannot go last with the reason (DSP-02)."""
    at = at or timezone.now()
    engineers = list(Engineer.objects.in_service().with_people().order_by("id"))
    need = _need(ticket, start, at)
    people = _people(engineers, ticket, need, end)
    by_key = {engineer.pk: engineer for engineer in engineers}
    return [Candidate(by_key[one.person.key], one) for one in ranking.rank(need, people)]


def snapshot(found: list[Candidate], chosen: Engineer) -> list[dict[str, Any]]:
    """The best of a ranking and the chosen one, as kept on the order, in both languages."""
    kept = [(place, one) for place, one in enumerate(found, start=1) if place <= KEPT or one.engineer.pk == chosen.pk]
    return [
        {
            "place": place,
            "engineer": one.engineer.pk,
            "chosen": one.engineer.pk == chosen.pk,
            "score": one.score,
            "obstacle": one.obstacle,
            "parts": [
                {"code": part.code, "points": part.points, "zh": part.words[0], "en": part.words[1]}
                for part in one.rank.parts
            ],
        }
        for place, one in kept
    ]


def _need(ticket: Ticket, start: datetime | None, at: datetime) -> ranking.Need:
    return ranking.Need(
        at=at,
        grade=ticket.grade,
        skill_level=ticket.fault_type.skill_level if ticket.fault_type else 2,
        region=ticket.region.code,
        place=(float(ticket.province.latitude), float(ticket.province.longitude)),
        due=queries.open_until(ticket, "arrive"),
        start=start,
    )


def _people(
    engineers: list[Engineer], ticket: Ticket, need: ranking.Need, end: datetime | None
) -> list[ranking.Person]:
    keys = [engineer.pk for engineer in engineers]
    when = need.start or need.at
    obstacles = availability.obstacles(engineers, ticket, when)
    orders = availability.overlapping(keys, need.start, end)
    on_duty = set(
        StandbyDuty.objects.filter(engineer__in=keys, during__contains=when).values_list("engineer", flat=True)
    )
    skills, papers = _skills(ticket, keys)
    seen = _seen(ticket, keys, need.at)
    found = []
    for one in engineers:
        machine, fault = seen.get(one.pk, (0, 0))
        mine = orders.get(one.pk, [])
        region: Region = one.region
        found.append(
            ranking.Person(
                key=one.pk,
                name=str(one.user),
                skill=skills.get(one.pk),
                certificate=papers.get(one.pk, ""),
                tier=(one.tier.name_zh, one.tier.name_en),
                highest_grade_alone=one.tier.highest_grade_alone,
                region=region.code,
                region_name=(region.name_zh, region.name_en),
                is_mobile=region.is_mobile,
                standby=one.standby,
                on_duty=one.pk in on_duty,
                open_orders=len(mine),
                place=(float(one.base_province.latitude), float(one.base_province.longitude)),
                machine_visits=machine,
                fault_visits=fault,
                overlaps=tuple(order.number for order in mine if order.overlaps),
                obstacle=obstacles.get(one.pk, ""),
            )
        )
    return found


def _skills(ticket: Ticket, keys: list[int]) -> tuple[dict[int, int], dict[int, str]]:
    """Skill level and newest certificate for the product line of the machine, by engineer."""
    if ticket.equipment is None:
        return {}, {}
    line = ticket.equipment.model.product_line_id
    skills = Skill.objects.filter(engineer__in=keys, product_line=line).values_list("engineer", "level")
    papers = Qualification.objects.filter(engineer__in=keys, product_line=line, revoked_at__isnull=True)
    return dict(skills), dict(papers.order_by("passed_on").values_list("engineer", "certificate"))


def _seen(ticket: Ticket, keys: list[int], at: datetime) -> dict[int, tuple[int, int]]:
    """How often each engineer finished orders at this machine, and lately of this kind of fault."""
    done = DispatchOrder.objects.filter(engineer__in=keys, state="done")
    machine = _counted(done.filter(ticket__equipment=ticket.equipment_id)) if ticket.equipment_id else {}
    lately = done.filter(ticket__fault_type=ticket.fault_type_id, issued_at__gte=at - LATELY)
    fault = _counted(lately) if ticket.fault_type_id else {}
    return {key: (machine.get(key, 0), fault.get(key, 0)) for key in keys}


def _counted(rows: QuerySet[DispatchOrder]) -> dict[int, int]:
    return dict(rows.order_by().values_list("engineer").annotate(Count("pk")))
