"""What the rows of the trainings need: one planned in region NW, to be held by the engineer."""

from datetime import date

from customers import actions as customers
from staff.models import ProductLine, Province
from training import actions


def records(people):
    """Numbers and bodies by the names that the rows use."""
    desk = people["dispatcher"]
    model = customers.add_product_model(by=desk, code="AT-1", product_line=ProductLine.objects.get(code="hot_melt"))
    customer = customers.add_customer(by=desk, name="培训测试路桥", province=Province.objects.get(code="610000"))
    machine = customers.add_equipment(by=desk, serial="AT-0001", model=model, customer=customer)
    training = actions.plan_training(
        equipment=machine,
        kind="on_site",
        planned_on=date(2026, 3, 5),
        trainer=people["engineer"],
        by=people["trainer"],
    )
    new = {"equipment": machine.serial, "kind": "on_site", "planned_on": "2026-03-05"}
    return {"training": training.number, "new_training": new}
