"""The people of the tests, built by the real actions: `cast.dispatcher`, `cast.engineer`, `cast.stranger` …"""

from datetime import date

import pytest
from django.test import Client
from rest_framework.test import APIClient

from staff import actions, defaults
from staff.models import Engineer, ProductLine, Province, Region, Tier

PASSWORD = "demo"
LINES = ("hot_melt", "cold_spray", "hand_push")

# username: name, roles, region, and for those who travel: tier, home province, product lines
PEOPLE = {
    "admin": ("管理员", ["admin"], None),
    "dispatcher": ("周敏", ["dispatcher"], None),
    "head": ("郑怀远", ["head"], None),
    "keeper": ("何仓", ["keeper"], None),
    "inspector": ("吴检", ["inspector"], None),
    "finance": ("钱会", ["finance"], None),
    "marketing": ("许销", ["marketing"], None),
    "product": ("沈设", ["product"], None),
    "trainer": ("陶训", ["trainer"], None),
    "supervision": ("严督", ["supervision"], None),
    "manager": ("高总", ["manager"], None),
    "supervisor": ("马国庆", ["supervisor"], "NW"),
    "supervisor-south": ("林建华", ["supervisor"], "SE"),
    "engineer": ("张海涛", ["engineer"], "NW", "senior", "610000", LINES),
    "engineer-south": ("陈志强", ["engineer"], "SE", "intermediate", "350000", LINES),
    "engineer-mobile": ("李卫东", ["engineer"], "MOBILE", "principal", "410000", LINES),
    "engineer-junior": ("小赵", ["engineer"], "NW", "junior", "620000", ()),
    "contractor": ("外包商吴", ["contractor"], "NW", "intermediate", "650000", ("hot_melt",)),
    "stranger": ("陌生人", [], None),
}
NAMES = {name.replace("-", "_"): name for name in PEOPLE}


class Cast:
    """Each person is created when first named; `file("engineer")` gives the engineer's file."""

    def __init__(self):
        self._known = {}

    def __getattr__(self, name):
        if name not in NAMES:
            raise AttributeError(name)
        return self.user(NAMES[name])

    def __getitem__(self, username):
        return self.user(username)

    def user(self, username):
        """The account of a person of the cast."""
        if username not in self._known:
            self._known[username] = self._create(username)
        return self._known[username]

    def file(self, username="engineer") -> Engineer:
        """The engineer's file of a person who travels."""
        return Engineer.objects.with_people().get(user=self.user(username))

    def region(self, code) -> Region:
        return Region.objects.get(code=code)

    def province(self, code) -> Province:
        return Province.objects.get(code=code)

    def line(self, code="hot_melt") -> ProductLine:
        return ProductLine.objects.get(code=code)

    def api(self, username=None) -> APIClient:
        """A client of the API with a token of that person; without one it is nobody."""
        client = APIClient()
        if username:
            token = actions.issue_token(self.user(username), by=None, name="test")
            client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        return client

    def browser(self, username=None) -> Client:
        """A client of the pages, signed in as that person."""
        client = Client()
        if username:
            client.force_login(self.user(username), backend="django.contrib.auth.backends.ModelBackend")
        return client

    def _create(self, username):
        name, roles, region, *travel = PEOPLE[username]
        region = self.region(region) if region else None
        user = actions.create_user(
            by=None, username=username, name=name, roles=roles, region=region, password=PASSWORD,
            email=f"{username}@example.com", phone="139 0000 0000",
        )  # fmt: skip
        if "supervisor" in roles:
            region.supervisor = user
            actions.save_region(region, by=None)
        if travel:
            tier, province, lines = travel
            engineer = actions.make_engineer(
                user, by=None, staff_number=f"GC{len(self._known):03d}", region=region,
                tier=Tier.objects.get(code=tier), base_province=self.province(province),
            )  # fmt: skip
            for code in lines:
                actions.grant_qualification(engineer, self.line(code), by=None, passed_on=date(2020, 1, 6))
                actions.set_skill(engineer, self.line(code), 3, by=None)
        return user


@pytest.fixture
def organisation(db):
    """Shipped divisions, product lines, regions, provinces and tiers."""
    defaults.load()


@pytest.fixture
def cast(organisation):
    """The named people, each created when first named; all have the password `demo`."""
    return Cast()


@pytest.fixture
def policy(db):
    """The shipped policy data of every app."""
    from django.core.management import call_command

    call_command("load_defaults", verbosity=0)
