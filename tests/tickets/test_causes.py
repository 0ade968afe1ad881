"""A cause that takes the cover away: proposed by a report, decides once a second person signed it (WAR-04)."""

import datetime as dt

import pytest

from core import history, readers
from core.errors import Forbidden, NotAllowed, Refused
from notices.models import Delivery
from tickets import causes, next_actions, verdicts
from tickets.actions import causes as actions
from tickets.actions import reports
from tickets.models import Ticket
from warranty import actions as warranty
from warranty.models import Finding

pytestmark = pytest.mark.django_db

URL = "/api/v1/cause-findings/"


@pytest.fixture
def ticket(world, cast):
    """A ticket told to be free, whose report blames the customer; those who may sign it have been asked."""
    assert cast.supervisor.is_active
    assert cast.head.is_active
    found = world.reported(cause="operation", diagnosis="燃气阀被客户拆过").ticket
    readers.work()
    return Ticket.objects.select_related("equipment__customer", "region").get(pk=found.pk)


def code(verdict):
    return None if verdict is None else verdict.code


@pytest.mark.req("WAR-04", "WAR-07")
def test_a_diagnosis_that_excludes_changes_nothing_until_a_second_person_signs(ticket, cast):
    finding = causes.of(ticket)
    assert (finding.cause, finding.state, finding.evidence) == ("operation", "proposed", "燃气阀被客户拆过")
    assert code(verdicts.frozen(ticket)) == "free"
    assert verdicts.difference(ticket) is None
    assert code(verdicts.holding(ticket)) == "free"
    assert code(verdicts.would_become(ticket, finding)) == "charged"

    signed = actions.sign_cause(ticket, finding, confirm=True, by=cast.supervisor, why="照片清楚")
    assert code(verdicts.frozen(ticket)) == "free"
    assert code(verdicts.difference(ticket)) == "charged"
    assert code(verdicts.holding(ticket)) == "charged"
    assert verdicts.would_become(ticket, signed) is None
    told = [entry.kind for entry in history.about(ticket) if entry.kind.startswith("warranty.cause")]
    assert told == ["warranty.cause_confirmed", "warranty.cause_found"]


@pytest.mark.req("WAR-04")
def test_charges_are_to_be_agreed_only_after_the_second_signature(world):
    ticket = world.ticket()
    finding = actions.find_cause(ticket, cause="alteration", evidence="见照片 3", by=world.cast.head)

    def offered():
        return {offer.code for offer in next_actions.for_ticket(ticket, world.cast.dispatcher)}

    assert "agree_charges" not in offered()
    actions.sign_cause(ticket, finding, confirm=True, by=world.cast.supervisor)
    assert "agree_charges" in offered()


@pytest.mark.req("WAR-04")
def test_nobody_signs_the_cause_he_found_and_no_cause_is_signed_twice(ticket, cast):
    finding = causes.of(ticket)
    with pytest.raises(Forbidden):
        actions.sign_cause(ticket, finding, confirm=True, by=cast.engineer)
    own = actions.find_cause(ticket, cause="alteration", evidence="管路改动", by=cast.supervisor)
    with pytest.raises(Forbidden):
        actions.sign_cause(ticket, own, confirm=True, by=cast.supervisor)
    with pytest.raises(Refused) as refusal:
        actions.sign_cause(ticket, own, confirm=False, by=cast.head)
    assert "why" in refusal.value.fields
    actions.sign_cause(ticket, own, confirm=True, by=cast.head)
    with pytest.raises(NotAllowed):
        actions.sign_cause(ticket, own, confirm=False, why="晚了", by=cast.head)
    assert code(verdicts.difference(ticket)) == "charged"


@pytest.mark.req("WAR-04")
def test_a_declined_cause_decides_nothing_and_may_be_proposed_anew(ticket, cast):
    actions.sign_cause(ticket, causes.of(ticket), confirm=False, why="证据不足", by=cast.head)
    assert verdicts.difference(ticket) is None
    assert verdicts.would_become(ticket, causes.of(ticket)) is None
    again = actions.find_cause(ticket, cause="operation", evidence="厂家检测报告", by=cast.engineer)
    assert again.state == "proposed"


@pytest.mark.req("WAR-04")
def test_a_report_read_again_or_with_a_harmless_cause_proposes_nothing_more(ticket, world):
    readers.catch_up("tickets.causes")
    readers.work()
    assert Finding.objects.count() == 1
    kinds = [entry.kind for entry in history.about(ticket)]
    assert kinds.count("warranty.cause_found") == 1
    world.reported(cause="wear")
    readers.work()
    assert Finding.objects.count() == 1


@pytest.mark.req("WAR-04", "DSP-14")
def test_a_corrected_report_proposes_the_corrected_cause(world):
    order = world.reported(cause="wear")
    readers.work()
    assert causes.of(order.ticket) is None
    reports.correct_report(order, "看错了", by=order.engineer.user, cause="storage")
    readers.work()
    assert causes.of(order.ticket).cause == "storage"


@pytest.mark.req("WAR-04")
def test_the_supervisor_of_the_region_and_the_head_are_asked_and_the_finder_hears_the_decision(ticket, cast):
    asked = Delivery.objects.filter(kind="approval.asked", about=f"ticket:{ticket.pk}", channel="inbox")
    assert {row.receiver.username for row in asked} == {cast.supervisor.username, cast.head.username}
    actions.sign_cause(ticket, causes.of(ticket), confirm=True, by=cast.head)
    heard = Delivery.objects.filter(kind="approval.decided", about=f"ticket:{ticket.pk}", channel="inbox")
    assert [row.receiver.username for row in heard] == [cast.engineer.username]


@pytest.mark.req("WAR-06")
def test_only_a_signed_cause_of_the_customer_keeps_a_right_from_arising(world, ticket, cast):
    from tickets import rights

    assert {fault.cause for fault in rights.faults_of(ticket.equipment, until=world.at(40))} == {""}
    actions.sign_cause(ticket, causes.of(ticket), confirm=True, by=cast.head)
    assert {fault.cause for fault in rights.faults_of(ticket.equipment, until=world.at(40))} == {"operation"}


@pytest.mark.req("WAR-04")
def test_a_ticket_without_a_machine_has_no_cause_to_find(world):
    ticket = world.ticket(equipment=None, customer=world.customer)
    with pytest.raises(Refused) as refusal:
        actions.find_cause(ticket, cause="operation", evidence="x", by=world.cast.head)
    assert "ticket" in refusal.value.fields


# --- API


@pytest.mark.req("WAR-04", "OPN-01")
def test_a_cause_is_proposed_signed_and_read_over_the_api(world, cast):
    ticket = world.ticket()
    body = {"ticket": ticket.number, "cause": "alteration", "evidence": "管路被改，见照片"}
    made = cast.api("inspector").post(URL, body, headers={"Idempotency-Key": "c1"})
    assert made.status_code == 201
    found = made.json()
    assert (found["ticket"], found["equipment"], found["state"]) == (ticket.number, world.machine.serial, "proposed")
    assert found["verdict_would"]["code"] == "charged"
    assert found["allowed"] == []
    assert cast.api("inspector").post(URL, body, headers={"Idempotency-Key": "c1"}).json() == found
    one = f"{URL}{found['id']}/"
    assert cast.api("dispatcher").post(f"{one}confirm/", {}).status_code == 403
    assert cast.api("head").post(f"{one}decline/", {}).status_code == 400
    assert cast.api("head").get(one).json()["allowed"] == ["confirm", "decline"]
    assert cast.api("head").post(f"{one}confirm/", {}).json()["state"] == "confirmed"
    assert cast.api("head").post(f"{one}confirm/", {}).status_code == 409
    told = cast.api("dispatcher").get(f"/api/v1/tickets/{ticket.number}/").json()
    assert (told["verdict"]["code"], told["verdict_now"]["code"]) == ("free", "charged")
    listed = cast.api("head").get(URL, {"state": "confirmed", "ticket": ticket.number}).json()["results"]
    assert [row["id"] for row in listed] == [found["id"]]
    assert cast.api("head").get(URL, {"ticket": "WX-NONE"}).json()["results"] == []


@pytest.mark.req("WAR-04", "OPN-01")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cause": "bad luck"}, "cause"),
        ({"evidence": " "}, "evidence"),
        ({"at": "soon"}, "at"),
        ({"at": "2999-01-01T00:00:00Z"}, "at"),
    ],
)
def test_bad_proposals_are_refused_by_field(world, cast, change, field):
    body = {"ticket": world.ticket().number, "cause": "operation", "evidence": "x"} | change
    refused = cast.api("inspector").post(URL, body)
    assert refused.status_code == 400
    assert field in refused.json()
    assert not Finding.objects.exists()


@pytest.mark.req("WAR-04", "SEC-02")
def test_findings_of_another_region_do_not_exist(ticket, cast):
    one = f"{URL}{causes.of(ticket).pk}/"
    assert cast.api("supervisor-south").get(one).status_code == 404
    assert cast.api("supervisor-south").post(f"{one}confirm/", {}).status_code == 404
    assert cast.api("supervisor-south").get(URL).json()["results"] == []
    body = {"ticket": ticket.number, "cause": "storage", "evidence": "x"}
    assert cast.api("supervisor-south").post(URL, body).status_code == 404


# --- Pages


@pytest.mark.req("WAR-04", "WAR-07")
def test_the_ticket_shows_what_the_verdict_would_become_and_the_head_signs_there(ticket, cast):
    panel = f"/tickets/{ticket.number}/cause/"
    assert panel in cast.browser("dispatcher").get(f"/tickets/{ticket.number}/").content.decode()
    seen = cast.browser("dispatcher").get(panel).content.decode()
    assert "将变为" in seen
    assert "燃气阀被客户拆过" in seen
    assert "/sign/" not in seen
    head = cast.browser("head")
    assert "/sign/" in head.get(panel).content.decode()
    sign = f"/causes/{causes.of(ticket).pk}/sign/"
    assert cast.browser("dispatcher").post(sign, {"decision": "confirm"}).status_code == 403
    assert head.post(sign, {"decision": "decline"}).status_code == 400
    assert head.post(sign, {"decision": "confirm"}).status_code == 302
    assert "按今天掌握的情况" in cast.browser("dispatcher").get(f"/tickets/{ticket.number}/").content.decode()
    assert "将变为" not in head.get(panel).content.decode()


@pytest.mark.req("WAR-04")
def test_causes_wait_among_the_signatures_of_others_but_not_of_the_finder(ticket, cast):
    sign = f"/causes/{causes.of(ticket).pk}/sign/"
    assert sign in cast.browser("supervisor").get("/approvals/").content.decode()
    for stranger in ("engineer", "supervisor-south", "marketing"):
        assert sign not in cast.browser(stranger).get("/approvals/").content.decode()
    done = cast.browser("supervisor").post(sign, {"decision": "confirm", "next": "approvals"})
    assert done["Location"] == "/approvals/"


@pytest.mark.req("WAR-04")
def test_the_engineer_proposes_a_cause_on_the_page_and_keeps_what_he_typed_when_it_is_refused(ticket, cast):
    url, engineer = f"/tickets/{ticket.number}/cause/", cast.browser("engineer")
    refused = engineer.post(url, {"cause": "", "evidence": "三张照片"})
    assert refused.status_code == 422
    assert "三张照片" in refused.content.decode()
    form = {"cause": "storage", "evidence": "三张照片", "idempotency_key": "k"}
    for _again in range(2):
        assert engineer.post(url, form).status_code == 302
    assert causes.of(ticket).cause == "storage"
    assert cast.browser("finance").post(url, form).status_code == 403


@pytest.mark.req("WAR-04")
def test_the_list_of_signatures_costs_the_same_for_many_causes(world, cast, client, queries_of):
    client.force_login(cast.head)

    def propose(serial):
        machine = world.add_machine(serial, world.customer)
        ticket = world.ticket(equipment=machine)
        actions.find_cause(ticket, cause="operation", evidence="x", by=cast.supervisor)

    propose("Q-0")
    queries_of("/approvals/")
    one = queries_of("/approvals/")
    for number in range(5):
        propose(f"Q-{number + 1}")
    assert queries_of("/approvals/") <= one


def test_the_day_of_the_report_decides_not_the_day_of_the_signature(ticket, cast):
    late = actions.sign_cause(ticket, causes.of(ticket), confirm=True, by=cast.head)
    again = warranty.decide(ticket.equipment, on=ticket.reported_at.date(), cause=late.cause)
    assert verdicts.difference(ticket).code == again.code
    assert verdicts.difference(ticket).on >= ticket.reported_at.date() - dt.timedelta(days=1)
