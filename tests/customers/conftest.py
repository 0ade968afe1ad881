"""The cast of the customer tests: people of several roles, provinces in two regions, a customer with a machine."""

import datetime as dt

import pytest

from customers import actions
from staff.models import Division, ProductLine, Province, Region, User
from staff.roles import Role

NOON = dt.datetime(2026, 10, 5, 4, 0, tzinfo=dt.UTC)


def person(username, *roles, region=None):
    return User.objects.create_user(username, password="demo", name=username, roles=list(roles), region=region)


@pytest.fixture
def south(db):
    return Region.objects.create(code="T-SW", name_zh="测试西南", name_en="Test south-west")


@pytest.fixture
def north(db):
    return Region.objects.create(code="T-NE", name_zh="测试东北", name_en="Test north-east")


@pytest.fixture
def chongqing(south):
    return _province("500000", "重庆", "Chongqing", south)


@pytest.fixture
def liaoning(north):
    return _province("210000", "辽宁", "Liaoning", north)


def _province(code, name_zh, name_en, region):
    values = {"name_zh": name_zh, "name_en": name_en, "region": region, "latitude": 30, "longitude": 106}
    return Province.objects.update_or_create(code=code, defaults=values)[0]


@pytest.fixture
def dispatcher(db):
    return person("dora", Role.DISPATCHER)


@pytest.fixture
def engineer(db, south):
    return person("erik", Role.ENGINEER, region=south)


@pytest.fixture
def supervisor(db, south):
    return person("susan", Role.SUPERVISOR, region=south)


@pytest.fixture
def line(db):
    division = Division.objects.create(code="t-mech", name_zh="机械处", name_en="Mechanical")
    return ProductLine.objects.create(code="t-hot", name_zh="热熔划线车", name_en="Hot melt", division=division)


@pytest.fixture
def model(line, dispatcher):
    return actions.add_product_model(
        by=dispatcher, code="TRC-1200", product_line=line, name_zh="热熔划线车 1200", name_en="Hot melt 1200"
    )


@pytest.fixture
def customer(dispatcher, chongqing):
    return actions.add_customer(
        by=dispatcher,
        at=NOON,
        name="重庆机床厂",
        short_name="重机",
        province=chongqing,
        city="重庆市",
        address="南岸区海峡路 1 号",
        contacts=[{"name": "曾师傅", "phone": "138 0013 8000", "backup_phone": "023-6234 5678转12"}],
    )


@pytest.fixture
def machine(dispatcher, customer, model):
    contract = actions.add_contract(customer, by=dispatcher, number="2025-117")
    return actions.add_equipment(
        by=dispatcher,
        at=NOON,
        serial="TRC1200-2024-0117",
        model=model,
        customer=customer,
        contract=contract,
        plate="渝A12345",
        delivered_on=dt.date(2025, 3, 1),
    )
