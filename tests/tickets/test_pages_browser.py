"""The page of a ticket in a browser: by keyboard from the call to the order, ledgers in place, axe content."""

import pytest
from django.urls import reverse

from tickets.models import DispatchOrder, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.req("TKT-12", "DSP-02")
def test_a_ticket_is_dispatched_by_keyboard_alone(world, cast, open_page, no_axe_faults):
    cast.file()
    ticket = world.ticket()
    page = open_page(cast.dispatcher)
    page.goto(reverse("tickets:ticket", args=[ticket.number]))
    page.keyboard.press("Alt+d")
    page.wait_for_selector(".candidate")
    no_axe_faults(page)
    page.keyboard.press("Escape")
    page.wait_for_selector("#action-slot > *", state="detached")
    page.goto("about:blank")
    page.goto(reverse("tickets:ticket", args=[ticket.number]) + "#dispatch")
    page.wait_for_selector(".candidate")
    page.keyboard.press("Alt+1")
    page.wait_for_url("**/tickets/*/")
    page.wait_for_selector(f"text={DispatchOrder.objects.get().number}")
    no_axe_faults(page)


@pytest.mark.req("TKT-05", "SLA-06")
def test_the_desk_leads_to_help_by_phone_and_a_chip_opens_its_ledger(world, cast, open_page):
    ticket = world.ticket(symptom="燃烧器点不着火")
    page = open_page(cast.dispatcher)
    page.goto(reverse("tickets:ticket", args=[ticket.number]) + "#by-phone")
    page.wait_for_selector("form.action-form textarea")
    page.fill("form.action-form textarea", "重新上电")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=电话已解决")
    assert Ticket.objects.get(pk=ticket.pk).state == "solved"
    page.click("a.time-chip[data-ledger] >> nth=0")
    page.wait_for_selector("[data-ledger-slot] .ledger")
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-ledger-slot] > *", state="detached")


def test_what_was_typed_stays_when_somebody_was_quicker(world, cast, open_page):
    ticket = world.ticket()
    page = open_page(cast.dispatcher)
    page.goto(reverse("tickets:ticket", args=[ticket.number]))
    page.click("summary:has-text('更多')")
    page.click("[data-opens='cancel']")
    page.fill("form.action-form textarea", "客户说不用来了")
    Ticket.objects.filter(pk=ticket.pk).update(version=9)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[role='alert']")
    assert page.input_value("form.action-form textarea") == "客户说不用来了"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=已取消")
    assert Ticket.objects.get(pk=ticket.pk).state == "cancelled"


def test_every_list_is_accessible(world, cast, open_page, no_axe_faults):
    order = world.reported(outcome="waits_for_parts", labour_charge="120")
    world.ticket()
    page = open_page(cast.dispatcher)
    lists = ["/tickets/", "/tickets/?q=%E6%B2%A1%E6%9C%89", "/tickets/waiting/", "/orders/", "/orders/?view=late"]
    for url in [*lists, "/calls/", "/calls/new/", reverse("tickets:order", args=[order.number])]:
        assert page.goto(url).status == 200, url
        no_axe_faults(page)
    page = open_page(cast.finance)
    assert page.goto("/charges/").status == 200
    no_axe_faults(page)
