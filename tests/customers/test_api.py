"""Customers and machines over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from customers import actions
from customers.models import Contract, Customer, Equipment

API = "/api/v1"


def client_of(user):
    client = APIClient()
    client.force_authenticate(user)
    return client


@pytest.fixture
def desk(dispatcher):
    return client_of(dispatcher)


@pytest.mark.req("CUS-01")
def test_a_customer_is_opened_read_and_changed(desk, chongqing):
    body = {
        "name": "成都路桥",
        "province": "500000",
        "contacts": [{"name": "李工", "phone": "13900139000"}],
    }
    made = desk.post(f"{API}/customers/", body)
    assert made.status_code == 201, made.data
    number = made.data["number"]
    assert made.data["contacts"][0]["is_main"] is True
    assert desk.get(f"{API}/customers/{number}/").data["name"] == "成都路桥"
    changed = desk.patch(f"{API}/customers/{number}/", {"city": "北碚", "version": 1})
    assert (changed.status_code, changed.data["version"]) == (200, 2)
    late = desk.patch(f"{API}/customers/{number}/", {"city": "渝北", "version": 1})
    assert (late.status_code, late.data["changed"]) == (409, ["city"])


@pytest.mark.req("CUS-01")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"province": "500000"}, "name"),
        ({"name": "x", "province": "999999"}, "province"),
        ({"name": "重庆机床厂", "province": "500000"}, "name"),
        ({"name": "x", "province": "500000", "kind": "alien"}, "kind"),
    ],
)
def test_bad_input_is_answered_by_field(body, field, desk, customer):
    answer = desk.post(f"{API}/customers/", body)
    assert answer.status_code == 400
    assert list(answer.data) == [field]


@pytest.mark.req("CUS-01")
def test_a_repeated_key_opens_one_file(desk, chongqing):
    for _turn in range(2):
        answer = desk.post(
            f"{API}/customers/",
            {"name": "成都路桥", "province": "500000"},
            headers={"Idempotency-Key": "k1"},
        )
        assert answer.status_code == 201
    assert Customer.objects.count() == 1


@pytest.mark.req("CUS-01")
def test_contacts_are_added_changed_and_removed(desk, customer):
    url = f"{API}/customers/{customer.number}/contacts/"
    added = desk.post(url, {"name": "李工", "phone": "13900139000"})
    assert added.status_code == 201
    key = added.data["contacts"][1]["id"]
    assert desk.patch(f"{url}{key}/", {"phone": "none"}).status_code == 400
    assert desk.patch(f"{url}{key}/", {"is_main": True}).data["contacts"][0]["id"] == key
    assert len(desk.delete(f"{url}{key}/").data["contacts"]) == 1
    assert desk.delete(f"{url}{key}/").status_code == 404


@pytest.mark.req("CUS-08", "CUS-01")
def test_customers_are_filtered(desk, customer, dispatcher, liaoning, south):
    actions.add_customer(by=dispatcher, name="沈阳某厂", province=liaoning, kind="dealer")
    for query in ("q=8000", "q=cqjc", "province=500000", "region=T-SW", "kind=company"):
        rows = desk.get(f"{API}/customers/?{query}").data["results"]
        assert [row["number"] for row in rows] == [customer.number], query
    assert desk.get(f"{API}/customers/?region=XX").data["results"] == []


@pytest.mark.req("CUS-02")
def test_a_machine_is_registered_with_parts_papers_and_people(desk, customer, model):
    body = {"serial": "H-1", "model": "TRC-1200", "customer": customer.number, "accepted_on": "2025-03-05"}
    assert desk.post(f"{API}/equipment/", body).status_code == 201
    assert desk.post(f"{API}/equipment/", body).status_code == 400
    url = f"{API}/equipment/H-1/"
    assert desk.post(f"{url}components/", {"kind": "electrical", "name": "控制器", "serial": "K-1"}).status_code == 201
    key = desk.get(url).data["components"][0]["id"]
    assert desk.patch(f"{url}components/{key}/", {"serial": "K-1a"}).status_code == 200
    swapped = desk.post(f"{url}components/{key}/replace/", {"on": "2026-01-01", "serial": "K-2"})
    assert [row["serial"] for row in swapped.data["components"]] == ["K-1a", "K-2"]
    assert desk.post(f"{url}components/{key}/replace/", {"on": "2026-01-01"}).status_code == 409
    assert desk.post(f"{url}delivered-items/", {"kind": "document", "name": "说明书"}).status_code == 201
    assert desk.post(f"{url}operators/", {"name": "小赵"}).status_code == 201
    assert desk.patch(url, {"plate": "渝B1", "version": 1}).data["version"] == 2


@pytest.mark.req("CUS-10")
def test_readings_are_recorded_and_listed(desk, machine):
    url = f"{API}/equipment/{machine.serial}/readings/"
    first = desk.post(url, {"hours": "100.0", "at": "2026-10-01T08:00:00+08:00"})
    assert (first.status_code, first.data["is_plausible"]) == (201, True)
    odd = desk.post(url, {"hours": "500.0", "at": "2026-10-02T08:00:00+08:00"})
    assert (odd.status_code, odd.data["is_plausible"]) == (201, False)
    assert odd.data["doubt"]
    assert [row["hours"] for row in desk.get(url).data["results"]] == ["500.0", "100.0"]
    assert desk.post(url, {"hours": "x"}).status_code == 400
    assert Equipment.objects.get().running_hours == 100


@pytest.mark.req("CUS-02")
def test_contracts_sites_and_models_are_kept(desk, customer, line):
    number = "沪2025/1"
    made = desk.post(f"{API}/contracts/", {"number": number, "customer": customer.number})
    assert made.status_code == 201, made.data
    assert desk.patch(f"{API}/contracts/{number}/", {"title": "年度维保"}).data["title"] == "年度维保"
    assert desk.get(f"{API}/contracts/?customer={customer.number}").data["results"][0]["number"] == number
    site = desk.post(f"{API}/sites/", {"customer": customer.number, "name": "工地"})
    assert (site.status_code, site.data["province"]) == (201, "500000")
    assert desk.patch(f"{API}/sites/{site.data['id']}/", {"name": ""}).status_code == 400
    made = desk.post(f"{API}/product-models/", {"code": "X-1", "product_line": "t-hot"})
    assert (made.status_code, made.data["name_zh"]) == (201, "X-1")
    assert desk.patch(f"{API}/product-models/X-1/", {"name_en": "X one"}).status_code == 200


@pytest.mark.req("ORG-03", "CUS-01")
def test_strangers_get_404_and_wrong_roles_403(engineer, machine, customer):
    client = client_of(engineer)
    assert APIClient().get(f"{API}/customers/").status_code in (401, 403)
    for url in (f"customers/{customer.number}", f"equipment/{machine.serial}", "contracts/2025-117"):
        assert client.get(f"{API}/{url}/").status_code == 404, url
    assert client.get(f"{API}/customers/").data["results"] == []
    actions.grant_field_access(engineer, customer, machine)
    assert client.get(f"{API}/equipment/{machine.serial}/").status_code == 200
    assert client.patch(f"{API}/equipment/{machine.serial}/", {"plate": "x"}).status_code == 403
    assert client.patch(f"{API}/contracts/2025-117/", {"title": "x"}).status_code == 403
    assert client.post(f"{API}/equipment/{machine.serial}/readings/", {"hours": "5"}).status_code == 201
    assert Contract.objects.get().title == ""


@pytest.mark.req("OPN-01")
def test_a_list_costs_the_same_for_one_row_and_twenty(
    desk, machine, model, dispatcher, chongqing, django_assert_num_queries
):
    def cost(path):

        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"{API}/{path}/").status_code == 200
        return len(queries)

    paths = ("customers", "equipment", "contracts", "sites", "product-models")
    before = [cost(path) for path in paths]
    for i in range(20):
        customer = actions.add_customer(
            by=dispatcher, name=f"客户{i}", province=chongqing, contacts=[{"name": "a", "phone": "13900139000"}]
        )
        contract = actions.add_contract(customer, by=dispatcher, number=f"C{i}")
        site = actions.add_site(customer, by=dispatcher, name=f"S{i}")
        actions.add_equipment(
            by=dispatcher, serial=f"S-{i}", model=model, customer=customer, contract=contract, site=site
        )
    assert [cost(path) for path in paths] == before
