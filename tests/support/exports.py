"""A consultation with every type of item, answered in ways that break files; and its export, read back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.cli.export import Format, Order, Partition, Shape
from bot.cli.exported import write
from bot.flowfiles.folder import check_files
from bot.results.dataset import Dataset
from bot.results.frame import empty, frames

HERE = Path(__file__).parents[1] / "results"
HARVEST = check_files([HERE / "harvest.yaml"], HERE).flows["harvest"]
LONG = "maïs " * 320
TALKS = [
    [
        *("HARVEST", "1", "2", "4", "2.50", "1 3", "2 1"),
        *("=1+1", "3", "yes", "5", "yes", 'a "q", and\nmore', "skip", "no", "no"),
        *("07:30", "2026-03-01", "-6.5244, 3.3792", "ok", "😀 שלום, مرحبا"),
    ],
    [
        *("HARVEST", "1", "rather not say", "I don't know", "0.1", "2", "skip"),
        *("'=2", "1", "no", "no", "when it rains", "skip", "skip", "ok", "\x07@SUM(A1)\x1b\x00"),
    ],
    [
        *("HARVEST", "1", "3", "-95", "95", "1"),
        "skip",
        "skip",
        "skip",
        "no",
        "no",
        "18:00",
        "skip",
        "skip",
        "ok",
        LONG,
    ],
    ["HARVEST", "1", "1", "12345678901"],
    ["HARVEST", "2"],
    ["HARVEST"],
]
"""All there is, twice; all the reasons to have no answer; a number that is also a code; left; refused; silent."""


async def exported(dataset: Dataset, file: Path, kind: str, **ordered: object) -> Path:
    """Return a file to which a dataset was exported."""
    order = Order(
        file,
        Format(kind),
        status=bool(ordered.get("status", False)),
        shape=Shape(str(ordered.get("shape", "heard"))),
        partitioned=Partition(str(ordered["partitioned"])) if "partitioned" in ordered else None,
    )
    pages = await frames(dataset, lexical=order.is_lexical)
    write(dataset, order, pages, empty(dataset, lexical=order.is_lexical))
    return file


async def answers(dataset: Dataset) -> Sequence[Mapping[str, object]]:
    """Return what was answered, a row at a time and without Polars, but for columns of status."""
    names = [name for name in dataset.header if not name.endswith("/status")]
    return [
        {name: value for name, value in zip(dataset.header, row, strict=True) if name in names}
        async for row in dataset.rows()
    ]
