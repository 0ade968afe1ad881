"""Charts for pages and papers: one Vega-Lite specification, drawn as SVG without a browser.

Colours follow the visual language: what was measured in the accent, comparison and expectation in grey,
beyond the limit in red. A table stands beside each chart, so no value lives in the picture alone.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import vl_convert
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

ACCENT = "#1d4fa3"
GREY = "#9aa5b1"
PALE = "#dde1e6"
RED = "#b3262f"
INK = "#18212d"
FONT = "Noto Sans SC"
VEGA_LITE = "5.20"

Rows = Sequence[Mapping[str, Any]]


@lru_cache(maxsize=1)
def _fonts() -> None:
    vl_convert.register_font_directory(str(settings.FONTS_DIR))


def draw(spec: Mapping[str, Any]) -> SafeString:
    """SVG text of a Vega-Lite specification, with the house's type and colours."""
    _fonts()
    config = {
        "background": "transparent",
        "font": FONT,
        "axis": {
            "labelFontSize": 9,
            "titleFontSize": 9,
            "labelColor": INK,
            "titleColor": INK,
            "titleFontWeight": "normal",
            "gridColor": PALE,
            "domain": False,
            "ticks": False,
            "labelLimit": 150,
        },
        "view": {"stroke": None},
        "legend": {"labelFontSize": 9, "titleFontSize": 9},
    }
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": config, **spec}
    return mark_safe(vl_convert.vegalite_to_svg(json.dumps(whole, default=str), vl_version=VEGA_LITE))  # noqa: S308


def columns(rows: Rows, x: str, y: str, *, beside: str = "", width: int = 500, height: int = 120) -> SafeString:
    """Columns in the order of the rows; `beside` names a field drawn as a grey tick for comparison."""
    encoding = {
        "x": {"field": x, "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0}},
        "y": {"field": y, "type": "quantitative", "axis": {"title": None, "tickCount": 4, "format": "~s"}},
    }
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "color": ACCENT, "width": {"band": 0.62}}, "encoding": encoding}
    ]
    if beside:
        compared = {**encoding, "y": {"field": beside, "type": "quantitative"}}
        layers.append({"mark": {"type": "tick", "color": INK, "thickness": 1.5}, "encoding": compared})
    return draw({"width": width, "height": height, "data": {"values": list(rows)}, "layer": layers})


def bars(rows: Rows, label: str, value: str, *, beside: str = "", width: int = 200, step: int = 19) -> SafeString:
    """Horizontal bars in the order of the rows with their values; `beside` is drawn as a thin grey bar."""
    y = {
        "field": label,
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelPadding": 6, "labelLimit": 110},
    }
    x = {"field": value, "type": "quantitative", "axis": None}
    layers: list[dict[str, Any]] = []
    if beside:
        layers.append(
            {
                "mark": {"type": "bar", "color": GREY, "height": 3, "yOffset": 7},
                "encoding": {"y": y, "x": {"field": beside, "type": "quantitative", "axis": None}},
            }
        )
    layers.append({"mark": {"type": "bar", "color": ACCENT, "height": 9, "yOffset": -1}, "encoding": {"y": y, "x": x}})
    layers.append(
        {
            "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 9, "fontWeight": "bold", "color": INK},
            "encoding": {"y": y, "x": x, "text": {"field": value, "type": "quantitative", "format": ",~f"}},
        }
    )
    height = {"step": step}
    return draw({"width": width, "height": height, "data": {"values": list(rows)}, "layer": layers})


def shares(rows: Rows, label: str, *, target: float = 0.9, width: int = 200, step: int = 19) -> SafeString:
    """Shares with their 95 % ranges (fields `share`, `low`, `high`); below the target a hollow square."""
    y = {"field": label, "type": "nominal", "sort": None, "axis": {"title": None, "labelPadding": 6}}
    scale = {"domain": [0, 1], "nice": False}
    axis = {"title": None, "format": ".0%", "tickCount": 5}
    layers = [
        {"mark": {"type": "rule", "strokeDash": [3, 2], "color": INK}, "encoding": {"x": {"datum": target}}},
        {
            "mark": {"type": "rule", "strokeWidth": 2.5, "color": GREY},
            "encoding": {
                "y": y,
                "x": {"field": "low", "type": "quantitative", "scale": scale, "axis": axis},
                "x2": {"field": "high"},
            },
        },
        {
            "transform": [{"filter": f"datum.share >= {target}"}],
            "mark": {"type": "point", "filled": True, "size": 45, "color": ACCENT, "opacity": 1},
            "encoding": {"y": y, "x": {"field": "share", "type": "quantitative"}},
        },
        {
            "transform": [{"filter": f"datum.share < {target}"}],
            "mark": {"type": "point", "shape": "square", "size": 45, "color": INK, "fill": "white", "opacity": 1},
            "encoding": {"y": y, "x": {"field": "share", "type": "quantitative"}},
        },
    ]
    return draw({"width": width, "height": {"step": step}, "data": {"values": list(rows)}, "layer": layers})


def line(
    rows: Rows, x: str, y: str, *, low: str = "", high: str = "", width: int = 500, height: int = 120
) -> SafeString:
    """A line in the order of the rows, with an optional grey band of what was to be expected."""
    horizontal = {"field": x, "type": "ordinal", "sort": None, "axis": {"title": None, "labelAngle": 0}}
    layers: list[dict[str, Any]] = []
    if low and high:
        layers.append(
            {
                "mark": {"type": "area", "color": PALE},
                "encoding": {
                    "x": horizontal,
                    "y": {"field": low, "type": "quantitative"},
                    "y2": {"field": high},
                },
            }
        )
    vertical = {"field": y, "type": "quantitative", "axis": {"title": None, "tickCount": 4, "format": "~s"}}
    layers.append(
        {
            "mark": {"type": "line", "color": ACCENT, "strokeWidth": 1.6, "point": {"color": ACCENT, "size": 14}},
            "encoding": {"x": horizontal, "y": vertical},
        }
    )
    return draw({"width": width, "height": height, "data": {"values": list(rows)}, "layer": layers})


def spark(values: Sequence[float | None], width: int = 72, height: int = 13) -> SafeString:
    """A word-sized line of a series; the last value carries a dot. Gaps are skipped."""
    known = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    across, span = (width - 4) / max(1, len(values) - 1), (high - low) or 1.0
    points = [(2 + i * across, height - 2 - (v - low) / span * (height - 4)) for i, v in known]
    path = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(points))
    x, y = points[-1]
    return mark_safe(  # noqa: S308
        f'<svg viewBox="0 0 {width} {height}" class="spark" aria-hidden="true">'
        f'<path d="{path}" fill="none" stroke="{INK}" stroke-width=".8"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.7" fill="{ACCENT}"/></svg>'
    )
