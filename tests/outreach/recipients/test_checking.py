"""A whole list: who waits to be stored, what is wrong in which row, and that it is the same however it is cut."""

import multiprocessing
from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from bot.core.problems import Problem
from bot.errors import RecipientsError
from bot.outreach.recipients import checking
from bot.outreach.recipients.checking import Waiting, check
from bot.outreach.recipients.duplicates import Seen
from bot.outreach.recipients.sheets import Row
from tests.support.recipients import HEADING, cells, reader


def checked(
    rows: Sequence[Row], heading: Sequence[str] = HEADING, processes: int = 1
) -> tuple[list[int], list[tuple[int | None, str]], int]:
    """Return the rows that wait, what is wrong with which row, and how many rows are bad."""
    found: list[Problem] = []
    told: list[int] = []
    waiting = Waiting(BytesIO())
    bad = check(reader(heading), iter(rows), waiting, found.append, told.append, processes)
    assert sum(told) == len(rows)
    kept = [one.row for page in waiting.pages() for one in page]
    assert len(kept) == waiting.people
    return kept, [(problem.line, problem.code) for problem in found], bad


ROWS: list[Row] = [
    (2, cells(1)),
    (3, cells(2, "a@b.c")),
    (4, cells(1)),
    (5, ["x"]),
    (7, cells(3)),
    (8, cells(1)),
]
KEPT, BAD = [2, 7], 4
WRONG = [
    (3, "recipient-personal"),
    (4, "recipient-twice"),
    *((5, code) for code in ("recipient-not-a-number", "recipient-consent-source", "recipient-consent-date")),
    (8, "recipient-twice"),
]


@pytest.mark.parametrize("block", [1, 2, 3, 100])
def test_a_list_is_the_same_however_it_is_cut(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(checking, "PAGE", block)
    assert checked(ROWS) == (KEPT, WRONG, BAD)


def test_a_list_is_the_same_read_by_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PAGE", 1)
    assert checked(ROWS, processes=2) == (KEPT, WRONG, BAD)


def test_what_ends_the_reading_ends_its_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PAGE", 1)

    def rows() -> Iterator[Row]:
        yield from ROWS
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(reader(), rows(), Waiting(BytesIO()), lambda problem: None, lambda more: None, 2)


def test_a_process_that_somebody_ends_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "PAGE", 1)

    def rows() -> Iterator[Row]:
        for row in ROWS:
            yield row
            for process in multiprocessing.active_children():
                process.kill()

    with pytest.raises(RecipientsError, match="nothing was stored"):
        check(reader(), rows(), Waiting(BytesIO()), lambda problem: None, lambda more: None, 2)


def test_a_list_of_nobody_is_empty() -> None:
    assert checked([]) == ([], [(None, "list-empty")], 0)


def test_a_column_that_is_different_for_everybody_tells_who_they_are() -> None:
    few = [(number, cells(number, f"house {number}")) for number in range(2, 42)]
    assert checked(few)[1] == []
    many = [(number, cells(number, f"house {number}")) for number in range(2, 62)]
    assert checked(many)[1] == [(1, "list-telling")]
    shared = [(number, cells(number, f"house {number // 2}")) for number in range(2, 62)]
    assert checked(shared)[1] == []


def test_so_does_one_of_more_values_than_make_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_VALUES", 10)
    monkeypatch.setattr(checking, "PAGE", 7)
    rows = [(number, cells(number, f"village {number // 3}")) for number in range(3, 36)]
    assert checked(rows)[1] == [(1, "list-telling")]
    assert checked(rows[:-3])[1] == []


def test_a_problem_names_the_row_in_which_the_number_stood_first() -> None:
    found: list[Problem] = []
    check(reader(), iter(ROWS), Waiting(BytesIO()), found.append, lambda more: None, 1)
    twice = [problem for problem in found if problem.code == "recipient-twice"]
    assert [problem.message for problem in twice] == ["The same number stands in row 2."] * 2
    assert {problem.place for problem in twice} == {"phone"}


def test_numbers_of_two_countries_are_not_guessed_in_a_list_that_lost_its_plus_signs() -> None:
    example = phonenumbers.example_number_for_type("GM", PhoneNumberType.MOBILE)
    assert example is not None
    gambian_or_american, swedish = f"{example.country_code}{example.national_number}", "46701740605"
    clear, unclear, lost = cells(1), cells(1), cells(1)
    clear[0], unclear[0], lost[0] = "2025550143", gambian_or_american, swedish

    def wrong(*rows: list[str]) -> list[str]:
        found: list[Problem] = []
        numbered = enumerate(rows, 2)
        check(reader(country="US"), numbered, Waiting(BytesIO()), found.append, lambda more: None, 1)
        return [problem.code for problem in found]

    assert wrong(clear, unclear) == []
    assert wrong(clear, lost) == []
    assert wrong(clear, unclear, lost) == ["list-mixed"]
    lost[0] = f"+{swedish}"
    assert wrong(clear, unclear, lost) == []


@given(st.lists(st.lists(st.integers(0, 30), max_size=20), max_size=8))
def test_what_was_seen_is_found_again_with_its_first_row(blocks: list[list[int]]) -> None:
    seen, first, row = Seen(), dict[int, int](), 0
    for block in blocks:
        rows = list(range(row, row + len(block)))
        expected: dict[int, int] = {}
        for place, (key, number) in enumerate(zip(block, rows, strict=True)):
            if key in first:
                expected[place] = first[key]
            first.setdefault(key, number)
        found = seen.add(np.array(block, np.uint64), np.array(rows, np.uint32))
        assert dict(found) == expected
        row += len(block)
