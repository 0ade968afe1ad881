"""The person complained about learns nothing of it: pages, API, history, search, notices, deadlines (CMP-07)."""

import pytest
from django.utils import timezone

from complaints import actions
from core import history, refs
from notices.models import Delivery
from sla.models import Timer
from tests.complaints.conftest import at
from tickets.models import Call

pytestmark = [pytest.mark.django_db, pytest.mark.req("CMP-07", "SEC-02")]


@pytest.fixture
def about_head(world, cast):
    return world.complaint(about_person=cast.head, content="主管打电话骂人", ticket=world.ticket())


def test_pages_and_api_do_not_know_it(about_head, cast):
    browser, api = cast.browser("head"), cast.api("head")
    url = f"/complaints/{about_head.number}/"
    assert browser.get(url).status_code == 404
    assert browser.post(f"{url}decide/", {"is_valid": "no", "findings": "x"}).status_code == 404
    assert api.get(f"/api/v1{url}").status_code == 404
    assert api.post(f"/api/v1{url}acknowledge/", {}).status_code == 404
    assert about_head.number not in browser.get("/complaints/?state=").content.decode()
    assert about_head.number not in str(api.get("/api/v1/complaints/").json())
    assert cast.browser("supervision").get(url).status_code == 200


def test_stories_of_customer_ticket_and_machine_leave_it_out(about_head, world, cast):
    for record in (world.customer, world.machine, about_head.ticket):
        about = f"{refs.name_of(record)}:{record.pk}"
        for person, knows in (("head", False), ("engineer", False), ("supervision", True)):
            answer = cast.api(person).get("/api/v1/history/", {"about": about})
            assert (answer.status_code == 200 and about_head.number in str(answer.json())) is knows, (person, about)
    assert cast.api("head").get("/api/v1/history/", {"about": f"complaint:{about_head.number}"}).status_code == 404
    assert about_head.number not in cast.browser("head").get(f"/customers/{world.customer.number}/").content.decode()
    assert about_head.number not in cast.browser("head").get(about_head.ticket.get_absolute_url()).content.decode()
    assert history.about(world.customer, reader=cast.head).filter(kind="complaint.opened").count() == 0


def test_search_finds_it_for_others_only(about_head, cast):
    assert (
        cast.browser("supervision")
        .get("/search/", {"q": about_head.number})
        .headers["Location"]
        .endswith(f"/complaints/{about_head.number}/")
    )
    for person in ("head", "engineer", "finance"):
        page = cast.browser(person).get("/search/", {"q": about_head.number})
        assert page.status_code == 200
        assert "/complaints/TS" not in page.content.decode()


def test_its_deadlines_are_kept_from_him_too(about_head, cast):
    assert Timer.objects.visible_to(cast.head).filter(kind="complaint").count() == 0
    assert Timer.objects.visible_to(cast.manager).filter(kind="complaint").count() == 2
    assert Timer.objects.visible_to(cast.supervision).filter(kind="complaint").count() == 2


def test_a_message_sent_before_he_was_named_leaves_his_inbox(world, cast):
    head = cast.head
    found = world.complaint()
    assert Delivery.objects.inbox_of(head, timezone.now()).count() == 1
    actions.describe(found, about="service", about_person=head, by=cast.supervision)
    assert Delivery.objects.inbox_of(head, timezone.now()).count() == 0


def test_engineers_see_no_complaint_calls_about_their_tickets(world, cast):
    ticket = world.ticket()
    call = world.call(ticket=ticket)
    repair = world.call(ticket=ticket, kind="repair", said="还是点不着")
    assert list(Call.objects.visible_to(cast.engineer)) == [repair]
    story = str(cast.api("engineer").get("/api/v1/history/", {"about": f"ticket:{ticket.number}"}).json())
    assert repair.number in story
    assert call.number not in story


def test_the_mobile_team_sees_complaints_of_provinces_without_a_region(world, cast):
    from customers import actions as customers
    from staff import actions as staff

    chief = staff.create_user(
        by=None, username="mobile-chief", name="机动主管", roles=["supervisor"], region=cast.region("MOBILE")
    )
    home = customers.add_customer(by=cast.dispatcher, name="郑州养护", province=cast.province("410000"))
    found = world.complaint("2026-03-02 16:00", customer=home)
    assert list(type(found).objects.visible_to(chief)) == [found]
    assert list(type(found).objects.visible_to(cast.supervisor)) == []
    assert at("2026-03-02 16:00") == found.received_at
