"""Keyset pages: every row once, forwards and back, in any order."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import Heartbeat
from core.paging import page

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


def fill(minutes):
    Heartbeat.objects.all().delete()
    Heartbeat.objects.bulk_create(
        Heartbeat(name=f"b{n:03d}", seen_at=START + dt.timedelta(minutes=m)) for n, m in enumerate(minutes)
    )


def walk(ordering, size):
    """Names forwards to the end, then names on the way back to the start."""
    cursor, forwards, pages = "", [], []
    while True:
        shown = page(Heartbeat.objects.all(), ordering, cursor, size)
        pages.append([row.name for row in shown])
        forwards += pages[-1]
        if not shown.older:
            break
        cursor = shown.older
    back = [pages[-1]]
    while shown.newer:
        shown = page(Heartbeat.objects.all(), ordering, shown.newer, size)
        back.insert(0, [row.name for row in shown])
    return forwards, [name for names in back for name in names]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 5), max_size=25), st.integers(1, 7), st.sampled_from(["", "-"]))
def test_walking_the_pages_meets_every_row_once(minutes, size, sign):
    fill(minutes)
    ordering = (f"{sign}seen_at", "-name")
    expected = [row.name for row in Heartbeat.objects.order_by(*ordering)]
    forwards, back = walk(ordering, size)
    assert forwards == expected
    assert back == expected


@pytest.mark.parametrize("broken", ["x", "!!!", "WyJvbGRlciJd", "bnVsbA", "WyJvbGRlciIsWyJub25zZW5zZSIsM11d"])
def test_a_broken_cursor_is_the_first_page(broken):
    fill([1, 2])
    assert len(page(Heartbeat.objects.all(), ("-seen_at", "-name"), broken)) == 2
