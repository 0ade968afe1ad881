"""Charts are drawn with the project's own means and carry their values as text."""

import re

import pytest

from core import charts


def texts(svg):
    return [t.strip() for t in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_bars_show_labels_and_values():
    rows = [{"name": "点火与加热", "n": 41, "before": 33}, {"name": "撒珠", "n": 28, "before": 25}]
    shown = texts(charts.bars(rows, "name", "n", beside="before"))
    assert {"点火与加热", "撒珠", "41", "28"} <= set(shown)


def test_bars_keep_the_order_of_the_rows():
    rows = [{"name": name, "n": 1} for name in ("一", "三", "二")]
    shown = [t for t in texts(charts.bars(rows, "name", "n")) if t in "一二三"]
    assert shown == ["一", "三", "二"]


@pytest.mark.parametrize("draw", [charts.columns, charts.line])
def test_columns_and_lines_are_drawn_without_anything_from_outside(draw):
    svg = draw([{"x": "1", "y": 3}, {"x": "2", "y": 5}], "x", "y")
    assert svg.startswith("<svg")
    assert not re.search(r'(href|src)="http', svg)


def test_shares_draw_range_and_target():
    rows = [{"name": "西北", "share": 0.85, "low": 0.7, "high": 0.94}]
    assert "西北" in texts(charts.shares(rows, "name"))


@pytest.mark.parametrize("series", [[], [None], [3.0], [None, 4.0]])
def test_a_spark_needs_two_values(series):
    assert charts.spark(series) == ""


def test_a_spark_of_equal_values_is_level():
    heights = re.findall(r"[ML][\d.]+ ([\d.]+)", charts.spark([2, 2, 2]))
    assert len(set(heights)) == 1
