"""Verdicts, terms, extensions, replacements, findings and rights in the database."""

import datetime as dt
from decimal import Decimal

import pytest

from core import history, readers
from core.errors import Forbidden, NotAllowed, Refused
from customers import actions as customers
from customers.models import Equipment
from notices.models import Delivery
from warranty import actions, defaults
from warranty.guarantees import Fault
from warranty.models import ComponentKind, Right, Term
from warranty.tasks import sweep

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 6, 1)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))


def kinds(record):
    return [entry.kind for entry in history.about(record)]


@pytest.mark.req("WAR-01", "WAR-02", "WAR-07")
def test_the_shipped_terms_decide_for_components_and_phases(machine):
    assert actions.decide(machine, on=dt.date(2027, 3, 2)).code == "free"
    assert actions.decide(machine, on=dt.date(2027, 9, 2), component="electrical").code == "free"
    assert actions.decide(machine, on=dt.date(2027, 9, 3), component="electrical").code == "cost"
    assert actions.decide(machine, on=dt.date(2029, 3, 2), component="structure").code == "free"
    assert actions.decide(machine, on=dt.date(2030, 3, 3)).code == "charged"
    assert actions.decide(None, on=DAY).code == "unknown"


@pytest.mark.req("WAR-07")
def test_a_verdict_costs_two_queries_for_an_ordinary_machine(machine, django_assert_max_num_queries):
    machine = Equipment.objects.select_related("model").get(pk=machine.pk)
    with django_assert_max_num_queries(2):
        actions.decide(machine, on=DAY, component="electrical")


@pytest.mark.req("WAR-01")
def test_a_contract_has_terms_of_its_own_and_the_verdict_names_it(machine, cast):
    electrical = ComponentKind.objects.get(code="electrical")
    actions.add_term(
        by=cast.head, at=at("2026-03-02 10:00"), code="2025-117-electrical", valid_from=dt.date(2026, 3, 1),
        contract=machine.contract, component=electrical, months=30, name_zh="电气件三十个月",
        name_en="Electrical, thirty months", source_zh="第 6 条", source_en="clause 6",
    )  # fmt: skip
    verdict = actions.decide(machine, on=dt.date(2028, 1, 1), component="electrical")
    assert verdict.sentence("zh") == "免费：电气件，验收后 30 个月内（合同 2025-117 第 6 条），到 2028-09-02。"
    assert verdict.sentence("en") == (
        "Free: Electrical part, within 30 months of acceptance (contract 2025-117, clause 6), until 2028-09-02."
    )


@pytest.mark.req("WAR-01")
def test_loading_the_shipped_terms_again_changes_nothing(terms):
    before = list(Term.objects.order_by("pk").values())
    defaults.load()
    assert list(Term.objects.order_by("pk").values()) == before


@pytest.mark.req("WAR-01")
def test_a_term_is_changed_by_a_new_version_that_binds_later_sales_only(machine, cast):
    values = {"phase": "free", "months": 24, "name_zh": "整机两年免费", "name_en": "Two years"}
    actions.add_term(
        by=cast.admin, at=at("2026-05-01 09:00"), code="machine-free", valid_from=dt.date(2026, 5, 1), **values
    )
    assert actions.decide(machine, on=dt.date(2027, 5, 1)).code == "cost"
    machine = customers.change_equipment(machine, by=cast.dispatcher, purchased_on=dt.date(2026, 5, 2))
    assert actions.decide(machine, on=dt.date(2027, 5, 1)).code == "free"
    term = Term.objects.get(code="machine-free", version=2)
    last = actions.withdraw_term(
        term, by=cast.admin, at=at("2026-06-01 09:00"), valid_from=dt.date(2026, 6, 1), why="换新政策"
    )
    assert (last.version, last.withdrawn) == (3, True)
    assert kinds(last) == ["warranty.term_withdrawn"]


@pytest.mark.req("WAR-01")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"months": None}, "months"),
        ({"months": 12, "restarts_machine": True}, "restarts_machine"),
        ({"months": 12, "allowances": [{"code": "x"}]}, "allowances"),
        ({"months": 12, "phase": "never"}, "phase"),
        ({"months": 12, "valid_from": dt.date(1999, 1, 1)}, "valid_from"),
    ],
)
def test_nonsense_in_a_term_is_refused_by_field(terms, cast, values, field):
    values = {"code": "machine-free", "valid_from": dt.date(2026, 5, 1), "name_zh": "整机", **values}
    with pytest.raises(Refused) as refusal:
        actions.add_term(by=cast.admin, at=at("2026-05-01 09:00"), **values)
    assert field in refusal.value.fields
    assert Term.objects.filter(code="machine-free").count() == 1


@pytest.mark.req("WAR-01")
def test_only_administrator_and_head_write_terms(terms, cast):
    with pytest.raises(Forbidden):
        actions.add_term(
            by=cast.dispatcher, at=at("2026-05-01 09:00"), code="mine", valid_from=DAY, months=12, name_zh="x"
        )


@pytest.mark.req("WAR-01")
def test_hours_of_believed_readings_end_a_term(machine, cast):
    actions.add_term(
        by=cast.head, at=at("2026-03-02 10:00"), code="hours", valid_from=dt.date(2026, 3, 1), equipment=machine,
        months=24, hours=Decimal(2000), name_zh="两年或两千小时", name_en="Two years or 2,000 h",
    )  # fmt: skip
    customers.record_meter(
        machine, by=cast.dispatcher, hours=Decimal(1900), at=at("2026-08-01 09:00"), source="customer"
    )
    assert actions.decide(machine, on=dt.date(2027, 4, 1)).code == "free"
    customers.record_meter(
        machine, by=cast.dispatcher, hours=Decimal(2100), at=at("2027-01-05 09:00"), source="customer"
    )
    assert actions.decide(machine, on=dt.date(2027, 1, 4)).until == dt.date(2027, 1, 4)
    assert actions.decide(machine, on=dt.date(2027, 4, 1)).code == "cost"


@pytest.mark.req("WAR-05")
def test_a_component_replaced_in_the_file_gets_a_warranty_of_its_own_once(machine, cast):
    component = customers.add_component(machine, by=cast.dispatcher, kind="engine", name="柴油机", serial="D-1")
    moment = at("2027-02-01 10:00")
    customers.replace_component(component, by=cast.dispatcher, on=dt.date(2027, 2, 1), at=moment, serial="D-2")
    readers.work()
    readers.catch_up("warranty.replacements")
    readers.work()
    assert kinds(machine).count("warranty.part_replaced") == 1
    verdict = actions.decide(machine, on=dt.date(2028, 2, 1), component="engine")
    assert (verdict.code, verdict.phase, verdict.until) == ("free", "part", dt.date(2028, 2, 1))
    assert actions.decide(machine, on=dt.date(2027, 6, 1)).code == "cost"


@pytest.mark.req("WAR-05")
def test_a_part_that_moves_to_another_machine_takes_its_warranty_along(machine, cast, customer, model):
    other = customers.add_equipment(
        by=cast.dispatcher, serial="TT-OLD", model=model, customer=customer, accepted_on=dt.date(2020, 1, 1)
    )
    moment = at("2027-02-01 10:00")
    actions.replace_part(machine, by=cast.engineer, at=moment, component="engine", serial_in="D-9")
    day = dt.date(2027, 6, 1)
    assert actions.decide(machine, on=day, component="engine").code == "free"
    customers.add_component(other, by=cast.dispatcher, kind="engine", name="柴油机", serial="D-9")
    assert actions.decide(other, on=day, component="engine").code == "free"
    assert actions.decide(machine, on=day, component="engine").code == "cost"


@pytest.mark.req("WAR-05")
def test_an_exchanged_machine_and_days_out_are_noted_once(machine, cast):
    for _again in range(2):
        actions.exchange_machine(machine, by=cast.head, at=at("2026-09-01 10:00"), why="三包换机", source="ticket:7")
        actions.out_of_service(machine, by=cast.dispatcher, at=at("2026-10-01 10:00"), source="ticket:8")
    assert actions.back_in_service(machine, by=cast.dispatcher, at=at("2026-10-10 10:00"), source="ticket:8")
    assert actions.back_in_service(machine, by=cast.dispatcher, at=at("2026-10-11 10:00"), source="ticket:8") is None
    assert actions.decide(machine, on=dt.date(2027, 9, 1)).code == "free"
    assert kinds(machine).count("warranty.machine_exchanged") == 1
    assert kinds(machine).count("warranty.out_of_service") == 1


@pytest.mark.req("WAR-03")
def test_an_allowance_is_used_once_per_source(machine, cast):
    for source in ("ticket:1", "ticket:1", "ticket:2"):
        actions.use_allowance(machine, by=cast.dispatcher, at=at("2026-06-01 10:00"), code="inspection", source=source)
    left = {a["code"]: a["left"] for a in actions.decide(machine, on=DAY).allowances}
    assert left == {"software_visit": 5, "inspection": 0}


@pytest.mark.req("WAR-02")
def test_an_extension_covers_only_after_a_second_person_approved_it(machine, cast):
    extension = actions.ask_extension(
        machine, by=cast.head, at=at("2027-02-01 10:00"), kind="extended",
        starts_on=dt.date(2027, 3, 3), ends_on=dt.date(2028, 3, 2), price=Decimal(8000),
    )  # fmt: skip
    day = dt.date(2027, 6, 1)
    assert actions.decide(machine, on=day).code == "cost"
    with pytest.raises(Forbidden):
        actions.decide_extension(extension, approve=True, by=cast.head, at=at("2027-02-02 10:00"))
    with pytest.raises(Forbidden):
        actions.decide_extension(extension, approve=True, by=cast.dispatcher, at=at("2027-02-02 10:00"))
    actions.decide_extension(extension, approve=True, by=cast.manager, at=at("2027-02-02 10:00"))
    verdict = actions.decide(machine, on=day)
    assert (verdict.code, verdict.term_code) == ("free", extension.number)
    with pytest.raises(NotAllowed):
        actions.decide_extension(extension, approve=False, by=cast.manager, at=at("2027-02-03 10:00"))
    actions.cancel_extension(extension, by=cast.manager, at=at("2027-03-01 10:00"), why="客户退款")
    assert actions.decide(machine, on=day).code == "cost"


@pytest.mark.req("WAR-04")
def test_a_cause_is_found_with_evidence_and_signed_by_somebody_else(machine, cast):
    found = {"source": "ticket:5", "cause": "alteration", "at": at("2026-06-01 10:00")}
    with pytest.raises(Refused):
        actions.find_cause(machine, evidence=" ", by=cast.engineer, **found)
    finding = actions.find_cause(machine, evidence="燃气管路被改，见照片 3", by=cast.engineer, **found)
    with pytest.raises(Forbidden):
        actions.sign_cause(finding, confirm=True, by=cast.engineer, at=at("2026-06-01 11:00"))
    finding = actions.sign_cause(finding, confirm=True, by=cast.supervisor, at=at("2026-06-01 11:00"))
    assert finding.state == "confirmed"
    assert actions.decide(machine, on=DAY, cause=finding.cause).code == "charged"
    with pytest.raises(Refused):
        actions.find_cause(machine, evidence="别的", by=cast.engineer, **found)


@pytest.mark.req("WAR-06")
def test_a_right_that_arises_is_written_and_told_to_the_dispatcher_once(machine, cast):
    dispatcher = cast.dispatcher
    fault = Fault("ticket:9", dt.date(2026, 2, 25), kind="burner", number="WX20260225-0001")
    for _again in range(2):
        actions.notice_rights(machine, [fault], at=at("2026-02-25 10:00"))
    rights = {right.rule.code: right for right in Right.objects.all()}
    assert rights["return-7"].ends_on == dt.date(2026, 2, 27)
    assert rights["exchange-15"].ends_on == dt.date(2026, 3, 7)
    inbox = Delivery.objects.filter(receiver=dispatcher, kind="warranty.right", channel="inbox")
    assert inbox.count() == 2
    assert kinds(machine).count("warranty.right_arose") == 2


@pytest.mark.req("WAR-06")
def test_a_right_is_claimed_in_time_waived_or_lapses_once(machine, cast, freeze):
    fault = Fault("ticket:9", dt.date(2026, 2, 25), kind="burner")
    actions.notice_rights(machine, [fault], at=at("2026-02-25 10:00"))
    back, exchange = Right.objects.get(rule__code="return-7"), Right.objects.get(rule__code="exchange-15")
    with pytest.raises(Refused):
        actions.claim_right(back, remedy="loan", by=cast.dispatcher, at=at("2026-02-26 10:00"))
    with pytest.raises(Refused):
        actions.claim_right(back, remedy="return", by=cast.dispatcher, at=at("2026-02-28 00:01"))
    with pytest.raises(Forbidden):
        actions.claim_right(back, remedy="return", by=cast.keeper, at=at("2026-02-26 10:00"))
    actions.claim_right(exchange, remedy="exchange", by=cast.dispatcher, at=at("2026-02-26 10:00"))
    freeze("2026-03-01 08:00")
    assert sweep() == 1
    assert sweep() == 0
    back.refresh_from_db()
    exchange.refresh_from_db()
    assert (back.state, exchange.state) == ("lapsed", "claimed")
