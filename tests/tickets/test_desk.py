"""The desk: screen pop, one search field, guided grading, duplicates, drafts, one effect (TKT-01 to TKT-05)."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from customers import actions as customers
from customers.models import Customer
from tickets.models import Call, Ticket

DESK = "/desk/"


@pytest.fixture
def desk(world):
    return world.cast.browser("dispatcher")


def post(browser, **fields):
    return browser.post(DESK, {"kind": "repair", "then": "dispatch", "said": "燃烧器点不着火，车停着", **fields})


def text(response):
    return response.content.decode()


@pytest.mark.req("TKT-02")
def test_the_callers_number_brings_up_customer_machines_and_contact(desk, world):
    page = text(desk.get(DESK, {"phone": "139 9128 4417"}))
    assert world.customer.name in page
    assert world.machine.serial in page
    assert world.other_machine.serial in page
    assert 'data-contact-name="王工"' in page


@pytest.mark.req("TKT-02", "CUS-08")
@pytest.mark.parametrize("query", ["4417", "qclq", "1043", "秦川"])
def test_one_field_takes_tails_initials_serials_and_names(desk, world, query):
    page = text(desk.get("/desk/known/", {"q": query}))
    assert world.customer.name in page


@pytest.mark.req("TKT-02", "WAR-07")
def test_a_chosen_machine_shows_its_verdict_in_words(desk, world):
    page = text(desk.get("/desk/known/", {"equipment": world.machine.serial}))
    assert "免费" in page
    assert "验收" in page


@pytest.mark.req("TKT-04")
def test_the_answers_propose_a_grade_and_say_why(desk, world):
    given = {"equipment": world.machine.serial, "kind": "repair", "answer-running": "stopped"}
    page = text(desk.get("/desk/advice/", given))
    assert "1 级故障" in page
    assert "设备现在还能干活吗？ 不能" in page


@pytest.mark.req("TKT-02", "SLA-02")
def test_the_promise_is_a_sentence_to_read_aloud(desk, world):
    page = text(
        desk.get("/desk/advice/", {"equipment": world.machine.serial, "kind": "repair"}, headers={"HX-Request": "true"})
    )
    said = re.search(r'class="promise">(.*?)</p>', page, re.S).group(1)
    assert "15 分" in said
    assert "这次修理不收费" in said


@pytest.mark.req("TKT-01", "TKT-02", "TKT-04")
def test_one_save_records_the_call_and_opens_the_ticket(desk, world):
    answer = post(desk, equipment=world.machine.serial, **{"answer-running": "stopped"})
    ticket = Ticket.objects.get()
    call = Call.objects.get()
    assert answer.status_code == 302
    assert answer.url == ticket.get_absolute_url() + "#dispatch"
    assert (ticket.grade, ticket.contact_name, ticket.verdict_code) == (1, "王工", "free")
    assert (call.ticket, call.kind, call.said) == (ticket, "repair", "燃烧器点不着火，车停着")


@pytest.mark.req("SEC-01")
def test_a_double_click_saves_once(desk, world):
    first = post(desk, equipment=world.machine.serial, idempotency_key="k")
    again = post(desk, equipment=world.machine.serial, idempotency_key="k")
    assert first.url == again.url
    assert (Ticket.objects.count(), Call.objects.count()) == (1, 1)


@pytest.mark.req("TKT-04")
def test_another_grade_than_the_answers_say_needs_a_reason(desk, world):
    fields = {"equipment": world.machine.serial, "answer-running": "stopped", "grade": "3"}
    refused = post(desk, **fields)
    assert refused.status_code == 400
    assert not Ticket.objects.exists()
    assert not Call.objects.exists(), "nothing is half-written"
    assert "燃烧器点不着火，车停着" in text(refused), "what was typed is still there"
    post(desk, **fields, grade_why="客户说还能凑合干")
    assert Ticket.objects.get().grade == 3


@pytest.mark.req("TKT-03")
def test_an_open_ticket_of_the_machine_is_shown_and_can_take_the_call(desk, world):
    ticket = world.ticket()
    page = text(desk.get("/desk/known/", {"equipment": world.machine.serial, "said": "点不着火"}))
    assert ticket.number in page
    answer = post(desk, equipment=world.machine.serial, into=ticket.number, then="record")
    assert answer.url == ticket.get_absolute_url()
    assert Ticket.objects.count() == 1
    assert Call.objects.get().ticket == ticket


@pytest.mark.req("TKT-05")
def test_what_solved_this_before_is_shown_with_its_steps(desk, world):
    page = text(desk.get("/desk/known/", {"equipment": world.machine.serial, "said": "燃烧器反复熄火"}))
    assert "以前这样解决过" in page
    assert "热电偶" in page


@pytest.mark.req("TKT-01")
def test_a_question_is_recorded_without_a_ticket(desk, world):
    answer = post(desk, kind="consultation", customer=world.customer.number, said="冬天怎么保养？", answered="放净料斗")
    assert answer.url == DESK
    call = Call.objects.get()
    assert (call.kind, call.customer, call.answered, call.ticket) == ("consultation", world.customer, "放净料斗", None)


@pytest.mark.req("CUS-01", "TKT-02")
def test_an_unknown_caller_gets_a_file_with_the_ticket(desk, world):
    answer = post(
        desk,
        new_customer="山西晋路标线队",
        new_province="140000",
        contact_name="老赵",
        contact_phone="13803510000",
    )
    assert answer.status_code == 302
    customer = Customer.objects.get(name="山西晋路标线队")
    assert Ticket.objects.get().customer == customer
    assert customer.contacts.get().phone == "13803510000"


@pytest.mark.req("TKT-02")
def test_without_a_customer_the_form_says_so_and_keeps_the_words(desk, world):
    refused = post(desk)
    assert refused.status_code == 400
    assert "燃烧器点不着火，车停着" in text(refused)
    assert not Call.objects.exists()


@pytest.mark.req("SEC-02")
def test_a_machine_outside_the_region_cannot_be_named(world):
    south = world.cast.browser("supervisor-south")
    refused = post(south, equipment=world.machine.serial)
    assert refused.status_code == 422
    assert not Ticket.objects.exists()
    assert world.customer.name not in text(south.get("/desk/known/", {"q": "4417"}))


@pytest.mark.req("SEC-02")
@pytest.mark.parametrize("person", ["engineer", "contractor", "finance", "keeper"])
def test_the_desk_is_for_those_who_take_calls(world, person):
    assert world.cast.browser(person).get(DESK).status_code == 403


def test_the_desk_costs_the_same_with_many_tickets(desk, world):
    def measure():
        cache.clear()

        with CaptureQueriesContext(connection) as queries:
            assert desk.get(DESK).status_code == 200
        return len(queries)

    world.ticket()
    few = measure()
    for _n in range(6):
        world.ticket()
    assert measure() == few


@pytest.mark.browser
@pytest.mark.req("TKT-02")
@pytest.mark.django_db(transaction=True)
def test_a_known_caller_is_served_by_keyboard_alone_in_few_strokes(world, open_page):
    """From the ringing phone to the saved ticket: keys are counted; only the caller's own words are free."""
    page, strokes = open_page(world.cast.dispatcher), []

    def key(name):
        strokes.append(name)
        page.keyboard.press(name)

    page.goto("/desk/?phone=13991284417")
    page.wait_for_selector("[data-known]")
    with page.expect_response("**/desk/known/**"):
        key("Alt+1")
    page.wait_for_selector(".machine[aria-pressed=true]")
    expect(page.locator("[name=said]")).to_be_focused()
    page.keyboard.type("燃烧器点不着火，车停着动不了")
    with page.expect_response("**/desk/advice/**"):
        key("Tab")
    page.wait_for_load_state("networkidle")
    while page.evaluate("document.activeElement.type") != "radio":
        key("Tab")
    with page.expect_response("**/desk/advice/**"):
        key("Space")
    page.wait_for_selector(".promise")
    with page.expect_navigation(url=re.compile(r"/tickets/WX")):
        key("Control+Enter")
    ticket = Ticket.objects.get()
    assert ticket.symptom == "燃烧器点不着火，车停着动不了"
    assert ticket.equipment is not None
    assert ticket.grade == 1
    assert len(strokes) <= 12, strokes


@pytest.mark.browser
@pytest.mark.req("TKT-02")
@pytest.mark.django_db(transaction=True)
def test_what_was_typed_survives_a_reload(world, open_page):
    page = open_page(world.cast.dispatcher)
    page.goto(reverse("tickets:desk") + "?phone=13991284417")
    page.wait_for_selector("[data-known]")
    page.fill("[name=said]", "搅拌不转")
    expect(page.locator("[data-draft-state]")).not_to_be_empty()
    page.goto("/desk/")
    expect(page.locator("[name=said]")).to_have_value("搅拌不转")
    page.wait_for_selector("[data-known]")
    assert world.customer.name in page.inner_text("#known")


@pytest.mark.req("WAR-06")
def test_a_right_that_can_be_claimed_is_shown_to_the_dispatcher_with_its_last_day(desk, world):
    from warranty import actions as warranty
    from warranty.guarantees import Fault

    today = timezone.localdate()
    machine = customers.change_equipment(
        world.machine, by=world.cast.dispatcher, purchased_on=today, delivered_on=today, accepted_on=today
    )
    url, machine_of = "/desk/known/", {"equipment": machine.serial}
    assert "三包权利" not in desk.get(url, machine_of).content.decode()
    warranty.notice_rights(machine, [Fault("ticket:9", today, kind="burner")], at=timezone.now())
    seen = desk.get(url, machine_of).content.decode()
    assert "七日内可退货" in seen
    assert f"可主张至 {today + timedelta(days=7)}" in seen
    panel = desk.get(f"/tickets/{world.ticket().number}/cause/").content.decode()
    assert f"可主张至 {today + timedelta(days=7)}" in panel
    claimed = warranty.claim_right(
        machine.rights.get(rule__code="return-7"), remedy="return", by=world.cast.dispatcher, at=timezone.now()
    )
    assert claimed.state == "claimed"
    assert "七日内可退货" not in desk.get(url, machine_of).content.decode()
