"""One person per role, and one of another region where that matters, for tests of the whole."""

from staff.models import Engineer, Province, Region, Tier, User
from staff.roles import Role

ELSEWHERE = {"engineer_south": Role.ENGINEER, "supervisor_south": Role.SUPERVISOR}
TRAVELLING = {Role.ENGINEER, Role.CONTRACTOR}


def everybody():
    """A user per role of one region, and the actors of another one: name → user."""
    here, there = _region("north", "310000"), _region("south", "440000")
    people = {role.value: _person(role.value, role, here) for role in Role}
    people |= {name: _person(name, role, there) for name, role in ELSEWHERE.items()}
    for region, name in ((here, "supervisor"), (there, "supervisor_south")):
        region.supervisor = people[name]
        region.save(update_fields=["supervisor"])
    return people


def _region(code, province):
    region, _ = Region.objects.get_or_create(code=f"test-{code}", defaults={"name_zh": code})
    Province.objects.update_or_create(
        code=province,
        defaults={"name_zh": code, "name_en": code, "latitude": 30, "longitude": 120, "region": region},
    )
    return region


def _person(name, role, region):
    user = User.objects.create_user(username=f"test-{name}", password="a long enough one", name=name)
    user.roles, user.region = [role], region
    user.save()
    if role in TRAVELLING:
        tier, _ = Tier.objects.get_or_create(code="test", defaults={"name_zh": "中级", "rank": 99})
        Engineer.objects.create(
            user=user, staff_number=name, tier=tier, region=region, base_province=region.provinces.first()
        )
    return user
