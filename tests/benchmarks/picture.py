"""Measured points as a table and as a picture."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vl_convert
from msgspec import Struct
from msgspec.structs import asdict

WIDTH, HEIGHT = 320, 240


class Point(Struct, frozen=True):
    """What so many phones in a closed loop got from so many server processes on one store."""

    store: str
    processes: int
    phones: int
    rate: float
    median_ms: float
    p99_ms: float

    @property
    def served_by(self) -> str:
        return f"{self.store}, {self.processes} process{'es' if self.processes > 1 else ''}"


def table(points: Sequence[Point]) -> str:
    """Return the points as a table in Markdown."""
    lines = ["| served by | phones | messages/s | median ms | p99 ms |", "| --- | --: | --: | --: | --: |"]
    lines += [
        f"| {one.served_by} | {one.phones} | {one.rate:,.0f} | {one.median_ms:.1f} | {one.p99_ms:.1f} |"
        for one in points
    ]
    return "\n".join(lines)


def draw(points: Sequence[Point], file: Path) -> None:
    """Write the picture as SVG and as PNG, under the file's name with either ending."""
    spec = _spec(points)
    file.with_suffix(".svg").write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
    file.with_suffix(".png").write_bytes(vl_convert.vegalite_to_png(spec, scale=2))


def _spec(points: Sequence[Point]) -> dict[str, Any]:
    values = [{**asdict(one), "served by": one.served_by} for one in points]
    latencies = [
        {**value, "milliseconds": value[field], "percentile": name}
        for value in values
        for field, name in (("median_ms", "median"), ("p99_ms", "99th percentile"))
    ]
    # Told apart by shape too, for those who do not see the colours.
    shared = {
        "x": {
            "field": "phones",
            "type": "quantitative",
            "scale": {"type": "log", "base": 4},
            "axis": {"values": sorted({one.phones for one in points}), "title": "phones in a closed loop"},
        },
        "color": {"field": "served by", "type": "nominal", "scale": {"scheme": "dark2"}},
        "shape": {"field": "served by", "type": "nominal", "legend": None},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "config": {"font": "sans-serif"},
        "hconcat": [
            {
                "title": "Throughput",
                "width": WIDTH,
                "height": HEIGHT,
                "data": {"values": values},
                "mark": {"type": "line", "point": True},
                "encoding": {
                    **shared,
                    "y": {"field": "rate", "type": "quantitative", "title": "messages a second"},
                },
            },
            {
                # In words: its legend would show no dashes.
                "title": {
                    "text": "From a message to its reply",
                    "subtitle": "solid: median, dashed: 99th percentile",
                },
                "width": WIDTH,
                "height": HEIGHT,
                "data": {"values": latencies},
                "mark": {"type": "line", "point": True},
                "encoding": {
                    **shared,
                    "strokeDash": {
                        "field": "percentile",
                        "type": "nominal",
                        "sort": ["median", "99th percentile"],
                        "legend": None,
                    },
                    "y": {
                        "field": "milliseconds",
                        "type": "quantitative",
                        "scale": {"type": "log"},
                        "title": "milliseconds",
                    },
                },
            },
        ],
    }
