"""Customer files, contacts, contracts, sites (CUS-01)."""

import datetime as dt

import pytest

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from customers import actions
from customers.models import Contact, Customer

pytestmark = pytest.mark.req("CUS-01")


def kinds(record):
    return [entry.kind for entry in history.about(record)]


def test_a_new_file_gets_a_number_contacts_and_an_entry(customer, dispatcher):
    assert customer.number == "KH00001"
    assert customer.full_address == "重庆重庆市南岸区海峡路 1 号"
    contact = customer.contacts.get()
    assert contact.is_main
    assert contact.phone == "138 0013 8000"
    assert contact.phone_digits == ["8613800138000", "862362345678"]
    entry = history.about(customer).get()
    assert (entry.kind, entry.by, entry.data) == ("customer.added", dispatcher, {"number": "KH00001"})


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "重庆机床厂"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"kind": "alien"}, "kind"),
        ({"colour": "red"}, "colour"),
        ({"contacts": [{"name": "王", "phone": "没有"}]}, "phone"),
        ({"contacts": [{"name": "", "phone": "13800138000"}]}, "name"),
    ],
)
def test_bad_input_is_refused_by_field_and_nothing_is_kept(fields, wrong, customer, dispatcher, chongqing):
    with pytest.raises(Refused) as refusal:
        actions.add_customer(by=dispatcher, **{"name": "新公司", "province": chongqing, **fields})
    assert list(refusal.value.fields) == [wrong]
    assert Customer.objects.count() == 1


def test_only_the_office_and_the_regions_supervisor_change_files(customer, chongqing, liaoning, engineer, supervisor):
    with pytest.raises(Forbidden):
        actions.change_customer(customer, by=engineer, city="北碚")
    with pytest.raises(Forbidden):
        actions.add_customer(by=supervisor, name="沈阳某厂", province=liaoning)
    with pytest.raises(Forbidden):
        actions.change_customer(customer, by=supervisor, province=liaoning)
    assert actions.change_customer(customer, by=supervisor, city="北碚").city == "北碚"


def test_a_change_raises_the_version_and_names_the_fields(customer, dispatcher):
    changed = actions.change_customer(customer, by=dispatcher, version=1, city="渝北", notes="老客户", why="搬迁")
    assert changed.version == 2
    entry = history.about(customer).first()
    assert entry.why == "搬迁"
    assert entry.data["fields"] == ["city", "notes"]
    assert entry.data["changes"] == {"city": ["重庆市", "渝北"]}
    assert "老客户" not in str(entry.data)


def test_saving_the_same_again_writes_nothing(customer, dispatcher):
    actions.change_customer(customer, by=dispatcher, city=" 重庆市 ")
    assert kinds(customer) == ["customer.added"]


def test_who_is_slower_is_told_what_changed_meanwhile(customer, dispatcher, supervisor):
    actions.change_customer(customer, by=supervisor, version=1, city="渝北")
    with pytest.raises(NotAllowed) as refusal:
        actions.change_customer(customer, by=dispatcher, version=1, notes="x")
    assert "susan" in str(refusal.value)
    assert refusal.value.extra == {"version": 2, "changed": ["city"]}


def test_one_contact_is_the_main_one(customer, dispatcher):
    second = actions.add_contact(customer, by=dispatcher, name="李工", phone="13900139000", is_main=True)
    assert [c.name for c in customer.contacts.filter(is_main=True)] == ["李工"]
    actions.remove_contact(second, by=dispatcher)
    assert [c.name for c in customer.contacts.filter(is_main=True)] == ["曾师傅"]
    assert kinds(customer)[:2] == ["customer.contact_removed", "customer.contact_added"]


def test_a_changed_phone_is_found_and_the_old_one_is_not(customer, dispatcher):
    from customers import lookup

    contact = customer.contacts.get()
    actions.change_contact(contact, by=dispatcher, phone="13712345999", backup_phone="")
    assert lookup.by_phone("13712345999") == [contact]
    assert lookup.find("138 0013 8000", dispatcher).customers == []
    assert "13712345999" not in str(list(history.about(customer).values("data")))


def test_a_nameless_contact_is_refused(customer, dispatcher):
    with pytest.raises(Refused):
        actions.add_contact(customer, by=dispatcher, phone="13712345999")
    assert Contact.objects.count() == 1


def test_contracts_and_sites_belong_to_the_file(customer, dispatcher, liaoning):
    contract = actions.add_contract(customer, by=dispatcher, number="2025-118", signed_on=dt.date(2025, 1, 1))
    site = actions.add_site(customer, by=dispatcher, name="沈阳工地", province=liaoning)
    assert site.province == liaoning
    with pytest.raises(Refused):
        actions.change_contract(contract, by=dispatcher, ends_on=dt.date(2024, 1, 1))
    with pytest.raises(Refused):
        actions.add_contract(customer, by=dispatcher, number="2025-118")
    actions.change_contract(contract, by=dispatcher, number="2025-119")
    actions.change_site(site, by=dispatcher, name="大连工地")
    assert kinds(customer)[:4] == [
        "customer.site_changed",
        "contract.changed",
        "customer.site_added",
        "contract.added",
    ]
    customer.refresh_from_db()
    assert "119" in customer.search
