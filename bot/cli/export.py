"""`heard export`: a consultation's answers as a file."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from bot.cli.opened import opened_dataset
from bot.cli.writing import written_whole
from bot.errors import ExportError

if TYPE_CHECKING:
    from bot.results.dataset import Dataset, Row

NOTE = (
    "Written for analysis by people who are trusted with it. Open answers stand as people wrote them, and small "
    "groups are shown: this file is not safe to publish."
)


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def export(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    output: Annotated[Path, typer.Option(help="The file to write, or - for standard output.")],
    kind: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.CSV,
    codebook: Annotated[
        Path | None,
        typer.Option(help="Where the codebook of a CSV goes. Default: beside it.", show_default=False),
    ] = None,
    status: Annotated[
        bool,
        typer.Option("--status", help="Say of each question why it has no answer, in a column of its own."),
    ] = False,
) -> None:
    """Write the answers of a consultation, a row for each respondent, with a codebook. No phone number is in it."""
    count = asyncio.run(_export(consultation, output, kind, codebook, status))
    noun = "respondent" if count == 1 else "respondents"
    typer.echo(f"{count:,} {noun} written to {output}. {NOTE}", err=True)


async def _export(consultation: str, output: Path, kind: Format, book: Path | None, status: bool) -> int:
    from bot.results.codebook import codebook
    from bot.results.formats.csv import write_codebook

    async with opened_dataset(consultation, with_status=status) as dataset:
        await _write(dataset, output, kind)
        if kind is Format.CSV and (book := book or _beside(output)) is not None:
            with _opened(book, "utf-8-sig") as opened:
                write_codebook(opened, codebook(dataset))
        return dataset.size


async def _write(dataset: "Dataset", output: Path, kind: Format) -> None:
    from bot.results.codebook import codebook

    rows = _with_progress(dataset)
    if kind is Format.XLSX:
        from bot.results.formats.xlsx import write_xlsx

        if _is_stream(output):
            raise ExportError("a workbook cannot be written to standard output: give --output a file")
        with written_whole(output) as part:
            await write_xlsx(part, _about(dataset), dataset.header, codebook(dataset), rows)
        return
    with _opened(output, "utf-8-sig" if kind is Format.CSV else "utf-8") as opened:
        if kind is Format.CSV:
            from bot.results.formats.csv import write_csv

            await write_csv(opened, dataset.header, rows)
        else:
            from bot.results.formats.json import write_json

            await write_json(opened, _about(dataset), dataset.header, codebook(dataset), rows)


def _about(dataset: "Dataset") -> dict[str, str]:
    return {
        "consultation": dataset.consultation,
        "title": dataset.newest.title.source,
        "languages": ", ".join(dataset.newest.languages),
        "versions": ", ".join(dataset.versions),
        "respondents": str(dataset.size),
        "written_at": dataset.at.strftime("%Y-%m-%d %H:%M UTC"),
        "note": NOTE,
    }


async def _with_progress(dataset: "Dataset") -> AsyncGenerator["Row"]:
    """Yield the rows, showing on a terminal how many are written."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=dataset.size)
        async for row in dataset.rows():
            yield row
            progress.advance(task)


def _is_stream(output: Path) -> bool:
    return str(output) == "-"


def _beside(output: Path) -> Path | None:
    return None if _is_stream(output) else output.with_name(f"{output.stem}.codebook.csv")


@contextmanager
def _opened(output: Path, encoding: str) -> Iterator[TextIO]:
    if _is_stream(output):
        # Text as it is, whatever the terminal's own encoding and line ends are.
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        yield sys.stdout
        sys.stdout.flush()
        return
    with written_whole(output) as part, part.open("w", encoding=encoding, newline="") as opened:
        yield opened
