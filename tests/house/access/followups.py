"""What the rows of the follow-ups need: calls of region NW that are due, given up, and with the superior."""

from datetime import timedelta

from django.utils import timezone

from core import readers
from customers import actions as customers
from followups import actions
from followups.models import FollowUp
from staff.models import Engineer, ProductLine, Province
from tickets.actions import orders, tickets


def records(people):
    """Numbers of follow-ups in three states, of the ticket, the order, the customer and the machine."""
    desk = people["dispatcher"]
    start = timezone.now() - timedelta(days=1)
    model = customers.add_product_model(by=desk, code="AF-1", product_line=ProductLine.objects.get(code="hot_melt"))
    customer = customers.add_customer(
        by=desk,
        name="回访测试路桥",
        province=Province.objects.get(code="610000"),
        contacts=[{"name": "王工", "phone": "13900001113"}],
    )
    machine = customers.add_equipment(by=desk, serial="AF-0001", model=model, customer=customer)
    for symptom in ("不点火", "跑偏", "漏油"):
        ticket = tickets.open_ticket(by=desk, at=start, equipment=machine, symptom=symptom, grade=3)
        tickets.solve_by_phone(ticket, "重启", by=desk, at=start + timedelta(hours=1))
    sent = tickets.open_ticket(by=desk, at=start, equipment=machine, symptom="异响", grade=2)
    order = orders.dispatch(sent, Engineer.objects.get(user=people["engineer"]), by=desk, at=start + timedelta(hours=1))
    readers.work()
    due, unreached, escalated = FollowUp.objects.filter(equipment=machine, ticket__isnull=False).order_by("pk")
    for _attempt in range(3):
        actions.attempt(unreached, outcome="no_answer", by=desk)
    actions.escalate(escalated, question="要赔偿", by=desk)
    return {
        "due": due.number,
        "unreached": unreached.number,
        "escalated": escalated.number,
        "ticket": sent.number,
        "customer": customer.number,
        "serial": machine.serial,
        "card": {"order": order.number, "number": "06117"},
        "rule": "sample",
        "form": "F05",
    }
