"""What the rows of the complaints need: one of a customer in region NW, with machine and ticket."""

from complaints import actions
from customers import actions as customers
from staff.models import Engineer, ProductLine, Province
from tickets.actions import orders, tickets


def records(people):
    """Numbers and bodies by the names that the rows use."""
    desk = people["dispatcher"]
    model = customers.add_product_model(by=desk, code="AK-1", product_line=ProductLine.objects.get(code="hot_melt"))
    customer = customers.add_customer(by=desk, name="投诉测试路桥", province=Province.objects.get(code="610000"))
    machine = customers.add_equipment(by=desk, serial="AK-0001", model=model, customer=customer)
    ticket = tickets.open_ticket(
        by=desk, equipment=machine, symptom="跑偏", grade=3, contact_name="王工", contact_phone="13900001115"
    )
    orders.dispatch(ticket, Engineer.objects.get(user=people["engineer"]), by=desk)
    complaint = actions.open_complaint(by=desk, content="迟到", ticket=ticket)
    return {
        "complaint": complaint.number,
        "ticket": ticket.number,
        "serial": machine.serial,
        "customer": customer.number,
        "assign": {"owner": desk.pk},
        "new_complaint": {"customer": customer.number, "content": "x"},
    }
