"""What the rows of the customers need: a customer in region NW with a machine that the NW engineer was sent to."""

from types import SimpleNamespace

from customers import actions
from staff.models import ProductLine, Province


def records(people):
    """Keys and bodies by the names that the rows use."""
    desk = people["dispatcher"]
    model = actions.add_product_model(by=desk, code="AC-1", product_line=ProductLine.objects.get(code="hot_melt"))
    customer = actions.add_customer(
        by=desk,
        name="访问测试客户",
        province=Province.objects.get(code="610000"),
        contacts=[{"name": "王工", "phone": "13900001112"}],
    )
    contract = actions.add_contract(customer, by=desk, number="AC-2025-1")
    site = actions.add_site(customer, by=desk, name="工地")
    machine = actions.add_equipment(by=desk, serial="AC-0001", model=model, customer=customer, contract=contract)
    component = actions.add_component(machine, by=desk, kind="electrical", name="控制器")
    actions.grant_field_access(people["engineer"], customer, machine)
    content = "客户名称,省份\n新客户,陕西\n".encode()
    upload = SimpleNamespace(name="a.csv", size=len(content), read=lambda: content)
    staged = actions.stage_sheet(upload, kind="customers", by=desk)
    upload = SimpleNamespace(name="b.csv", size=len(content), read=lambda: content)
    applied = actions.apply_sheet(actions.stage_sheet(upload, kind="customers", by=desk), by=desk)
    return {
        "customer": customer.number,
        "contact": customer.contacts.get().pk,
        "contract": contract.number,
        "contract_pk": contract.pk,
        "site": site.pk,
        "serial": machine.serial,
        "component": component.pk,
        "model": model.code,
        "staged": staged.pk,
        "applied": applied.pk,
        "sheet_kind": "customers",
        "new_customer": {"name": "再一位客户", "province": "610000"},
        "new_machine": {"serial": "AC-0002", "model": model.code, "customer": customer.number},
        "new_contract": {"number": "AC-2025-2", "customer": customer.number},
        "new_site": {"name": "二工地", "customer": customer.number},
    }
