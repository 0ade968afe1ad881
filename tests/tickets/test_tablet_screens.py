"""The tablet in a real browser: from accepting to the signed report by touch; accessible, large enough, both themes."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.tickets import scenes
from tickets.actions import orders
from tickets.models import DispatchOrder, PartUse, ServiceReport, Visit, VisitPhoto

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UPRIGHT = {"width": 820, "height": 1180, "touch": True}
LYING = {"width": 1180, "height": 820, "touch": True}
IS_DRAWN = """() => {
    const pad = document.querySelector("[data-pad-canvas]");
    return pad.getContext("2d").getImageData(0, 0, pad.width, pad.height).data.some((value) => value > 0);
}"""
TAPPED = (
    "button, .btn, .step-button, summary, select, .shoot, .tick, "
    "input:not([type=hidden]):not([type=file]):not([type=checkbox]):not([type=radio])"
)
SMALL = """(tapped) => [...document.querySelectorAll(`.tablet :is(${tapped})`)]
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([element, box]) => box.width > 0 && element.checkVisibility() && Math.round(box.height) < 48)
    .map(([element, box]) => `${element.outerHTML.slice(0, 90)} ${Math.round(box.height)}`)"""
WIDTHS = "() => [document.querySelector('.content').scrollWidth, document.querySelector('.content').clientWidth]"


@pytest.fixture
def scene(cast, policy):
    """An order issued ten minutes ago for the engineer, with an appointment in an hour."""
    now = timezone.now()
    machine = scenes.machine(cast, at=now)
    ticket = scenes.fault(cast, machine, at=now - timedelta(hours=20))
    order = orders.dispatch(
        ticket, cast.file(), by=cast.dispatcher, at=now - timedelta(minutes=10),
        appointment_from=now + timedelta(hours=1), appointment_to=now + timedelta(hours=3), travel="car",
        parts_to_take="轴承 6204-2RS 2 只",
    )  # fmt: skip
    return cast, order


def step(page, code):
    """Tap a big step and wait until the server has answered."""
    with page.expect_navigation(timeout=30_000):
        page.locator(f'[data-step="{code}"]').first.tap()


def state_of(order):
    return DispatchOrder.objects.get(pk=order.pk).state


def sign(page):
    """Draw on the pad with a finger."""
    pad = page.locator("[data-pad-canvas]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    finger = page.context.new_cdp_session(page)
    points = [(0.2, 0.7), (0.3, 0.3), (0.4, 0.7), (0.5, 0.3), (0.6, 0.7), (0.75, 0.4)]
    where = [{"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y} for x, y in points]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": where[:1]})
    for point in where[1:]:
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("[name=signature]")).not_to_have_value("")


@pytest.mark.req("DSP-04", "DSP-07")
def test_from_accepting_to_the_signed_report_by_touch(scene, open_page, tmp_path):
    cast, order = scene
    page = open_page(cast.engineer, **UPRIGHT)
    page.goto("/my/")
    step(page, "accept")
    assert page.url.endswith(f"/my/{order.number}/")
    page.fill("#contact_note", "进门找老赵")
    step(page, "contact")
    step(page, "depart")
    page.fill("#arrive_running_hours", "2312.5")
    step(page, "arrive")
    assert state_of(order) == "arrived"

    photo = tmp_path / "plate.jpg"
    photo.write_bytes(scenes.photo_file(size=(3000, 2000)).read())
    page.fill("[data-caption]", "铭牌")
    page.locator("[data-shoot]").first.set_input_files(photo)
    expect(page.locator("[data-photo-count]")).to_have_text("1")

    page.locator("label", has_text="已修复").first.tap()
    page.fill("#report_diagnosis", "右侧撒珠滚筒轴承损坏")
    page.select_option("#report_cause", "wear")
    page.fill("#report_work_done", "更换轴承，试划 30 米")
    page.locator("[data-part-add]").tap()
    page.locator("[data-part-rows] [name=part_name]").fill("轴承")
    page.locator("[data-part-rows] [name=part_unit_price]").fill("28")
    page.locator("[data-more]").first.tap()
    page.fill("#report_labour_charge", "120")
    assert page.locator("[data-total]").text_content() == "176.00"
    sign(page)
    step(page, "report")

    visit = Visit.objects.get(order=order)
    report = ServiceReport.objects.get(visit=visit)
    assert state_of(order) == "done"
    assert (visit.outcome, visit.cause, visit.left_at is not None) == ("fixed", "wear", True)
    assert PartUse.objects.get(visit=visit).quantity == 2
    assert VisitPhoto.objects.get(visit=visit).caption == "铭牌"
    assert report.signature is not None
    assert report.signed_by_name == "李敏"
    assert page.locator(".toast-note").text_content().strip() != ""
    assert page.locator('a[href*="report.pdf"]').count() == 2


@pytest.mark.req("DSP-04")
def test_a_refused_step_says_why_and_loses_nothing(scene, open_page):
    cast, order = scene
    page = open_page(cast.engineer, **UPRIGHT)
    page.goto(f"/my/{order.number}/")
    orders.cancel_order(order, "客户自己修好了", by=cast.dispatcher)
    page.locator(".finish [data-step=accept]").tap()
    box = page.locator("[data-foot-refusal]")
    box.wait_for(state="visible")
    assert box.inner_text().strip() != ""
    assert box.locator("a").count() == 1


@pytest.mark.req("DSP-07")
def test_what_was_typed_and_signed_survives_a_reload_and_a_turn(scene, open_page):
    cast, order = scene
    _to_site(order, cast.engineer)
    page = open_page(cast.engineer, **UPRIGHT)
    page.goto(f"/my/{order.number}/")
    page.fill("#report_diagnosis", "轴承损坏")
    page.locator("[data-part-add]").tap()
    page.locator("[data-part-rows] [name=part_name]").fill("撒珠滚筒")
    sign(page)
    page.wait_for_timeout(700)
    page.reload()
    assert page.input_value("#report_diagnosis") == "轴承损坏"
    assert page.locator("[data-part-rows] [name=part_name]").input_value() == "撒珠滚筒"
    assert len(page.input_value("[name=signature]")) > 500
    page.set_viewport_size({"width": 1180, "height": 820})
    page.wait_for_timeout(200)
    assert page.evaluate(IS_DRAWN), "the strokes are still on the pad"
    page.fill("#report_diagnosis", "轴承损坏，密封圈老化")
    assert page.input_value("[name=signature]") == "", "what is changed is signed anew"


@pytest.mark.req("DSP-07")
def test_without_a_network_nothing_is_lost_and_nothing_doubled(scene, open_page):
    cast, order = scene
    page = open_page(cast.engineer, **UPRIGHT)
    page.goto(f"/my/{order.number}/")
    page.context.set_offline(True)
    page.locator(".finish [data-step=accept]").tap()
    page.locator("[data-foot-refusal]").wait_for(state="visible")
    assert state_of(order) == "issued"
    pressed = timezone.now()
    page.wait_for_timeout(1500)
    page.context.set_offline(False)
    step(page, "accept")
    order.refresh_from_db()
    assert order.state == "accepted"
    assert order.accepted_at <= pressed, "the time of the first press counts"


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_tablet_is_accessible_and_large_enough(scene, open_page, no_axe_faults, size, language):
    cast, order = scene
    cast.engineer.language = language
    cast.engineer.save()
    page = open_page(cast.engineer, **size)
    page.goto("/my/")
    no_axe_faults(page)
    _no_sideways(page)
    _large_enough(page)
    _to_site(order, cast.engineer)
    page.goto(f"/my/{order.number}/")
    page.locator("[data-part-add]").tap()
    no_axe_faults(page)
    _no_sideways(page)
    _large_enough(page)


def _to_site(order, engineer):
    now = timezone.now()
    orders.accept(order, by=engineer, at=now - timedelta(minutes=8))
    orders.contact(order, by=engineer, at=now - timedelta(minutes=6))
    orders.depart(order, by=engineer, at=now - timedelta(minutes=5))
    orders.arrive(order, by=engineer, at=now - timedelta(minutes=3))


def _no_sideways(page):
    wanted, there = page.evaluate(WIDTHS)
    assert wanted <= there


def _large_enough(page):
    """Everything that is tapped measures 48 px, besides links within a sentence."""
    assert page.evaluate(SMALL, TAPPED) == []
