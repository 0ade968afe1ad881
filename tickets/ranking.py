"""Who should go: points with reasons for each engineer, best first (DSP-02). Pure: no Django, words in both languages.

1. Each consideration (skill, tier, region, standby, load, way, arrival, knowledge, plan) gives points and a reason.
2. The score is their sum. Whoever has an obstacle (no certificate, on leave) stands last, with the reason.
3. Equal scores are ordered by distance, then by name, so that the same question has the same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
ROADS = 1.25
KM_PER_HOUR = 70.0
GETTING_READY = timedelta(hours=1)
FAR_KM = 1500.0

Words = tuple[str, str]
"""Chinese and English."""

LABELS: dict[str, Words] = {
    "skill": ("技能与证书", "Skill and certificate"),
    "tier": ("职称", "Tier"),
    "region": ("大区", "Region"),
    "standby": ("待命", "Standby"),
    "load": ("在手工单", "Load"),
    "distance": ("距离", "Distance"),
    "arrival": ("预计到达", "Arrival"),
    "knowledge": ("熟悉程度", "Knowledge"),
    "plan": ("时间安排", "Plan"),
}


@dataclass(frozen=True)
class Need:
    """What the ticket asks for. `due` is until when somebody should have arrived, `start` the appointment."""

    at: datetime
    grade: int | None = None
    skill_level: int = 2
    region: str = ""
    place: tuple[float, float] | None = None
    due: datetime | None = None
    start: datetime | None = None


@dataclass(frozen=True)
class Person:
    """What is known of an engineer. `tier` and `region` are names, `place` latitude and longitude in degrees."""

    key: int
    name: str
    skill: int | None = None
    certificate: str = ""
    tier: Words = ("", "")
    highest_grade_alone: int = 4
    region: str = ""
    region_name: Words = ("", "")
    is_mobile: bool = False
    standby: str = "ready"
    on_duty: bool = False
    open_orders: int = 0
    place: tuple[float, float] | None = None
    machine_visits: int = 0
    fault_visits: int = 0
    overlaps: tuple[str, ...] = ()
    obstacle: str = ""


@dataclass(frozen=True)
class Part:
    """One consideration: its code, its points, the reason in both languages."""

    code: str
    points: int
    words: Words

    @property
    def label(self) -> Words:
        """What was considered."""
        return LABELS[self.code]


@dataclass(frozen=True)
class Rank:
    """A person with all considerations; `obstacle` says why he cannot go at all."""

    person: Person
    parts: tuple[Part, ...] = field(default=())
    kilometres: int | None = None
    arrives_at: datetime | None = None

    @property
    def score(self) -> int:
        """Sum of the points."""
        return sum(part.points for part in self.parts)

    @property
    def obstacle(self) -> str:
        """Why he cannot go, or nothing."""
        return self.person.obstacle


def rank(need: Need, people: Iterable[Person]) -> list[Rank]:
    """All people, the best first, those with an obstacle last."""
    return sorted((judge(need, person) for person in people), key=_order)


def _order(one: Rank) -> tuple[bool, int, float, str]:
    far = one.kilometres if one.kilometres is not None else FAR_KM * 10
    return bool(one.obstacle), -one.score, far, one.person.name


def judge(need: Need, person: Person) -> Rank:
    """One person against the need."""
    way = kilometres(person.place, need.place)
    arrives = arrival(need, way)
    parts = [_skill(need, person), _tier(need, person), _region(need, person), _standby(person), _load(person)]
    if way is not None:
        parts.append(_distance(way))
        parts.append(_arrival(need, arrives))
    parts += [part for part in (_knowledge(person), _plan(person)) if part]
    return Rank(person, tuple(parts), None if way is None else round(way), arrives)


def kilometres(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float | None:
    """Great-circle distance between two places in degrees; None when one is unknown."""
    if one is None or other is None:
        return None
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def travel_time(way: float) -> timedelta:
    """How long the way takes on the road, with an hour to get ready."""
    return GETTING_READY + timedelta(hours=way * ROADS / KM_PER_HOUR)


def arrival(need: Need, way: float | None) -> datetime | None:
    """When somebody can be there: leaving at once, or at the appointment if that is later."""
    if way is None:
        return need.start
    soonest = need.at + travel_time(way)
    return max(soonest, need.start) if need.start else soonest


def _skill(need: Need, person: Person) -> Part:
    if person.skill is None:
        return Part("skill", 0, ("未登记该产品线技能", "no skill noted for this product line"))
    papers = (f"，证书 {person.certificate}", f", certificate {person.certificate}") if person.certificate else ("", "")
    enough = person.skill >= need.skill_level
    zh = f"技能 {person.skill} 级（需 {need.skill_level} 级）{papers[0]}"
    en = f"skill {person.skill} of 5 (needs {need.skill_level}){papers[1]}"
    return Part("skill", person.skill * 5 if enough else person.skill * 5 - 15, (zh, en))


def _tier(need: Need, person: Person) -> Part:
    zh, en = person.tier
    if need.grade is None:
        return Part("tier", 0, (zh, en))
    if need.grade >= person.highest_grade_alone:
        return Part("tier", 10, (f"{zh}，可独立处理 {need.grade} 级故障", f"{en}, may take grade {need.grade} alone"))
    return Part("tier", -15, (f"{zh}，不宜独立处理 {need.grade} 级故障", f"{en}, not to take grade {need.grade} alone"))


def _region(need: Need, person: Person) -> Part:
    zh, en = person.region_name
    if person.region == need.region:
        return Part("region", 15, (f"本大区（{zh}）", f"serves this region ({en})"))
    if person.is_mobile:
        return Part("region", 8, ("机动小组，可支援各大区", "mobile team, lends support anywhere"))
    return Part("region", 0, (f"外区（{zh}）", f"another region ({en})"))


def _standby(person: Person) -> Part:
    duty = 5 if person.on_duty else 0
    extra = ("，今日值班", ", on the rota today") if person.on_duty else ("", "")
    points, zh, en = {
        "ready": (10, "待命", "on standby"),
        "busy": (-5, "外勤中", "on an order"),
        "off": (-15, "休息", "off duty"),
    }[person.standby]
    return Part("standby", points + duty, (zh + extra[0], en + extra[1]))


def _load(person: Person) -> Part:
    count = person.open_orders
    noun = "order" if count == 1 else "orders"
    return Part("load", max(-10, 10 - 4 * count), (f"在手 {count} 单", f"{count} open {noun}"))


def _distance(way: float) -> Part:
    points = round(20 * max(0.0, 1 - way / FAR_KM))
    return Part("distance", points, (f"直线约 {way:.0f} 公里", f"about {way:.0f} km as the crow flies"))


def _arrival(need: Need, arrives: datetime | None) -> Part:
    if need.due is None or arrives is None:
        return Part("arrival", 0, ("无到达时限", "no promise to arrive"))
    spare = need.due - arrives
    hours = abs(spare) / timedelta(hours=1)
    if spare >= timedelta():
        return Part(
            "arrival", 10, (f"可在时限前 {hours:.0f} 小时到达", f"can be there {hours:.0f} h before the deadline")
        )
    return Part("arrival", -20, (f"将晚于时限 {hours:.0f} 小时", f"would be {hours:.0f} h late"))


def _knowledge(person: Person) -> Part | None:
    if not person.machine_visits and not person.fault_visits:
        return None
    points = min(12, 6 * person.machine_visits) + min(8, 2 * person.fault_visits)
    zh = f"到过该设备 {person.machine_visits} 次，修过同类故障 {person.fault_visits} 次"
    en = f"was at this machine {person.machine_visits}×, repaired such a fault {person.fault_visits}×"
    return Part("knowledge", points, (zh, en))


def _plan(person: Person) -> Part | None:
    if not person.overlaps:
        return None
    numbers = "、".join(person.overlaps)
    return Part("plan", -20, (f"与 {numbers} 时间重叠", f"overlaps with {', '.join(person.overlaps)}"))
