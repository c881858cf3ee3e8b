"""The chain of lines: whatever is changed, taken out or put in, it shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.auditing import BEGINNING, Act, Entry, Line, broken_at, sealed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def chain(count: int) -> list[Line]:
    lines: list[Line] = []
    for number in range(1, count + 1):
        entry = Entry(NOON + timedelta(minutes=number), "Ada", Act.LOOKED, "water", number, "first look")
        lines.append(sealed(number, entry, lines[-1].hash if lines else BEGINNING))
    return lines


def changed(line: Line, **fields: object) -> Line:
    return replace(line, entry=replace(line.entry, **fields))  # type: ignore[arg-type]


def test_what_was_written_holds() -> None:
    assert broken_at([]) is None
    assert broken_at(chain(5)) is None
    assert chain(2)[1].previous == chain(2)[0].hash != BEGINNING


@pytest.mark.parametrize(
    ("tampered", "line"),
    [
        (lambda lines: [*lines[:2], changed(lines[2], who="Bola"), *lines[3:]], 3),
        (lambda lines: [*lines[:2], changed(lines[2], detail="other"), *lines[3:]], 3),
        (lambda lines: [*lines[:2], changed(lines[2], act=Act.CLOSED), *lines[3:]], 3),
        (lambda lines: [*lines[:2], changed(lines[2], subject=None), *lines[3:]], 3),
        (lambda lines: [*lines[:2], changed(lines[2], at=NOON), *lines[3:]], 3),
        (lambda lines: lines[1:], 1),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines, lines[-1]], 6),
        # One that is sealed anew does not fit those after it.
        (lambda lines: [*lines[:2], sealed(3, lines[3].entry, lines[1].hash), *lines[3:]], 4),
    ],
)
def test_whatever_is_tampered_with_is_found(tampered: Callable[[list[Line]], list[Line]], line: int) -> None:
    assert broken_at(tampered(chain(5))) == line


def test_the_same_moment_in_another_zone_is_the_same_line() -> None:
    entry = chain(1)[0].entry
    elsewhere = replace(entry, at=entry.at.astimezone(None))
    assert sealed(1, elsewhere, BEGINNING).hash == sealed(1, entry, BEGINNING).hash
