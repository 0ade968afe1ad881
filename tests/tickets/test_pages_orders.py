"""Dispatch orders, calls, tickets that wait for parts and charges, as the office sees them."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core import approvals
from core.models import Entry
from tests.tickets.conftest import DAY, HOUR
from tests.tickets.test_pages_tickets import picture, text
from tickets.actions import calls, orders, tickets
from tickets.models import Call, DispatchOrder, Ticket, Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, world):
    """The dispatcher's browser."""
    return cast.browser("dispatcher")


def page_of(order):
    return reverse("tickets:order", args=[order.number])


def act(client, order, verb, **given):
    given.setdefault("version", DispatchOrder.objects.get(pk=order.pk).version)
    return client.post(reverse("tickets:order_action", args=[order.number, verb]), given)


# --- Orders


@pytest.mark.req("DSP-07")
def test_orders_stand_by_what_breaks_next_and_late_reports_are_listed(world, desk):
    open_one, waits = world.order(), world.ticket(symptom="还没派的")
    late = world.on_site(world.order(world.ticket(symptom="离场没填单")))
    orders.leave(late, by=late.engineer.user, at=world.at(8))
    assert open_one.number in text(desk.get("/orders/"))
    todo = text(desk.get("/orders/", {"view": "todo"}))
    assert waits.number not in todo.partition("card")[0]
    assert "还没派的" in todo and "离场没填单" not in todo
    missing = desk.get("/orders/", {"view": "late"})
    assert [visit.order.number for visit in missing.context["missing"]] == [late.number]
    orders.report(late, by=late.engineer.user, outcome="fixed", diagnosis="坏", work_done="换")
    listed = desk.get("/orders/", {"view": "late"})
    assert [visit.order.number for visit in listed.context["page"]] == [late.number]
    assert not listed.context["missing"]


def test_a_report_of_the_same_day_is_not_late(world, desk, freeze):
    freeze(timezone.localtime().replace(hour=23, minute=30))
    world.start = timezone.localtime().replace(hour=6, minute=0)
    world.reported()
    answer = desk.get("/orders/", {"view": "late"})
    assert not answer.context["page"] and not answer.context["missing"]
    assert "当日" in text(answer)


def test_orders_are_filtered_by_region_engineer_state_day_and_text(world, desk, cast):
    day = timezone.now() + 2 * DAY
    wanted = world.order(appointment_from=day, appointment_to=day + HOUR)
    other = world.order(world.ticket(symptom="跑偏"), engineer=cast.file("engineer-mobile"))
    orders.accept(other, by=other.engineer.user, at=world.at(2))
    local = timezone.localtime(day).date().isoformat()
    for name, value in {"engineer": "engineer", "state": "issued", "day": local, "q": "燃烧"}.items():
        found = text(desk.get("/orders/", {name: value}))
        assert (wanted.number in found, other.number in found) == (True, False), name
    assert wanted.number in text(desk.get("/orders/", {"region": "NW"}))
    assert "没有符合的派工单" in text(desk.get("/orders/", {"q": "没有这个"}))
    lines = b"".join(desk.get("/orders/", {"engineer": "engineer", "export": "csv"}).streaming_content).decode()
    assert wanted.number in lines and other.number not in lines


@pytest.mark.parametrize("view", ["open", "todo", "late", "all"])
def test_the_order_list_costs_the_same_for_one_row_and_many(world, client, queries_of, cast, view):
    client.force_login(cast.dispatcher)
    url = f"/orders/?view={view}"

    def one_more(n):
        world.order(world.ticket(at=world.at(n / 10)))
        world.ticket(at=world.at(n / 10))
        world.reported(world.order(world.ticket(at=world.at(n / 10))), at=timezone.now())

    one_more(0)
    queries_of(url)
    one = queries_of(url)
    for n in range(1, 4):
        one_more(n)
    assert queries_of(url) == one <= 14


@pytest.mark.req("DSP-04", "DSP-14", "DSP-02")
def test_the_order_page_shows_steps_versions_with_checksum_and_the_ranking_of_then(world, desk, cast):
    order = world.reported(hazards="软管裂纹")
    orders.correct_report(order, "工时写错", by=cast.supervisor, hours="2")
    found = text(desk.get(page_of(order)))
    newest = Visit.objects.get(order=order).reports.get(version=2)
    for word in (
        "热电偶松动",
        "软管裂纹",
        "工时写错",
        newest.content_sha256[:12],
        "version=1",
        "当时的建议名单",
        "张海涛",
    ):
        assert word in found
    late = world.order(appointment_from=world.at(3), appointment_to=world.at(4))
    assert "晚 120 分" in text(desk.get(page_of(world.on_site(late))))


@pytest.mark.req("DSP-12")
def test_reassigning_and_cancelling_need_a_reason_and_keep_what_was_typed(world, desk, cast):
    cast.file("engineer-mobile")
    order = world.order()
    assert act(desk, order, "reassign", engineer="engineer-mobile").status_code == 422
    moved = act(desk, order, "reassign", engineer="engineer-mobile", why="西安那边走不开")
    new = DispatchOrder.objects.get(state="issued")
    assert moved.url == page_of(new)
    assert order.number in text(desk.get(moved.url))
    stale = act(desk, new, "cancel", why="客户改期", version=99)
    assert stale.status_code == 409 and "客户改期" in text(stale)
    assert act(desk, new, "cancel", why="客户改期").status_code == 302
    blocked = world.on_site()
    assert desk.get(reverse("tickets:order_action", args=[blocked.number, "cancel"])).status_code == 409
    assert act(cast.browser("manager"), blocked, "reassign", engineer="engineer-mobile", why="x").status_code == 403


@pytest.mark.req("DSP-14")
def test_a_correction_changes_only_what_was_changed(world, cast):
    order = world.reported(cause="wear", hazards="软管裂纹", hours="1.5")
    head = cast.browser("head")
    form = head.get(reverse("tickets:order_action", args=[order.number, "correct"])).context["opened"]["form"]
    given = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = act(head, order, "correct", **{**given, "why": "工时更正", "hours": "2.0"})
    assert answer.status_code == 302
    visit = order.visits.get()
    assert (str(visit.hours), visit.hazards, visit.cause, visit.reports.count()) == ("2.00", "软管裂纹", "wear", 2)
    assert act(cast.browser("dispatcher"), order, "correct", why="x").status_code == 403


def test_the_head_signs_on_the_page_of_the_order(world, cast):
    order = world.order()
    head = cast.browser("head")
    assert "签字" in text(head.get(page_of(order)))
    asked = approvals.of(order).get(step="order.head")
    head.post(reverse("tickets:approval_decide", args=[asked.pk]), {"decision": "approve", "next": page_of(order)})
    found = text(head.get(page_of(order)))
    assert "郑怀远" in found
    photo = act(cast.browser("dispatcher"), order, "photo", file=picture(), caption="铭牌")
    assert photo.status_code == 302 and order.photos.count() == 1


# --- Calls


@pytest.mark.req("TKT-01")
def test_any_call_is_recorded_and_an_owed_answer_stands_first_until_it_is_given(world, desk):
    due = timezone.localtime() + 3 * HOUR
    answer = desk.post(
        "/calls/new/",
        {
            "kind": "consultation", "direction": "in", "channel": "wechat", "said": "涂料温度设多少？",
            "caller_name": "王工", "caller_phone": "13991284417", "customer": world.customer.name,
            "equipment": world.machine.serial.lower(), "answer_due_at": due.strftime("%Y-%m-%dT%H:%M"),
        },
    )  # fmt: skip
    call = Call.objects.get()
    assert answer.url == reverse("tickets:call", args=[call.number])
    assert (call.customer, call.equipment, call.channel) == (world.customer, world.machine, "wechat")
    listed = desk.get("/calls/")
    assert [one.number for one, _timer in listed.context["owed"]] == [call.number]
    assert "待答复" in text(desk.get(answer.url))
    empty = desk.post(reverse("tickets:call_answer", args=[call.number]), {"answered": ""})
    assert empty.status_code == 422
    given = {"answered": "180 到 200 度", "content": "yes"}
    assert desk.post(reverse("tickets:call_answer", args=[call.number]), given).status_code == 302
    call.refresh_from_db()
    assert (call.content, call.answered_at is not None) == ("yes", True)
    assert not desk.get("/calls/").context["owed"]
    again = desk.post(reverse("tickets:call_answer", args=[call.number]), given)
    assert again.status_code == 409


def test_a_call_that_names_nobody_known_is_refused_by_field(world, desk):
    given = {"kind": "other", "direction": "in", "channel": "phone", "said": "留下这句话"}
    for name in ("customer", "equipment", "ticket"):
        answer = desk.post("/calls/new/", {**given, name: "不存在"})
        assert answer.status_code == 422
        assert name in answer.context["form"].errors
        assert "留下这句话" in text(answer)
    past = (timezone.localtime() - DAY).strftime("%Y-%m-%dT%H:%M")
    assert desk.post("/calls/new/", {**given, "answer_due_at": past}).status_code == 400


def test_calls_are_filtered_linked_and_exported(world, desk, cast):
    praise = calls.record_call(
        by=cast.dispatcher, at=world.at(1), kind="praise", said="师傅很专业", answered="谢谢", customer=world.customer
    )
    other = calls.record_call(
        by=cast.dispatcher, at=world.at(2), kind="other", said="打错了", caller_phone="13700001234"
    )
    for query in ({"kind": "praise"}, {"q": "专业"}, {"q": "秦川"}):
        found = text(desk.get("/calls/", query))
        assert praise.number in found and other.number not in found, query
    assert other.number in text(desk.get("/calls/", {"q": "1234"}))
    assert praise.number not in text(desk.get("/calls/", {"at_from": "2090-01-01"}))
    ticket = world.ticket()
    page = text(desk.get(reverse("tickets:call", args=[praise.number])))
    assert ticket.number in page
    link = reverse("tickets:call_link", args=[praise.number])
    assert desk.post(link, {"ticket": ticket.number}).status_code == 302
    assert desk.post(link, {"ticket": ticket.number}).status_code == 409
    assert [row.number for row in desk.get("/calls/", {"ticket": ticket.number}).context["page"]] == [praise.number]
    lines = b"".join(desk.get("/calls/", {"kind": "praise", "export": "csv"}).streaming_content).decode()
    assert "师傅很专业" in lines and "打错了" not in lines


def test_the_call_list_costs_the_same_for_one_row_and_many(world, client, queries_of, cast):
    client.force_login(cast.dispatcher)

    def one_more():
        due = timezone.now() + HOUR
        calls.record_call(by=cast.dispatcher, kind="other", said="x", answer_due_at=due, customer=world.customer)

    one_more()
    queries_of("/calls/")
    one = queries_of("/calls/")
    for _n in range(8):
        one_more()
    assert queries_of("/calls/") == one <= 12


def test_a_call_of_another_region_does_not_exist(world, cast):
    call = calls.record_call(by=cast.dispatcher, kind="other", said="西北的", customer=world.customer)
    south = cast.browser("supervisor-south")
    assert "西北的" not in text(south.get("/calls/"))
    assert south.get(reverse("tickets:call", args=[call.number])).status_code == 404
    assert cast.browser("finance").get("/calls/new/").status_code == 403


# --- Waiting for parts, charges


@pytest.mark.req("SLA-04", "DSP-13")
def test_the_keeper_sees_what_waits_for_parts_and_lets_it_go_on(world, cast):
    order = world.reported(outcome="waits_for_parts", diagnosis="缺轴承 6204")
    other = world.ticket(symptom="等天气的")
    tickets.wait(other, "weather", why="大风", by=cast.dispatcher)
    keeper = cast.browser("keeper")
    assert keeper.get("/").url == "/tickets/waiting/"
    found = text(keeper.get("/tickets/waiting/"))
    assert "缺轴承 6204" in found and "等天气的" not in found
    answer = keeper.post("/tickets/waiting/", {"ticket": order.ticket.number, "why": "顺丰 SF1527 已到"})
    assert answer.status_code == 302
    assert Ticket.objects.get(pk=order.ticket.pk).state == "dispatched"
    assert Entry.objects.get(kind="ticket.resumed").why == "顺丰 SF1527 已到"
    assert "没有等配件的工单" in text(keeper.get("/tickets/waiting/"))
    again = keeper.post("/tickets/waiting/", {"ticket": order.ticket.number})
    assert again.status_code == 409
    assert cast.browser("engineer").get("/tickets/waiting/").status_code == 403
    assert cast.browser("finance").post("/tickets/waiting/", {"ticket": order.ticket.number}).status_code == 403


def charged(world, **more):
    return world.reported(labour_charge="120", parts_charge="386", **more).visits.get()


def test_finance_settles_what_was_charged_once_and_it_is_kept(world, cast):
    visit = charged(world)
    finance = cast.browser("finance")
    assert finance.get("/").url == "/charges/"
    found = text(finance.get("/charges/"))
    assert visit.order.number in found and "506.00" in found
    url = reverse("tickets:settle", args=[visit.pk])
    assert finance.post(url, {"payment": "waived"}).status_code == 400
    assert finance.post(url, {"payment": "gold"}).status_code == 422
    assert finance.post(url, {"payment": "transfer", "note": "回单 118"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.payment, visit.settled_by, visit.payment_note) == ("transfer", cast.finance, "回单 118")
    assert finance.post(url, {"payment": "cash"}).status_code == 409
    assert visit.order.number not in text(finance.get("/charges/"))
    assert "回单 118" in text(finance.get("/charges/", {"view": "settled"}))
    entry = Entry.objects.get(kind="order.settled")
    assert f"ticket:{visit.order.ticket_id}" in entry.about
    assert "结清费用 506.00 元：银行转账" in text(cast.browser("head").get(page_of(visit.order)))


def test_only_finance_settles_over_the_api_and_only_what_was_charged(world, cast):
    visit = charged(world)
    free = world.reported(world.order(world.ticket())).visits.get()
    url = f"/api/v1/visits/{visit.order.number}-{visit.sequence}/settle/"
    assert cast.api("dispatcher").post(url, {"payment": "cash"}).status_code == 403
    assert cast.api("engineer-south").post(url, {"payment": "cash"}).status_code == 404
    finance = cast.api("finance")
    assert [row["number"] for row in finance.get("/api/v1/visits/?unsettled=true").json()["results"]] == [
        f"{visit.order.number}-1"
    ]
    assert finance.post(url, {"payment": "waived"}).status_code == 400
    answer = finance.post(url, {"payment": "cash", "note": "收据 7"})
    assert (answer.status_code, answer.json()["payment"]) == (200, "cash")
    assert finance.post(url, {"payment": "cash"}).status_code == 409
    nothing = finance.post(f"/api/v1/visits/{free.order.number}-1/settle/", {"payment": "cash"})
    assert nothing.status_code == 409
    assert cast.browser("dispatcher").get("/charges/").status_code == 403
    lines = b"".join(cast.browser("finance").get("/charges/", {"view": "settled", "export": "csv"}).streaming_content)
    assert "506.00" in lines.decode()


def test_the_api_links_a_call_to_a_ticket(world, cast):
    call = calls.record_call(by=cast.dispatcher, kind="other", said="x", customer=world.customer)
    stranger = world.add_customer("别家", "610000", "13700000000")
    other = world.ticket(customer=stranger, equipment=None)
    desk, url = cast.api("dispatcher"), f"/api/v1/calls/{call.number}/link/"
    assert desk.post(url, {"ticket": other.number}).status_code == 400
    ticket = world.ticket()
    assert desk.post(url, {"ticket": ticket.number}).json()["ticket"] == ticket.number
    assert desk.post(url, {"ticket": ticket.number}).status_code == 409


def test_menu_counts_what_waits(world, cast):
    charged(world, at=timezone.now())
    world.ticket()
    due = timezone.now() + dt.timedelta(hours=1)
    calls.record_call(by=cast.dispatcher, kind="other", said="x", answer_due_at=due)
    counts = {row["code"]: row["count"] for row in cast.browser("dispatcher").get("/tickets/").context["rail"]}
    assert (counts["tickets"], counts["orders"], counts["calls"]) == (2, 1, 1)
    assert {row["code"]: row["count"] for row in cast.browser("finance").get("/charges/").context["rail"]}[
        "charges"
    ] == 1
