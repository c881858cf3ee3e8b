"""What results are made of, in columns: page after page of interviews and their answers, as Arrow carries them.

`bot.store.reading` gives the same a row at a time, to those who want a few. A million interviews are read here, through
ADBC, which hands over columns without making a Python object of any cell. Nothing that a server loads imports this.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from operator import methodcaller
from queue import SimpleQueue
from typing import Any, TypeVar

import polars as pl
from adbc_driver_manager.dbapi import Connection
from sqlalchemy import ColumnElement, Integer, Select, and_, case, func, literal, select
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel
from bot.core.interview.records import AnswerStatus
from bot.store import tables
from bot.store.moment import readers
from bot.store.outreach.helping_tables import is_assisted

PAGE = 50_000
"""Interviews in a page: some fifty megabytes with ten answers each."""

MOST_TRIES = 3
"""More tries than this before one answer are counted as so many."""

STATUSES = tuple(AnswerStatus)

Result = TypeVar("Result")

_kept = tables.interviews.c
_given = tables.answers.c
_media = tables.media.c

INTERVIEWS = {
    **{"id": pl.Int64(), "respondent": pl.String(), "version": pl.String(), "channel": pl.String()},
    **{name: pl.String() for name in ("language", "source", "stage", "ending")},
    **{name: pl.Datetime("us", "UTC") for name in ("started_at", "updated_at", "consented_at", "ended_at")},
    "wave": pl.Int64(),
    "report_back": pl.Int64(),
    "assisted": pl.String(),
}
"""The columns of a page's interviews, in the order in which they began; null where there is nothing.

`report_back` is 1 where somebody wants to be told what came of it, 0 where not, -1 where they did not say.
`assisted` is yes or no.
"""

ANSWERS = {"id": pl.Int64(), "code": pl.Int64(), "value": pl.String()}
MEDIA = {**{"id": pl.Int64(), "code": pl.Int64()}, **dict.fromkeys(("status", "file", "error"), pl.String())}


@dataclass(frozen=True, slots=True)
class Page:
    """Interviews that follow one another, and the answers to the slots asked for that count.

    `interviews` is as `INTERVIEWS` says. `answers` has the interview's `id`, the place of its `slot` and its `version`
    in what was asked for (Int32), its `status` as a place in `STATUSES`, its `tries` (`MOST_TRIES` at most) and its
    `value`, which is the person's own words where the status is `not_understood`, and a provider's secret where it is
    a picture or sound. `media` says what has become of those: `id`, `slot`, `status`, `file`, `error`.
    """

    interviews: pl.DataFrame
    answers: pl.DataFrame
    media: pl.DataFrame

    @classmethod
    def empty(cls) -> "Page":
        """Return a page without interviews."""
        places = dict.fromkeys(("slot", "version", "status", "tries"), pl.Int32())
        return cls(
            _none(INTERVIEWS),
            _none({"id": pl.Int64(), "value": pl.String(), **places}),
            _none({**{name: kind for name, kind in MEDIA.items() if name != "code"}, "slot": pl.Int32()}),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read: a consultation's interviews, with the answers to `slots` given on one of `versions`."""

    consultation: str
    slots: Sequence[str]
    versions: Sequence[str]
    media_items: frozenset[str] = frozenset()


async def pages(engine: AsyncEngine, wanted: Wanted) -> Callable[[], Iterator[Page]]:
    """Return what yields every page of a consultation, in order and all of one moment. It blocks: use it in a thread.

    While one page is worked on, the next ones are read.

    Raises (from the iterator):
        ExportError: the database was read by ADBC and failed; the text has its reason.
    """
    # Two copies of SQLite in one process undo one another's locks (sqlite.org/howtocorrupt.html, 2.2.1), and ADBC
    # brings its own: nothing of ours may be open on the file while it reads.
    await engine.dispose()

    def read() -> Iterator[Page]:
        with readers(engine) as connections, ThreadPoolExecutor(len(connections)) as pool:
            free: SimpleQueue[_Reader] = SimpleQueue()
            for connection in connections:
                free.put(_Reader(connection, wanted, engine.dialect))
            coming: deque[Future[Page]] = deque()
            for bounds in _taken(free, lambda one: one.bounds()):
                coming.append(pool.submit(_taken, free, methodcaller("page", *bounds)))
                if len(coming) > len(connections):
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()

    return read


def _taken(free: SimpleQueue["_Reader"], work: Callable[["_Reader"], Result]) -> Result:
    """Return what a reader does that nobody else has in hand."""
    reader = free.get()
    try:
        return work(reader)
    finally:
        free.put(reader)


class _Reader:
    """Reads pages through one connection, in one transaction."""

    def __init__(self, connection: Connection, wanted: Wanted, dialect: Dialect) -> None:
        self._connection = connection
        self._wanted = wanted
        self._dialect = dialect

    def bounds(self) -> Sequence[tuple[int, int]]:
        """Return the bounds of each page: the id before its first interview, and that of its last."""
        query = select(_kept.id).where(_kept.consultation == self._wanted.consultation).order_by(_kept.id)
        ids = self._read(query, {"id": pl.Int64()})["id"]
        lasts = [int(ids[min(place + PAGE, len(ids)) - 1]) for place in range(0, len(ids), PAGE)]
        return list(zip([0, *lasts[:-1]], lasts, strict=True)) if lasts else []

    def page(self, after: int, last: int) -> Page:
        """Return the page of interviews after one id, up to another."""
        interviews = _moments(self._read(self._interviews(after, last), INTERVIEWS))
        answers = self._read(self._answers(after, last), ANSWERS)
        media = self._read(self._files(after, last), MEDIA) if self._wanted.media_items else _none(MEDIA)
        return Page(interviews, self._apart(answers), self._apart(media).drop("version"))

    def _read(self, query: Select[Any], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
        written = str(query.compile(dialect=self._dialect, compile_kwargs={"literal_binds": True}))
        options = {"adbc.sqlite.query.batch_rows": "65536"} if self._dialect.name == "sqlite" else {}
        with self._connection.cursor(adbc_stmt_kwargs=options) as cursor:
            cursor.execute(written)
            frame = pl.DataFrame(cursor.fetch_arrow())
        if frame.is_empty():
            return _none(schema)
        return frame.rename(dict(zip(frame.columns, schema, strict=True)))

    def _interviews(self, after: int, last: int) -> Select[Any]:
        return (
            select(
                _kept.id,
                _kept.respondent_id,
                _kept.version,
                _kept.channel,
                self._text(_kept.language),
                self._text(_kept.source),
                _kept.stage,
                self._text(_kept.ending),
                *map(self._text, (_kept.started_at, _kept.updated_at, _kept.consented_at, _kept.ended_at)),
                # 0 for none: a column that is all NULL in its first rows has no type on SQLite.
                func.coalesce(_kept.wave, 0),
                # A number: truth is another type in each database.
                case(
                    (_kept.report_back.is_(None), literal(-1)),
                    (_kept.report_back, literal(1)),
                    else_=literal(0),
                ),
                case((is_assisted(), "yes"), else_="no"),
            )
            .where(_kept.consultation == self._wanted.consultation, _kept.id > after, _kept.id <= last)
            .order_by(_kept.id)
        )

    def _answers(self, after: int, last: int) -> Select[Any]:
        words = case((_given.status == AnswerStatus.NOT_UNDERSTOOD, _given.raw), else_=_given.value)
        return self._of_page(select(_given.interview_id, self._code(), words), after, last)

    def _files(self, after: int, last: int) -> Select[Any]:
        about = (_media.status, self._text(_media.file), self._text(_media.error))
        # With the channels, for the index begins with them.
        found = and_(_media.reference == _given.value, _media.channel.in_([one.value for one in Channel]))
        query = select(_given.interview_id, self._code(), *about).join(tables.media, found)
        return self._of_page(query, after, last).where(_given.item.in_(sorted(self._wanted.media_items)))

    def _of_page(self, query: Select[Any], after: int, last: int) -> Select[Any]:
        theirs = and_(
            _given.interview_id == _kept.id,
            _kept.consultation == self._wanted.consultation,
            _kept.id > after,
            _kept.id <= last,
        )
        return query.join(tables.interviews, theirs).where(_given.relevant)

    def _code(self) -> ColumnElement[int]:
        """Return the four small numbers of an answer as one: a column that is a number costs least to hand over."""
        slot = _place(_given.slot, self._wanted.slots)
        version = _place(_given.version, self._wanted.versions)
        status = _place(_given.status, STATUSES)
        tries = case((_given.tries > MOST_TRIES, literal(MOST_TRIES)), else_=_given.tries)
        versions, statuses = len(self._wanted.versions) + 1, len(STATUSES) + 1
        return ((slot * versions + version) * statuses + status) * (MOST_TRIES + 1) + tries

    def _apart(self, coded: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the code taken apart again, but for slots that were not asked for."""
        versions, statuses = len(self._wanted.versions) + 1, len(STATUSES) + 1
        code = pl.col("code")
        with_status = code // (MOST_TRIES + 1)
        with_version = with_status // statuses
        apart = {
            "slot": with_version // versions,
            "version": with_version % versions,
            **(
                {"status": with_status % statuses, "tries": code % (MOST_TRIES + 1)}
                if "value" in coded.columns
                else {}
            ),
        }
        rows = coded.with_columns(one.cast(pl.Int32).alias(name) for name, one in apart.items())
        # Asking the database for these slots alone would cost three times what all of them do.
        return rows.filter(pl.col("slot") < len(self._wanted.slots)).drop("code")

    def _text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a column that may be empty, as "" on SQLite.

        There ADBC takes a column's type from its first rows: were they all NULL, the first text would fail.
        """
        return func.coalesce(column, "") if self._dialect.name == "sqlite" else column


def _place(column: ColumnElement[str], listed: Sequence[str]) -> ColumnElement[int]:
    """Return the place of a value in a list, and its length for one that is not in it."""
    places = {str(one): place for place, one in enumerate(listed)}
    return case(places, value=column, else_=literal(len(places), Integer)) if places else literal(0, Integer)


def _none(schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(schema=dict(schema))


def _moments(interviews: pl.DataFrame) -> pl.DataFrame:
    """Return interviews with null where SQLite gave "", and moments where it gave texts."""
    texts = [name for name, kind in interviews.schema.items() if kind == pl.String]
    empty = interviews.with_columns(pl.col(texts).replace("", None))
    return empty.with_columns(
        pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.6f%:z", time_unit="us", time_zone="UTC")
        if name in texts
        else pl.col(name).dt.convert_time_zone("UTC")
        for name, kind in INTERVIEWS.items()
        if isinstance(kind, pl.Datetime)
    )
