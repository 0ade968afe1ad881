"""A customer with a machine, tickets solved by the real actions, and the shipped follow-up rules."""

import datetime as dt

import pytest

from core import readers
from customers import actions as customers
from followups.models import FollowUp
from tests.cast import cast, organisation, policy  # noqa: F401
from tickets.actions import orders, reports, tickets, visits

ZONE = dt.timezone(dt.timedelta(hours=8))


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class World:
    """Verbs for the tests: report a fault, solve it by phone or by a visit, read the news."""

    def __init__(self, cast, customer, machine):  # noqa: F811
        self.cast, self.customer, self.machine = cast, customer, machine

    def ticket(self, moment="2026-03-02 09:00", symptom="点不着火"):
        return tickets.open_ticket(
            by=self.cast.dispatcher, at=at(moment), customer=self.customer, equipment=self.machine, symptom=symptom,
            contact_name="王师傅", contact_phone="13800138000", grade=3,
        )  # fmt: skip

    def solved_by_phone(self, moment="2026-03-02 10:00", reported="2026-03-02 09:00", **opened):
        ticket = self.ticket(reported, **opened)
        tickets.solve_by_phone(ticket, "关气等 5 分钟再点火", by=self.cast.dispatcher, at=at(moment))
        self.read()
        return ticket

    def repaired(self, *, day="2026-03-02", sure=True, signature=None, **opened):
        ticket = self.ticket(**{"moment": f"{day} 09:00", **opened})
        engineer = self.cast.engineer
        order = orders.dispatch(ticket, self.cast.file(), by=self.cast.dispatcher, at=at(f"{day} 09:05"))
        orders.accept(order, by=engineer, at=at(f"{day} 09:10"))
        orders.contact(order, by=engineer, at=at(f"{day} 09:15"), note="在路口等")
        visits.depart(order, by=engineer, at=at(f"{day} 09:30"))
        visits.arrive(order, by=engineer, at=at(f"{day} 11:00"))
        visits.leave(order, by=engineer, at=at(f"{day} 13:00"))
        reports.report(
            order, by=engineer, at=at(f"{day} 13:10"), outcome="fixed", diagnosis="热电偶松动", cause="wear",
            work_done="拧紧热电偶", sure=sure, hours=1,
        )  # fmt: skip
        self.read()
        ticket.refresh_from_db()
        return ticket, order

    @staticmethod
    def read():
        """Let the readers of the history work."""
        readers.work()

    @staticmethod
    def followup(**lookup) -> FollowUp:
        return FollowUp.objects.get(**lookup)


@pytest.fixture
def world(cast, policy):  # noqa: F811
    customer = customers.add_customer(
        by=cast.dispatcher,
        at=at("2024-01-05 09:00"),
        name="西安公路养护有限公司",
        province=cast.province("610000"),
        contacts=[{"name": "王师傅", "phone": "138 0013 8000"}],
    )
    model = customers.add_product_model(
        by=cast.admin, code="TRC-1200", product_line=cast.line(), name_zh="热熔划线车 1200", name_en="Hot melt 1200"
    )
    machine = customers.add_equipment(
        by=cast.dispatcher,
        at=at("2024-01-05 09:00"),
        serial="TT-2023-0117",
        model=model,
        customer=customer,
        accepted_on=dt.date(2023, 1, 15),
    )
    readers.work()
    return World(cast, customer, machine)
