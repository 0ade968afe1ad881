"""What the rows of the warranty need: a machine of region NW, a right that arose, an extension asked for."""

from datetime import timedelta

from django.utils import timezone

from customers import actions as customers
from staff.models import ProductLine, Province
from warranty import actions
from warranty.guarantees import Fault
from warranty.models import Right


def records(people):
    """Serial number, right and extension."""
    desk, now = people["dispatcher"], timezone.now()
    today = timezone.localdate()
    model = customers.add_product_model(by=desk, code="AW-1", product_line=ProductLine.objects.get(code="hot_melt"))
    customer = customers.add_customer(by=desk, name="质保测试路桥", province=Province.objects.get(code="610000"))
    machine = customers.add_equipment(
        by=desk, serial="AW-0001", model=model, customer=customer, purchased_on=today - timedelta(days=3)
    )
    customers.grant_field_access(people["engineer"], customer, machine)
    actions.notice_rights(machine, [Fault("ticket:1", today, kind="x")], at=now)
    asked = {"starts_on": today, "ends_on": today + timedelta(days=365)}
    extension = actions.ask_extension(machine, by=people["marketing"], at=now, kind="extended", **asked)
    return {
        "serial": machine.serial,
        "right": Right.objects.get(rule__code="exchange-15").pk,
        "extension": extension.number,
        "term": "machine-free",
        "rule": "return-7",
        "approve": "approve",
        "new_rule": {
            "code": "return-7",
            "valid_from": "2030-01-01",
            "name_zh": "七日内可退货",
            "trigger": "fault_within",
            "days": 7,
            "remedies": ["return"],
            "why": "x",
        },
        "new_extension": {
            "equipment": machine.serial,
            "kind": "extended",
            "starts_on": "2027-01-01",
            "ends_on": "2028-01-01",
        },
    }
