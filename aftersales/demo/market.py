"""Customers and machines of the demo: forty road-marking firms and offices, 120 machines of three lines."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from customers import actions
from customers.models import Customer, Equipment, ProductModel
from staff.models import ProductLine, Province, User

MODELS = [
    ("TRC-900", "热熔划线车 TRC-900", "Hot-melt line marker TRC-900", "hot_melt"),
    ("TRC-1200", "热熔划线车 TRC-1200", "Hot-melt line marker TRC-1200", "hot_melt"),
    ("TRF-600", "热熔釜车 TRF-600", "Hot-melt kettle truck TRF-600", "hot_melt"),
    ("TLP-800", "冷喷划线车 TLP-800", "Cold-spray line marker TLP-800", "cold_spray"),
    ("TLP-500", "冷喷划线机 TLP-500", "Cold-spray line marker TLP-500", "cold_spray"),
    ("TRS-300", "手推热熔机 TRS-300", "Hand-pushed hot-melt unit TRS-300", "hand_push"),
]

# province, city, district, name, short name, remote
PLACES = [
    ("410000", "郑州市", "中牟县", "河南豫路交通安全设施有限公司", "豫路交安", False),
    ("410000", "信阳市", "浉河区", "信阳长虹标线工程有限公司", "长虹标线", False),
    ("410000", "商丘市", "睢阳区", "商丘顺达公路养护有限公司", "顺达养护", False),
    ("410000", "洛阳市", "洛龙区", "洛阳公路局一处", "洛阳一处", False),
    ("410000", "南阳市", "卧龙区", "南阳宛通交通安全工程有限公司", "宛通交安", False),
    ("410000", "开封市", "龙亭区", "开封汴路设施有限公司", "汴路设施", False),
    ("410000", "漯河市", "源汇区", "漯河沙澧养护中心", "沙澧养护", False),
    ("410000", "许昌市", "魏都区", "许昌鸿路标线队", "鸿路标线", False),
    ("420000", "武汉市", "汉阳区", "湖北楚道交通设施有限公司", "楚道交设", False),
    ("130000", "石家庄市", "长安区", "河北冀通路桥养护有限公司", "冀通养护", False),
    ("610000", "西安市", "未央区", "陕西秦岭交通工程有限公司", "秦岭交工", False),
    ("610000", "榆林市", "定边县", "定边鑫路工程有限公司", "定边鑫路", True),
    ("610000", "延安市", "宝塔区", "延安路桥养护有限公司", "延安路桥", False),
    ("620000", "兰州市", "七里河区", "甘肃陇原标线工程有限公司", "陇原标线", False),
    ("620000", "庆阳市", "西峰区", "庆阳陇东公路段", "陇东公路段", True),
    ("640000", "固原市", "原州区", "固原六盘山路桥有限公司", "六盘路桥", True),
    ("640000", "银川市", "金凤区", "宁夏塞上交安有限公司", "塞上交安", False),
    ("630000", "西宁市", "城北区", "青海湟水公路养护有限公司", "湟水养护", True),
    ("650000", "乌鲁木齐市", "头屯河区", "新疆天山路标工程有限公司", "天山路标", True),
    ("510000", "成都市", "双流区", "四川蜀道标线有限公司", "蜀道标线", False),
    ("510000", "南充市", "顺庆区", "南充嘉陵路政设施队", "嘉陵路政", False),
    ("520000", "贵阳市", "观山湖区", "贵州黔道交通设施有限公司", "黔道交设", False),
    ("530000", "曲靖市", "麒麟区", "曲靖滇东养护有限公司", "滇东养护", False),
    ("530000", "昆明市", "官渡区", "云南滇池交安工程有限公司", "滇池交安", False),
    ("450000", "南宁市", "西乡塘区", "广西邕江标线有限公司", "邕江标线", False),
    ("500000", "重庆市", "渝北区", "重庆机场路设施有限公司", "机场路设施", False),
    ("350000", "福州市", "仓山区", "福建闽安交通设施有限公司", "闽安交设", False),
    ("350000", "宁德市", "福鼎市", "福鼎闽东交安工程队", "闽东交安", False),
    ("330000", "宁波市", "鄞州区", "宁波甬海标线有限公司", "甬海标线", False),
    ("360000", "九江市", "浔阳区", "九江赣北标线有限公司", "赣北标线", False),
    ("440000", "广州市", "番禺区", "广东粤路标线工程有限公司", "粤路标线", False),
    ("440000", "深圳市", "宝安区", "深圳鹏城交安设施有限公司", "鹏城交安", False),
    ("340000", "阜阳市", "颍州区", "阜阳皖北通设施有限公司", "皖北通", False),
    ("320000", "南京市", "江宁区", "江苏宁路交通工程有限公司", "宁路交工", False),
    ("220000", "四平市", "铁西区", "四平恒通标线有限公司", "恒通标线", False),
    ("220000", "长春市", "绿园区", "吉林长白公路养护有限公司", "长白养护", False),
    ("230000", "绥化市", "北林区", "绥化龙江交设有限公司", "龙江交设", False),
    ("150000", "通辽市", "科尔沁区", "通辽蒙东养护中心", "蒙东养护", True),
    ("210000", "大连市", "甘井子区", "大连滨海标线有限公司", "滨海标线", False),
    ("210000", "沈阳市", "浑南区", "辽宁盛京路桥养护有限公司", "盛京养护", False),
]
STREETS = ["官渡大街", "人民路", "建设路", "滨河路", "工业大道", "北环路", "迎宾大道", "长江路"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董"
GIVEN = ["建军", "志刚", "秀英", "海燕", "国强", "永福", "小芳", "文斌", "德胜", "丽娟", "保国", "天佑", "春生", "金龙"]
POSITIONS = ["机长", "设备科长", "项目经理", "机务", "养护队长"]


def build(people: dict[str, User], today: date, random: Random) -> list[Equipment]:
    """All machines, oldest sale first; each customer has one to six."""
    models = _models(people["admin"], today)
    provinces = {province.pk: province for province in Province.objects.select_related("region")}
    machines: list[Equipment] = []
    customers = [_customer(people, provinces, row, today, random) for row in PLACES]
    serial = dict.fromkeys(range(today.year - 5, today.year + 1), 100)
    while len(machines) < 120:
        customer = customers[len(machines) % 40] if len(machines) < 40 else random.choice(customers)
        machines.append(_machine(people["marketing"], customer, random.choice(models), serial, today, random))
    return machines


def _models(admin: User, today: date) -> list[ProductModel]:
    lines = {line.code: line for line in ProductLine.objects.all()}
    at = _morning(today - timedelta(days=410))
    return [
        actions.add_product_model(by=admin, code=code, name_zh=zh, name_en=en, product_line=lines[line], at=at)
        for code, zh, en, line in MODELS
    ]


def _customer(people: dict[str, User], provinces: Any, row: Any, today: date, random: Random) -> Customer:
    province, city, district, name, short, remote = row
    at = _morning(today - timedelta(days=400))
    people_there = [_person(random) for _ in range(random.choice([1, 2, 2, 3]))]
    return actions.add_customer(
        by=people["marketing"],
        at=at,
        name=name,
        short_name=short,
        province=provinces[province],
        city=city,
        district=district,
        address=f"{random.choice(STREETS)} {random.randint(8, 288)} 号",
        is_remote=remote,
        kind="authority" if ("处" in short or "段" in short or "中心" in name) else "company",
        owner=people["marketing"],
        contacts=people_there,
    )


def _person(random: Random) -> dict[str, Any]:
    return {
        "name": random.choice(SURNAMES) + random.choice(GIVEN),
        "position": random.choice(POSITIONS),
        "phone": f"1{random.choice('35789')}{random.randint(0, 9)} {_four(random)} {_four(random)}",
        "backup_phone": f"0{random.randint(371, 379)}-6{random.randint(100, 999)} {_four(random)}",
    }


def _four(random: Random) -> int:
    return random.randint(1000, 9999)


def _machine(
    by: User, customer: Customer, model: ProductModel, serial: dict[int, int], today: date, random: Random
) -> Equipment:
    bought = today - timedelta(days=random.randint(40, 1500))
    number = serial[bought.year] = serial[bought.year] + random.randint(1, 9)
    at = _morning(max(bought, today - timedelta(days=400)))
    contract = actions.add_contract(
        by=by,
        customer=customer,
        number=f"{bought.year}-{number:03d}",
        title=f"{model.code} 买卖合同",
        signed_on=bought,
        at=at,
    )
    delivered = bought + timedelta(days=random.randint(5, 20))
    accepted = delivered + timedelta(days=random.randint(2, 14))
    return actions.add_equipment(
        by=by,
        at=at,
        serial=f"TT-{bought.year}-{number:04d}",
        model=model,
        customer=customer,
        contract=contract,
        produced_on=bought - timedelta(days=random.randint(20, 90)),
        purchased_on=bought,
        delivered_on=delivered,
        accepted_on=accepted,
        first_used_on=accepted + timedelta(days=random.randint(0, 6)),
        batch=f"{bought.year}{(bought.month - 1) // 3 + 1}",
    )


def hours_on(machine: Equipment, day: date) -> Decimal:
    """Running hours of a machine on a day: some three a day since its first use."""
    since = machine.first_used_on or day
    pace = 2 + machine.pk % 5
    return Decimal(max((day - since).days, 0) * pace)


def _morning(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time()).replace(hour=9).astimezone()
