"""The people of the load: dispatchers, supervisors and engineers of every region; nobody can sign in as them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from aftersales.demo.market import GIVEN, SURNAMES
from staff import actions
from staff.models import Engineer, ProductLine, Province, Region, Tier, User

DISPATCHERS = 4
ENGINEERS_PER_REGION = 8


@dataclass
class People:
    """Who works: dispatchers, supervisors by region, engineers by region, all with what papers print of them."""

    dispatchers: list[User] = field(default_factory=list)
    supervisors: dict[int, User] = field(default_factory=dict)
    engineers: dict[int, list[Engineer]] = field(default_factory=dict)


def gather(random: Random, since: datetime) -> People:
    """The people of an earlier load, or new ones."""
    people = People()
    for number in range(1, DISPATCHERS + 1):
        people.dispatchers.append(_user(f"load-desk-{number}", ["dispatcher"], None, random, since))
    for region in Region.objects.order_by("pk"):
        code = region.code.lower()
        people.supervisors[region.pk] = _user(f"load-lead-{code}", ["supervisor"], region, random, since)
        people.engineers[region.pk] = [
            _engineer(f"load-{code}-{number}", number, region, random, since)
            for number in range(1, ENGINEERS_PER_REGION + 1)
        ]
    return people


def _user(username: str, roles: list[str], region: Region | None, random: Random, since: datetime) -> User:
    name = random.choice(SURNAMES) + random.choice(GIVEN)
    phone = f"138{random.randint(10_000_000, 99_999_999)}"
    known = User.objects.filter(username=username).first()
    return known or actions.create_user(
        by=None, username=username, name=name, roles=roles, region=region, phone=phone, at=since
    )


def _engineer(username: str, number: int, region: Region, random: Random, since: datetime) -> Engineer:
    user = _user(username, ["engineer"], region, random, since)
    rows = Engineer.objects.select_related("user", "tier")
    known = rows.filter(user=user).first()
    if known is not None:
        return known
    tiers = list(Tier.objects.order_by("rank"))
    home = region.provinces.first() or Province.objects.filter(region=None).first()
    assert home is not None
    engineer = actions.make_engineer(
        user,
        by=None,
        staff_number=f"L-{region.code}-{number:02d}",
        tier=tiers[number % len(tiers)],
        region=region,
        base_province=home,
        at=since,
    )
    for line in ProductLine.objects.all():
        actions.set_skill(engineer, line, 2 + number % 4, by=None, at=since)
        actions.grant_qualification(engineer, line, by=None, passed_on=date(2010, 1, 4), at=since)
    return rows.get(pk=engineer.pk)
