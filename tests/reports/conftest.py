"""A month with known numbers: tickets by phone and on site, kept and broken promises, calls and a complaint."""

import datetime as dt

import pytest

from complaints import actions as complaints
from customers import actions as customers
from tickets.actions import calls, endings, orders, reports, tickets, visits

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def moment(day, hour=9, minute=0, month=10):
    return dt.datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def october(cast, policy, freeze):
    """October 2026 as it happened, looked at on 2 November."""
    freeze("2026-11-02 10:00")
    return October(cast)


class October:
    """Four tickets: two on site (one late and repeated), one by phone, one still open; three calls; one complaint."""

    def __init__(self, cast):
        self.cast, desk = cast, cast.dispatcher
        model = customers.add_product_model(
            by=desk, code="TRC-900", product_line=cast.line(), name_zh="热熔划线车", name_en="Hot melt"
        )
        self.customer = customers.add_customer(
            by=desk, name="陕西秦岭交通工程有限公司", short_name="秦岭交工",
            province=cast.province("610000"), city="西安市", address="未央路 1 号",
            contacts=[{"name": "王工", "phone": "13991284417"}], at=moment(1, month=9),
        )  # fmt: skip
        bought = dt.date(2026, 3, 1)
        self.machine = customers.add_equipment(
            by=desk, serial="TT-2026-0101", model=model, customer=self.customer, purchased_on=bought,
            delivered_on=bought, accepted_on=bought, at=moment(1, month=9),
        )  # fmt: skip
        self.september = self.by_phone(moment(20, month=9), "料温显示不准")
        self.phoned = self.by_phone(moment(5), "搅拌不转")
        self.fixed = self.on_site(moment(6), "撒珠器不出珠", contact_after=5)
        self.late = self.on_site(moment(12), "撒珠器不出珠了", contact_after=40)
        self.open = self.ticket(moment(31, 8), "刀口磨损漏料")
        for day in (3, 4, 28):
            self.call(moment(day))
        self.complaint = complaints.open_complaint(
            by=desk, content="来得太晚", ticket=self.late, at=moment(14), channel="phone"
        )

    def ticket(self, at, symptom, **more):
        return tickets.open_ticket(
            by=self.cast.dispatcher, at=at, equipment=self.machine, symptom=symptom, grade=3, **more
        )

    def by_phone(self, at, symptom):
        ticket = self.ticket(at, symptom)
        endings.solve_by_phone(ticket, ["重启"], by=self.cast.dispatcher, at=at + dt.timedelta(minutes=30))
        return ticket

    def on_site(self, at, symptom, contact_after):
        """Dispatched after an hour, called after so many minutes, arrived next day, fixed in two hours."""
        hour, ticket, me = dt.timedelta(hours=1), self.ticket(at, symptom), self.cast.engineer
        order = orders.dispatch(ticket, self.cast.file(), by=self.cast.dispatcher, at=at + hour)
        orders.accept(order, by=me, at=at + hour)
        called = at + hour + dt.timedelta(minutes=contact_after)
        orders.contact(order, by=me, at=called, why="没有信号" if contact_after > 15 else "")
        visits.depart(order, by=me, at=at + 20 * hour)
        visits.arrive(order, by=me, at=at + 24 * hour)
        reports.report(
            order, by=me, at=at + 26 * hour, outcome="fixed", diagnosis="滚筒卡滞", work_done="换滚筒", hours=2,
            labour_charge="120.00", travel_charge="80.50", sure=True,
        )  # fmt: skip
        return ticket

    def call(self, at):
        calls.record_call(
            by=self.cast.dispatcher,
            at=at,
            kind="consultation",
            said="怎么保养",
            answered="放净料斗",
            customer=self.customer,
        )
