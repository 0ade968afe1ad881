"""Fixtures for all tests: database server, files, clock, browser."""

import datetime as dt
import fcntl
import os
from itertools import count
from pathlib import Path

import pgtrigger
import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API keeps a loop in the thread

pytest_plugins = ["tests.cast"]

_server = None
_held = []


def pytest_configure(config):
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    if "DATABASE_URL" not in os.environ:
        _use_embedded_server(first=not hasattr(config, "workerinput"))


def _use_embedded_server(*, first):
    """A throw-away server for all processes of this run; the first process takes a free place, starts and stops it."""
    global _server
    from aftersales import environment
    from aftersales.embedded import Server

    if first:
        os.environ["TEST_SERVER_DIR"] = _free_place()
    server = Server(Path(os.environ["TEST_SERVER_DIR"]), durable=False)
    if first:
        server.start()
        _server = server
    values = environment.database(server.url)
    settings.DATABASES["default"].update(values)
    connections["default"].settings_dict.update(values)


def _free_place():
    """The first data directory that no other run of tests holds; held until this process ends."""
    return next(filter(_hold, (str(settings.VAR_DIR / f"postgres-tests-{number}") for number in count())))


def _hold(directory):
    held = open(f"{directory}.held", "w")  # noqa: SIM115  (kept open: closing it lets the place go)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        return False
    _held.append(held)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests with real commits (two workers, locks, killed processes) are run again on real services."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = bool(marker and marker.kwargs.get("transaction")) or "transactional_db" in item.fixturenames
        if commits and not item.get_closest_marker("browser"):
            item.add_marker("services")


def pytest_unconfigure(config):
    if _server:
        _server.stop()


@pytest.fixture(autouse=True, scope="session")
def _history_may_be_emptied_between_tests():
    """Tests with a live server empty all tables afterwards, which the history refuses to anybody else."""
    empty_tables = TransactionTestCase._fixture_teardown

    def empty_all(case):
        with pgtrigger.ignore():
            empty_tables(case)

    TransactionTestCase._fixture_teardown = empty_all
    yield
    TransactionTestCase._fixture_teardown = empty_tables


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Between transactional tests Django empties the tables with TRUNCATE, which the history refuses."""
    with django_db_blocker.unblock(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_no_truncate%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE core_entry DISABLE TRIGGER {name}")


@pytest.fixture(autouse=True)
def _own_files(tmp_path_factory, settings):
    """Uploads of a test go to a directory of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture
def freeze():
    """`freeze("2026-10-05 14:30")` stops the clock at that moment in Shanghai; `.move_to()` sets it anew."""
    travellers = []

    def stop_at(moment):
        if isinstance(moment, str):
            moment = dt.datetime.fromisoformat(moment)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
        traveller = time_machine.travel(moment, tick=False)
        clock = traveller.start()
        travellers.append(traveller)
        return clock

    yield stop_at
    for traveller in reversed(travellers):
        traveller.stop()


@pytest.fixture
def queries_of(client):
    """`queries_of(url)`: how many database queries a page costs the signed-in `client`."""

    def count(url):
        with CaptureQueriesContext(connections["default"]) as queries:
            response = client.get(url)
        assert response.status_code == 200, f"{url}: {response.status_code}"
        return len(queries)

    return count


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the whole run."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(executable).exists():
        pytest.fail(f"browser tests need Chromium at {executable} (or set CHROMIUM)")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, live_server):
    """`open_page(user, width=…, touch=…)`: a page of its own, signed in; errors of scripts and CSP fail the test."""
    contexts, errors = [], []

    def note(message):
        if message.type == "error" and "Content Security" in message.text:
            errors.append(message.text)

    def open_one(user=None, *, width=1366, height=768, touch=False, locale="zh-CN"):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            has_touch=touch,
            locale=locale,
            timezone_id="Asia/Shanghai",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        if user:
            context.add_cookies([_session_cookie(user, live_server.url)])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", note)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, errors


def _session_cookie(user, url):
    client = Client()
    client.force_login(user)
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": url,
    }


@pytest.fixture
def page(open_page):
    """A page at desk size with nobody signed in."""
    return open_page()


@pytest.fixture
def no_axe_faults():
    """`no_axe_faults(page)`: axe finds nothing to complain about on the page as it stands."""

    def check(page, *, leave_out=()):
        found = Axe().run(page).response["violations"]
        faults = [
            f"{fault['id']}: {node['html'][:200]}"
            for fault in found
            if fault["id"] not in leave_out
            for node in fault["nodes"]
        ]
        assert not faults, "\n".join(faults)

    return check
