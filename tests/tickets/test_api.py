"""The main line over the API: names, answers, refusals, replays, strangers."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tickets.models import DispatchOrder, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.req("OPN-01")]

TICKETS, ORDERS = "/api/v1/tickets/", "/api/v1/dispatch-orders/"


@pytest.fixture
def api(cast):
    """`api.dispatcher`, `api.engineer` …: a client for each person, made once."""

    class Clients:
        def __getattr__(self, name):
            client = cast.api(name.replace("_", "-"))
            setattr(self, name, client)
            return client

    return Clients()


def new_ticket(world, **more):
    return {
        "customer": world.customer.number,
        "contact_name": "王工",
        "contact_phone": "13991284417",
        "backup_phone": "029-88801234",
        "address": "西安市未央路 1 号",
        "equipment": world.machine.serial,
        "symptom": "燃烧器点不着火",
        "present_state": "停机",
        "wanted_service": "尽快上门",
        "grade": 2,
        "reported_at": world.start.isoformat(),
        **more,
    }


def opened(api, world, **more):
    answer = api.dispatcher.post(TICKETS, new_ticket(world, **more))
    assert answer.status_code == 201, answer.content
    return answer.json()


def sent(api, world, number, **more):
    body = {"engineer": world.cast.engineer.username, "at": world.at(1).isoformat(), **more}
    answer = api.dispatcher.post(f"{TICKETS}{number}/dispatch/", body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def go(client, number, verb, **body):
    answer = client.post(f"{ORDERS}{number}/{verb}/", body)
    assert answer.status_code == 200, (verb, answer.content)
    return answer.json()


@pytest.mark.req("TKT-03", "WAR-07", "SLA-02")
def test_opening_a_ticket_answers_with_number_state_verdict_and_timers(world, api):
    ticket = opened(api, world)
    assert ticket["number"].startswith("WX")
    assert ticket["state"] == "open"
    assert ticket["verdict"]["code"] in ("free", "cost", "charged", "unknown")
    assert ticket["verdict"]["word"]
    assert {"target", "due_at", "state"} <= set(ticket["timers"][0])
    assert ticket["region"] == "NW"
    timers = api.dispatcher.get(f"{TICKETS}{ticket['number']}/timers/").json()
    wanted = {"promise", "why_this_promise", "started_at", "due_at", "state", "segments", "pauses"}
    assert wanted <= set(timers[0])
    assert sum(part["minutes"] for part in timers[0]["segments"]) == timers[0]["span_minutes"]


@pytest.mark.req("TKT-03", "TKT-04")
def test_a_ticket_needs_little_the_rest_follows_from_the_machine(world, api):
    little = {"equipment": world.machine.serial, "symptom": "不点火"}
    ticket = api.dispatcher.post(TICKETS, little).json()
    assert ticket["customer"] == world.customer.number
    assert ticket["grade"] is None
    answers = {"safety": "no", "running": "stopped"}
    guided = api.dispatcher.post(TICKETS, {**little, "grade_answers": answers, "channel": "wechat"}).json()
    assert guided["grade"] == 1
    no_machine = api.dispatcher.post(
        TICKETS, {"customer": world.customer.number, "symptom": "不点火", "equipment": None}
    )
    assert no_machine.status_code == 201


def test_bad_input_is_refused_by_field(world, api):
    bad = api.dispatcher.post(
        TICKETS, new_ticket(world, equipment="NONE-1", grade=7, reported_at="yesterday", symptom="")
    )
    assert bad.status_code == 400
    assert {"equipment", "grade", "reported_at", "symptom"} <= set(bad.json())
    future = api.dispatcher.post(TICKETS, new_ticket(world, reported_at="2099-01-01T00:00:00+08:00"))
    assert future.status_code == 400
    assert "reported_at" in future.json()
    nobody = api.dispatcher.post(TICKETS, {"symptom": "坏了"})
    assert nobody.status_code == 400
    assert "customer" in nobody.json()


@pytest.mark.req("DSP-01", "DSP-04", "DSP-07", "DSP-13", "DSP-14")
def test_the_engineer_closes_the_order_step_by_step(world, api, signature):
    number = opened(api, world)["number"]
    order = sent(
        api,
        world,
        number,
        appointment_from=world.at(5).isoformat(),
        appointment_to=world.at(7).isoformat(),
        travel="car",
    )
    assert (order["state"], order["ticket"], order["engineer"]) == ("issued", number, "engineer")
    code, me = order["number"], api.engineer
    assert go(me, code, "accept", at=world.at(1.1).isoformat())["state"] == "accepted"
    assert go(me, code, "contact", at=world.at(1.2).isoformat(), note="已约")["state"] == "contacted"
    assert go(me, code, "depart", at=world.at(2).isoformat())["state"] == "departed"
    assert go(me, code, "arrive", at=world.at(6).isoformat(), running_hours="800.5")["state"] == "arrived"
    assert go(me, code, "leave", at=world.at(8).isoformat())["state"] == "left"
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(picture, "JPEG")
    photo = SimpleUploadedFile("现场.jpg", picture.getvalue(), "image/jpeg")
    shot = me.post(f"{ORDERS}{code}/photos/", {"file": photo, "caption": "燃烧器"}, format="multipart")
    assert shot.status_code == 201, shot.content
    report = {
        "outcome": "fixed",
        "diagnosis": "热电偶松动",
        "cause": "长期震动",
        "work_done": "更换热电偶，试机两小时",
        "parts": [{"name": "热电偶", "model": "K-600", "quantity": 1, "unit_price": "85.50"}, "密封圈"],
        "hazards": "气管老化",
        "hours": 1.5,
        "signature": signature,
        "sure": True,
        "at": world.at(8.5).isoformat(),
    }
    done = go(me, code, "report", **report)
    assert (done["state"], done["ticket_state"]) == ("done", "solved")
    visit = done["visits"][0]
    assert (visit["outcome"], visit["cause_note"], len(visit["parts"])) == ("fixed", "长期震动", 2)
    assert visit["reports"][0]["signed_at"]
    assert len(visit["photos"]) == 1
    assert api.dispatcher.get(f"/api/v1/visits/{visit['number']}/").json()["number"] == visit["number"]
    for lang in ("zh", "en"):
        paper = api.dispatcher.get(f"{ORDERS}{code}/report.pdf?lang={lang}")
        assert paper.status_code == 200
        assert b"".join(paper.streaming_content).startswith(b"%PDF")
    again = me.post(f"{ORDERS}{code}/report/", report)
    assert again.status_code == 409
    assert {"detail", "allowed"} <= set(again.json())
    assert api.dispatcher.post(f"{TICKETS}{number}/close/", {}).json()["state"] == "closed"


@pytest.mark.req("TKT-06", "TKT-08")
def test_the_verbs_of_a_ticket(world, api):
    desk = api.dispatcher
    number = opened(api, world)["number"]
    url = f"{TICKETS}{number}/"

    def done(verb, code=200, **body):
        answer = desk.post(f"{url}{verb}/", body)
        assert answer.status_code == code, (verb, answer.content)
        return answer.json()

    assert done("grade", grade=1, why="停机")["grade"] == 1
    assert done("grade", 400, grade=3)["why"]
    assert done("path", path="phone")["path"] == "phone"
    assert done("steps", 201, text="关气五分钟", helped=False)["tried_steps"]
    done("notes", 201, text="客户下午在")
    done("agree-charges", how="电话同意")
    assert done("wait", waiting_for="customer", why="等人")["state"] == "waiting"
    assert done("resume")["state"] == "open"
    solved = done("solve-by-phone", steps="拧紧热电偶\n重新点火")
    assert (solved["state"], len(solved["tried_steps"])) == ("solved", 3)
    assert done("close", 409)["allowed"] == ["confirm", "reopen"]
    assert done("confirm", how="电话")["state"] == "closed"
    assert done("reopen", 400)["why"]
    assert done("reopen", why="又灭")["state"] == "open"
    second = opened(api, world, symptom="同一故障")["number"]
    assert done("merge", into=second)["merged_into"] == second
    assert desk.post(f"{TICKETS}{second}/cancel/", {"why": "误报"}).json()["state"] == "cancelled"
    assert desk.post(f"{TICKETS}{second}/cancel/", {"why": "误报"}).status_code == 409
    story = desk.get(f"/api/v1/history/?about=ticket:{number}").json()["results"]
    assert {"ticket.opened", "ticket.graded", "ticket.merged"} <= {row["kind"] for row in story}
    assert f"customer:{world.customer.number}" in story[-1]["about"]


@pytest.mark.req("DSP-12")
def test_orders_are_refused_reassigned_and_cancelled(world, api):
    number = opened(api, world)["number"]
    first = sent(api, world, number)["number"]
    assert api.engineer.post(f"{ORDERS}{first}/refuse/", {}).status_code == 400
    assert go(api.engineer, first, "refuse", why="生病", at=world.at(1.2).isoformat())["state"] == "refused"
    second = sent(api, world, number, at=world.at(2).isoformat())["number"]
    world.cast.file("engineer-mobile")
    third = go(api.dispatcher, second, "reassign", engineer="engineer-mobile", why="近", at=world.at(2.1).isoformat())
    assert (third["replaces"], third["state"]) == (second, "issued")
    assert api.dispatcher.get(f"{ORDERS}{second}/").json()["replaced_by"] == third["number"]
    assert go(api.dispatcher, third["number"], "cancel", why="客户取消")["state"] == "cancelled"
    assert api.dispatcher.get(f"{TICKETS}{number}/").json()["state"] == "open"


@pytest.mark.req("DSP-02", "ORG-05")
def test_candidates_are_ranked_with_reasons_and_the_unfit_stand_last(world, api):
    cast = world.cast
    for name in ("engineer", "engineer-south", "engineer-mobile", "engineer-junior"):
        cast.file(name)
    number = opened(api, world)["number"]
    found = api.dispatcher.get(f"{TICKETS}{number}/candidates/").json()
    assert found[0]["engineer"] == "engineer"
    assert found[-1]["engineer"] == "engineer-junior"
    assert found[-1]["obstacle"]
    assert {"skill", "region", "distance"} <= {reason["code"] for reason in found[0]["reasons"]}
    assert found[0]["score"] == sum(reason["points"] for reason in found[0]["reasons"])
    assert api.finance.get(f"{TICKETS}{number}/candidates/").status_code == 403
    refused = api.dispatcher.post(f"{TICKETS}{number}/dispatch/", {"engineer": "engineer-junior"})
    assert refused.status_code == 409
    assert "小赵" in refused.json()["detail"]


@pytest.mark.req("SEC-02", "ORG-03")
def test_wrong_roles_are_refused_and_strangers_find_nothing(world, api):
    number = opened(api, world)["number"]
    order = sent(api, world, number)["number"]
    assert world.cast.api().get(TICKETS).status_code == 401
    assert api.engineer.post(TICKETS, new_ticket(world)).status_code == 403
    assert api.finance.post(f"{TICKETS}{number}/grade/", {"grade": 1}).status_code == 403
    assert api.engineer.post(f"{TICKETS}{number}/dispatch/", {"engineer": "engineer"}).status_code == 403
    assert api.dispatcher.post(f"{ORDERS}{order}/accept/", {}).status_code == 403
    for who in (api.engineer_south, api.supervisor_south, api.stranger):
        assert who.get(f"{TICKETS}{number}/").status_code == 404
        assert who.get(f"{ORDERS}{order}/").status_code == 404
        assert who.post(f"{ORDERS}{order}/accept/", {}).status_code == 404
        assert who.get(f"/api/v1/history/?about=ticket:{number}").status_code == 404
        assert who.get(TICKETS).json()["results"] == []
    assert api.engineer.get(f"/api/v1/equipment/{world.machine.serial}/").status_code == 200
    assert api.engineer_south.get(f"/api/v1/equipment/{world.machine.serial}/").status_code == 404
    assert api.dispatcher.get("/api/v1/history/").status_code == 400
    assert api.dispatcher.get("/api/v1/history/?about=visit:x").status_code == 404


@pytest.mark.req("DSP-01", "DSP-06")
def test_signatures_are_given_by_those_who_were_asked(world, api):
    order = sent(api, world, opened(api, world)["number"])["number"]
    url = f"{ORDERS}{order}/sign/"
    assert api.dispatcher.post(url, {"step": "order.head", "approve": True}).status_code == 403
    signed = api.head.post(url, {"step": "order.head", "approve": True, "opinion": "同意"}).json()
    states = {row["step"]: row["decision"] for row in signed["signatures"]}
    assert states == {"order.head": "approved", "order.marketing": "open"}
    assert api.head.post(url, {"step": "order.head", "approve": True}).status_code == 409
    assert api.marketing.post(url, {"step": "order.marketing", "approve": False}).status_code == 400
    assert api.supervisor.post(url, {"step": "order.leave_unsolved", "approve": True}).status_code == 409


@pytest.mark.req("OPN-01", "SEC-01")
def test_a_repeated_key_gives_the_first_answer_and_another_body_is_refused(world, api):
    body = new_ticket(world)
    first = api.dispatcher.post(TICKETS, body, HTTP_IDEMPOTENCY_KEY="k-1")
    again = api.dispatcher.post(TICKETS, body, HTTP_IDEMPOTENCY_KEY="k-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert Ticket.objects.count() == 1
    other = api.dispatcher.post(TICKETS, {**body, "symptom": "别的"}, HTTP_IDEMPOTENCY_KEY="k-1")
    assert other.status_code == 422
    number = first.json()["number"]
    order = sent(api, world, number)["number"]
    step = {"at": world.at(1.1).isoformat()}
    once = api.engineer.post(f"{ORDERS}{order}/accept/", step, HTTP_IDEMPOTENCY_KEY="a-1")
    twice = api.engineer.post(f"{ORDERS}{order}/accept/", step, HTTP_IDEMPOTENCY_KEY="a-1")
    assert (once.status_code, twice.status_code) == (200, 200)
    assert twice.json() == once.json()
    assert api.engineer.post(f"{ORDERS}{order}/accept/", step).status_code == 409


@pytest.mark.req("TKT-01")
def test_calls_are_recorded_and_answered(world, api):
    call = api.dispatcher.post(
        "/api/v1/calls/",
        {
            "kind": "consultation",
            "channel": "phone",
            "customer": world.customer.number,
            "caller_name": "王工",
            "said": "冬天怎么保养？",
            "answer_due_at": world.at(5).isoformat(),
            "at": world.start.isoformat(),
        },
    )
    assert call.status_code == 201, call.content
    number = call.json()["number"]
    owed = api.dispatcher.get("/api/v1/calls/?owed=true").json()["results"]
    assert [row["number"] for row in owed] == [number]
    answered = api.dispatcher.post(
        f"/api/v1/calls/{number}/answer/", {"answered": "放净余料", "content": "yes", "at": world.at(2).isoformat()}
    )
    assert answered.json()["content"] == "yes"
    again = api.dispatcher.post(f"/api/v1/calls/{number}/answer/", {"answered": "再答"})
    assert again.status_code == 409
    assert api.finance.post("/api/v1/calls/", {"kind": "other", "said": "x"}).status_code == 403
    bad = api.dispatcher.post("/api/v1/calls/", {"kind": "gossip", "said": ""})
    assert {"kind", "said"} <= set(bad.json())


def test_lists_filter_and_find_two_chinese_characters(world, api):
    mine = opened(api, world)["number"]
    opened(api, world, symptom="微珠撒布不匀", grade=4, equipment=world.other_machine.serial)
    sent(api, world, mine)
    desk = api.dispatcher

    def numbers(query):
        answer = desk.get(f"{TICKETS}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["number"] for row in answer.json()["results"]]

    assert numbers("q=燃烧") == [mine]
    assert numbers("q=4417&grade=2") == [mine]
    assert numbers("state=dispatched") == [mine]
    assert numbers("engineer=engineer") == [mine]
    assert numbers(f"equipment={world.machine.serial}") == [mine]
    assert len(numbers(f"customer={world.customer.number}&region=NW&province=610000&open=true")) == 2
    assert len(numbers("mine=true")) == 2
    assert numbers("reported_from=2099-01-01T00:00:00Z") == []
    assert len(numbers("late=false")) + len(numbers("late=true")) == 2
    assert desk.get(f"{TICKETS}?grade=9").status_code == 400
    assert [row["ticket"] for row in api.engineer.get(f"{ORDERS}?mine=true&open=true").json()["results"]] == [mine]


@pytest.mark.req("OPN-01")
def test_a_list_costs_the_same_for_one_row_and_twenty(world, api, django_assert_max_num_queries):
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(url):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert api.dispatcher.get(url).status_code == 200
        return len(queries)

    lists = [TICKETS, ORDERS, "/api/v1/visits/", "/api/v1/calls/"]
    first = world.reported().ticket
    detail = [f"{TICKETS}{first.number}/", f"{TICKETS}{first.number}/candidates/"]
    api.dispatcher.post("/api/v1/calls/", {"kind": "other", "said": "一"})
    for url in lists + detail:
        cost(url)
    before = {url: cost(url) for url in lists + detail}
    for count in range(4):
        world.reported(world.order(world.ticket(symptom=f"故障 {count}", at=world.at(0.5))))
        api.dispatcher.post("/api/v1/calls/", {"kind": "other", "said": "又"})
    for name in ("engineer-south", "engineer-mobile", "contractor"):
        world.cast.file(name)
    assert {url: cost(url) for url in lists + detail} == before


@pytest.mark.req("DSP-01")
def test_the_order_on_paper(world, api):
    order = sent(api, world, opened(api, world)["number"])["number"]
    paper = api.dispatcher.get(f"{ORDERS}{order}/order.pdf?lang=en")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert api.dispatcher.get(f"{ORDERS}{order}/report.pdf").status_code == 404
    assert DispatchOrder.objects.get().ranking[0]["chosen"]
