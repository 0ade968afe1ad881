"""The people of the demo: accounts, engineers with skills and certificates, standby and leave."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from staff import actions
from staff.models import Engineer, ProductLine, Province, Region, Tier, User

PASSWORD = "demo"  # noqa: S105 - the demo loads only by an explicit command or into an empty trial

OFFICE = [
    ("admin", "管理员", ["admin"], "", "13900010001"),
    ("dispatcher", "周敏", ["dispatcher"], "", "13900010002"),
    ("dispatcher-2", "韩雪", ["dispatcher"], "", "13900010003"),
    ("head", "郑怀远", ["head"], "", "13900010004"),
    ("manager", "高立群", ["manager"], "", "13900010005"),
    ("keeper", "刘桂英", ["keeper"], "", "13900010006"),
    ("finance", "钱慧", ["finance"], "", "13900010007"),
    ("trainer", "陶建业", ["trainer"], "", "13900010008"),
    ("supervision", "严正", ["supervision"], "", "13900010009"),
    ("marketing", "许佳宁", ["marketing"], "", "13900010010"),
    ("inspector", "吴国栋", ["inspector"], "", "13900010011"),
    ("product", "沈工", ["product"], "", "13900010012"),
    ("supervisor", "马国庆", ["supervisor"], "NW", "13900010013"),
    ("supervisor-south", "林建华", ["supervisor"], "SE", "13900010014"),
    ("supervisor-ne", "关宏伟", ["supervisor"], "NE", "13900010015"),
    ("supervisor-sw", "罗永清", ["supervisor"], "SW", "13900010016"),
    ("supervisor-mobile", "赵长河", ["supervisor"], "MOBILE", "13900010017"),
]

ALL = ("hot_melt", "cold_spray", "hand_push")
# account, name, region, tier rank, home province, city, product lines with skill, phone
FIELD: list[tuple[str, str, str, int, str, str, dict[str, int], str]] = [
    ("engineer", "张海涛", "NW", 2, "610000", "西安市", dict.fromkeys(ALL, 4), "13709123356"),
    ("engineer-south", "陈志强", "SE", 2, "350000", "福州市", dict.fromkeys(ALL, 4), "13705913321"),
    ("ma-xiaojun", "马小军", "NW", 3, "620000", "兰州市", {"hot_melt": 3, "hand_push": 3}, "13709310012"),
    ("bai-yang", "白杨", "NW", 4, "640000", "银川市", {"hand_push": 2, "hot_melt": 2}, "13709510088"),
    ("yang-bo", "杨波", "SW", 1, "520000", "贵阳市", dict.fromkeys(ALL, 5), "13708510022"),
    ("liu-chuan", "刘川", "SW", 3, "510000", "成都市", {"hot_melt": 3, "cold_spray": 3}, "13708010034"),
    ("wei-dong", "韦冬", "SW", 3, "450000", "南宁市", {"cold_spray": 3, "hand_push": 4}, "13707710045"),
    ("lin-wei", "林伟", "SE", 3, "330000", "杭州市", {"hot_melt": 4, "cold_spray": 3}, "13705710056"),
    ("wu-guodong", "吴振东", "SE", 2, "440000", "广州市", dict.fromkeys(ALL, 4), "13702010067"),
    ("he-miao", "何苗", "SE", 4, "360000", "南昌市", {"hand_push": 2}, "13707910078"),
    ("wang-tiezhu", "王铁柱", "NE", 2, "220000", "长春市", dict.fromkeys(ALL, 4), "13704310089"),
    ("sun-lixin", "孙立新", "NE", 3, "230000", "哈尔滨市", {"hot_melt": 3, "cold_spray": 3}, "13704510090"),
    ("qi-lei", "齐磊", "NE", 3, "210000", "沈阳市", {"hot_melt": 3, "hand_push": 3}, "13702410101"),
    ("li-weidong", "李卫东", "MOBILE", 1, "410000", "郑州市", dict.fromkeys(ALL, 5), "13703710112"),
    ("zhao-lei", "赵磊", "MOBILE", 3, "410000", "郑州市", {"hot_melt": 4, "hand_push": 4}, "13703710123"),
    ("chen-zhi", "陈志", "MOBILE", 4, "410000", "洛阳市", {"hand_push": 3, "cold_spray": 2}, "13703710134"),
]


def build(today: date) -> dict[str, User]:
    """All accounts by name; engineers are trained, some certificates end soon, one is on leave today."""
    start = datetime.combine(today - timedelta(days=420), datetime.min.time()).astimezone()
    admin = None
    people: dict[str, User] = {}
    regions = {region.code: region for region in Region.objects.all()}
    for username, name, roles, region, phone in OFFICE:
        user = _account(username, name, roles, regions.get(region), phone, admin, start)
        admin = admin or user
        people[username] = user
    for code, boss in {"NW": "", "SE": "-south", "NE": "-ne", "SW": "-sw", "MOBILE": "-mobile"}.items():
        held = regions[code]
        held.supervisor = people[f"supervisor{boss}"]
        actions.save_region(held, by=admin, at=start)
    for place, row in enumerate(FIELD, 1):
        people[row[0]] = _engineer(place, row, people, regions, start, today)
    _absences(people, today)
    return people


def _account(username: str, name: str, roles: list[str], region: Any, phone: str, by: Any, at: datetime) -> User:
    user = actions.create_user(by=by, username=username, name=name, roles=roles, region=region, phone=phone, at=at)
    user.password = _hashed()
    user.save(update_fields=["password"])
    return user


@cache
def _hashed() -> str:
    """The demo's password is shorter than the rules allow; hashed once for all accounts."""
    return make_password(PASSWORD)


def _engineer(
    place: int, row: Any, people: dict[str, User], regions: dict[str, Region], at: datetime, today: date
) -> User:
    username, name, region, rank, province, city, skills, phone = row
    user = _account(username, name, ["engineer"], regions[region], phone, people["admin"], at)
    engineer = actions.make_engineer(
        user,
        by=people["admin"],
        staff_number=f"TT-S-{place:04d}",
        tier=Tier.objects.order_by("rank")[rank - 1],
        region=regions[region],
        base_province=Province.objects.get(pk=province),
        base_city=city,
        at=at,
    )
    lines = {line.code: line for line in ProductLine.objects.all()}
    for number, (code, level) in enumerate(skills.items(), 1):
        actions.set_skill(engineer, lines[code], level, by=people["trainer"], at=at)
        ends = today + timedelta(days=20 if (place + number) % 13 == 0 else 200 + 25 * place)
        actions.grant_qualification(
            engineer,
            product_line=lines[code],
            certificate=f"PX{at:%Y}-{place:02d}{number}",
            passed_on=at.date(),
            valid_until=ends,
            score=82 + (place * 7 + number * 3) % 17,
            by=people["trainer"],
            at=at,
        )
    return user


def _absences(people: dict[str, User], today: date) -> None:
    """Somebody is on leave today, somebody is at a course next week; a rota for the coming nights."""
    noon = datetime.combine(today, datetime.min.time()).astimezone()
    away = Engineer.objects.get(user=people["qi-lei"])
    actions.plan_absence(
        away,
        kind="leave",
        starts_at=noon,
        ends_at=noon + timedelta(days=3),
        by=people["supervisor-ne"],
        note="调休",
    )
    course = Engineer.objects.get(user=people["he-miao"])
    begins = noon + timedelta(days=7)
    actions.plan_absence(
        course,
        kind="training",
        starts_at=begins,
        ends_at=begins + timedelta(days=2),
        by=people["head"],
        note="热熔设备取证",
    )
    for night, username in enumerate(["li-weidong", "zhao-lei", "chen-zhi"]):
        evening = noon + timedelta(days=night, hours=18)
        actions.plan_standby(
            Engineer.objects.get(user=people[username]),
            starts_at=evening,
            ends_at=evening + timedelta(hours=14),
            by=people["head"],
        )
