"""Finding customers and machines from any fragment."""

import pytest

from customers import actions, lookup

pytestmark = pytest.mark.req("CUS-08")


@pytest.mark.parametrize(
    "typed",
    [
        "8000",
        "13800138000",
        "138 0013",
        "+8613800138000",
        "02362345678",
        "重机",
        "机床",
        "重庆机床厂",
        "cqjcc",
        "cqjc",
        "曾",
        "2025-117",
        "2025117",
        "zsf",
    ],
)
def test_a_customer_is_found_by_any_fragment(typed, machine, customer, dispatcher):
    found = lookup.find(typed, dispatcher)
    assert [hit.record for hit in found.customers] == [customer]
    assert [hit.record for hit in found.machines] == [machine]


@pytest.mark.parametrize("typed", ["0117", "trc1200-2024", "TRC1200-2024-0117", "渝A123", "12345", "热熔", "trc-1200"])
def test_a_machine_is_found_by_serial_plate_and_model(typed, machine, dispatcher):
    assert [hit.record for hit in lookup.find(typed, dispatcher).machines] == [machine]


def test_scattered_pieces_are_no_match(machine, dispatcher):
    assert lookup.find("13801380", dispatcher) == lookup.Found()


def test_exact_phone_comes_first(customer, dispatcher, chongqing):
    other = actions.add_customer(
        by=dispatcher, name="另一家公司", province=chongqing, contacts=[{"name": "王", "phone": "13911138000"}]
    )
    assert [hit.record for hit in lookup.find("38000", dispatcher).customers] == [other, customer]
    assert [hit.record for hit in lookup.find("13800138000", dispatcher).customers] == [customer]


def test_the_end_of_a_serial_counts_more_than_the_end_of_a_customers_name(machine, dispatcher, model, chongqing):
    other = actions.add_customer(by=dispatcher, name="路桥公司0117", province=chongqing)
    actions.add_equipment(by=dispatcher, serial="X", model=model, customer=other)
    assert lookup.find("0117", dispatcher).machines[0].record == machine


def test_four_statements_are_enough(machine, dispatcher, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        found = lookup.find("8000", dispatcher)
        assert found.customers[0].record.people[0]["phone"] == "138 0013 8000"
        assert found.machines[0].record.model.product_line.code == "t-hot"


def test_field_staff_find_only_what_their_orders_show(machine, customer, engineer):
    assert lookup.find("8000", engineer) == lookup.Found()
    actions.grant_field_access(engineer, customer, machine)
    assert [hit.record for hit in lookup.find("8000", engineer).machines] == [machine]


@pytest.mark.parametrize("typed", ["13800138000", "013800138000", "+8613800138000", "8000", "138000", "62345678"])
def test_the_callers_number_brings_up_the_contact(typed, customer):
    assert [contact.name for contact in lookup.by_phone(typed)] == ["曾师傅"]


@pytest.mark.parametrize("typed", ["", "abc", "80", "13911138000", "99998000"])
def test_a_strange_number_brings_up_nobody(typed, customer):
    assert lookup.by_phone(typed) == []
