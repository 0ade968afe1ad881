"""What the rows of the ticket pages and API need: a ticket with call, order and reported visit of the NW engineer."""

from datetime import timedelta

from django.utils import timezone

from customers import actions as customers
from staff.models import Engineer, ProductLine, Province
from tickets.actions import calls, causes, orders, tickets


def records(people):
    """Numbers of a ticket with a reported order, and of one with an issued order."""
    desk, me = people["dispatcher"], people["engineer"]
    start = timezone.now() - timedelta(days=1)
    line = ProductLine.objects.get(code="hot_melt")
    model = customers.add_product_model(
        by=desk, code="AT-1", product_line=line, name_zh="测试机", name_en="Test machine"
    )
    customer = customers.add_customer(
        by=desk,
        name="访问测试路桥",
        province=Province.objects.get(code="610000"),
        contacts=[{"name": "王工", "phone": "13900001111", "is_main": True}],
    )
    machine = customers.add_equipment(by=desk, serial="AT-0001", model=model, customer=customer)
    given = {"by": desk, "at": start, "equipment": machine, "symptom": "不点火", "grade": 2}
    first, second = tickets.open_ticket(**given), tickets.open_ticket(**given)
    call = calls.record_call(by=desk, at=start, kind="repair", said="不点火", ticket=second)
    engineer = Engineer.objects.get(user=me)
    done = orders.dispatch(first, engineer, by=desk, at=start + timedelta(hours=1))
    orders.accept(done, by=me, at=start + timedelta(hours=2))
    orders.depart(done, by=me, at=start + timedelta(hours=3))
    orders.arrive(done, by=me, at=start + timedelta(hours=4))
    orders.leave(done, by=me, at=start + timedelta(hours=5))
    orders.report(done, outcome="fixed", diagnosis="坏", work_done="换", by=me, at=start + timedelta(hours=6))
    found = causes.find_cause(second, cause="alteration", evidence="管路改动", by=people["head"])
    order = orders.dispatch(second, engineer, by=desk, at=start + timedelta(hours=1))
    return {
        "ticket": second.number,
        "order": order.number,
        "reported_order": done.number,
        "visit": f"{done.number}-1",
        "call": call.number,
        "finding": found.pk,
        "new_cause": {"ticket": second.number, "cause": "storage", "evidence": "x"},
        "accept": "accept",
        "grade": "grade",
        "cancel": "cancel",
        "of_ticket": {"ticket": second.number},
        "visit_pk": done.visits.get().pk,
        "approval": order_approval(order),
    }


def order_approval(order):
    """Key of the service head's signature on the order."""
    from core import approvals

    return approvals.of(order).get(step="order.head").pk
