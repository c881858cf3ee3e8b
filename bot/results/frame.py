"""A consultation's interviews in columns, for whatever counts them or writes them out: a row a respondent.

Before the answers stand the columns of `groups.RESPONDENT` and, to the minute like the moments among them,
`consented_at` and `updated_at`; `seconds`, which an ended interview took; `left_at`, the slot where a person left;
`report_back`, whether they want to be told what came of it, null where they did not say; `WAVE`, in which they were
recruited by a code that somebody passed on, null where they came by themselves.
The answers have the dataset's columns, each of the type that its item asks for:

    select_one                  Enum of the choices' names, of every version
    select_multiple, rank       String: names with blanks between; `needs/water` Int8: 1 or 0, in a ranking the place
    integer                     Int64
    decimal, range, latitude    Float64
    date, time                  Date, Time
    all others                  String
    age/status                  Enum of `STATUS`: what became of the question
    age/tries                   Int8, beside each status: replies before this answer that were not understood

It says the same as `dataset.Dataset.rows`, which needs no library of analysis, and is read a hundred times as fast.
Where it is asked to be lexical, numbers that may have a fraction are String instead, with all the digits that are
stored: 2.10 is neither 2.1000000000000001 nor is 7 then 7.0.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from bot.channels import Channel
from bot.core.disposition import AAPOR_CODES, SILENCE
from bot.core.groups import ASSISTED_OR_NOT
from bot.core.interview.records import AnswerStatus, Ending, Slot, Stage
from bot.core.questionnaire import ItemType
from bot.results.dataset import NOT_ASKED, NOT_REACHED, Dataset
from bot.results.layout import NO_FILE, Column, Part, choices_of
from bot.results.routes import Fate, Routes, Standing, decisive
from bot.store.columns import STATUSES, Page, Wanted, pages
from bot.store.fetching import MediaStatus

WAVE = "wave/of/referral"
"""No item's name has a stroke."""
STATUS = (*(one.value for one in STATUSES), NOT_ASKED, NOT_REACHED)
"""What became of a question, in the columns of status."""

TYPES: Mapping[ItemType, pl.DataType] = {
    ItemType.INTEGER: pl.Int64(),
    ItemType.DECIMAL: pl.Float64(),
    ItemType.RANGE: pl.Float64(),
    ItemType.DATE: pl.Date(),
    ItemType.TIME: pl.Time(),
}
_NOT_UNDERSTOOD = STATUSES.index(AnswerStatus.NOT_UNDERSTOOD)
_STATUS = pl.Enum(STATUS)
_DISPOSITION = pl.Enum([one.value for one in AAPOR_CODES])


async def frames(dataset: Dataset, *, lexical: bool = False) -> Callable[[], Iterator[pl.DataFrame]]:
    """Return what yields the interviews of a dataset, a page at a time, in the order they began.

    The iterator blocks while it reads. It holds two pages in memory.
    """
    shape = _Shape.of(dataset, lexical=lexical)
    wanted = Wanted(dataset.consultation, shape.slots, tuple(dataset.versions), dataset.media_items)
    read = await pages(dataset.engine, wanted)
    return lambda: map(shape.frame, read())


async def whole(dataset: Dataset) -> pl.DataFrame:
    """Return all interviews of a dataset in one frame."""
    parts = list((await frames(dataset))())
    return pl.concat(parts, rechunk=True) if parts else empty(dataset)


def empty(dataset: Dataset, *, lexical: bool = False) -> pl.DataFrame:
    """Return the columns of a dataset without an interview."""
    return _Shape.of(dataset, lexical=lexical).frame(Page.empty())


@dataclass(frozen=True, slots=True)
class _Shape:
    """Lays the pages of one dataset out as frames."""

    dataset: Dataset
    slots: tuple[Slot, ...]
    decisive: frozenset[Slot]
    routes: Routes
    languages: pl.Enum
    lexical: bool

    @classmethod
    def of(cls, dataset: Dataset, *, lexical: bool = False) -> "_Shape":
        slots = tuple(dict.fromkeys((*(column.slot for column in dataset.columns), *dataset.repeats)))
        spoken = dict.fromkeys(language for one in dataset.versions.values() for language in one.languages)
        return cls(
            dataset,
            slots,
            decisive(dataset.versions, slots),
            Routes(dataset.versions, dataset.at),
            pl.Enum(list(spoken)),
            lexical,
        )

    def frame(self, page: Page) -> pl.DataFrame:
        """Return a page's interviews with their answers beside them."""
        interviews = page.interviews
        given = self._given(page)
        fates = self._fates(interviews, given)
        columns = [
            *self._respondents(interviews, fates),
            *(
                series
                for column in self.dataset.columns
                for series in self._answers(column, given.get(column.slot), fates)
            ),
        ]
        return pl.DataFrame(columns)

    def _given(self, page: Page) -> Mapping[Slot, pl.DataFrame]:
        """Return the answers to each slot that has any: a row for each interview, of nulls where it has none."""
        order = page.interviews.select("id")
        shown = self._files(page)
        given = {}
        for (place,), rows in page.answers.partition_by("slot", as_dict=True).items():
            slot = self.slots[int(place)]
            named = _named(rows, shown[slot]) if slot in shown else rows
            given[slot] = order.join(named, on="id", how="left", maintain_order="left")
        return given

    def _files(self, page: Page) -> Mapping[Slot, pl.DataFrame]:
        """Return what stands for the pictures and sounds of each slot: a provider's reference never does."""
        of_media = {
            place: slot
            for place, slot in enumerate(self.slots)
            if slot.partition("[")[0] in self.dataset.media_items
        }
        reason = pl.when(pl.col("status") == MediaStatus.REFUSED.value).then("error").otherwise("status")
        is_file = (pl.col("status") == MediaStatus.STORED.value) & pl.col("file").is_not_null()
        told = pl.when(is_file).then("file").otherwise(pl.format(f"{NO_FILE} {{}}", reason)).alias("file")
        return {
            slot: page.media.filter(pl.col("slot") == place).select("id", told)
            for place, slot in of_media.items()
        }

    # --- who they are, and what became of them

    def _fates(self, interviews: pl.DataFrame, given: Mapping[Slot, pl.DataFrame]) -> pl.DataFrame:
        """Return the disposition of each interview, the places of the slots not reached, and that where it was left."""
        standing = pl.DataFrame(
            [
                interviews["version"],
                interviews["stage"],
                interviews["ending"],
                interviews.select(has_consented=pl.col("consented_at").is_not_null()).to_series(),
                interviews.select(is_silent=self.dataset.at - pl.col("updated_at") >= SILENCE).to_series(),
                *(rows["status"].alias(f"status {slot}") for slot, rows in given.items()),
                *(
                    rows["value"].alias(f"value {slot}")
                    for slot, rows in given.items()
                    if slot in self.decisive
                ),
            ]
        )
        # Whoever came to the end was asked everything that was for them, whatever they answered.
        complete = pl.col("ending") == Ending.COMPLETE.value
        alike = standing.with_columns(
            pl.when(complete.fill_null(value=False)).then(None).otherwise(pl.col(name)).alias(name)
            for name in standing.columns[5:]
        )
        ways = alike.unique(maintain_order=True)
        fates = [self._fate(row, tuple(given)) for row in ways.iter_rows(named=True)]
        told = ways.with_columns(
            pl.Series("disposition", [fate.disposition.value for fate in fates], _DISPOSITION),
            pl.Series("left_at", [fate.left_at for fate in fates], pl.String()),
            pl.Series(
                "not_reached",
                [
                    [self.slots.index(slot) for slot in fate.not_reached if slot in self.slots]
                    for fate in fates
                ],
                pl.List(pl.Int32()),
            ),
        )
        joined = alike.join(told, on=alike.columns, how="left", nulls_equal=True, maintain_order="left")
        return joined.select("disposition", "left_at", "not_reached")

    def _fate(self, row: Mapping[str, object], slots: Sequence[Slot]) -> Fate:
        ending = Ending(str(row["ending"])) if row["ending"] is not None else None
        answers = tuple(
            (slot, STATUSES[int(str(status))], str(row.get(f"value {slot}") or ""))
            for slot in slots
            if (status := row[f"status {slot}"]) is not None
        )
        standing = Standing(
            str(row["version"]),
            Stage(str(row["stage"])),
            ending,
            bool(row["has_consented"]),
            bool(row["is_silent"]),
            answers,
        )
        fate = self.routes.fate(standing)
        return fate._replace(not_reached=()) if ending is Ending.COMPLETE else fate

    def _respondents(self, interviews: pl.DataFrame, fates: pl.DataFrame) -> Iterator[pl.Series]:
        lasted = (pl.col("ended_at") - pl.col("started_at")).dt.total_seconds().cast(pl.Int32)
        # Of a form nobody knows how long it took: it has a day.
        took = pl.when(pl.col("channel") != Channel.PAPER.value).then(lasted)
        # To the second, a moment would find a message in an operator's records.
        minutes = [
            pl.col(name).dt.truncate("1m")
            for name in ("started_at", "ended_at", "consented_at", "updated_at")
        ]
        yield interviews["respondent"]
        yield interviews["version"].cast(pl.Enum(list(self.dataset.versions)))
        yield interviews["channel"].cast(pl.Enum([one.value for one in Channel]))
        yield interviews["language"].cast(self.languages)
        yield interviews["assisted"].cast(pl.Enum(ASSISTED_OR_NOT))
        yield interviews["source"].alias("came_by")
        started, ended, consented, updated = interviews.select(minutes).get_columns()
        yield from (started, ended, fates["disposition"])
        codes = {one.value: code or None for one, code in AAPOR_CODES.items()}
        yield (
            fates["disposition"]
            .cast(pl.String)
            .replace_strict(codes, return_dtype=pl.String)
            .alias("aapor_code")
        )
        yield from (consented, updated, interviews.select(seconds=took).to_series(), fates["left_at"])
        yield interviews.select(
            pl.when(pl.col("wave") > 0).then("wave").cast(pl.Int32).alias(WAVE)
        ).to_series()
        said = pl.col("report_back")
        yield interviews.select(report_back=pl.when(said >= 0).then(said == 1)).to_series()

    # --- what they answered

    def _answers(self, column: Column, rows: pl.DataFrame | None, fates: pl.DataFrame) -> Iterator[pl.Series]:
        """Yield the series of a column; beside a status, that of the tries."""
        if rows is None:
            rows = _unanswered(fates.height)
        belongs = pl.col("version").is_in(
            [place for place, one in enumerate(self.dataset.versions) if one in column.versions]
        )
        if column.part is Part.STATUS:
            yield rows.select(self._status(column.slot, belongs, fates).alias(column.name)).to_series()
            yield rows.select(
                pl.when(belongs).then("tries").cast(pl.Int8).alias(tries_of(column.name))
            ).to_series()
            return
        understood = pl.col("status") != _NOT_UNDERSTOOD
        counts = belongs & (
            ~understood if column.part is Part.AS_WRITTEN else understood & (pl.col("value") != "")
        )
        values = rows.select(pl.when(counts).then("value")).to_series()
        if column.choice is not None:
            yield _places(column.choice.name, values, ranked=column.item.type is ItemType.RANK).alias(
                column.name
            )
            return
        yield (
            values.to_frame("value")
            .select(self._cell(column, pl.col("value")).alias(column.name))
            .to_series()
        )

    def _status(self, slot: Slot, belongs: pl.Expr, fates: pl.DataFrame) -> pl.Expr:
        place = self.slots.index(slot)
        missing = fates.select(
            pl.when(pl.col("not_reached").list.contains(place))
            .then(pl.lit(NOT_REACHED, _STATUS))
            .otherwise(pl.lit(NOT_ASKED, _STATUS))
        ).to_series()
        told = pl.col("status").replace_strict(dict(enumerate(STATUSES)), return_dtype=_STATUS)
        # An answer to the same name of another type is no answer to this one, and says nothing of why.
        return pl.when(pl.col("status").is_null()).then(missing).otherwise(pl.when(belongs).then(told))

    def _cell(self, column: Column, value: pl.Expr) -> pl.Expr:
        match column.part:
            case Part.VALUE if column.item.type is ItemType.SELECT_ONE:
                return value.cast(pl.Enum(list(choices_of(column, self.dataset.versions))))
            case Part.VALUE if self.lexical and TYPES.get(column.item.type) == pl.Float64:
                return value
            case Part.VALUE:
                return _typed(column.item.type, value)
            case Part.LATITUDE | Part.LONGITUDE:
                words = value.str.split(" ")
                degrees = words.list.get(0 if column.part is Part.LATITUDE else 1, null_on_oob=True)
                return degrees if self.lexical else degrees.cast(pl.Float64)
            case _:
                return value


def _named(rows: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """Return answers with the name of their file in place of the provider's reference."""
    told = (
        pl.when(pl.col("value") != "").then(pl.col("file").fill_null(f"{NO_FILE} unknown")).otherwise("value")
    )
    return rows.join(files, on="id", how="left").with_columns(told.alias("value")).drop("file")


def tries_of(status: str) -> str:
    """Return the name of the column of tries that stands beside a column of status."""
    return f"{status.removesuffix('/status')}/tries"


def _unanswered(height: int) -> pl.DataFrame:
    schema = {"version": pl.Int32(), "status": pl.Int32(), "tries": pl.Int32(), "value": pl.String()}
    return pl.DataFrame(
        {name: pl.repeat(None, height, dtype=kind, eager=True) for name, kind in schema.items()}
    )


def _typed(kind: ItemType, value: pl.Expr) -> pl.Expr:
    if kind is ItemType.DATE:
        return value.str.to_date("%Y-%m-%d")
    if kind is ItemType.TIME:
        return value.str.to_time("%H:%M")
    return value.cast(TYPES[kind]) if kind in TYPES else value


def _places(name: str, values: pl.Series, *, ranked: bool) -> pl.Series:
    """Return for each answer whether a name is in it, 1 or 0; where `ranked` its place, from 1, and null without one.

    Worked out once for each answer that differs: few do.
    """
    different = values.drop_nulls().unique()
    names = different.str.split(" ")
    found = names.list.eval(pl.element() == name)
    if ranked:
        places = pl.select(pl.when(names.list.contains(name)).then(found.list.arg_max() + 1)).to_series()
    else:
        places = found.list.any()
    return values.replace_strict(different, places.cast(pl.Int8), default=None, return_dtype=pl.Int8)
