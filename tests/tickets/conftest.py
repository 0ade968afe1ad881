"""The ground of the ticket tests: people and policy, a customer with a machine, and steps on the way of a ticket."""

import base64
import datetime as dt
import io

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw

from customers import actions as customers
from tickets.actions import orders, tickets

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def world(cast, policy):
    """People, policy, one customer in Shaanxi with two machines."""
    return World(cast)


class World:
    """A customer with machines, and short ways to bring a ticket somewhere; times count from `start`."""

    def __init__(self, cast):
        self.cast = cast
        self.start = timezone.now() - 2 * DAY
        desk = cast.dispatcher
        self.model = customers.add_product_model(
            by=desk, code="TRC-1200", product_line=cast.line(), name_zh="热熔划线车 1200", name_en="Hot melt 1200"
        )
        self.customer = self.add_customer("秦川路桥", "610000", "13991284417")
        self.machine = self.add_machine("TRC1200-1043", self.customer)
        self.other_machine = self.add_machine("TRC1200-1044", self.customer)

    def add_customer(self, name, province, phone):
        return customers.add_customer(
            by=self.cast.dispatcher,
            name=name,
            province=self.cast.province(province),
            city="西安市",
            address="未央路 1 号",
            contacts=[{"name": "王工", "phone": phone, "is_main": True}],
        )

    def add_machine(self, serial, customer):
        day = (self.start - 200 * DAY).date()
        return customers.add_equipment(
            by=self.cast.dispatcher, serial=serial, model=self.model, customer=customer, purchased_on=day,
            delivered_on=day, accepted_on=day,
        )  # fmt: skip

    def at(self, hours):
        return self.start + hours * HOUR

    def ticket(self, **more):
        given = {
            "by": self.cast.dispatcher,
            "at": self.start,
            "equipment": self.machine,
            "symptom": "燃烧器点不着火",
            "grade": 2,
        }
        return tickets.open_ticket(**{**given, **more})

    def order(self, ticket=None, **more):
        given = {"by": self.cast.dispatcher, "at": self.at(1), "engineer": self.cast.file()}
        return orders.dispatch(ticket or self.ticket(), **{**given, **more})

    def on_site(self, order=None):
        order = order or self.order()
        me = order.engineer.user
        orders.accept(order, by=me, at=self.at(1.1))
        orders.contact(order, by=me, at=self.at(1.2), note="明早到")
        orders.depart(order, by=me, at=self.at(2))
        return orders.arrive(order, by=me, at=self.at(6))

    def reported(self, order=None, **more):
        order = self.on_site(order)
        me = order.engineer.user
        orders.leave(order, by=me, at=self.at(8))
        given = {"outcome": "fixed", "diagnosis": "热电偶松动", "work_done": "更换热电偶", "at": self.at(8.5)}
        return orders.report(order, by=me, **{**given, **more})


@pytest.fixture
def signature():
    """A drawn signature as PNG data URL."""
    picture = Image.new("RGBA", (300, 120), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line([(10, 60), (120, 20), (160, 100), (290, 40)], fill="black", width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
