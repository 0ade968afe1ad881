"""Timers through a story: pauses, re-grading, reopening, back-entered events, merges, new clocks."""

import datetime as dt

import pytest

from core.models import Entry
from core.refs import ref
from sla import actions, queries
from sla.models import Timer
from tests.sla.conftest import moment

pytestmark = pytest.mark.django_db


def entries(kind):
    return list(Entry.objects.filter(kind=kind).order_by("id"))


# --- SLA-02 and SLA-03 ------------------------------------------------------------------------------------------------


@pytest.mark.req("SLA-02")
def test_the_default_promise_from_report_to_arrival(story):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:30")
    assert (story.due("contact"), story.due("arrive")) == ("18 09:45", "19 21:00")
    story.happens("order.contacted", "18 09:45")
    assert story.state("contact") == "kept"
    story.happens("ticket.charges_agreed", "18 11:00")
    assert story.due("arrive") == "19 23:00"
    story.happens("order.arrived", "19 23:01")
    assert story.state("arrive") == "broken"


@pytest.mark.req("SLA-02")
def test_a_remote_place_gets_more_time_and_other_provinces_48_hours(story):
    story.happens("ticket.opened", "18 09:00", is_home=False, is_remote=True, province="650000")
    assert story.due("arrive") == "20 15:00"


@pytest.mark.req("SLA-03")
@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("SLA-A", {}, {"arrive": "18 11:00", "resolve": "18 13:00"}),
        ("SLA-B", {"province": "320000"}, {"arrive": "19 09:00"}),
        ("SLA-B", {"province": "650000"}, {"arrive": "20 09:00"}),
        ("SLA-C", {}, {"arrive": "18 17:00", "resolve": "19 09:00", "report": "19 09:00"}),
        ("SLA-D", {}, {"replace": "23 18:00"}),
        ("SLA-E", {}, {"answer": "18 09:30", "arrive": "18 10:00"}),
        ("SLA-F", {}, {"arrive": "18 11:00"}),
        ("SLA-G", {}, {"answer": "19 09:00", "resolve": "21 09:00"}),
    ],
)
def test_a_contract_chooses_a_promise_of_the_sources(story, code, facts, expected):
    actions.choose_promise(contract="2026-7", promise=code, since=dt.date(2026, 1, 1), by=None)
    story.happens("ticket.opened", "18 09:00", contract="2026-7", **facts)
    assert {target: story.due(target) for target in expected} == expected
    assert all(story.timer(target).line.promise.code == code for target in expected)
    story.happens("order.issued", "18 09:05")
    assert story.timer("contact").line.promise.code == "CN-02"


@pytest.mark.req("SLA-03")
def test_duty_hours_do_not_run_at_night_and_a_fix_counts_from_arrival(story):
    actions.choose_promise(contract="C", promise="SLA-C", since=dt.date(2026, 1, 1), by=None)
    story.happens("ticket.opened", "18 22:00", contract="C")
    assert story.due("arrive") == "19 14:00"
    actions.choose_promise(contract="B", promise="SLA-B", since=dt.date(2026, 1, 1), by=None)
    story.changes("18 22:05", contract="B")
    story.happens("order.arrived", "19 10:00")
    assert story.due("resolve") == "20 10:00"


@pytest.mark.req("SLA-03")
@pytest.mark.parametrize(("province", "due"), [("640000", "18 11:00"), ("410000", "18 17:00")])
def test_a_spare_part_in_two_hours_where_it_is_in_stock_and_eight_elsewhere(story, province, due):
    actions.choose_promise(contract="F", promise="SLA-F", since=dt.date(2026, 1, 1), by=None)
    story.happens("part.requested", "18 09:00", contract="F", province=province)
    assert story.due("replace") == due


@pytest.mark.req("SLA-01", "SLA-06")
def test_the_most_specific_promise_wins_and_says_why(story, promise):
    promise("LINE", selectors={"product_line": ["hot_melt"]}, span={"minutes": 200})
    promise("CUSTOMER", selectors={"customer": ["KH1"]}, span={"minutes": 100})
    promise("GRADE", selectors={"product_line": ["hot_melt"], "grade": [1]}, span={"minutes": 50})
    story.happens("ticket.opened", "18 09:00", customer="KH1", grade=1)
    assert story.timer("resolve").line.promise.code == "CUSTOMER"
    rows = {row.target: row for row in queries.preview(story.facts.with_(customer="KH2"), moment("18 09:00"))}
    assert rows["resolve"].promise == "GRADE"
    assert "LINE" in rows["resolve"].why


@pytest.mark.req("SLA-01")
def test_a_promise_holds_within_its_days_only_and_a_draft_never(story, promise):
    actions.put_promise(
        code="OLD", name_zh="旧", valid_from=dt.date(2020, 1, 1), valid_to=dt.date(2026, 11, 17), by=None,
        lines=[{"target": "resolve", "span": {"minutes": 5}, "clock": "always",
                "start_kinds": ["ticket.opened"], "stop_kinds": ["x.y"]}],
    )  # fmt: skip
    story.happens("ticket.opened", "18 00:00")
    assert story.timer("resolve") is None
    assert [row.promise for row in queries.preview(story.facts, moment("17 23:59")) if row.target == "resolve"] == [
        "OLD"
    ]


# --- Edge cases of research B3 --------------------------------------------------------------------------------------


@pytest.mark.req("SLA-04")
def test_edge_4_double_pause_and_resume_without_pause_change_nothing(story):
    story.happens("ticket.opened", "18 09:00")
    story.goes_on("18 09:30")
    assert story.due() == "19 21:00"
    story.waits("18 10:00")
    assert story.state() == "held"
    assert story.waits("18 11:00", reason="parts") == []
    story.goes_on("18 12:00")
    assert (story.state(), story.due()) == ("running", "19 23:00")


@pytest.mark.req("SLA-04", "SLA-06")
def test_edge_5_regrading_keeps_used_time_and_breaks_at_most_once(story, promise, sweep):
    promise("FAST", selectors={"grade": [1]}, span={"minutes": 60})
    promise("SLOW", selectors={"grade": [3]}, span={"minutes": 600})
    story.happens("ticket.opened", "18 09:00", grade=3)
    story.waits("18 09:10")
    story.goes_on("18 09:30")
    assert story.due("resolve") == "18 19:20"
    story.changes("18 13:00", grade=1, why="整机停机")
    timer = story.timer("resolve")
    assert (timer.state, story.due("resolve"), timer.breach_reason) == ("broken", "18 10:20", "整机停机")
    sweep("18 13:01")
    sweep("18 13:02")
    assert len([e for e in entries("timer.broken") if e.data["target"] == "resolve"]) == 1
    story.changes("18 13:05", grade=3)
    assert story.state("resolve") == "broken"


@pytest.mark.req("SLA-04")
def test_edge_6_contact_runs_on_while_the_arrival_waits_for_the_customer(story):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:05")
    story.waits("18 09:06")
    assert (story.state("contact"), story.state("arrive")) == ("running", "held")


@pytest.mark.req("SLA-04")
def test_edge_7_an_arrival_is_a_contact_too(story):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:05")
    story.happens("order.arrived", "18 09:15")
    assert (story.state("contact"), story.state("arrive")) == ("kept", "kept")


@pytest.mark.req("SLA-04", "SLA-05", "SLA-06")
def test_edge_8_an_arrival_entered_later_is_judged_by_when_it_happened(story, sweep, freeze):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:05")
    story.happens("order.contacted", "18 09:06")
    sweep("19 21:01")
    sweep("19 21:01")
    assert story.state() == "broken"
    freeze(moment("20 08:00"))
    story.happens("order.arrived", "19 20:50")
    assert story.state() == "kept"
    assert len(entries("timer.broken")) == 1
    (entry,) = entries("timer.withdrawn")
    assert entry.at == moment("19 20:50")
    assert entry.entered_at == moment("20 08:00")
    from notices.models import Delivery

    told = set(Delivery.objects.filter(kind="timer.broken").values_list("receiver", flat=True))
    assert told == set(Delivery.objects.filter(kind="timer.withdrawn").values_list("receiver", flat=True)) != set()


@pytest.mark.req("SLA-04")
def test_edge_8_a_pause_entered_later_takes_a_false_breach_back(story, sweep):
    story.happens("ticket.opened", "18 09:00")
    sweep("19 21:01")
    sweep("19 21:01")
    assert story.state() == "broken"
    story.waits("19 18:00", why="现场停电")
    assert story.state() == "held"
    story.goes_on("19 21:00")
    assert (story.state(), story.due()) == ("running", "20 00:00")


@pytest.mark.req("SLA-04", "TKT-08")
def test_edge_9_reopening_goes_on_with_what_was_left_and_closed_time_never_counts(story, promise):
    promise("FIX", reopen_kinds=["ticket.reopened"], reopen="continue")
    story.happens("ticket.opened", "18 09:00")
    story.happens("ticket.solved", "18 11:00")
    assert story.state("resolve") == "kept"
    story.happens("ticket.reopened", "2027-02-18 09:00")
    timer = story.timer("resolve")
    assert (timer.state, timer.cycle) == ("running", 1)
    assert timer.due_at == moment("2027-02-18 11:00")
    assert story.timer("arrive").cycle == 2
    assert story.timer("arrive").due_at == moment("2027-02-19 21:00")


@pytest.mark.req("SLA-04")
def test_edge_10_merge_and_cancel_end_the_deadlines_and_nobody_is_alarmed(story, sweep):
    story.happens("ticket.opened", "18 09:00")
    actions.merge(story.subject, story.cast.region("SE"), at=moment("18 10:00"), by=story.cast.dispatcher)
    assert story.state() == "cancelled"
    assert sweep("25 09:00") == 0
    assert entries("timer.broken") == []


@pytest.mark.req("SLA-04")
def test_edge_10_another_contract_in_the_middle_takes_the_used_time_along(story):
    actions.choose_promise(contract="G", promise="SLA-A", since=dt.date(2026, 1, 1), by=None)
    story.happens("ticket.opened", "18 09:00")
    assert story.due() == "19 21:00"
    story.changes("18 09:30", contract="G")
    assert (story.due("arrive"), story.due("resolve")) == ("18 11:00", "18 13:00")
    assert story.timer("arrive").changes[-1]["before"].startswith("2026-11-19")


@pytest.mark.req("SLA-08")
def test_edge_11_a_typhoon_day_moves_open_deadlines_and_leaves_verdicts(story, promise):
    promise("OFFICE", clock="office", span={"minutes": 240})
    story.happens("ticket.opened", "18 17:00")
    assert story.due("resolve") == "19 11:30"
    clock = {"code": "office", "name_zh": "上班时间", "follows_holidays": True, "published_years": [2026]}
    weekly = {day: [["08:30", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    actions.put_clock(**clock, weekly=weekly, days={"2026-11-19": []}, by=None, at=moment("18 18:00"), why="台风")
    assert story.due("resolve") == "20 11:30"
    story.happens("ticket.solved", "20 11:00")
    actions.put_clock(**clock, weekly=weekly, days={"2026-11-20": []}, by=None, at=moment("20 12:00"))
    assert (story.state("resolve"), story.due("resolve")) == ("kept", "20 11:30")


@pytest.mark.req("SLA-08")
def test_a_region_s_own_day_moves_its_deadlines_only(story, promise):
    promise("OFFICE", clock="office", span={"minutes": 240})
    weekly = {day: [["08:30", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    actions.put_clock(
        code="office", name_zh="上班时间", weekly=weekly, region_days={"NW": {"2026-11-19": []}}, by=None,
        at=moment("17 08:00"),
    )  # fmt: skip
    story.happens("ticket.opened", "18 17:00")
    assert story.due("resolve") == "20 11:30"
    story.changes("18 17:30", region="SE")
    assert story.due("resolve") == "19 11:30"


@pytest.mark.req("SLA-04")
def test_a_report_made_yesterday_starts_yesterday_and_a_late_event_is_entered_once(story, sweep):
    story.happens("ticket.opened", "10 09:00")
    story.happens("order.issued", "10 09:00")
    story.happens("order.arrived", "12 09:00")
    (entry,) = [entry for entry in entries("timer.broken") if entry.data["target"] == "arrive"]
    assert entry.at == moment("11 21:00")
    assert entry.data["ended"] == moment("12 09:00").isoformat()
    assert sweep("18 09:00") == 0


@pytest.mark.req("SLA-04")
def test_reassigning_keeps_the_running_contact_and_hands_it_to_the_new_engineer(story):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:05")
    story.happens("order.issued", "18 09:15", people={"engineer": story.cast.engineer_south.pk})
    assert story.due("contact") == "18 09:20"
    assert story.timer("contact").engineer == story.cast.engineer_south
    story.happens("order.contacted", "18 09:18")
    story.happens("order.issued", "18 15:00")
    assert (story.timer("contact").cycle, story.due("contact")) == (2, "18 15:15")


@pytest.mark.req("SLA-04")
def test_a_refused_order_ends_its_contact(story):
    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:05")
    story.happens("order.refused", "18 09:08")
    assert story.state("contact") == "cancelled"


@pytest.mark.req("SLA-04")
def test_a_promise_that_newly_holds_counts_from_its_event(story, promise, cast):
    promise("FAST", selectors={"grade": [1]}, span={"minutes": 60})
    story.happens("ticket.opened", "18 09:00", grade=3)
    assert story.timer("resolve") is None
    story.changes("18 09:20", grade=1)
    assert story.due("resolve") == "18 10:00"


@pytest.mark.req("TKT-01")
def test_an_answer_is_due_when_it_was_agreed(story):
    facts = story.facts.with_(kind="call")
    actions.follow(story.subject, "call.recorded", at=moment("18 09:00"), facts=facts, agreed_at=moment("18 15:30"))
    assert story.due("answer") == "18 15:30"
    assert story.timer("answer").explain(moment("18 10:00")).total == dt.timedelta(hours=6, minutes=30)


# --- Bugs of others (research B2) --------------------------------------------------------------------------------


@pytest.mark.req("SLA-04")
def test_glpi_6902_a_new_grade_keeps_the_waiting_time(story, promise):
    promise("A", selectors={"grade": [2]}, span={"minutes": 240})
    promise("B", selectors={"grade": [3]}, span={"minutes": 300})
    story.happens("ticket.opened", "18 09:00")
    story.waits("18 10:00")
    story.goes_on("18 12:00")
    story.changes("18 12:30", grade=3)
    assert story.due("resolve") == "18 16:00"


@pytest.mark.req("SLA-04", "SLA-05")
def test_glpi_24481_a_paused_deadline_is_not_missed(story, sweep):
    story.happens("ticket.opened", "18 09:00")
    story.waits("18 10:00")
    sweep("25 09:00")
    assert story.state() == "held"


@pytest.mark.req("SLA-04")
def test_zammad_3551_answering_and_waiting_in_one_step_fulfils_the_answer(story):
    actions.choose_promise(contract="E", promise="SLA-E", since=dt.date(2026, 1, 1), by=None)
    story.happens("ticket.opened", "18 09:00", contract="E")
    story.happens("ticket.step_tried", "18 09:10")
    story.waits("18 09:10")
    assert (story.state("answer"), story.state("arrive")) == ("kept", "held")


@pytest.mark.req("SLA-04")
def test_zammad_5177_one_target_does_not_overrule_another(story):
    actions.choose_promise(contract="G", promise="SLA-G", since=dt.date(2026, 1, 1), by=None)
    story.happens("ticket.opened", "18 09:00", contract="G")
    assert (story.due("answer"), story.due("resolve")) == ("19 09:00", "21 09:00")


@pytest.mark.req("SLA-05")
def test_zammad_4348_a_new_deadline_has_a_notice_of_its_own(story, sweep):
    from notices.models import Delivery

    story.happens("ticket.opened", "18 09:00")
    story.happens("order.issued", "18 09:00")
    sweep("18 09:16")
    story.happens("order.contacted", "18 09:20")
    story.happens("order.issued", "18 10:00")
    sweep("18 10:16")
    told = Delivery.objects.filter(kind="timer.broken", channel="inbox", receiver=story.cast.engineer)
    assert told.values("dedupe").distinct().count() == 2


@pytest.mark.req("SLA-04")
def test_glpi_9267_closed_time_is_not_eaten_from_what_is_left(story, promise):
    promise("FIX", clock="office", span={"minutes": 240}, reopen_kinds=["ticket.reopened"], reopen="continue")
    story.happens("ticket.opened", "18 09:00")
    story.happens("ticket.solved", "18 10:00")
    story.happens("ticket.reopened", "20 16:00")
    assert story.due("resolve") == "23 09:30"


@pytest.mark.req("SLA-04")
def test_glpi_12167_taken_over_outside_hours_counts_from_the_next_opening(story, promise):
    promise("TAKE", target="answer", clock="office", span={"minutes": 30}, start_kinds=["order.issued"])
    story.happens("ticket.opened", "20 19:00")
    story.happens("order.issued", "20 20:00")
    assert story.due("answer") == "23 09:00"


@pytest.mark.req("SLA-04")
def test_zammad_904_a_merged_ticket_stops_escalating(story, sweep):
    story.happens("ticket.opened", "18 09:00")
    sweep("19 21:01")
    actions.merge(story.subject, story.cast.region("SE"), at=moment("19 21:02"), by=story.cast.dispatcher)
    assert sweep("21 09:00") == 0
    assert story.state() == "broken"


@pytest.mark.req("SLA-04")
def test_zammad_1322_the_customer_s_answer_lets_the_clock_go_on(story):
    story.happens("ticket.opened", "18 09:00")
    story.waits("18 10:00", why="等客户答复")
    story.goes_on("18 10:20")
    assert (story.state(), story.due()) == ("running", "19 21:20")


@pytest.mark.req("SLA-04")
def test_zammad_534_a_promise_taken_away_no_longer_holds_for_what_is_checked_anew(story):
    choice = actions.choose_promise(contract="A", promise="SLA-A", since=dt.date(2026, 1, 1), by=None)
    story.happens("ticket.opened", "18 09:00", contract="A")
    assert story.due() == "18 11:00"
    actions.drop_choice(choice, by=None)
    assert story.due() == "18 11:00"
    story.changes("18 09:30", grade=4)
    assert (story.due(), story.state("resolve")) == ("19 21:00", "cancelled")


@pytest.mark.req("SLA-04")
def test_frappe_1554_time_on_hold_over_night_adds_working_time_only(story, promise):
    promise("FIX", clock="office", span={"minutes": 240})
    story.happens("ticket.opened", "18 16:00")
    story.waits("18 17:00")
    story.goes_on("19 09:30")
    assert story.due("resolve") == "19 14:00"


@pytest.mark.req("SLA-04")
def test_alga_psa_3091_reported_and_waiting_at_once_uses_no_time(story):
    story.happens("ticket.opened", "18 09:00")
    story.waits("18 09:00")
    timer = story.timer()
    assert timer.left_seconds == timer.span_seconds
    story.happens("ticket.solved", "25 09:00")
    assert story.state() == "kept"


@pytest.mark.req("SLA-04")
def test_chatwoot_13392_nothing_is_missed_after_the_end(story, sweep):
    story.happens("ticket.opened", "18 09:00")
    story.happens("ticket.solved", "18 12:00")
    assert sweep("30 09:00") == 0
    assert story.state() == "kept"


@pytest.mark.req("SLA-04", "SLA-08")
def test_grafana_3261_hours_are_those_of_the_wall_on_both_sides_of_a_clock_change(story, promise):
    weekly = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    actions.put_clock(code="berlin", name_zh="柏林", zone="Europe/Berlin", weekly=weekly, by=None)
    promise("BERLIN", clock="berlin", span={"minutes": 960})
    story.happens("ticket.opened", "2026-10-24 15:00")
    assert story.timer("resolve").due_at == dt.datetime(2026, 10, 25, 16, tzinfo=dt.UTC)
    story.happens("ticket.solved", "2026-10-25 12:00")
    story.happens("ticket.opened", "2026-10-25 15:00", grade=1)
    assert story.timer("resolve").due_at == dt.datetime(2026, 10, 26, 16, tzinfo=dt.UTC)


@pytest.mark.req("SLA-06")
def test_the_lines_of_the_ledger_add_up_to_the_deadline(story):
    story.happens("ticket.opened", "19 09:03", is_home=False, is_remote=True)
    story.happens("ticket.charges_agreed", "19 09:12")
    story.waits("19 16:40", reason="weather", why="大风黄色预警", evidence="照片 1")
    story.goes_on("20 08:10")
    story.changes("20 09:05", grade=3, why="左侧可施工")
    account = story.timer().explain(moment("20 14:24"))
    assert sum((row.change for row in account.rows), dt.timedelta(0)) == account.total
    assert account.due_at == moment("22 06:42")
    assert account.total == dt.timedelta(hours=69, minutes=30)
    assert {part.kind: part.span for part in account.sums} == {
        "used": dt.timedelta(hours=13, minutes=42),
        "held": dt.timedelta(hours=15, minutes=30),
        "left": dt.timedelta(hours=40, minutes=18),
    }
    assert sum(part.seconds for part in account.parts) == account.total.total_seconds()


@pytest.mark.req("SLA-04")
def test_following_costs_few_queries(story, django_assert_max_num_queries):
    queries.preview(story.facts, moment("18 09:00"))
    with django_assert_max_num_queries(3):  # stamp, timers, insert
        actions.follow(story.subject, "ticket.opened", at=moment("18 09:00"), facts=story.facts)
    assert Timer.objects.filter(subject=ref(story.subject)).count() == 2
