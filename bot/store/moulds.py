"""An interview as rows to be copied: all that is the same in each copy, with gaps for what is not.

A copy has ids of its own, and moments that are so many seconds later; the rest is its interview's. So a copy costs the
filling of some gaps, and not the making of a dozen rows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any
from uuid import uuid4

import msgspec

from bot.core.interview.records import Interview
from bot.store import tables
from bot.store.rows import Row, answer_row, interview_row
from bot.store.tables import Moment, written

INTERVIEW_COLUMNS = (
    "id",
    "respondent_id",
    *(one.name for one in tables.interviews.c if one.name not in ("id", "respondent_id", "contact_id")),
)
ANSWER_COLUMNS = tuple(one.name for one in tables.answers.c)
_MOVING = frozenset(
    one.name
    for table in (tables.interviews, tables.answers)
    for one in table.c
    if isinstance(one.type, Moment)
)

_STORED = ".000000+00:00"
"""How a moment in whole seconds ends as `bot.store.tables.written` has it."""
_IN_STATE = "Z"
"""How it ends in the JSON of an interview's state."""


@dataclass(frozen=True, slots=True)
class Held:
    """An interview to be copied, with the channel it was held on. Its moments are in whole seconds."""

    interview: Interview
    channel: str


@dataclass(frozen=True, slots=True)
class Mould:
    """The rows of one interview. Gaps are filled with the values of `gaps`, each by its place there.

    `state` is a text with a `%s` for each place in `in_state`. `interview` and `answers` have the cells after their
    ids; a cell that is a gap is a `Gap`.
    """

    seconds: tuple[int, ...]
    state: str = field(repr=False)
    in_state: tuple[int, ...]
    interview: tuple[object, ...] = field(repr=False)
    answers: tuple[tuple[object, ...], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gap:
    """A moment that moves: which of the interview's."""

    number: int


STATE = Gap(-1)
"""The gap for an interview's state, which has gaps itself."""


def mould(held: Held) -> Mould:
    """Return the mould of an interview.

    Raises:
        ValueError: a moment is not in whole seconds.
    """
    interview = held.interview
    found = _moments(interview)
    numbers = {moment: number for number, moment in enumerate(found)}
    if any(moment.microsecond for moment in found):
        raise ValueError("a moment that is not in whole seconds")
    gaps = {written(moment): Gap(number) for moment, number in numbers.items()}
    row = {
        **interview_row(interview, interview.updated_at if interview.ending else None),
        "consultation": interview.consultation,
        "channel": held.channel,
        "state": STATE,
    }
    state, in_state = _state(interview, numbers)
    return Mould(
        tuple(int(moment.timestamp()) for moment in found),
        state,
        in_state,
        _cells(row, INTERVIEW_COLUMNS[2:], gaps),
        tuple(
            _cells(answer_row(0, slot, answer, interview.version), ANSWER_COLUMNS[1:], gaps)
            for slot, answer in interview.answers.items()
        ),
    )


def moved(seconds: Sequence[int], later: int) -> list[str]:
    """Return moments so many seconds later, as `2026-03-02T12:00:00`."""
    clock = _clock()
    return [f"{_day(moment // 86_400)}{clock[moment % 86_400]}" for moment in map(later.__add__, seconds)]


def _moments(interview: Interview) -> tuple[datetime, ...]:
    own = (interview.started_at, interview.updated_at, interview.consented_at)
    given = (answer.at for answer in interview.answers.values())
    return tuple(sorted({moment for moment in chain(own, given) if moment is not None}))


def _cells(row: Row, columns: Sequence[str], gaps: Mapping[str, Gap]) -> tuple[object, ...]:
    return tuple(gaps.get(str(row[one]), row[one]) if one in _MOVING else row[one] for one in columns)


def _state(interview: Interview, numbers: Mapping[datetime, int]) -> tuple[str, tuple[int, ...]]:
    """Return an interview as JSON, with a `%s` in place of each moment, and which moments these are."""
    # Nobody's words can hold it.
    mark = uuid4().hex
    plain = msgspec.to_builtins(interview, builtin_types=(datetime,))
    text = msgspec.json.encode(_marked(plain, mark, numbers)).decode()
    pieces = re.split(f"{mark}([0-9]+)", text)
    return (
        f"%s{_IN_STATE}".join(piece.replace("%", "%%") for piece in pieces[::2]),
        tuple(map(int, pieces[1::2])),
    )


def _marked(value: Any, mark: str, numbers: Mapping[datetime, int]) -> Any:
    match value:
        case datetime():
            return f"{mark}{numbers[value]}"
        case dict():
            return {name: _marked(one, mark, numbers) for name, one in value.items()}
        case list() | tuple():
            return [_marked(one, mark, numbers) for one in value]
        case _:
            return value


@lru_cache(maxsize=4_096)
def _day(number: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


@lru_cache(maxsize=1)
def _clock() -> tuple[str, ...]:
    """Return every second of a day: to look one up takes a tenth of what writing it does."""
    return tuple(
        f"T{hour:02}:{minute:02}:{second:02}"
        for hour in range(24)
        for minute in range(60)
        for second in range(60)
    )


# --- as the databases take them


class Rows:
    """A mould for SQLite's driver: rows as it takes them."""

    def __init__(self, held: Held) -> None:
        self._mould = one = mould(held)
        self._state_place = one.interview.index(STATE)
        self._in_state = itemgetter(*one.in_state)
        self._moving = tuple(
            (place, cell.number)
            for place, cell in enumerate(one.interview)
            if isinstance(cell, Gap) and cell != STATE
        )
        self._answers = tuple(_around_gap(cells) for cells in one.answers)

    def fill(
        self, id_: int, respondent: str, later: int
    ) -> tuple[tuple[object, ...], Iterator[tuple[object, ...]]]:
        """Return the row of a copy, and those of its answers."""
        at = moved(self._mould.seconds, later)
        stored = [f"{moment}{_STORED}" for moment in at]
        cells = list(self._mould.interview)
        cells[self._state_place] = self._mould.state % self._in_state(at)
        for place, number in self._moving:
            cells[place] = stored[number]
        answers = ((id_, *before, stored[number], *after) for before, number, after in self._answers)
        return (id_, respondent, *cells), answers


def _around_gap(cells: Sequence[object]) -> tuple[Sequence[object], int, Sequence[object]]:
    """Return the cells of an answer before the moment it was given, which moment that is, and those after."""
    place, gap = next((place, cell) for place, cell in enumerate(cells) if isinstance(cell, Gap))
    return cells[:place], gap.number, cells[place + 1 :]


class Lines:
    """A mould for PostgreSQL's COPY, as text: https://www.postgresql.org/docs/current/sql-copy.html."""

    def __init__(self, held: Held) -> None:
        one = mould(held)
        self._seconds = one.seconds
        # The gaps are filled from the copy's id, its respondent's, and then its moments.
        text, places = _line(one.interview, one.state, one.in_state)
        self._interview, self._in_interview = f"%s\t%s\t{text}\n", itemgetter(0, 1, *places)
        lines = [_line(cells) for cells in one.answers]
        self._answers = "".join(f"%s\t{text}\n" for text, _ in lines)
        self._in_answers = [place for _, places in lines for place in (0, *places)]

    def fill(self, id_: int, respondent: str, later: int) -> tuple[str, str]:
        """Return the line of a copy, and those of its answers."""
        values: list[object] = [id_, respondent, *moved(self._seconds, later)]
        return (
            self._interview % self._in_interview(values),
            self._answers % tuple([values[place] for place in self._in_answers]),
        )


def _line(
    cells: Sequence[object], state: str = "", in_state: Sequence[int] = ()
) -> tuple[str, tuple[int, ...]]:
    """Return cells as text apart by tabs, with a `%s` for each gap, and which values these are."""
    texts: list[str] = []
    places: list[int] = []
    for cell in cells:
        match cell:
            case Gap() if cell == STATE:
                texts.append(_escaped(state))
                places += [number + 2 for number in in_state]
            case Gap(number):
                texts.append(f"%s{_STORED}")
                places.append(number + 2)
            case None:
                texts.append(r"\N")
            case bool():
                texts.append("t" if cell else "f")
            case _:
                texts.append(_escaped(str(cell)).replace("%", "%%"))
    return "\t".join(texts), tuple(places)


_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
