"""The engineer's tablet: own orders sorted by what breaks next, and each step with and without scripts."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import IdempotencyKey
from tests.tickets import scenes
from tickets.actions import orders
from tickets.models import DispatchOrder, Visit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def day(cast, policy, freeze):
    """Twenty past two in the afternoon of the day after the fault of the scenes was reported."""
    freeze("2026-11-20 14:20")
    return cast


def press(browser, order, verb, **fields):
    """Post a step as the page without scripts does."""
    return browser.post(reverse("tickets:my_step", args=[order.number, verb]), fields)


def page_of(browser, order):
    return browser.get(reverse("tickets:my_order", args=[order.number]))


@pytest.mark.req("DSP-04")
def test_the_day_shows_own_orders_sorted_by_what_breaks_next(day):
    now = timezone.now()
    machine = scenes.machine(day)
    calm = scenes.order(
        day, scenes.fault(day, machine, at=now - 3 * HOUR, symptom="calm"), at=now - 3 * HOUR, appointment=6 * HOUR
    )
    on_site = scenes.go_to_site(scenes.order(day, scenes.fault(day, machine, symptom="on site")), day.engineer)
    urgent = orders.dispatch(
        scenes.fault(day, machine, at=now, symptom="urgent"), day.file(), by=day.dispatcher, at=now
    )
    tomorrow = scenes.order(
        day, scenes.fault(day, machine, at=now - 3 * HOUR, symptom="tomorrow"), at=now - 2 * HOUR, appointment=30 * HOUR
    )
    orders.accept(tomorrow, by=day.engineer)
    foreign = scenes.order(day, scenes.fault(day, machine, symptom="foreign"), engineer="engineer-mobile")
    page = day.browser("engineer").get("/my/").content.decode()
    shown = re.findall(r'data-order="(PG[^"]+)"', page)
    assert shown == [on_site.number, calm.number, urgent.number] or shown == [
        on_site.number,
        urgent.number,
        calm.number,
    ]
    assert foreign.number not in page
    assert tomorrow.number in day.browser("engineer").get("/my/?view=coming").content.decode()


@pytest.mark.req("DSP-04")
def test_an_overdue_call_comes_before_everything_but_the_work_at_hand(day):
    now = timezone.now()
    machine = scenes.machine(day)
    late = orders.dispatch(scenes.fault(day, machine, symptom="late"), day.file(), by=day.dispatcher, at=now - HOUR)
    fresh = orders.dispatch(scenes.fault(day, machine, symptom="fresh"), day.file(), by=day.dispatcher, at=now)
    page = day.browser("engineer").get("/my/").content.decode()
    assert re.findall(r'data-order="(PG[^"]+)"', page) == [late.number, fresh.number]
    assert 'data-time="late"' in page


def test_a_stop_can_be_called_and_found_on_the_map(day):
    order = scenes.order(day)
    page = day.browser("engineer").get("/my/").content.decode()
    assert 'href="tel:13991284417"' in page
    assert "https://uri.amap.com/search?keyword=" in page
    assert order.number in page


def test_the_page_costs_the_same_for_one_stop_and_for_many(day, client, queries_of):
    client.force_login(day.engineer)
    machine = scenes.machine(day)
    scenes.order(day, scenes.fault(day, machine))
    client.get("/my/")
    one = queries_of("/my/")
    for number in range(6):
        scenes.order(day, scenes.fault(day, machine, symptom=f"fault {number}"))
    assert queries_of("/my/") == one


@pytest.mark.req("DSP-04", "SEC-02")
def test_orders_of_others_do_not_exist_on_my_tablet(day):
    order = scenes.order(day)
    for person in ("engineer-south", "contractor", "dispatcher", "head", "supervisor"):
        assert page_of(day.browser(person), order).status_code == 404
        assert press(day.browser(person), order, "accept").status_code == 404
    order.refresh_from_db()
    assert order.state == "issued"
    assert day.browser().get("/my/").status_code == 302


@pytest.mark.req("DSP-04", "DSP-07", "DSP-13")
def test_the_whole_visit_works_without_scripts(day):
    browser, order = day.browser("engineer"), scenes.order(day)
    steps = [
        ("accept", {}),
        ("contact", {"note": "进门找老赵", "why": "在高速上"}),
        ("depart", {}),
        ("arrive", {"running_hours": "2312.5"}),
    ]
    for verb, fields in steps:
        page = page_of(browser, order).content.decode()
        assert f'data-step="{verb}"' in page
        assert press(browser, order, verb, **fields).status_code == 302
    photo = press(browser, order, "photos", file=scenes.photo_file(), caption="铭牌")
    assert photo.status_code == 302
    answer = press(
        browser, order, "report", outcome="fixed", diagnosis="轴承坏", cause="wear", work_done="换轴承", sure="on",
        part_name=["轴承", ""], part_model=["6204-2RS", ""], part_quantity=["2", "1"], part_unit_price=["28", ""],
        part_serial_in=["", ""], part_serial_out=["", ""], labour_charge="120", signature=scenes.drawing(),
        signed_by_name="李敏",
    )  # fmt: skip
    assert answer.status_code == 302
    order.refresh_from_db()
    visit = Visit.objects.get(order=order)
    assert (order.state, visit.outcome, visit.photos.count()) == ("done", "fixed", 1)
    assert visit.left_at is not None, "reporting from the site leaves it"
    assert [(part.name, part.quantity) for part in visit.parts.all()] == [("轴承", 2)]
    assert (visit.labour_charge, visit.parts_charge) == (120, 56)
    assert "report.pdf?visit=1&amp;lang=zh" in page_of(browser, order).content.decode()


@pytest.mark.req("DSP-04")
def test_a_step_pressed_twice_happens_once(day):
    browser, order = day.browser("engineer"), scenes.order(day)
    first = press(browser, order, "accept", idempotency_key="k1")
    again = press(browser, order, "accept", idempotency_key="k1")
    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert IdempotencyKey.objects.filter(key="page:k1").count() == 1


def test_a_step_out_of_turn_says_why_and_keeps_what_was_typed(day):
    browser, order = day.browser("engineer"), scenes.order(day)
    answer = press(browser, order, "arrive", why="堵车")
    assert answer.status_code == 409
    assert press(browser, order, "fly").status_code == 404
    answer = press(browser, order, "refuse", why="")
    assert answer.status_code == 400
    assert 'id="refuse" open' in answer.content.decode()


def test_a_report_with_a_hole_comes_back_with_everything_typed(day):
    browser = day.browser("engineer")
    order = scenes.go_to_site(scenes.order(day), day.engineer)
    answer = press(
        browser, order, "report", outcome="fixed", diagnosis="", work_done="换轴承",
        part_name=["轴承"], part_model=["6204"], part_quantity=["2"], part_unit_price=["28"],
        part_serial_in=[""], part_serial_out=[""],
    )  # fmt: skip
    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'value="6204"' in page
    assert "换轴承" in page
    order.refresh_from_db()
    assert order.state == "arrived", "nothing was left"


@pytest.mark.req("DSP-06")
def test_leaving_unsolved_needs_the_superior_and_then_the_customer(day):
    day["supervisor"]
    browser = day.browser("engineer")
    order = scenes.go_to_site(scenes.order(day), day.engineer)
    unsolved = {"outcome": "waits_for_parts", "diagnosis": "泵体裂纹，没有备件"}
    assert press(browser, order, "report", **unsolved, customer_agreed="on").status_code == 409
    assert press(browser, order, "ask-leave", why="明早配件到").status_code == 302
    waiting = day.browser("supervisor").get("/approvals/").content.decode()
    assert "明早配件到" in waiting
    key = re.search(r"/approvals/(\d+)/decide/", waiting)[1]
    assert day.browser("supervisor").post(f"/approvals/{key}/decide/", {"decision": "approve"}).status_code == 302
    assert press(browser, order, "report", **unsolved).status_code == 409, "the customer has not agreed yet"
    assert press(browser, order, "report", **unsolved, customer_agreed="on").status_code == 302
    visit = Visit.objects.get(order=order)
    assert visit.left_unsolved
    assert visit.customer_agreed


def test_the_machines_last_faults_stand_on_the_page(day):
    machine = scenes.machine(day)
    before = scenes.go_to_site(scenes.order(day, scenes.fault(day, machine, symptom="点不着火")), day.engineer)
    scenes.report(before, day.engineer, work_done="清洗喷嘴")
    order = scenes.order(day, scenes.fault(day, machine, symptom="又点不着火"), appointment=30 * HOUR)
    page = page_of(day.browser("engineer"), order).content.decode()
    assert "点不着火" in page
    assert "清洗喷嘴" in page


def test_ended_orders_are_kept_on_their_tab(day):
    order = scenes.order(day)
    orders.refuse(order, "在休假", by=day.engineer)
    assert order.number not in day.browser("engineer").get("/my/").content.decode()
    assert order.number in day.browser("engineer").get("/my/?view=done").content.decode()
    assert "在休假" in page_of(day.browser("engineer"), order).content.decode()
    assert DispatchOrder.objects.get().state == "refused"


@pytest.mark.req("DSP-14")
def test_a_report_is_corrected_with_a_reason_and_keeps_what_was_not_touched(day):
    browser = day.browser("engineer")
    order = scenes.report(scenes.go_to_site(scenes.order(day), day.engineer), day.engineer, after=HOUR)
    form = page_of(browser, order).content.decode()
    assert 'value="ZG90-2608-118"' in form, "the parts stand there as they were reported"
    given = {"diagnosis": "轴承损坏", "work_done": "只换了一只轴承", "part_name": ["轴承"], "part_quantity": ["1"]}
    rest = {name: [""] for name in ("part_model", "part_unit_price", "part_serial_in", "part_serial_out")}
    assert press(browser, order, "correct-report", **given, **rest).status_code == 400, "no reason"
    assert press(browser, order, "correct-report", why="数量写错", **given, **rest).status_code == 302
    visit = Visit.objects.get(order=order)
    assert [report.version for report in visit.reports.order_by("version")] == [1, 2]
    assert [(part.name, part.quantity) for part in visit.parts.all()] == [("轴承", 1)]
    assert visit.reports.get(version=1).content["parts"][0]["quantity"] == "2.00"


@pytest.mark.req("DSP-01", "DSP-06")
def test_signatures_are_given_over_the_api_once_and_never_by_the_one_who_asked(day):
    order = scenes.order(day)
    scenes.order(day, scenes.fault(day, order.ticket.equipment, symptom="second"))
    head = day.api("head")
    rows = head.get("/api/v1/approvals/").json()["results"]
    assert len(rows) == 2
    assert order.number in {row["order"] for row in rows}
    assert [row["step"] for row in rows] == ["order.head", "order.head"]
    address = f"/api/v1/approvals/{min(row['id'] for row in rows)}/decide/"
    assert day.api("marketing").post(address, {"approve": True}).status_code == 403
    assert day.api("engineer-south").post(address, {"approve": True}).status_code == 404
    assert head.post(address, {"approve": False}).status_code == 400, "declining needs an opinion"
    assert head.post(address, {"approve": True}).json()["decision"] == "approved"
    assert head.post(address, {"approve": True}).status_code == 409
    assert len(head.get("/api/v1/approvals/").json()["results"]) == 1


@pytest.mark.req("DSP-04")
@pytest.mark.parametrize(("minutes", "tone"), [(10, "soon"), (20, "late")])
def test_being_late_asks_for_an_apology_and_beyond_a_quarter_for_the_reason(day, freeze, minutes, tone):
    order = scenes.order(day)
    orders.accept(order, by=day.engineer)
    orders.contact(order, by=day.engineer, why="在高速上")
    orders.depart(order, by=day.engineer)
    freeze(timezone.localtime(timezone.now() + HOUR))
    agreed = DispatchOrder.objects.filter(pk=order.pk)
    agreed.update(appointment_from=timezone.now() - HOUR, appointment_to=timezone.now() - timedelta(minutes=minutes))
    page = page_of(day.browser("engineer"), order).content.decode()
    assert f'class="verdict" data-tone="{tone}"' in page
