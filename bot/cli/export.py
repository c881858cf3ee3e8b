"""`heard export`: a consultation's answers as a file."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opened import opened_dataset
from bot.cli.selected import (
    ChannelOption,
    LanguageOption,
    OnlyOption,
    SinceOption,
    UntilOption,
    WhereOption,
    check_selection,
    selected,
)
from bot.errors import ExportError

if TYPE_CHECKING:
    from bot.results.selection import Selection


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    SAV = "sav"
    DTA = "dta"
    R = "r"
    DDI = "ddi"


class Shape(StrEnum):
    HEARD = "heard"
    KOBO = "kobo"


class Partition(StrEnum):
    MONTH = "month"
    LANGUAGE = "language"


STREAMED = (Format.CSV, Format.JSON, Format.JSONL, Format.DDI)
SHAPED = (Format.CSV, Format.XLSX)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written, and where. `labels` is a language, None for the consultation's first."""

    output: Path
    kind: Format
    codebook: Path | None = None
    status: bool = False
    labels: str | None = None
    shape: Shape = Shape.HEARD
    partitioned: Partition | None = None
    selection: "Selection | None" = None
    """None for everybody."""

    @property
    def is_stream(self) -> bool:
        return str(self.output) == "-"

    @property
    def needs_status(self) -> bool:
        """Whether it takes the status of every question, shown or not."""
        return self.status or self.shape is Shape.KOBO or self.kind in (Format.SAV, Format.DTA)

    @property
    def is_lexical(self) -> bool:
        """Whether numbers are written as text, with all their digits."""
        return self.kind in (Format.CSV, Format.JSON, Format.JSONL, Format.R)


def export(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    output: Annotated[Path, typer.Option(help="The file to write, or - for standard output.")],
    kind: Annotated[
        Format,
        typer.Option("--format", help="What to write: sav is for SPSS, dta for Stata, ddi for archives."),
    ] = Format.CSV,
    codebook: Annotated[
        Path | None,
        typer.Option(help="Where the codebook of a CSV goes. Default: beside it.", show_default=False),
    ] = None,
    status: Annotated[
        bool,
        typer.Option("--status", help="Say of each question why it has no answer, in a column of its own."),
    ] = False,
    labels: Annotated[
        str | None,
        typer.Option(help="Language of labels. Default: the consultation's first.", show_default=False),
    ] = None,
    shape: Annotated[
        Shape, typer.Option(help="Columns of csv and xlsx: as Heard has them, or as KoboToolbox.")
    ] = Shape.HEARD,
    partitioned: Annotated[
        Partition | None,
        typer.Option(help="Write parquet into a folder, a part for each.", show_default=False),
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    channel: ChannelOption = None,
    language: LanguageOption = None,
    where: WhereOption = None,
    only: OnlyOption = "all",
) -> None:
    """Write the answers of a consultation, a row for each respondent, with a codebook. No phone number is in it.

    docs/exports.md says which format is for whom, and how each is opened.
    """
    from bot.results.about import NOTE

    chosen = selected(since, until, channel, language, where, only)
    selection = None if chosen.is_everybody else chosen
    order = Order(output, kind, codebook, status, labels, shape, partitioned, selection)
    _check(order)
    count = asyncio.run(_export(consultation, order))
    respondents = f"{count:,} respondent{'' if count == 1 else 's'}"
    place = "standard output" if order.is_stream else str(output)
    told = (
        f"The codebook, of the answers of {respondents}, written to {place}. No answers are in it."
        if kind is Format.DDI
        else f"{respondents} written to {place}. {NOTE}"
    )
    typer.echo(told, err=True)


def _check(order: Order) -> None:
    if order.is_stream and (order.kind not in STREAMED or order.partitioned):
        streamed = ", ".join(STREAMED)
        raise ExportError(
            f"{order.kind} cannot be written to standard output: give --output a file. These can: {streamed}"
        )
    if order.shape is Shape.KOBO and order.kind not in SHAPED:
        raise ExportError(f"--shape kobo is for --format {' and '.join(SHAPED)}, not for {order.kind}")
    if order.partitioned and order.kind is not Format.PARQUET:
        raise ExportError(f"--partitioned is for --format parquet, not for {order.kind}")
    if order.codebook and order.kind is not Format.CSV:
        raise ExportError(f"--codebook is for --format csv; of {order.kind}, the codebook is within")


async def _export(consultation: str, order: Order) -> int:
    from bot.cli.exported import write
    from bot.results.frame import empty, frames

    async with opened_dataset(consultation, with_status=order.needs_status) as dataset:
        languages = dataset.newest.languages
        if order.labels and order.labels not in languages:
            raise ExportError(
                f"the consultation is not in '{order.labels}'. It is in: {', '.join(languages)}"
            )
        if order.selection:
            check_selection(dataset.newest, order.selection)
        pages = await frames(dataset, lexical=order.is_lexical)
        return write(dataset, order, pages, empty(dataset, lexical=order.is_lexical))
