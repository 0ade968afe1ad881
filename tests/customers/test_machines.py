"""Sold machines, their components and meters (CUS-02, CUS-10)."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import history
from core.errors import Forbidden, NotAllowed, Refused
from customers import actions, lookup, meters

from .conftest import NOON


@pytest.mark.req("CUS-02")
def test_a_machine_is_registered_with_an_entry_about_its_customer(machine, customer):
    entry = history.about(customer).filter(kind="equipment.added").get()
    assert entry.subject == f"equipment:{machine.pk}"
    assert entry.data == {"serial": "TRC1200-2024-0117", "model": "TRC-1200"}


@pytest.mark.req("CUS-02")
def test_dates_contract_and_serial_are_checked(machine, customer, dispatcher, model, chongqing):
    with pytest.raises(Refused) as refusal:
        actions.add_equipment(by=dispatcher, serial="TRC1200-2024-0117", model=model, customer=customer)
    assert list(refusal.value.fields) == ["serial"]
    with pytest.raises(Refused) as refusal:
        actions.change_equipment(machine, by=dispatcher, accepted_on=dt.date(2025, 2, 1))
    assert list(refusal.value.fields) == ["accepted_on"]
    other = actions.add_customer(by=dispatcher, name="别家", province=chongqing)
    with pytest.raises(Refused) as refusal:
        actions.change_equipment(machine, by=dispatcher, customer=other)
    assert list(refusal.value.fields) == ["contract"]


@pytest.mark.req("CUS-02")
def test_a_machine_moves_with_its_history(machine, customer, dispatcher, chongqing):
    other = actions.add_customer(by=dispatcher, name="成都路桥", province=chongqing)
    moved = actions.change_equipment(machine, by=dispatcher, version=1, customer=other, contract=None, why="转让")
    assert moved.version == 2
    assert history.about(other).first().kind == "equipment.changed"
    assert history.about(customer).first().kind == "equipment.changed"
    assert [hit.record for hit in lookup.find("cdlq", dispatcher).machines] == [machine]
    with pytest.raises(NotAllowed):
        actions.change_equipment(machine, by=dispatcher, version=1, plate="")


@pytest.mark.req("CUS-02")
def test_a_swapped_component_stays_in_the_file(machine, dispatcher):
    old = actions.add_component(machine, by=dispatcher, kind="electrical", name="控制器", serial="K-1")
    new = actions.replace_component(old, by=dispatcher, on=dt.date(2026, 3, 1), serial="K-2")
    old.refresh_from_db()
    assert (old.removed_on, new.installed_on, new.kind) == (dt.date(2026, 3, 1),) * 2 + ("electrical",)
    with pytest.raises(NotAllowed):
        actions.replace_component(old, by=dispatcher, on=dt.date(2026, 4, 1))
    entry = history.about(machine).first()
    assert (entry.kind, entry.data["old"], entry.data["new"]) == ("equipment.component_replaced", "K-1", "K-2")


@pytest.mark.req("CUS-02")
def test_papers_and_operators_are_noted(machine, dispatcher, engineer):
    actions.hand_over_item(machine, by=dispatcher, kind="document", name="合格证")
    actions.add_operator(machine, by=dispatcher, name="小赵", phone="13655556666")
    assert [hit.record for hit in lookup.find("6666", dispatcher).machines] == [machine]
    with pytest.raises(Forbidden):
        actions.hand_over_item(machine, by=engineer, kind="tool", name="扳手")


@pytest.mark.req("CUS-10")
def test_a_plausible_reading_becomes_the_running_hours(machine, dispatcher):
    actions.record_meter(machine, by=dispatcher, at=NOON, hours="100", source="customer")
    reading = actions.record_meter(
        machine, by=dispatcher, at=NOON + dt.timedelta(days=1), hours="124.04", source="customer"
    )
    machine.refresh_from_db()
    assert reading.is_plausible
    assert machine.running_hours == Decimal("124.0")


@pytest.mark.req("CUS-10")
@pytest.mark.parametrize(
    ("days", "hours", "doubt"), [(1, 99, "backwards"), (1, 126, "too_fast"), (-1, 101, "backwards")]
)
def test_an_impossible_reading_is_kept_and_marked(days, hours, doubt, machine, dispatcher):
    actions.record_meter(machine, by=dispatcher, at=NOON, hours=100, source="visit")
    at = NOON + dt.timedelta(days=days)
    reading = actions.record_meter(machine, by=dispatcher, at=at, hours=hours, source="api")
    machine.refresh_from_db()
    assert (reading.is_plausible, reading.doubt) == (False, doubt)
    assert machine.running_hours == 100
    assert history.about(machine).filter(kind="meter.doubted").count() == 1


@pytest.mark.req("CUS-10")
def test_a_late_entry_of_an_old_reading_leaves_the_newest(machine, dispatcher):
    actions.record_meter(machine, by=dispatcher, at=NOON, hours=500, source="visit")
    old = actions.record_meter(machine, by=dispatcher, at=NOON - dt.timedelta(days=30), hours=300, source="customer")
    machine.refresh_from_db()
    assert old.is_plausible
    assert machine.running_hours == 500


@pytest.mark.req("CUS-10")
def test_the_same_reading_twice_is_one(machine, dispatcher):
    first = actions.record_meter(machine, by=dispatcher, at=NOON, hours=5, source="api")
    assert actions.record_meter(machine, by=dispatcher, at=NOON, hours="5.0", source="api") == first
    assert history.about(machine).filter(kind="meter.read").count() == 1


@pytest.mark.req("CUS-10")
@pytest.mark.parametrize("hours", ["-1", "many", "10000000", "NaN"])
def test_nonsense_hours_are_refused(hours, machine, dispatcher):
    with pytest.raises(Refused):
        actions.record_meter(machine, by=dispatcher, at=NOON, hours=hours, source="api")
    assert not machine.readings.exists()


@pytest.mark.req("CUS-10")
def test_an_engineer_reads_the_meter_of_machines_of_his_orders_only(machine, customer, engineer):
    with pytest.raises(Forbidden):
        actions.record_meter(machine, by=engineer, at=NOON, hours=5, source="visit")
    actions.grant_field_access(engineer, customer, machine)
    assert actions.record_meter(machine, by=engineer, at=NOON, hours=5, source="visit").is_plausible


@pytest.mark.req("CUS-10")
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000)), max_size=12))
def test_believed_readings_never_run_back_nor_faster_than_the_clock(pairs):
    believed = []
    for hour, value in pairs:
        point = meters.Point(NOON + dt.timedelta(hours=hour), Decimal(value))
        if not meters.doubt(point, believed):
            believed.append(point)
    believed.sort(key=lambda p: (p.at, p.hours))
    for earlier, later in itertools.pairwise(believed):
        assert 0 <= later.hours - earlier.hours <= (later.at - earlier.at).total_seconds() / 3600 + 1
