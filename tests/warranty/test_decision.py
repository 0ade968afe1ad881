"""The warranty decision on plain values: the edge cases of the trade, one test each."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warranty.decision import (
    Allowance,
    Extension,
    MachineFacts,
    Replaced,
    Term,
    Verdict,
    changes,
    decide,
)
from warranty.periods import add_months, days_within, lengthened, union
from warranty.wording import Text

ELECTRICAL = Text("电气件", "electrical part")
STRUCTURE = Text("结构件", "structure")
CONTRACT = Text("合同 2025-117", "contract 2025-117")
CHAIN = [
    Term("machine-free", months=12, excluded=("operation", "alteration"), mode="on_site"),
    Term("structure-free", component="structure", component_name=STRUCTURE, months=36),
    Term("electrical-free", component="electrical", component_name=ELECTRICAL, months=18, source=CONTRACT),
    Term("cost", phase="cost", basis="previous", months=36, labour="cost", parts="cost", travel="cost"),
    Term("lifetime", phase="charged", basis="previous", labour="charged", parts="cost", travel="charged"),
]


def machine(accepted="2025-01-15", **facts):
    return MachineFacts(accepted_on=date.fromisoformat(accepted) if accepted else None, **facts)


def on(day):
    return date.fromisoformat(day)


@pytest.mark.req("WAR-01", "WAR-07")
def test_an_electrical_part_is_free_within_eighteen_months_and_says_so_in_both_languages():
    verdict = decide(machine(), CHAIN, on("2026-06-01"), "electrical")
    assert verdict.code == "free"
    assert verdict.until == on("2026-07-15")
    assert verdict.sentence("en") == (
        "Free: Electrical part, within 18 months of acceptance (contract 2025-117), until 2026-07-15."
    )
    assert verdict.sentence("zh-hans") == "免费：电气件，验收后 18 个月内（合同 2025-117），到 2026-07-15。"


@pytest.mark.req("WAR-01")
def test_components_have_terms_of_their_own_and_others_share_the_machines():
    day = on("2026-10-01")
    assert decide(machine(), CHAIN, day, "structure").code == "free"
    assert decide(machine(), CHAIN, day, "electrical").code == "cost"
    assert decide(machine(), CHAIN, day, "hydraulic").code == "cost"
    assert decide(machine(), CHAIN, day).code == "cost"


@pytest.mark.req("WAR-02")
def test_phases_follow_each_other_and_cost_price_begins_when_the_components_own_free_time_ends():
    verdict = decide(machine("2023-09-06"), CHAIN, on("2026-11-19"), "structure")
    assert verdict.code == "cost"
    assert verdict.until == on("2029-09-06")
    assert "免费期已于 2026-09-06 到期，现为成本价期，到 2029-09-06" in verdict.reason_text.zh
    later = decide(machine("2023-09-06"), CHAIN, on("2029-09-07"), "structure")
    assert (later.labour, later.parts, later.until) == ("charged", "cost", None)
    assert later.code == "charged"


@pytest.mark.req("WAR-01")
def test_a_term_ends_with_the_end_of_its_last_local_day():
    assert decide(machine(), CHAIN, on("2026-01-15")).code == "free"
    assert decide(machine(), CHAIN, on("2026-01-16")).code == "cost"


@pytest.mark.req("WAR-01")
def test_a_start_on_29_february_ends_on_28_february_and_in_a_leap_year_on_the_29th():
    assert decide(machine("2024-02-29"), CHAIN, on("2024-03-01")).until == on("2025-02-28")
    leap = [Term("four", months=48)]
    assert decide(machine("2024-02-29"), leap, on("2024-03-01")).until == on("2028-02-29")


@pytest.mark.req("WAR-02")
def test_short_months_do_not_shorten_the_phases_that_follow():
    terms = [Term("a", months=1), Term("b", phase="cost", basis="previous", months=1, labour="cost", parts="cost")]
    assert decide(machine("2025-01-31"), terms, on("2025-03-31")).code == "cost"
    assert decide(machine("2025-01-31"), terms, on("2025-04-01")).code == "unknown"


@pytest.mark.req("WAR-01")
@pytest.mark.parametrize(
    ("facts", "since", "basis"),
    [
        ({"purchased_on": date(2025, 1, 2), "delivered_on": date(2025, 2, 1)}, "2025-01-02", "purchase"),
        ({"delivered_on": date(2025, 2, 1), "first_used_on": date(2025, 3, 1)}, "2025-02-01", "delivery"),
        ({"first_used_on": date(2025, 3, 1)}, "2025-03-01", "first use"),
        ({"produced_on": date(2024, 9, 1)}, "2025-03-01", "production"),
    ],
)
def test_a_missing_day_of_acceptance_is_replaced_by_the_next_best_and_said(facts, since, basis):
    terms = [Term("t", months=12, made_plus_months=6)]
    verdict = decide(machine(None, **facts), terms, on("2025-05-01"))
    assert verdict.since == on(since)
    assert f"no date of acceptance, counted from {basis} ({since})" in verdict.reason_text.en


@pytest.mark.req("WAR-01")
def test_without_any_day_and_without_any_term_the_verdict_is_unknown_and_says_what_to_enter():
    undated = decide(machine(None), CHAIN, on("2025-05-01"))
    assert undated.code == "unknown"
    assert "请补上验收" in undated.reason_text.zh
    assert decide(machine(), [], on("2025-05-01")).code == "unknown"
    assert decide(None, CHAIN, on("2025-05-01")).code == "unknown"


@pytest.mark.req("WAR-01")
def test_a_fault_before_the_acceptance_is_free():
    verdict = decide(machine("2025-06-01", delivered_on=date(2025, 5, 1)), CHAIN, on("2025-05-20"))
    assert verdict.code == "free"
    assert "before acceptance on 2025-06-01" in verdict.reason_text.en.lower()


@pytest.mark.req("WAR-01")
def test_hours_or_months_whichever_is_first():
    terms = [Term("t", months=24, hours=Decimal(2000)), CHAIN[3]]
    few = machine(readings=((date(2025, 6, 1), Decimal("1999.5")), (date(2025, 7, 1), Decimal(2000))))
    assert decide(few, terms, on("2025-08-01")).code == "free"
    many = machine(readings=(*few.readings, (date(2025, 9, 1), Decimal("2000.5"))))
    assert decide(many, terms, on("2025-08-31")).until == on("2025-08-31")
    assert decide(many, terms, on("2025-09-01")).code == "cost"
    assert "先到为准" in decide(few, terms, on("2025-08-01")).reason_text.zh
    assert "whichever ends first" in decide(few, terms, on("2025-08-01")).reason_text.en
    assert "运行小时先到" in decide(many, terms, on("2025-08-01")).reason_text.zh


@pytest.mark.req("WAR-01")
def test_hours_are_counted_from_the_reading_at_the_start():
    terms = [Term("t", months=24, hours=Decimal(1000))]
    used = machine(readings=((date(2025, 1, 1), Decimal(400)), (date(2025, 9, 1), Decimal(1400))))
    assert decide(used, terms, on("2025-10-01")).code == "free"


@pytest.mark.req("WAR-05")
def test_a_replaced_part_has_a_term_of_its_own_and_the_last_replacement_counts():
    terms = [*CHAIN, Term("part", component="electrical", component_name=ELECTRICAL, basis="replacement", months=12)]
    once = machine(replaced=(Replaced(date(2026, 6, 1), "electrical"),))
    assert decide(once, terms, on("2027-05-31"), "electrical").until == on("2027-06-01")
    twice = machine(replaced=(*once.replaced, Replaced(date(2027, 3, 1), "electrical")))
    assert decide(twice, terms, on("2028-02-28"), "electrical").code == "free"
    assert decide(twice, terms, on("2028-03-02"), "electrical").code == "cost"
    assert decide(twice, terms, on("2026-10-01"), "hydraulic").code == "cost"
    assert decide(twice, terms, on("2026-10-01")).code == "cost"


@pytest.mark.req("WAR-05")
def test_a_replacement_never_shortens_the_machines_own_term():
    terms = [*CHAIN, Term("part", basis="replacement", months=3)]
    facts = machine(replaced=(Replaced(date(2025, 2, 1), "electrical"),))
    assert decide(facts, terms, on("2025-03-01"), "electrical").until == on("2026-07-15")


@pytest.mark.req("WAR-05")
def test_a_replaced_key_part_restarts_the_machine_where_the_term_says_so():
    key = Term("part", component="engine", basis="replacement", months=12, restarts_machine=True)
    facts = machine(replaced=(Replaced(date(2025, 12, 1), "engine"),))
    assert decide(facts, [*CHAIN, key], on("2026-11-30")).code == "free"
    assert "replacement of the key part" in decide(facts, [*CHAIN, key], on("2026-11-30")).reason_text.en
    assert decide(facts, CHAIN, on("2026-11-30")).code == "cost"


@pytest.mark.req("WAR-05", "WAR-06")
def test_an_exchanged_machine_starts_anew_also_the_second_time():
    facts = machine(
        replaced=(Replaced(date(2025, 6, 1), whole_machine=True), Replaced(date(2026, 3, 1), whole_machine=True))
    )
    assert decide(facts, CHAIN, on("2027-03-01")).code == "free"
    assert decide(facts, CHAIN, on("2027-03-02")).code == "cost"
    assert decide(facts, CHAIN, on("2025-07-01")).until == on("2026-06-01")


@pytest.mark.req("WAR-05")
def test_overlapping_days_out_of_service_are_added_once_and_so_are_days_out_in_the_added_time():
    term = [Term("t", months=12, adds_days_out=True)]
    out = ((date(2025, 3, 1), date(2025, 3, 10)), (date(2025, 3, 8), date(2025, 3, 15)))
    assert decide(machine(out_of_service=out), term, on("2025-06-01")).until == on("2026-01-30")
    more = (*out, (date(2026, 1, 20), date(2026, 1, 21)))
    assert decide(machine(out_of_service=more), term, on("2025-06-01")).until == on("2026-02-01")
    assert decide(machine(out_of_service=out), [Term("t", months=12)], on("2025-06-01")).until == on("2026-01-15")


@pytest.mark.req("WAR-04")
def test_an_excluded_cause_is_charged_and_the_sentence_says_why():
    verdict = decide(machine(), CHAIN, on("2025-06-01"), cause="alteration")
    assert (verdict.code, verdict.labour, verdict.parts, verdict.travel) == ("charged",) * 4
    assert verdict.excluded
    assert verdict.reason_text.en.startswith("The cause is unauthorised change, which the warranty excludes")
    assert decide(machine(), CHAIN, on("2025-06-01"), cause="misuse").cause == "operation"
    assert decide(machine(), CHAIN, on("2025-06-01"), cause="wear").code == "free"
    assert "若查明是操作不当、擅自改装，转为收费" in decide(machine(), CHAIN, on("2025-06-01")).terms_text.zh


@pytest.mark.req("WAR-02")
def test_a_bought_extension_and_a_maintenance_contract_cover_what_the_phases_no_longer_do():
    extension = Extension("extended", "YB-7", date(2026, 1, 16), date(2027, 1, 15), excluded=("alteration",))
    upkeep = Extension("maintenance", "WB-3", date(2027, 1, 1), date(2027, 12, 31), parts="cost", travel="free")
    facts = machine(extensions=(extension, upkeep))
    assert decide(facts, CHAIN, on("2026-10-01")).code == "free"
    assert decide(facts, CHAIN, on("2026-10-01")).term_code == "YB-7"
    assert decide(facts, CHAIN, on("2027-06-01")).labour == "free"
    assert decide(facts, CHAIN, on("2027-06-01")).code == "cost"
    assert decide(facts, CHAIN, on("2026-10-01"), cause="alteration").excluded is False
    assert decide(facts, CHAIN, on("2026-10-01"), cause="alteration").code == "cost"


@pytest.mark.req("WAR-01")
def test_the_most_specific_scope_wins_phase_by_phase():
    contract = Term("c", months=30, scope=3, component="electrical", component_name=ELECTRICAL, source=CONTRACT)
    verdict = decide(machine(), [*CHAIN, contract], on("2027-07-15"), "electrical")
    assert (verdict.code, verdict.term_code) == ("free", "c")
    assert decide(machine(), [*CHAIN, contract], on("2027-07-16"), "electrical").term_code == "cost"
    nothing = Term("none", months=0, scope=4, component="electrical")
    assert decide(machine(), [*CHAIN, nothing], on("2025-02-01"), "electrical").code == "cost"


@pytest.mark.req("WAR-03")
def test_the_first_year_is_on_site_and_the_next_two_are_send_in():
    terms = [
        Term("year-1", months=12, mode="on_site", order=10),
        Term("years-2-3", months=24, basis="previous", mode="send_in", order=11),
    ]
    assert decide(machine(), terms, on("2026-01-15")).mode == "on_site"
    second = decide(machine(), terms, on("2026-01-16"))
    assert (second.code, second.mode, second.until) == ("free", "send_in", on("2028-01-15"))


@pytest.mark.req("WAR-03")
def test_allowances_are_counted_over_the_term_or_its_years():
    terms = [
        Term(
            "t",
            months=36,
            allowances=(
                Allowance("software_visit", Text("软件上门", "software visit"), 5),
                Allowance("inspection", Text("巡检", "inspection"), 2, per="year"),
            ),
        )
    ]
    used = {
        "software_visit": (date(2025, 2, 1), date(2026, 2, 1), date(2024, 1, 1)),
        "inspection": (date(2025, 3, 1), date(2025, 9, 1)),
    }
    first_year = {a["code"]: a["left"] for a in decide(machine(used=used), terms, on("2025-12-01")).allowances}
    assert first_year == {"software_visit": 3, "inspection": 0}
    second_year = {a["code"]: a["left"] for a in decide(machine(used=used), terms, on("2026-03-01")).allowances}
    assert second_year["inspection"] == 2


@pytest.mark.req("WAR-01")
def test_the_version_at_the_sale_binds_but_an_own_agreement_may_be_amended():
    old = Term("m", months=12, version=1, valid_from=date(2020, 1, 1))
    new = Term("m", months=24, version=2, valid_from=date(2025, 6, 1))
    assert decide(machine(purchased_on=date(2025, 1, 2)), [old, new], on("2026-06-01")).code == "unknown"
    assert decide(machine("2025-07-01"), [old, new], on("2026-08-01")).term_version == 2
    amended = [
        Term("c", months=12, scope=3, valid_from=date(2025, 1, 1)),
        Term("c", months=36, scope=3, version=2, valid_from=date(2026, 3, 1)),
    ]
    assert decide(machine(), amended, on("2026-06-01")).code == "free"
    gone = Term("m", version=3, withdrawn=True, valid_from=date(2026, 1, 1))
    assert decide(machine("2026-02-01"), [old, new, gone], on("2026-03-01")).code == "unknown"


@pytest.mark.req("WAR-07")
def test_a_frozen_verdict_reads_back_the_same_and_differences_are_named():
    first = decide(machine(), CHAIN, on("2025-06-01"), "electrical")
    assert Verdict.from_json(first.as_json()) == first
    assert Verdict.from_json({}).code == "unknown"
    later = decide(machine(), CHAIN, on("2026-10-01"), "electrical")
    words = " ".join(text.en for text in changes(first, later))
    assert "verdict: free → at cost" in words
    assert "until: 2026-07-15 → 2029-07-15" in words
    assert changes(first, first) == []


DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@given(start=DAYS, months=st.integers(0, 240), more=st.integers(0, 240))
def test_months_never_go_backwards_and_never_leave_their_month(start, months, more):
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end <= add_months(start, months + more)
    assert end.day == start.day or (end + timedelta(days=1)).day == 1


@given(ranges=st.lists(st.tuples(DAYS, DAYS), max_size=8), first=DAYS, last=DAYS)
def test_a_day_out_of_service_counts_once_however_many_repairs_overlap(ranges, first, last):
    assert days_within(ranges, first, last) <= max(0, (last - first).days + 1)
    whole = {a + timedelta(days=n) for a, b in ranges for n in range((b - a).days + 1) if (b - a).days < 4000}
    if all((b - a).days < 4000 for a, b in ranges):
        assert sum((b - a).days + 1 for a, b in union(ranges)) == len(whole)


@given(start=DAYS, length=st.integers(0, 400), out=st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=5))
def test_a_lengthened_term_holds_as_many_days_in_service_as_it_promised(start, length, out):
    last = start + timedelta(days=length)
    ranges = [(day, day + timedelta(days=n)) for day, n in out]
    end = lengthened(start, last, ranges)
    assert (end - start).days + 1 - days_within(ranges, start, end) == length + 1
