"""Pages of the complaints in both languages."""

import pytest

from complaints.models import Complaint

pytestmark = [pytest.mark.django_db, pytest.mark.req("CMP-01")]


def test_a_complaint_is_taken_and_settled_over_the_pages(world, cast):
    desk, judge, head = (cast.browser(name) for name in ("dispatcher", "supervision", "head"))
    ticket = world.ticket()
    first = desk.get("/complaints/new/", {"ticket": ticket.number}).content.decode()
    assert f'value="{ticket.number}"' in first
    form = {"ticket": ticket.number, "channel": "phone", "about": "service", "content": "晚到五小时"}
    assert desk.post("/complaints/new/", form | {"content": ""}).status_code == 422
    for _again in range(2):
        made = desk.post("/complaints/new/", form | {"idempotency_key": "k"})
    found = Complaint.objects.get()
    assert made.headers["Location"] == found.get_absolute_url()
    url = found.get_absolute_url()
    page = desk.get(url).content.decode()
    for text in ("晚到五小时", "今天答复" if "今天答复" in page else "答复", "给出处理结果", ticket.number):
        assert text in page
    assert desk.post(f"{url}acknowledge/").status_code == 302
    assert judge.post(f"{url}assign/", {"owner": cast.dispatcher.pk}).status_code == 302
    assert judge.post(f"{url}decide/", {"is_valid": "yes", "findings": ""}).status_code == 422
    assert judge.post(f"{url}decide/", {"is_valid": "yes", "findings": "属实"}).status_code == 302
    assert desk.post(f"{url}answer/", {"answer": "道歉"}).status_code == 302
    assert f"{url}close/" not in judge.get(url).content.decode()
    assert judge.post(f"{url}close/", {"content_after": "yes"}).status_code == 403
    assert head.post(f"{url}close/", {"content_after": "yes"}).status_code == 302
    assert head.post(f"{url}close/", {"content_after": "yes"}).status_code == 409
    found.refresh_from_db()
    assert found.state == "closed"


def test_the_pages_are_there_in_english(world, cast):
    world.complaint(about_person=cast.engineer)
    desk = cast.browser("dispatcher")
    desk.cookies["django_language"] = "en"
    english = {"Accept-Language": "en"}
    listed = desk.get("/complaints/", headers=english).content.decode()
    shown = desk.get(Complaint.objects.get().get_absolute_url(), headers=english).content.decode()
    assert listed.count("西安养护") == 1
    assert "说好上午到" in shown


@pytest.mark.req("CMP-07")
def test_somebody_who_writes_down_a_complaint_about_himself_comes_back_to_the_list(world, cast):
    form = {"customer": world.customer.number, "channel": "phone", "about": "service", "content": "您接电话太慢"}
    made = cast.browser("dispatcher").post("/complaints/new/", form | {"about_person": cast.dispatcher.pk})
    assert made.headers["Location"] == "/complaints/"


def test_panels_stand_on_the_pages_of_ticket_machine_and_customer(world, cast):
    ticket = world.ticket()
    found = world.complaint(ticket=ticket)
    panels = (
        f"/complaints/tickets/{ticket.number}/",
        f"/complaints/machines/{world.machine.serial}/",
        f"/complaints/customers/{world.customer.number}/",
    )
    for url in panels:
        assert found.number in cast.browser("dispatcher").get(url).content.decode()
        assert found.number not in cast.browser("engineer").get(url).content.decode()
    assert panels[0] in cast.browser("dispatcher").get(ticket.get_absolute_url()).content.decode()
    empty = cast.browser("finance").get(panels[2]).content.decode()
    assert "card" not in empty


def test_the_list_exports_filters_and_costs_the_same_for_one_and_twenty(world, cast, queries_of, client):
    client.force_login(cast.supervision)
    world.complaint()
    client.get("/complaints/")  # the menu counts once in a while
    few = queries_of("/complaints/")
    for _more in range(19):
        world.complaint()
    assert queries_of("/complaints/") == few
    assert (
        b"".join(client.get("/complaints/?export=csv").streaming_content).decode().count("西安公路养护有限公司") == 20
    )
    assert b"".join(client.get("/complaints/?export=csv&state=closed").streaming_content).decode().count("西安") == 0
    assert "empty" in client.get("/complaints/?state=closed").content.decode()
    assert client.get("/complaints/?state=&q=西安").content.decode().count("row-link") == 20
    assert cast.browser("finance").get("/complaints/").status_code == 403


def test_the_menu_counts_open_ones(world, cast):
    world.complaint()
    page = cast.browser("supervision").get("/complaints/").content.decode()
    assert 'href="/complaints/"' in page
    assert 'href="/complaints/"' not in cast.browser("finance").get("/notices/").content.decode()
