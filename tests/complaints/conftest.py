"""A customer with a machine and a repaired ticket, and complaints taken by the real actions."""

import datetime as dt

import pytest

from complaints import actions
from complaints.models import Complaint
from core import readers
from customers import actions as customers
from tests.cast import cast, organisation, policy  # noqa: F401
from tickets.actions import calls, orders, tickets

ZONE = dt.timezone(dt.timedelta(hours=8))


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class World:
    """Verbs for the tests."""

    def __init__(self, cast):  # noqa: F811
        self.cast = cast
        desk = cast.dispatcher
        model = customers.add_product_model(by=desk, code="TRC-900", product_line=cast.line())
        self.customer = customers.add_customer(
            by=desk, name="西安公路养护有限公司", short_name="西安养护", province=cast.province("610000"),
            contacts=[{"name": "王师傅", "phone": "13800138000"}],
        )  # fmt: skip
        self.machine = customers.add_equipment(by=desk, serial="TRC9-0001", model=model, customer=self.customer)

    def ticket(self, moment="2026-03-02 09:00"):
        """A ticket of the machine, with an order for the engineer of the region."""
        ticket = tickets.open_ticket(
            by=self.cast.dispatcher, at=at(moment), customer=self.customer, equipment=self.machine, symptom="点不着火",
            contact_name="王师傅", contact_phone="13800138000", grade=3,
        )  # fmt: skip
        orders.dispatch(ticket, self.cast.file(), by=self.cast.dispatcher, at=at(moment) + dt.timedelta(minutes=5))
        return ticket

    def complaint(self, moment="2026-03-02 15:00", **given):
        given = {"content": "说好上午到，下午三点才来", "customer": self.customer, "by": self.cast.dispatcher} | given
        return actions.open_complaint(at=at(moment), **given)

    def decided(self, *, is_valid=True, **given):
        found = self.complaint(**given)
        return actions.decide(
            found, is_valid=is_valid, findings="核对了通话", by=self.cast.supervision, at=at("2026-03-03 09:00")
        )

    def answered(self, **given):
        found = self.decided(**given)
        return actions.answer(found, answer="已道歉", by=self.cast.dispatcher, at=at("2026-03-03 10:00"))

    def call(self, moment="2026-03-02 15:00", **given):
        """A call recorded at the desk, with the news read."""
        given = {"kind": "complaint", "said": "态度太差", "customer": self.customer, "by": self.cast.dispatcher} | given
        call = calls.record_call(at=at(moment), **given)
        readers.work()
        return call

    @staticmethod
    def of(call):
        return Complaint.objects.filter(call=call)


@pytest.fixture
def world(policy, cast):  # noqa: F811
    return World(cast)
