"""A dataset in the columns that KoboToolbox exports: `group/name` above them, and a table of its own for each repeat.

The names with an underscore are Kobo's, as its exports write them (kobotoolbox/formpack, reporting/export.py). `_id`
and `_uuid` are both the respondent's random number: Heard has no number of a submission that would not lead back into
its database. `_channel`, `_language`, `_came_by`, `_disposition` and `_aapor_code` are Heard's own. A ranking is
one column, the names in their order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from bot.core.interview.slots import place_of
from bot.core.questionnaire import Item, ItemType
from bot.results.codebook import Entry
from bot.results.dataset import NOT_ASKED, NOT_REACHED, Dataset
from bot.results.formats.xlsx import ABOUT, CODEBOOK, LONGEST_SHEET_NAME, Tables
from bot.results.layout import Column, Part
from bot.results.variables import questionnaire_of

BEFORE = {"start": pl.col("started_at"), "end": pl.col("ended_at")}
AFTER = {
    "_id": pl.col("respondent"),
    "_uuid": pl.col("respondent"),
    # Kobo's is when the server had all of it; of an interview that goes on, all there is came with its last message.
    "_submission_time": pl.coalesce("ended_at", "updated_at"),
    "__version__": pl.col("version"),
    "_channel": pl.col("channel"),
    "_language": pl.col("language"),
    "_assisted": pl.col("assisted"),
    "_came_by": pl.col("came_by"),
    "_disposition": pl.col("disposition"),
    "_aapor_code": pl.col("aapor_code"),
}
OF_RESPONDENT = {
    **{"start": "started_at", "end": "ended_at", "_id": "respondent", "__version__": "version"},
    **{
        f"_{name}": name
        for name in ("channel", "language", "assisted", "came_by", "disposition", "aapor_code")
    },
}
"""Heard's names of what stands around the answers, by Kobo's."""
OF_SUBMISSION = ("_id", "_uuid", "_submission_time")
_ROW, _ROUND = "heard row", "heard round {}"
"""Columns while rows are laid out; no item has a blank in its name."""

Repeats = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: that of the interviews, whose `repeats` is empty, or that of a repeat within the `parent`.

    `columns` has the column of each round by the name above it; outside repeats the round is ().
    """

    name: str
    repeats: Repeats
    parent: str
    columns: Mapping[str, Mapping[tuple[int, ...], Column]]

    @property
    def header(self) -> tuple[str, ...]:
        if not self.repeats:
            return (*BEFORE, *self.columns, *AFTER, "_index")
        of_submission = (f"_submission_{name}" for name in OF_SUBMISSION)
        return (*self.columns, "_index", "_parent_table_name", "_parent_index", *of_submission)

    @property
    def rounds(self) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted({one for columns in self.columns.values() for one in columns}))


def tables(dataset: Dataset, *, with_status: bool) -> tuple[Table, ...]:
    """Return the tables of a dataset, that of the interviews first, and each repeat behind the one it is within."""
    found: dict[Repeats, dict[str, dict[tuple[int, ...], Column]]] = {(): {}}
    paths: dict[str, Mapping[str, str]] = {}
    for column in dataset.columns:
        if (column.part is Part.STATUS and not with_status) or _is_place(column):
            continue
        questionnaire = questionnaire_of(dataset, column)
        path = paths.setdefault(questionnaire.version, dict(_paths(questionnaire.items)))[column.item.name]
        repeats = questionnaire.nodes[questionnaire.positions[column.item.name]].repeats
        for depth in range(1, len(repeats)):
            found.setdefault(repeats[:depth], {})
        rounds = place_of(column.slot)[1]
        found.setdefault(repeats, {}).setdefault(_above(column, path), {})[rounds] = column
    names = _sheet_names(dataset.consultation, found)
    return tuple(
        Table(names[repeats], repeats, names[repeats[:-1]] if repeats else "", columns)
        for repeats, columns in sorted(found.items(), key=lambda one: len(one[0]))
    )


def entries(laid: Iterable[Table], known: Iterable[Entry]) -> list[Entry]:
    """Return the codebook with the names that stand above the columns, each once; a repeat's is that of a round."""
    by_name = {entry.variable: entry for entry in known}
    around = [replace(by_name[one], variable=name) for name, one in OF_RESPONDENT.items()]
    return around + [
        replace(by_name[column.name], variable=name)
        for table in laid
        for name, rounds in table.columns.items()
        for column in [next(iter(rounds.values()))]
    ]


def unfolded(laid: Iterable[Table], pages: Iterable[pl.DataFrame]) -> Iterator[Tables]:
    """Yield the rows of every table, a page of interviews at a time, numbered on from page to page."""
    ordered = tuple(laid)
    before = dict.fromkeys((table.name for table in ordered), 0)
    for page in pages:
        numbered = page.with_row_index(_ROW)
        shown: dict[str, pl.DataFrame] = {}
        places: dict[Repeats, pl.DataFrame] = {}
        keys = _keys(ordered, numbered)
        for table in ordered:
            rows = _rows(table, numbered, keys[table.repeats], before[table.name])
            if table.repeats:
                around = [_ROW, *_round_names(len(table.repeats) - 1)]
                parents = places[table.repeats[:-1]].rename({"_index": "_parent_index"})
                rows = rows.join(parents, on=around, how="left", maintain_order="left").with_columns(
                    pl.lit(table.parent).alias("_parent_table_name")
                )
            places[table.repeats] = rows.select(_ROW, *_round_names(len(table.repeats)), "_index")
            shown[table.name] = rows.select(table.header)
            before[table.name] += rows.height
        yield shown


def _keys(laid: tuple[Table, ...], page: pl.DataFrame) -> Mapping[Repeats, pl.DataFrame]:
    """Return the rows that each table has: the interview, and the round of each repeat, where anything was said.

    A round in which nothing was said but within a repeat of its own has a row too.
    """
    keys: dict[Repeats, pl.DataFrame] = {(): page.select(_ROW)}
    for table in reversed(laid):
        if not table.repeats:
            continue
        names = [_ROW, *_round_names(len(table.repeats))]
        parts = [
            _round(table, page, one).filter(_said(table, page, one)).select(names) for one in table.rounds
        ]
        parts += [below.select(names) for repeats, below in keys.items() if repeats[:-1] == table.repeats]
        keys[table.repeats] = pl.concat(parts).unique().sort(names)
    return keys


def _rows(table: Table, page: pl.DataFrame, keys: pl.DataFrame, before: int) -> pl.DataFrame:
    if not table.repeats:
        answers = [pl.col(columns[()].name).alias(name) for name, columns in table.columns.items()]
        around = [one.alias(name) for name, one in (BEFORE | AFTER).items()]
        rows = page.select(_ROW, *around, *answers)
    else:
        laid = [_round(table, page, one) for one in table.rounds]
        names = [_ROW, *_round_names(len(table.repeats))]
        every = pl.concat(laid, how="diagonal") if laid else keys
        rows = keys.join(every, on=names, how="left", maintain_order="left")
        of_submission = page.select(
            _ROW, *(AFTER[name].alias(f"_submission_{name}") for name in OF_SUBMISSION)
        )
        rows = rows.join(of_submission, on=_ROW, how="left", maintain_order="left")
    return rows.with_row_index("_index", offset=before + 1)


def _round(table: Table, page: pl.DataFrame, rounds: tuple[int, ...]) -> pl.DataFrame:
    """Return what every interview of a page has for one round of a repeat."""
    numbers = [
        pl.lit(number, pl.UInt32).alias(name)
        for name, number in zip(_round_names(len(rounds)), rounds, strict=True)
    ]
    answers = [
        pl.col(columns[rounds].name).alias(name)
        for name, columns in table.columns.items()
        if rounds in columns
    ]
    return page.select(_ROW, *numbers, *answers)


def _said(table: Table, page: pl.DataFrame, rounds: tuple[int, ...]) -> pl.Series:
    """Return whether each interview came to a question of a round. A page has the status of every question."""
    statuses = [
        f"{columns[rounds].name}/status"
        for columns in table.columns.values()
        if rounds in columns and columns[rounds].part is Part.VALUE
    ]
    reached = [
        ~pl.col(name).cast(pl.String).is_in([NOT_ASKED, NOT_REACHED]).fill_null(value=True)
        for name in statuses
        if name in page.columns
    ]
    values = [
        pl.col(columns[rounds].name).is_not_null()
        for columns in table.columns.values()
        if rounds in columns and columns[rounds].part is Part.VALUE
    ]
    return page.select(said=pl.any_horizontal(*reached, *values, pl.lit(value=False))).to_series()


def _round_names(depth: int) -> list[str]:
    return [_ROUND.format(place) for place in range(depth)]


def _is_place(column: Column) -> bool:
    return column.part is Part.CHOICE and column.item.type is ItemType.RANK


def _above(column: Column, path: str) -> str:
    """Return what stands above a column: where another version asked otherwise, with that version, as ever."""
    group, slash, name = path.rpartition("/")
    _, at, version = column.name.partition("/")[0].partition("@")
    named = f"{name}{at}{version}"
    match column.part:
        case Part.CHOICE if column.choice is not None:
            return f"{group}{slash}{named}/{column.choice.name}"
        case Part.LATITUDE | Part.LONGITUDE:
            return f"{group}{slash}_{named}_{column.part.value}"
        case Part.AS_WRITTEN | Part.STATUS:
            return f"{group}{slash}{named}/{column.part.value}"
    return f"{group}{slash}{named}"


def _paths(items: Iterable[Item], around: str = "") -> Iterator[tuple[str, str]]:
    for item in items:
        yield item.name, f"{around}{item.name}"
        yield from _paths(item.children, f"{around}{item.name}/")


def _sheet_names(consultation: str, found: Iterable[Repeats]) -> Mapping[Repeats, str]:
    """Return a name for each table that a sheet can have: no longer than it may be, and each only once."""
    given: dict[Repeats, str] = {}
    taken = {CODEBOOK, ABOUT}
    for repeats in found:
        wanted = (repeats[-1] if repeats else consultation)[:LONGEST_SHEET_NAME]
        number, name = 1, wanted
        while name.casefold() in taken:
            number += 1
            ending = f"_{number}"
            name = f"{wanted[: LONGEST_SHEET_NAME - len(ending)]}{ending}"
        taken.add(name.casefold())
        given[repeats] = name
    return given


def has_repeats(dataset: Dataset) -> bool:
    """Return whether a dataset has tables beside that of the interviews."""
    return any(place_of(column.slot)[1] for column in dataset.columns)
