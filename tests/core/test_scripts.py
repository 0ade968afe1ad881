"""The scripts of the screens: nothing typed is lost, one press makes one record, keys reach everything."""

from datetime import timedelta

import pytest
from django.utils import timezone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORM = "form[data-draft='style']"


@pytest.fixture
def screen(open_page, cast):
    """The style guide in a browser."""
    page = open_page(cast.admin)
    page.goto("/style/")
    return page


def type_something(page):
    page.fill(f"{FORM} [name=contact]", "王建军")
    page.fill(f"{FORM} [name=words]", "点火后五分钟熄火，连着三次")
    page.check(f"{FORM} [name=lines][value=cold]")
    page.wait_for_selector("[data-draft-state]:has-text('草稿已存')")


def assert_still_there(page):
    assert page.input_value(f"{FORM} [name=contact]") == "王建军"
    assert page.input_value(f"{FORM} [name=words]") == "点火后五分钟熄火，连着三次"
    assert page.is_checked(f"{FORM} [name=lines][value=cold]")


@pytest.mark.req("TKT-02")
def test_a_half_typed_form_survives_a_reload(screen):
    type_something(screen)
    screen.reload()
    assert_still_there(screen)
    assert "已恢复" in screen.inner_text(".draft-note")


@pytest.mark.req("TKT-02")
def test_a_half_typed_form_survives_a_lost_connection(screen):
    type_something(screen)
    screen.context.set_offline(True)
    screen.click(f"{FORM} button.btn-primary", no_wait_after=True)
    screen.wait_for_timeout(300)
    screen.context.set_offline(False)
    screen.goto("/style/")
    assert_still_there(screen)


@pytest.mark.req("TKT-02")
def test_a_half_typed_form_survives_an_expired_session(screen, cast):
    type_something(screen)
    cookies = screen.context.cookies()
    screen.context.clear_cookies()
    screen.click(f"{FORM} button.btn-primary")
    screen.wait_for_load_state()
    screen.context.add_cookies(cookies)
    screen.goto("/style/")
    assert_still_there(screen)


def test_a_draft_is_dropped_on_request(screen):
    type_something(screen)
    screen.reload()
    screen.click(".draft-note button")
    assert screen.input_value(f"{FORM} [name=contact]") == ""
    screen.reload()
    assert screen.input_value(f"{FORM} [name=contact]") == ""


def test_a_draft_belongs_to_one_person(screen, open_page, cast):
    type_something(screen)
    keys = screen.evaluate("Object.keys(localStorage)")
    assert f"draft:{cast.admin.pk}:style" in keys


def test_pressing_twice_sends_once(screen):
    sent = []
    screen.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    screen.evaluate(
        f'() => {{ const form = document.querySelector("{FORM}"); form.requestSubmit(); form.requestSubmit(); }}'
    )
    screen.wait_for_timeout(500)
    assert len(sent) == 1


@pytest.mark.req("TKT-02")
def test_keys_reach_search_help_panels_and_saving(screen):
    screen.keyboard.press("/")
    assert screen.evaluate("document.activeElement.name") == "q"
    screen.evaluate("document.activeElement.blur()")
    screen.keyboard.press("?")
    assert screen.locator("#key-help").evaluate("dialog => dialog.open")
    screen.keyboard.press("Escape")
    screen.keyboard.press("Alt+s")
    screen.wait_for_selector("[name=why]:focus")
    screen.fill(f"{FORM} [name=contact]", "李敏")
    with screen.expect_request(lambda request: request.method == "POST"):
        screen.keyboard.press("Control+Enter")


@pytest.mark.req("SLA-06")
def test_a_time_chip_opens_its_ledger_and_closes_it(screen):
    screen.click("[data-ledger-close]")
    assert screen.locator(".ledger-box").count() == 0
    screen.click(".timers a.time-chip >> nth=1")
    screen.wait_for_selector(".ledger-box")
    assert screen.get_attribute(".timers a.time-chip >> nth=1", "aria-expanded") == "true"
    screen.keyboard.press("Escape")
    assert screen.locator(".ledger-box").count() == 0


@pytest.mark.req("SLA-06")
def test_the_script_and_the_server_use_the_same_words(screen):
    told = [chip.inner_text() for chip in screen.locator(".timers .time-chip").all()]
    screen.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert [chip.inner_text() for chip in screen.locator(".timers .time-chip").all()] == told


@pytest.mark.req("SLA-06")
def test_a_chip_turns_late_without_a_reload(screen):
    past = (timezone.now() - timedelta(hours=2)).isoformat()
    chip = screen.locator(".timers .time-chip[data-due]").first
    chip.evaluate("(element, due) => { element.dataset.due = due; }", past)
    screen.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert chip.get_attribute("data-time") == "late"
    assert "超 2 时" in chip.inner_text()


@pytest.mark.parametrize(
    ("width", "height", "theme", "language"),
    [
        (1366, 768, "light", "zh-hans"),
        (1366, 768, "dark", "en"),
        (820, 1180, "dark", "zh-hans"),
        (820, 1180, "light", "en"),
        (1920, 1080, "light", "zh-hans"),
    ],
)
def test_no_component_breaks_the_width_or_the_rules_of_access(
    open_page, cast, no_axe_faults, width, height, theme, language
):
    person = cast.admin
    person.theme, person.language = theme, language
    person.save()
    page = open_page(person, width=width, height=height)
    page.goto("/style/?form=bad&say=1")
    page.wait_for_selector(".time-chip")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    no_axe_faults(page)
