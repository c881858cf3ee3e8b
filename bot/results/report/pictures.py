"""Charts as pictures, for files that draw none themselves.

vl-convert draws them on this machine, without a browser and without the network, and shapes words of every script for
which the machine has a font.
"""

import textwrap
from typing import Any

import vl_convert

from bot.results.report.model import Bar, plain

SCALE = 3.0
"""Pixels for each of a picture's own: sharp on paper."""
WIDTH = 330
ROW = 24
LETTERS = 34
"""Longer labels are written on several lines."""
FONT = (
    "Noto Sans, Noto Sans Arabic, Noto Sans Ethiopic, Noto Sans Devanagari, Noto Sans Bengali, "
    "Noto Nastaliq Urdu, sans-serif"
)
_SAME = "\N{ZERO WIDTH SPACE}"
"""Tells apart labels that are the same."""


def picture(bars: tuple[Bar, ...], *, right_to_left: bool) -> bytes:
    """Return a bar chart as a PNG, its bars growing in the direction in which its words are read."""
    written: bytes = vl_convert.vegalite_to_png(_specification(bars, right_to_left), scale=SCALE)
    return written


def _specification(bars: tuple[Bar, ...], right_to_left: bool) -> dict[str, Any]:
    mark = "\N{RIGHT-TO-LEFT MARK}" if right_to_left else ""
    labels = ["\n".join(mark + part for part in textwrap.wrap(plain(bar.label), LETTERS)) for bar in bars]
    rows = [
        {
            "label": label + _SAME * place,
            "shown": bar.shown,
            "length": bar.length or 0.0,
            "low": bar.low,
            "high": bar.high,
            "end": max(bar.length or 0.0, bar.high or 0.0),
        }
        for place, (bar, label) in enumerate(zip(bars, labels, strict=True))
    ]
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    along = {"scale": {"domain": [0, 1.12], "reverse": right_to_left}, "axis": None}
    names = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "axis": {
            "title": None,
            "domain": False,
            "ticks": False,
            "labelExpr": "split(datum.value, '\\n')",
            "labelLimit": 400,
            "labelPadding": 8,
            "orient": "right" if right_to_left else "left",
        },
    }
    across = {"y": names}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "height": {"step": max(ROW, 15 * lines + 8)},
        "background": "white",
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 12, "labelColor": "#1b1f23", "labelFont": FONT},
        },
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "color": "#2b6a8c", "height": 13},
                "encoding": {**across, "x": {"field": "length", "type": "quantitative", **along}},
            },
            {
                "transform": [{"filter": "datum.low !== null"}],
                "mark": {"type": "rule", "color": "#0e2a3a", "strokeWidth": 2},
                "encoding": {
                    **across,
                    "x": {"field": "low", "type": "quantitative", **along},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {
                    "type": "text",
                    "align": "right" if right_to_left else "left",
                    "dx": -6 if right_to_left else 6,
                    "fontSize": 12,
                    "fontWeight": 600,
                    "font": FONT,
                    "color": "#1b1f23",
                },
                "encoding": {
                    **across,
                    "x": {"field": "end", "type": "quantitative", **along},
                    "text": {"field": "shown"},
                },
            },
        ],
    }
