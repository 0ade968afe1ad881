"""The ticket list and the page of a ticket: what is shown, every verb in place, refusals that keep what was typed."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from core.models import Entry
from staff import actions as staff
from tests.tickets.conftest import DAY, HOUR
from tickets.actions import calls, orders, tickets
from tickets.models import Call, DispatchOrder, Ticket, TriedStep

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast, world):
    """The dispatcher's browser."""
    return cast.browser("dispatcher")


def page_of(ticket):
    return reverse("tickets:ticket", args=[ticket.number])


def act(client, ticket, code, **given):
    """Send the form of a verb, with the version that the page would have."""
    url = reverse("tickets:ticket_action", args=[ticket.number, code])
    given.setdefault("version", Ticket.objects.get(pk=ticket.pk).version)
    return client.post(url, given)


def text(response):
    return response.content.decode()


def picture():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#8a6d2b").save(out, "JPEG")
    out.name = "a.jpg"
    out.seek(0)
    return out


# --- The list


@pytest.mark.req("TKT-03")
def test_the_list_shows_open_tickets_by_what_breaks_next(world, desk):
    far = world.ticket(symptom="仪表校准", grade=4, at=world.at(30))
    near = world.ticket(symptom="点不着火", grade=1, at=world.at(1))
    ended = world.ticket(symptom="已经好了", at=world.at(2))
    tickets.cancel_ticket(ended, "误报", by=world.cast.dispatcher)
    found = text(desk.get("/tickets/"))
    assert found.index(near.number) < found.index(far.number)
    assert ended.number not in found
    assert 'class="time-chip"' in found


@pytest.mark.req("CUS-08")
@pytest.mark.parametrize("query", ["撒布", "4417", "1043", "qclq", "燃烧"])
def test_two_characters_phone_tails_serials_and_initials_find_a_ticket(world, desk, query):
    wanted = world.ticket(symptom="玻璃珠撒布不匀，燃烧正常", contact_name="李敏", contact_phone="139 9128 4417")
    other = world.add_customer("华北交安", "610000", "13700000000")
    stranger = world.ticket(symptom="行走跑偏", customer=other, equipment=None, contact_phone="13700000000")
    found = text(desk.get("/tickets/", {"q": query}))
    assert wanted.number in found
    assert stranger.number not in found


def test_every_filter_narrows_the_list(world, desk):
    wanted = world.order().ticket
    other = world.ticket(symptom="别的", grade=4, equipment=world.other_machine, at=None)
    day = wanted.reported_at.astimezone().date().isoformat()
    for name, value in {
        "state": "dispatched",
        "grade": "2",
        "engineer": "engineer",
        "path": "onsite",
        "late": "on",
        "q": wanted.number,
    }.items():
        found = text(desk.get("/tickets/", {"view": "all", name: value}))
        assert (wanted.number in found, other.number in found) == (True, False), name
    for name, value in {"region": "NW", "province": "610000", "reported_from": day}.items():
        assert wanted.number in text(desk.get("/tickets/", {"view": "all", name: value})), name
    assert wanted.number not in text(desk.get("/tickets/", {"view": "all", "reported_to": "2020-01-01"}))


def test_tabs_show_mine_what_is_not_dispatched_and_what_waits(world, desk, cast):
    mine, sent, waits = world.ticket(), world.order().ticket, world.ticket()
    tickets.wait(waits, "weather", why="大风", by=cast.dispatcher)
    theirs = tickets.open_ticket(by=cast.head, equipment=world.machine, symptom="别人的", at=world.start)

    def seen(view):
        found = text(desk.get("/tickets/", {"view": view}))
        return {one for one in (mine, sent, waits, theirs) if one.number in found}

    assert seen("mine") == {mine, sent, waits}
    assert seen("undispatched") == {mine, theirs}
    assert seen("waiting") == {waits}
    assert seen("all") == {mine, sent, waits, theirs}


def test_nothing_found_says_so_and_offers_the_way_on(world, desk):
    world.ticket()
    assert "没有符合的工单" in text(desk.get("/tickets/", {"q": "找不到的"}))
    assert "view=all" in text(desk.get("/tickets/", {"q": "找不到的", "view": "mine"}))
    assert desk.get("/tickets/", {"grade": "9"}).status_code == 200


def test_pages_follow_by_key_without_counting(world, desk, monkeypatch):
    monkeypatch.setattr("tickets.views.tickets.SIZE", 2)
    numbers = [world.ticket(at=world.at(n)).number for n in range(5)]
    first = desk.get("/tickets/", {"view": "all"})
    page = first.context["page"]
    assert [row.number for row in page] == numbers[:2:-1]
    second = desk.get("/tickets/", {"view": "all", "cursor": page.older}).context["page"]
    assert [row.number for row in second] == [numbers[2], numbers[1]]
    by_due = desk.get("/tickets/", {"view": "open", "sort": "due"}).context["page"]
    rest = desk.get("/tickets/", {"view": "open", "sort": "due", "cursor": by_due.older}).context["page"]
    assert not {row.number for row in by_due} & {row.number for row in rest}


def test_the_list_costs_the_same_for_one_row_and_many(world, client, queries_of, cast):
    client.force_login(cast.dispatcher)
    world.order()
    queries_of("/tickets/")
    one = queries_of("/tickets/")
    for n in range(9):
        world.order(world.ticket(at=world.at(n / 10)))
    many = queries_of("/tickets/")
    assert many == one <= 12


def test_the_filtered_list_goes_out_as_sheet(world, desk):
    wanted, other = world.ticket(symptom="=点不着"), world.ticket(symptom="跑偏", grade=4)
    answer = desk.get("/tickets/", {"grade": "2", "export": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert wanted.number in lines and other.number not in lines
    assert "'=点不着" in lines
    book = desk.get("/tickets/", {"export": "xlsx"})
    assert book.content.startswith(b"PK")


def test_each_role_sees_its_own_tickets(world, cast):
    ours = world.order().ticket
    for name, sees in (
        ("engineer", True),
        ("supervisor", True),
        ("engineer-south", False),
        ("supervisor-south", False),
    ):
        browser = cast.browser(name)
        assert (ours.number in text(browser.get("/tickets/", {"view": "all"}))) is sees, name
        assert (browser.get(page_of(ours)).status_code == 200) is sees, name
    assert cast.browser().get("/tickets/").status_code == 302


# --- The page


@pytest.mark.req("TKT-12", "WAR-07", "SLA-06")
def test_the_page_says_state_deadlines_verdict_and_what_is_next(world, desk):
    ticket = world.ticket(backup_phone="029-88801234", present_state="停机", wanted_service="尽快上门")
    found = text(desk.get(page_of(ticket)))
    for word in (ticket.number, "燃烧器点不着火", "待处理", "秦川路桥", "tel:13991284417", "tel:02988801234"):
        assert word in found
    assert "data-ledger" in found
    assert "定格" in found
    assert 'aria-current="step"' in found
    assert "派工" in found and "电话解决" in found


def test_the_page_shows_orders_visits_parts_papers_and_who_comes_back(world, desk, signature):
    part = {"name": "热电偶", "model": "K 型", "quantity": 1, "unit_price": "86"}
    done = world.reported(parts=[part], hazards="软管有裂纹", signature={"png": signature, "name": "王工"})
    found = text(desk.get(page_of(done.ticket)))
    for word in (done.number, "张海涛", "热电偶 K 型", "86.00", "软管有裂纹", "更换热电偶", "report.pdf", "order.pdf"):
        assert word in found
    again = world.ticket(at=world.at(20))
    assert again.repeat_of == done.ticket
    assert done.ticket.number in text(desk.get(page_of(again)))
    assert again.number in text(desk.get(page_of(done.ticket)))


@pytest.mark.req("TKT-07")
def test_the_story_has_tabs_and_the_words_of_the_caller(world, desk, cast):
    call = calls.record_call(
        by=cast.dispatcher, at=world.start, kind="repair", said="早上怎么也点不着", equipment=world.machine
    )
    ticket = world.ticket(call=call)
    tickets.add_note(ticket, "客户又催了一次", by=cast.dispatcher)
    url = page_of(ticket)
    assert "早上怎么也点不着" in text(desk.get(url))
    fragment = text(desk.get(url, {"story": "deadlines"}, headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert "客户又催了一次" not in fragment
    assert "客户又催了一次" in text(desk.get(url, {"story": "all"}))


def test_the_page_costs_the_same_for_one_visit_and_several(world, client, queries_of, cast):
    client.force_login(cast.dispatcher)
    order = world.reported(outcome="waits_for_parts")
    url = page_of(order.ticket)
    queries_of(url)
    one = queries_of(url)
    me, at = order.engineer.user, world.at
    orders.depart(order, by=me, at=at(10))
    orders.arrive(order, by=me, at=at(12))
    orders.leave(order, by=me, at=at(13))
    orders.report(order, by=me, at=at(13.5), outcome="provisional", diagnosis="坏", work_done="换")
    queries_of(url)
    assert queries_of(url) == one <= 24


# --- Verbs


@pytest.mark.req("TKT-04")
def test_grading_is_guided_and_a_change_needs_a_reason(world, desk):
    ticket = world.ticket(grade=None)
    form = text(
        desk.get(reverse("tickets:ticket_action", args=[ticket.number, "grade"]), headers={"HX-Request": "true"})
    )
    assert "answer-safety" in form and "<html" not in form
    part = desk.get(
        reverse("tickets:ticket_action", args=[ticket.number, "grade"]),
        {"part": "1", "answer-safety": "no", "answer-running": "stopped"},
        headers={"HX-Request": "true"},
    )
    assert 'data-grade="1"' in text(part)
    act(desk, ticket, "grade", **{"answer-safety": "no", "answer-running": "stopped"})
    ticket.refresh_from_db()
    assert (ticket.grade, ticket.grade_answers["running"]) == (1, "stopped")
    refused = act(desk, ticket, "grade", grade="3")
    assert refused.status_code == 422
    assert act(desk, ticket, "grade", grade="3", why="左侧能用").status_code == 302
    ticket.refresh_from_db()
    assert ticket.grade == 3


@pytest.mark.req("TKT-05")
def test_steps_of_a_case_are_ticked_and_counted_solved_or_not(world, desk):
    ticket = world.ticket(symptom="燃烧器点不着火，热电偶松动")
    opened = desk.get(reverse("tickets:ticket_action", args=[ticket.number, "solve-by-phone"]))
    suggested = opened.context["opened"]["form"].suggested
    assert suggested, "the shipped library knows this symptom"
    case = suggested[0].case
    act(desk, ticket, "solve-by-phone", step=f"{case.pk}:0", result="tried")
    ticket.refresh_from_db()
    case.refresh_from_db()
    assert (ticket.state, case.times_tried, case.times_solved) == ("open", 1, 0)
    act(desk, ticket, "solve-by-phone", step=f"{case.pk}:1", steps="重新上电", result="solved")
    ticket.refresh_from_db()
    case.refresh_from_db()
    assert (ticket.state, ticket.case, case.times_solved) == ("solved", case, 1)
    assert TriedStep.objects.filter(ticket=ticket, helped=True).count() == 2
    empty = act(desk, world.ticket(), "solve-by-phone")
    assert empty.status_code == 422


@pytest.mark.req("DSP-01", "DSP-02", "ORG-05")
def test_dispatching_shows_who_should_go_with_reasons_and_who_cannot(world, desk, cast):
    best, cannot = cast.file(), cast.file("engineer-junior")
    ticket = world.ticket()
    url = reverse("tickets:ticket_action", args=[ticket.number, "dispatch"])
    form = text(desk.get(url, headers={"HX-Request": "true"}))
    assert str(best) in form and "本大区" in form
    assert f'value="{cannot.user.username}"' not in form
    assert str(cannot) in form
    refused = act(desk, ticket, "dispatch", engineer=cannot.user.username, note="带上梯子")
    assert refused.status_code == 409
    assert "带上梯子" in text(refused)
    assert not DispatchOrder.objects.exists()
    sent = act(
        desk, ticket, "dispatch", engineer="engineer", appointment_from="2030-01-02T09:00",
        appointment_to="2030-01-02T11:00", travel="car", note="带上梯子",
    )  # fmt: skip
    assert sent.status_code == 302
    order = DispatchOrder.objects.get()
    assert (order.engineer, order.note, order.travel) == (best, "带上梯子", "car")
    assert order.ranking


@pytest.mark.req("DSP-12")
def test_a_second_engineer_is_sent_only_knowingly(world, desk, cast):
    cast.file("engineer-mobile")
    ticket = world.order().ticket
    opened = text(desk.get(reverse("tickets:ticket_action", args=[ticket.number, "dispatch"])))
    assert "增派" in opened
    assert act(desk, ticket, "dispatch", engineer="engineer-mobile").status_code == 409
    assert act(desk, ticket, "dispatch", engineer="engineer-mobile", additional="True").status_code == 302
    assert ticket.orders.open().count() == 2


@pytest.mark.req("SLA-04")
def test_waiting_takes_reason_and_evidence_and_going_on_ends_it(world, desk):
    ticket = world.ticket()
    assert act(desk, ticket, "wait", for_="weather").status_code == 422
    answer = act(desk, ticket, "wait", for_="weather", why="大风停工", evidence="业主短信", photo=picture())
    assert answer.status_code == 302
    found = text(desk.get(page_of(ticket)))
    assert "大风停工" in found and "业主短信" in found
    assert ticket.photos.count() == 1
    assert act(desk, ticket, "resume", why="复工").status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "open"


@pytest.mark.req("TKT-06", "TKT-08")
def test_the_end_of_a_ticket_and_its_return(world, desk, cast):
    ticket = world.reported().ticket
    assert act(desk, ticket, "close").status_code == 409
    assert act(desk, ticket, "confirm", how="电话").status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert act(desk, ticket, "reopen").status_code == 422
    assert act(desk, ticket, "reopen", why="又点不着了").status_code == 302
    assert act(desk, ticket, "choose-path", path="factory", why="现场修不了").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.path) == ("open", "factory")
    assert act(desk, ticket, "cancel", why="客户撤回").status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).state == "cancelled"


@pytest.mark.req("TKT-08")
def test_merging_offers_the_tickets_of_the_customer_and_takes_the_calls_along(world, desk, cast):
    call = calls.record_call(by=cast.dispatcher, at=world.start, kind="repair", said="又打来", equipment=world.machine)
    stays, goes = world.ticket(), world.ticket(call=call)
    opened = text(desk.get(reverse("tickets:ticket_action", args=[goes.number, "merge"])))
    assert stays.number in opened
    assert act(desk, goes, "merge", number="WX00000000-0000").status_code == 422
    assert act(desk, goes, "merge", choice=stays.number).status_code == 302
    call.refresh_from_db()
    assert call.ticket == stays
    assert stays.number in text(desk.get(page_of(goes)))


@pytest.mark.req("TKT-08", "TKT-01")
def test_calls_are_recorded_on_the_ticket_and_linked_afterwards(world, desk, cast):
    ticket = world.ticket()
    loose = calls.record_call(by=cast.dispatcher, kind="consultation", said="什么时候来", equipment=world.machine)
    act(desk, ticket, "record-call", kind="praise", direction="in", channel="phone", said="很满意")
    assert Call.objects.get(kind="praise").ticket == ticket
    assert "什么时候来" in text(desk.get(reverse("tickets:ticket_action", args=[ticket.number, "link-call"])))
    assert act(desk, ticket, "link-call", calls=[loose.number]).status_code == 302
    loose.refresh_from_db()
    assert loose.ticket == ticket
    assert Entry.objects.filter(kind="call.linked").count() == 1
    assert act(desk, ticket, "link-call", calls=[loose.number]).status_code == 422


def test_notes_photos_and_agreed_charges_come_into_the_story(world, desk):
    old = world.add_machine("TRC1200-0001", world.customer)
    ticket = world.ticket(equipment=old)
    act(desk, ticket, "add-note", text="客户说下午方便")
    act(desk, ticket, "add-photo", file=picture(), caption="铭牌")
    act(desk, ticket, "agree-charges", how="李敏电话同意")
    found = text(desk.get(page_of(ticket)))
    assert "客户说下午方便" in found and "铭牌" in found and "李敏电话同意" in found
    assert "/files/" in found


def test_sending_a_form_twice_does_it_once(world, desk):
    ticket = world.ticket()
    given = {"text": "只记一次", "idempotency_key": "k-1"}
    first, second = act(desk, ticket, "add-note", **given), act(desk, ticket, "add-note", **given)
    assert first.url == second.url
    assert Entry.objects.filter(kind="ticket.noted").count() == 1


def test_two_people_at_once_are_told_and_nothing_typed_is_lost(world, desk, cast):
    ticket = world.ticket()
    seen = ticket.version
    tickets.grade_ticket(ticket, 3, by=cast.head, why="能用")
    answer = act(desk, ticket, "cancel", why="客户说不用来了", version=seen)
    assert answer.status_code == 409
    found = text(answer)
    assert "客户说不用来了" in found
    assert "已" in found and ticket.number in found
    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert f'name="version" value="{ticket.version}"' in found


def test_what_a_state_forbids_is_said_and_what_a_role_lacks_is_refused(world, desk, cast):
    ticket = world.ticket()
    url = reverse("tickets:ticket_action", args=[ticket.number, "reopen"])
    assert desk.get(url).status_code == 409
    assert desk.get(url, headers={"HX-Request": "true"}).status_code == 409
    for name in ("finance", "keeper", "manager"):
        assert act(cast.browser(name), ticket, "cancel", why="x").status_code == 403, name
    assert act(cast.browser("engineer-south"), ticket, "cancel", why="x").status_code == 404
    assert desk.get(reverse("tickets:ticket_action", args=[ticket.number, "nonsense"])).status_code == 404


def test_every_verb_has_a_page_of_its_own_without_scripts(world, desk):
    from tickets.next_actions import for_ticket

    waiting, solved = world.ticket(), world.reported().ticket
    tickets.wait(waiting, "customer", why="x", by=world.cast.dispatcher)
    for ticket in (world.ticket(), world.order(world.ticket()).ticket, Ticket.objects.get(pk=waiting.pk), solved):
        ticket.refresh_from_db()
        for offer in for_ticket(ticket, world.cast.dispatcher):
            if not offer.blocked_reason:
                answer = desk.get(offer.url)
                assert answer.status_code == 200, offer.url
                assert '<form class="action-form"' in text(answer), offer.url


def test_the_search_box_finds_tickets_and_orders(world, desk):
    order = world.order()
    world.ticket(symptom="燃烧不稳")
    assert order.ticket.number in text(desk.get("/search/", {"q": "燃烧"}))
    assert desk.get("/search/", {"q": order.number}).url.endswith(f"/orders/{order.number}/")


def test_the_english_page_is_english(world, cast):
    staff.set_preferences(cast.dispatcher, by=cast.dispatcher, language="en")
    browser = cast.browser("dispatcher")
    found = text(browser.get(page_of(world.ticket())))
    for word in ("Dispatch", "Solve by phone", "Story", "Contact and place", "Told and frozen"):
        assert word in found


def test_deadlines_in_the_far_past_do_not_break_the_list(world, desk):
    world.ticket(at=world.start - 400 * DAY + HOUR)
    assert desk.get("/tickets/", {"view": "late"}).status_code == 200
