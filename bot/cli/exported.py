"""Files that answers are exported to: each format with what it needs, whole or not at all."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO

import polars as pl

from bot.cli.export import Format, Order, Shape
from bot.cli.writing import written_folder, written_whole
from bot.errors import ExportError
from bot.results.about import about
from bot.results.codebook import Entry, codebook
from bot.results.dataset import Dataset
from bot.results.formats import kobo
from bot.results.formats.whole import whole_table
from bot.results.selecting import select
from bot.results.selection import Selection
from bot.results.variables import Kind, Variable, variables

Pages = Callable[[], Iterator[pl.DataFrame]]


@dataclass(frozen=True, slots=True)
class _Export:
    """What every format is made of. `empty` has the columns of a page, and no rows."""

    dataset: Dataset
    order: Order
    pages: Pages
    empty: pl.DataFrame
    about: Mapping[str, str]
    variables: Sequence[Variable]
    entries: Sequence[Entry]

    @property
    def header(self) -> list[str]:
        return [one.name for one in self.variables]

    @property
    def language(self) -> str:
        return self.order.labels or self.dataset.newest.languages[0]

    @property
    def numbers(self) -> list[str]:
        return [one.name for one in self.variables if one.kind is Kind.NUMBER]

    def whole(self, most: int, name: str) -> pl.DataFrame:
        """Return all of it; raises ExportError where that is more cells than a format takes."""
        if self.order.selection is None:
            whole_table(self.variables, self.dataset.size, most, name)
        frame = pl.concat([self.empty, *self.pages()], rechunk=True)
        whole_table(self.variables, frame.height, most, name)
        return frame


def write(dataset: Dataset, order: Order, pages: Pages, empty: pl.DataFrame) -> int:
    """Write what is ordered, and return how many respondents are in it. A terminal sees how far it is.

    Raises:
        ExportError: it does not fit the format or the place; then there is no file.
    """
    shown = [one for one in variables(dataset) if order.status or not one.is_status]
    names = {one.name for one in shown}
    entries = [entry for entry in codebook(dataset) if entry.variable in names]
    counted = _Counted(dataset, pages, order.selection)
    ordered = _Export(dataset, order, counted, empty, about(dataset, order.selection), shown, entries)
    WRITERS[order.kind](ordered)
    return counted.respondents


class _Counted:
    """Pages of those who were selected, who are counted as they are read."""

    def __init__(self, dataset: Dataset, pages: Pages, selection: Selection | None) -> None:
        self._dataset = dataset
        self._pages = pages
        self._selection = selection
        self.respondents = 0

    def __call__(self) -> Iterator[pl.DataFrame]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        console = Console(stderr=True)
        columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("", total=self._dataset.size)
            for page in self._pages():
                chosen = select(page, self._dataset.newest, self._selection) if self._selection else page
                yield chosen
                self.respondents += chosen.height
                progress.advance(task, page.height)


# --- a function a format


def _csv(ordered: _Export) -> None:
    from bot.results.formats.csv import write_codebook, write_csv

    order = ordered.order
    header, pages, entries = ordered.header, ordered.pages(), ordered.entries
    if order.shape is Shape.KOBO:
        if kobo.has_repeats(ordered.dataset):
            raise ExportError(
                "a CSV is one table and this consultation has repeats: --format xlsx has them all"
            )
        laid = kobo.tables(ordered.dataset, with_status=order.status)
        header, entries = list(laid[0].header), kobo.entries(laid, entries)
        pages = (one[laid[0].name] for one in kobo.unfolded(laid, pages))
    with ExitStack() as opened:
        output = opened.enter_context(_opened(order))
        write_csv(output, header, pages, mark=not order.is_stream)
        beside = order.output.with_name(f"{order.output.stem}.codebook.csv")
        if book := order.codebook or (None if order.is_stream else beside):
            part = opened.enter_context(written_whole(book))
            with part.open("w", encoding="utf-8-sig", newline="") as text:
                write_codebook(text, entries)


def _xlsx(ordered: _Export) -> None:
    from bot.results.formats.labels import labelled
    from bot.results.formats.xlsx import write_xlsx

    dataset, order, shown = ordered.dataset, ordered.order, ordered.variables
    with written_whole(order.output) as part:
        if order.shape is Shape.KOBO:
            laid = kobo.tables(dataset, with_status=order.status)
            headers = {table.name: table.header for table in laid}
            tables = kobo.unfolded(laid, ordered.pages())
            write_xlsx(part, ordered.about, headers, kobo.entries(laid, ordered.entries), tables)
            return
        language = ordered.language
        labels = [one.label(language) if one.texts else one.name for one in shown]
        sheets = (
            {"data": page.select(ordered.header), "labels": labelled(page, shown, language)}
            for page in ordered.pages()
        )
        write_xlsx(part, ordered.about, {"data": ordered.header, "labels": labels}, ordered.entries, sheets)


def _json(ordered: _Export) -> None:
    from bot.results.formats.json import write_json

    with _opened(ordered.order) as output:
        write_json(output, ordered.about, ordered.entries, ordered.header, ordered.numbers, ordered.pages())


def _jsonl(ordered: _Export) -> None:
    from bot.results.formats.json import write_jsonl

    with _opened(ordered.order) as output:
        write_jsonl(output, ordered.header, ordered.numbers, ordered.pages())


def _parquet(ordered: _Export) -> None:
    from bot.results.formats.parquet import metadata, write_parquet, write_partitioned

    order, header = ordered.order, ordered.header
    said = metadata(ordered.about, ordered.entries)
    if order.partitioned:
        with written_folder(order.output) as folder:
            write_partitioned(folder, order.partitioned.value, header, said, ordered.pages())
        return
    with written_whole(order.output) as part:
        write_parquet(part, ordered.empty.select(header).schema, said, ordered.pages)


def _sav(ordered: _Export) -> None:
    from bot.results.formats.spss import MOST_CELLS, write_sav

    with written_whole(ordered.order.output) as part:
        frame = ordered.whole(MOST_CELLS, "SPSS")
        write_sav(part, ordered.about, ordered.variables, frame, ordered.language)


def _dta(ordered: _Export) -> None:
    from bot.results.formats.stata import MOST_CELLS, write_dta

    with written_whole(ordered.order.output) as part:
        frame = ordered.whole(MOST_CELLS, "Stata")
        write_dta(part, ordered.about, ordered.variables, frame, ordered.language)


def _r(ordered: _Export) -> None:
    from bot.results.formats.csv import write_csv
    from bot.results.formats.r import script

    data = ordered.order.output.with_suffix(".csv")
    if data == ordered.order.output:
        raise ExportError("--output is the R script, and its data go beside it: name it like answers.R")
    with written_whole(ordered.order.output) as part, written_whole(data) as beside:
        with beside.open("wb") as output:
            write_csv(output, ordered.header, ordered.pages(), reversible=True)
        lines = script(ordered.about, data.name, ordered.variables, ordered.language)
        part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _ddi(ordered: _Export) -> None:
    from bot.results.formats.ddi import codebook_xml

    respondents = sum(page.height for page in ordered.pages())
    with _opened(ordered.order) as output:
        output.write(codebook_xml(ordered.dataset, ordered.variables, ordered.about, respondents))


WRITERS: Mapping[Format, Callable[[_Export], None]] = {
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.JSON: _json,
    Format.JSONL: _jsonl,
    Format.PARQUET: _parquet,
    Format.SAV: _sav,
    Format.DTA: _dta,
    Format.R: _r,
    Format.DDI: _ddi,
}


@contextmanager
def _opened(order: Order) -> Iterator[IO[bytes]]:
    if order.is_stream:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with written_whole(order.output) as part, part.open("wb") as opened:
        yield opened
