"""Scenes for tablet and papers, built by the real actions: a machine in Shaanxi, a fault, an order, a visit."""

import base64
import io
from datetime import UTC, date, datetime, timedelta

from PIL import Image, ImageDraw

from customers import actions as customers
from customers.models import ProductModel
from tickets.actions import orders, tickets

MORNING = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def machine(cast, *, serial="TT-2023-0419", model="TRC-900", customer_name="定边鑫路工程有限公司", at=MORNING):
    """A hot-melt marking machine at a customer in Shaanxi, bought in 2023."""
    line = cast.line("hot_melt")
    model, _new = ProductModel.objects.get_or_create(
        code=model, defaults={"name_zh": model, "name_en": model, "product_line": line}
    )
    bought = at - timedelta(days=1000)
    customer = customers.add_customer(
        by=cast.dispatcher, name=customer_name, province=cast.province("610000"), city="榆林市", district="定边县",
        address="307 国道 K1128，定边收费站东 2 公里", at=bought,
        contacts=[{"name": "李敏", "position": "设备科长", "phone": "13991284417", "is_main": True}],
    )  # fmt: skip
    return customers.add_equipment(
        by=cast.dispatcher, serial=serial, model=model, customer=customer, at=bought,
        purchased_on=date(2023, 8, 21), accepted_on=date(2023, 9, 6),
    )  # fmt: skip


def fault(cast, equipment, *, at=MORNING, symptom="撒珠右边断断续续，标线夜里不反光", **fields):
    """A ticket of grade 3 told by phone."""
    values = {"grade": 3, "contact_name": "李敏", "contact_phone": "13991284417", "backup_phone": "0912-4216630"}
    return tickets.open_ticket(
        by=cast.dispatcher, at=at, customer=equipment.customer, equipment=equipment, symptom=symptom,
        **(values | fields),
    )  # fmt: skip


def order(cast, ticket=None, *, at=MORNING, engineer="engineer", appointment=timedelta(hours=25), **fields):
    """An order for the engineer, with an appointment of two hours."""
    ticket = ticket or fault(cast, machine(cast, at=at), at=at)
    start = at + appointment if appointment is not None else None
    return orders.dispatch(
        ticket, cast.file(engineer), by=cast.dispatcher, at=at + timedelta(minutes=10),
        appointment_from=start, appointment_to=start + timedelta(hours=2) if start else None,
        travel="car", travel_note="陕A·6H27P", parts_to_take="轴承 6204-2RS 2 只、撒珠滚筒 ZG-90 1 只", **fields,
    )  # fmt: skip


def go_to_site(order, by):
    """Accept, call, set off, arrive: half an hour before the appointment."""
    issued = order.issued_at
    orders.accept(order, by=by, at=issued + timedelta(minutes=4))
    orders.contact(order, by=by, at=issued + timedelta(minutes=8), note="进门找老赵")
    start = order.appointment_from or issued + timedelta(hours=20)
    orders.depart(order, by=by, at=start - timedelta(hours=4))
    return orders.arrive(order, by=by, at=start - timedelta(minutes=8), running_hours="2312")


def drawing(size=(600, 220)):
    """A signature as the pad of the tablet gives it."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    line = [(40, 150), (90, 40), (140, 170), (200, 60), (260, 160), (340, 50), (420, 150), (540, 70)]
    ImageDraw.Draw(image).line(line, fill="#18212d", width=6, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def photo_file(colour="#8a6d2b", size=(1200, 900), name="photo.jpg"):
    """A photo as a browser uploads it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).ellipse([size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4], fill="#d9dde0")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def report(order, by, *, after=timedelta(hours=2), **fields):
    """Leave and report: fixed, two parts, signed by the customer."""
    at = order.arrived_at + after
    if order.state == "arrived":
        order = orders.leave(order, by=by, at=at)
    values = {
        "outcome": "fixed",
        "diagnosis": "右侧撒珠滚筒轴承损坏，滚筒转动不匀",
        "cause": "wear",
        "cause_note": "轴承缺油，密封圈老化进粉",
        "work_done": "更换两端轴承 6204-2RS 和滚筒 ZG-90，试划 30 米，夜间反光合格",
        "parts": [
            {"name": "轴承", "model": "6204-2RS", "quantity": "2", "unit_price": "28"},
            {
                "name": "撒珠滚筒", "model": "ZG-90", "quantity": "1", "unit_price": "330",
                "serial_in": "ZG90-2608-118", "serial_out": "ZG90-2306-021",
            },
        ],
        "hazards": "左侧液化气软管有裂纹，已提醒客户一周内更换",
        "hours": "1.5",
        "labour_charge": "120",
        "signature": {"png": drawing(), "name": "李敏"},
    }  # fmt: skip
    return orders.report(order, by=by, at=at + timedelta(minutes=10), **(values | fields))
