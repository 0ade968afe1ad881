"""The main line over HTTP as each role, by the names that must hold, on a running server."""

import base64
import io
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from pypdf import PdfReader

from core import readers
from core.models import Entry
from customers import actions as customers
from followups.models import FollowUp
from reports.tasks import make_wanted
from tests.house.talking import Api, over_http
from tickets.models import DispatchOrder, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

HOUR = timedelta(hours=1)
TINY = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


def picture(size=(300, 120), ink=True):
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(image).line([(10, 60), (120, 20), (160, 100), (290, 40)], fill="black", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def words_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


class Line:
    """The running server, its people with a token each, and one customer with a machine two days ago."""

    def __init__(self, url, cast):
        self.start = timezone.now() - 48 * HOUR
        self.nobody = Api(over_http(url))
        self._people, self._cast = {}, cast
        model = customers.add_product_model(
            by=cast.dispatcher, code="TRC-1200", product_line=cast.line(), name_zh="热熔划线车", name_en="Hot melt"
        )
        self.customer = customers.add_customer(
            by=cast.dispatcher, name="秦川路桥", province=cast.province("610000"), city="西安市", address="未央路 1 号",
            contacts=[{"name": "王工", "phone": "13991284417", "is_main": True}],
        )  # fmt: skip
        day = (self.start - 200 * 24 * HOUR).date()
        self.machine = customers.add_equipment(
            by=cast.dispatcher, serial="TRC1200-1043", model=model, customer=self.customer, purchased_on=day,
            delivered_on=day, accepted_on=day,
        )  # fmt: skip

    def at(self, hours):
        return (self.start + hours * HOUR).isoformat()

    def __getitem__(self, username):
        if username not in self._people:
            self._cast.user(username)
            self._people[username] = self.nobody.sign_in(username)
        return self._people[username]

    def ticket(self, **more):
        body = {"equipment": self.machine.serial, "symptom": "燃烧器点不着火", "grade": 2, "reported_at": self.at(0)}
        answer = self["dispatcher"].post("tickets/", {**body, **more})
        assert answer.status == 201, answer.content
        return answer

    def order(self, number=None, engineer="engineer"):
        self._cast.user(engineer)
        plan = {"appointment_from": self.at(5), "appointment_to": self.at(7), "travel": "car", "at": self.at(1)}
        number = number or self.ticket()["number"]
        answer = self["dispatcher"].post(f"tickets/{number}/dispatch/", {"engineer": engineer, **plan})
        assert answer.status == 201, answer.content
        return answer

    def step(self, order, verb, hours, status=200, by="engineer", **more):
        answer = self[by].post(f"dispatch-orders/{order}/{verb}/", {"at": self.at(hours), **more})
        assert answer.status == status, answer.content
        return answer

    def on_site(self, **more):
        order = self.order(**more)["number"]
        for verb, hours in (("accept", 1.1), ("contact", 1.2), ("depart", 3), ("arrive", 5)):
            self.step(order, verb, hours)
        return order

    def report(self, order, when=8, status=200, **more):
        body = {"outcome": "fixed", "diagnosis": "热电偶松动", "work_done": "更换热电偶并试机", **more}
        answer = self["engineer"].post(f"dispatch-orders/{order}/report/", {"at": self.at(when), **body})
        assert answer.status == status, answer.content
        return answer


@pytest.fixture
def line(live_server, cast, policy):
    return Line(live_server.url, cast)


def as_time(text):
    return datetime.fromisoformat(text)


@pytest.mark.req("OPN-01", "TKT-03", "DSP-01", "DSP-07")
def test_from_the_call_to_the_signed_report_the_closed_ticket_and_its_story(line):
    desk, engineer = line["dispatcher"], line["engineer"]
    assert line.customer.number in [row["number"] for row in desk.get("customers/")["results"]]
    assert line.machine.serial in [row["serial"] for row in desk.get("equipment/")["results"]]
    call = desk.post(
        "calls/", {"kind": "repair", "said": "点不着火", "customer": line.customer.number, "answered": "登记"}
    )
    assert call.status == 201, call.content
    opened = desk.post("tickets/", {
        "customer": line.customer.number, "contact_name": "王工", "contact_phone": "139 9128 4417 / 029-8880 1234",
        "backup_phone": "029-8880 1234", "address": "307 国道 K1128", "equipment": line.machine.serial,
        "symptom": "燃烧器点不着火", "present_state": "停机", "wanted_service": "今天上门", "grade": 2,
        "reported_at": line.at(0),
    })  # fmt: skip
    assert opened.status == 201, opened.content
    assert {"number", "state", "verdict", "timers"} <= opened.data.keys()
    assert (opened["state"], opened["verdict"]["code"]) == ("open", "free")
    assert opened["timers"]
    number = opened["number"]

    line["engineer-south"], line["engineer-junior"]
    ranked = desk.get(f"tickets/{number}/candidates/").data
    assert ranked[0]["engineer"] == "engineer"
    assert all(row["reasons"] or row["obstacle"] for row in ranked)
    order = line.order(number)
    assert order["state"] == "issued"
    paper = order["number"]
    for verb, hours, state in (("accept", 1.1, "accepted"), ("contact", 1.2, "contacted"), ("depart", 3, "departed")):
        assert line.step(paper, verb, hours)["state"] == state
    assert line.step(paper, "arrive", 5, running_hours="812.5")["state"] == "arrived"
    assert line.step(paper, "leave", 7)["state"] == "left"
    parts = [
        {"name": "热电偶", "model": "K-600", "quantity": 1, "unit_price": "85.50"},
        {"name": "密封圈", "quantity": "2"},
    ]
    done = line.report(paper, parts=parts, hazards="软管老化", hours=1.5, signature=picture(), sure=True, cause="wear")
    assert done["state"] == "done"
    assert done["ticket_state"] == "solved"

    for lang, words in (("zh-hans", "更换热电偶并试机"), ("zh", "热电偶"), ("en", "K-600")):
        printed = engineer.get(f"dispatch-orders/{paper}/report.pdf?lang={lang}")
        assert (printed.status, printed.headers["content-type"]) == (200, "application/pdf")
        assert words in words_of(printed.content)
    assert line["engineer-south"].get(f"dispatch-orders/{paper}/report.pdf").status == 404
    closed = desk.post(f"tickets/{number}/close/")
    assert (closed.status, closed.data["state"]) == (200, "closed")

    told = desk.get(f"history/?about=ticket:{number}&page_size=200")["results"]
    kinds = [row["kind"] for row in told]
    for kind in ("ticket.opened", "order.issued", "order.accepted", "order.contacted", "order.departed",
                 "order.arrived", "order.left", "order.reported", "ticket.solved", "ticket.closed"):  # fmt: skip
        assert kinds.count(kind) == 1, f"{kind}: {kinds}"
    assert all(row["text"] and row["at"] and row["entered_at"] for row in told)
    visits = desk.get(f"visits/?order={paper}").data
    assert len(visits["results"]) == 1


@pytest.mark.req("DSP-06", "DSP-07")
def test_the_report_may_come_before_leaving_and_the_order_of_both_changes_nothing(line):
    first, second = line.on_site(), line.on_site()
    line.report(first, 7)
    line.step(first, "leave", 7.5)
    line.step(second, "leave", 7)
    line.report(second, 7.5)
    for order in (first, second):
        seen = line["engineer"].get(f"dispatch-orders/{order}/").data
        assert (seen["state"], seen["ticket_state"], len(seen["visits"])) == ("done", "solved", 1)
        assert seen["visits"][0]["left_at"]
        assert seen["visits"][0]["reported_at"]
    again = line["engineer"].post(f"dispatch-orders/{first}/leave/", {"at": line.at(8)})
    assert again.status == 409


@pytest.mark.req("DSP-07")
@pytest.mark.parametrize(
    ("signature", "confirmed", "name"),
    [
        (TINY, True, ""),
        (picture(), True, ""),
        ({"png": TINY, "name": "王工", "strokes": [[[1, 2]]]}, True, "王工"),
        ("王工", False, "王工"),
        ({"name": "王工"}, False, "王工"),
        ("", False, ""),
        (None, False, ""),
    ],
)
def test_a_signature_is_drawn_or_a_typed_name_or_missing(line, signature, confirmed, name):
    number = line.ticket()["number"]
    order = line.on_site(number=number)
    line.step(order, "leave", 7)
    seen = line.report(order, signature=signature)
    assert seen["visits"][0]["reports"][0]["signed_by_name"] == name
    assert (line["dispatcher"].get(f"tickets/{number}/")["confirmed_at"] is not None) == confirmed
    assert line["engineer"].get(f"dispatch-orders/{order}/report.pdf?lang=en").status == 200


@pytest.mark.req("DSP-07")
@pytest.mark.parametrize("signature", [picture(ink=False), "data:image/png;base64,AAAA", "data:text/html,x", 5, []])
def test_a_blank_or_unreadable_signature_is_refused_at_its_field(line, signature):
    order = line.on_site()
    assert "signature" in line.report(order, 7, status=400, signature=signature).data
    assert line["engineer"].get(f"dispatch-orders/{order}/")["state"] == "arrived"


@pytest.mark.req("FUP-01", "TKT-05")
def test_the_follow_up_comes_by_itself_after_two_three_hours_or_a_day(line):
    by_phone = line.ticket()["number"]
    solved = line["dispatcher"].post(f"tickets/{by_phone}/solve-by-phone/", {"steps": "换气瓶", "at": line.at(1)})
    assert (solved.status, solved["state"]) == (200, "solved")
    unsure, sure = line.ticket()["number"], line.ticket()["number"]
    for number, is_sure in ((unsure, False), (sure, True)):
        order = line.on_site(number=number)
        line.step(order, "leave", 7)
        line.report(order, 7.5, sure=is_sure, signature=picture())
    for _ in range(2):
        readers.work()
    due = {row["ticket"]: as_time(row["due_at"]) for row in line["dispatcher"].get("follow-ups/")["results"]}
    assert due[by_phone] == as_time(line.at(1)) + 2 * HOUR
    assert due[unsure] == as_time(line.at(7)) + 3 * HOUR
    assert due[sure].astimezone(UTC) > as_time(line.at(7)) + 3 * HOUR
    assert FollowUp.objects.count() == 3
    assert line["engineer"].get("follow-ups/").data.get("results", []) == []


@pytest.mark.req("TKT-08", "DSP-12")
def test_closing_reopening_cancelling_refusing_and_reassigning(line):
    desk = line["dispatcher"]
    number = line.ticket()["number"]
    early = desk.post(f"tickets/{number}/close/")
    assert early.status == 409
    assert early["detail"]
    assert "solve_by_phone" in early["allowed"]
    assert desk.post(f"tickets/{number}/grade/", {"grade": 1}).status == 400
    assert desk.post(f"tickets/{number}/grade/", {"grade": 1, "why": "停工"})["grade"] == 1
    order = line.order(number)["number"]
    assert "why" in line["engineer"].post(f"dispatch-orders/{order}/refuse/").data
    assert line.step(order, "refuse", 1.5, why="生病")["state"] == "refused"
    order = line.order(number)["number"]
    line["engineer-mobile"]
    new = line.step(order, "reassign", 2, by="dispatcher", engineer="engineer-mobile", why="离得近")
    assert (new["engineer"], new["state"], new["replaces"]) == ("engineer-mobile", "issued", order)
    assert line["engineer"].get(f"dispatch-orders/{order}/")["replaced_by"] == new["number"]
    assert line["engineer"].post(f"dispatch-orders/{order}/accept/").status == 409
    assert line["engineer"].post(f"dispatch-orders/{new['number']}/accept/").status == 404
    assert desk.post(f"tickets/{number}/cancel/", {"why": "客户撤回"}).status == 409
    assert line.step(new["number"], "cancel", 2.5, by="dispatcher", why="客户改期")["state"] == "cancelled"
    assert desk.post(f"tickets/{number}/cancel/").status == 400
    assert desk.post(f"tickets/{number}/cancel/", {"why": "客户撤回"})["state"] == "cancelled"
    other = line.ticket()["number"]
    assert desk.post(f"tickets/{other}/solve-by-phone/", {"steps": ["换气瓶", "重启"]})["state"] == "solved"
    assert desk.post(f"tickets/{other}/close/").status == 409, "the customer has not confirmed"
    assert desk.post(f"tickets/{other}/confirm/", {"close": False})["confirmed_at"]
    assert desk.post(f"tickets/{other}/close/")["state"] == "closed"
    assert desk.post(f"tickets/{other}/reopen/").status == 400
    assert desk.post(f"tickets/{other}/reopen/", {"why": "又坏了"})["state"] == "open"


@pytest.mark.req("REP-01")
def test_a_manager_has_the_month_made_and_downloads_both_papers(line):
    line.ticket()
    manager = line["manager"]
    month = timezone.localtime(line.start).strftime("%Y-%m")
    asked = manager.post("reports/", {"kind": "monthly", "month": month})
    assert asked.status == 201, asked.content
    number = asked["number"]
    assert manager.get(f"reports/{number}/pdf/").status in (200, 409)
    for _ in range(2):
        make_wanted()
    assert manager.get(f"reports/{number}/")["state"] == "ready"
    for lang, words in (("zh-hans", "月报"), ("en", "After-sales service report")):
        printed = manager.get(f"reports/{number}/pdf/?lang={lang}")
        assert (printed.status, printed.headers["content-type"]) == (200, "application/pdf")
        assert words in words_of(printed.content)
    sheet = manager.get(f"reports/{number}/xlsx/")
    assert sheet.status == 200
    assert load_workbook(io.BytesIO(sheet.content)).sheetnames
    again = manager.post("reports/", {"kind": "monthly", "month": month})
    assert (again.status, again["number"]) == (200, number)
    for wrong in ({"kind": "monthly", "month": "2026-13"}, {"kind": "weekly", "month": month}, {}, {"month": None}):
        assert manager.post("reports/", wrong).status == 400
    assert line["engineer"].post("reports/", {"kind": "monthly", "month": month}).status == 403
    assert line["engineer"].get(f"reports/{number}/").status in (403, 404)


@pytest.mark.req("OPN-01", "SEC-02")
def test_wrong_roles_strangers_and_nobody(line):
    number = line.ticket()["number"]
    order = line.order(number)["number"]
    for username in ("keeper", "finance", "trainer", "manager", "admin"):
        assert line[username].get(f"tickets/{number}/").status == 200, username
        assert line[username].post("tickets/", {}).status == 403, username
        assert line[username].post(f"tickets/{number}/dispatch/", {}).status == 403, username
        assert line[username].post(f"dispatch-orders/{order}/accept/", {}).status == 403, username
    assert line["supervision"].post(f"tickets/{number}/grade/", {"grade": 1}).status == 403
    assert line["engineer"].post("tickets/", {}).status == 403
    assert line["engineer"].post(f"tickets/{number}/dispatch/", {"engineer": "engineer"}).status == 403
    assert line["dispatcher"].post(f"dispatch-orders/{order}/accept/").status == 403
    for username in ("engineer-south", "supervisor-south", "stranger"):
        for path in (f"tickets/{number}/", f"tickets/{number}/candidates/", f"dispatch-orders/{order}/",
                     f"dispatch-orders/{order}/report.pdf", f"history/?about=ticket:{number}"):  # fmt: skip
            assert line[username].get(path).status == 404, f"{username} {path}"
        assert line[username].post(f"dispatch-orders/{order}/accept/").status == 404, username
        assert line[username].post(f"tickets/{number}/close/").status == 404, username
    for path in ("customers/", "tickets/", f"tickets/{number}/", "history/?about=ticket:1", "reports/"):
        refused = line.nobody.get(path)
        assert refused.status == 401, path
        assert Api(line.nobody.transport, "wrong").get(path).status == 401
    assert line.nobody.post("auth/token/", {"username": "dispatcher", "password": "no"}).status in (400, 401)
    assert line.nobody.post("auth/token/", {}).status == 400


@pytest.mark.req("OPN-01")
def test_every_step_out_of_turn_is_a_409_that_says_what_is_possible(line):
    order = line.order()["number"]
    for verb in ("contact", "depart", "arrive", "leave", "report"):
        body = {"outcome": "fixed", "diagnosis": "x", "work_done": "x"} if verb == "report" else {}
        refused = line["engineer"].post(f"dispatch-orders/{order}/{verb}/", body)
        assert refused.status == 409, verb
        assert refused["detail"]
        assert set(refused["allowed"]) == {"accept", "refuse"}, verb
    second = line["dispatcher"].post(f"tickets/{line.order()['ticket']}/dispatch/", {"engineer": "engineer"})
    assert (second.status, second["allowed"][0]) == (409, "reassign")


@pytest.mark.req("OPN-01")
def test_a_repeated_key_gives_the_first_answer_again_for_this_person_alone(line):
    desk = line["dispatcher"]
    body = {"equipment": line.machine.serial, "symptom": "漏油", "reported_at": line.at(0)}
    first, again = desk.post("tickets/", body, "k1"), desk.post("tickets/", body, "k1")
    assert (first.status, again.status) == (201, 201)
    assert again.data == first.data
    assert again.headers["idempotent-replayed"] == "true"
    assert desk.post("tickets/", {**body, "symptom": "漏水"}, "k1").status == 422
    assert desk.post("calls/", body, "k1").status == 422
    other = line["head"].post("tickets/", body, "k1")
    assert other.status == 201
    assert other["number"] != first["number"]
    bad = desk.post("tickets/", {**body, "symptom": ""}, "k2")
    assert bad.status == 400
    assert desk.post("tickets/", body, "k2").status == 201, "a refusal does not use up the key"
    order = line.order(first["number"])["number"]
    answers = [line["engineer"].post(f"dispatch-orders/{order}/accept/", {"at": line.at(2)}, "a") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert answers[0].data == answers[2].data
    assert line["engineer"].post(f"dispatch-orders/{order}/accept/", {"at": line.at(2)}).status == 409
    assert Entry.objects.filter(kind="order.accepted").count() == 1


@pytest.mark.req("OPN-01")
def test_requests_at_the_same_time_have_one_effect(line):
    desk, engineer = line["dispatcher"], line["engineer"]
    body = {"equipment": line.machine.serial, "symptom": "漏油", "reported_at": line.at(0)}
    opened = at_once(6, lambda _: desk.post("tickets/", body, "same"))
    assert {answer.status for answer in opened} == {201}
    assert len({answer["number"] for answer in opened}) == Ticket.objects.count() == 1
    plan = {"engineer": "engineer", "at": line.at(1)}
    sent = at_once(6, lambda _: desk.post(f"tickets/{opened[0]['number']}/dispatch/", plan))
    assert sorted(answer.status for answer in sent) == [201, 409, 409, 409, 409, 409]
    order = DispatchOrder.objects.get().number
    taken = at_once(6, lambda n: engineer.post(f"dispatch-orders/{order}/accept/", {"at": line.at(2)}, f"key {n}"))
    assert sorted(answer.status for answer in taken) == [200, 409, 409, 409, 409, 409]
    assert Entry.objects.filter(kind="order.accepted").count() == 1


def at_once(count, act):
    """The answers of so many threads that start together."""
    barrier, answers = threading.Barrier(count), [None] * count

    def run(place):
        barrier.wait()
        answers[place] = act(place)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
