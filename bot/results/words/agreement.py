"""How well codes that were applied by words agree with those that people gave by hand: Cohen's kappa a code."""

import csv
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TextIO

from bot.core.codes import CodeFrame
from bot.core.problems import Problem, nearest
from bot.results.cells import harmless
from bot.results.words.said import Said
from bot.results.words.sheet import KEYS, Row, read_rows

COLUMNS = (*KEYS, "item", "language", "words", "codes")
NONE = "none"
"""What a person writes in `codes` where an answer has no code; an empty cell was not coded yet."""
_Z = 1.959963984540054

Coded = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement about one code: 0 is that of chance, 1 complete. `low` and `high` are its 95% interval.

    None where it cannot be told: all or none of the answers have the code, in both codings.
    """

    by_hand: int
    by_words: int
    kappa: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over some answers, by code. `mean` is over the codes whose kappa can be told.

    `confusions` count, by the code that was given by hand and the one that words told instead (`none` for no code), the
    answers that they differ in, the most frequent first.
    """

    answers: int
    codes: Mapping[str, Kappa]
    mean: float | None
    confusions: tuple[tuple[str, str, int], ...]


def measure(frame: CodeFrame, by_hand: Coded, by_words: Coded) -> Agreement:
    """Return how the codes agree over the answers that were coded by hand."""
    kappas = {
        name: cohens_kappa([(name in codes, name in by_words[key]) for key, codes in by_hand.items()])
        for name in frame.names
    }
    told = [one.kappa for one in kappas.values() if one.kappa is not None]
    confused: Counter[tuple[str, str]] = Counter()
    for key, codes in by_hand.items():
        missed, added = sorted(codes - by_words[key]), sorted(by_words[key] - codes)
        if missed or added:
            confused.update((one, other) for one in missed or [NONE] for other in added or [NONE])
    confusions = sorted((-many, *pair) for pair, many in confused.items())
    return Agreement(
        len(by_hand),
        kappas,
        sum(told) / len(told) if told else None,
        tuple((one, other, -many) for many, one, other in confusions),
    )


def cohens_kappa(pairs: Sequence[tuple[bool, bool]]) -> Kappa:
    """Return Cohen's kappa of two yes-or-no codings, with the interval of Fleiss, Cohen and Everitt (1969)."""
    total = len(pairs)
    shares = {cell: many / total for cell, many in Counter(pairs).items()} if total else {}
    table = [[shares.get((one, other), 0.0) for other in (False, True)] for one in (False, True)]
    rows = [sum(row) for row in table]
    columns = [table[0][place] + table[1][place] for place in (0, 1)]
    counted = (sum(one for one, _ in pairs), sum(other for _, other in pairs))
    chance = sum(row * column for row, column in zip(rows, columns, strict=True))
    if not total or math.isclose(chance, 1.0):
        return Kappa(*counted, None)
    kappa = (table[0][0] + table[1][1] - chance) / (1 - chance)
    agreeing = sum(table[i][i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in (0, 1))
    differing = sum(table[i][1 - i] * (columns[i] + rows[1 - i]) ** 2 for i in (0, 1)) * (1 - kappa) ** 2
    variance = agreeing + differing - (kappa - chance * (1 - kappa)) ** 2
    spread = _Z * math.sqrt(max(variance, 0.0) / total) / (1 - chance)
    return Kappa(*counted, kappa, kappa - spread, kappa + spread)


def draw(answers: Sequence[Said], many: int, seed: int) -> tuple[Said, ...]:
    """Return a random sample of answers that say something, in the order in which they came; the same by one seed."""
    telling = [one for one in answers if one.words.says_something]
    chosen = random.Random(seed).sample(range(len(telling)), min(many, len(telling)))  # noqa: S311  no secret
    return tuple(telling[place] for place in sorted(chosen))


def write_sample(file: TextIO, answers: Sequence[Said]) -> None:
    """Write answers to be coded by hand, redacted, with an empty column `codes`."""
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    for one in answers:
        cells = (one.respondent_id, one.slot, one.item, one.language or "", one.words.text, "")
        rows.writerow([harmless(cell) for cell in cells])


def read_by_hand(content: bytes, frame: CodeFrame, answers: Sequence[Said]) -> Coded | tuple[Problem, ...]:
    """Return the codes that people gave, by answer, or every problem of their spreadsheet.

    Codes stand in `codes` with blanks or commas between; rows where it is empty are passed over.
    """
    rows = read_rows(content, (*KEYS, "codes"))
    problems = [row for row in rows if isinstance(row, Problem)]
    known = {one.key for one in answers}
    coded: dict[tuple[str, str], frozenset[str]] = {}
    for row in rows:
        if isinstance(row, Problem) or not row["codes"]:
            continue
        key = (row["respondent"], row["slot"])
        found = [replace(problem, line=row.line) for problem in _faults(row, frame)]
        if key in coded:
            message = f"This answer stands twice: {row['respondent']}, {row['slot']}."
            found.append(
                Problem(
                    "sheet-twice", ("respondent",), message, "Take one of the two rows out.", line=row.line
                )
            )
        elif key not in known:
            message = "There is no such answer, or not any more."
            remedy = "Take the row out."
            found.append(Problem("sheet-unknown-answer", ("respondent",), message, remedy, line=row.line))
        problems += found
        coded[key] = frozenset(_codes(row)) - {NONE}
    return tuple(problems) or coded


def _codes(row: Row) -> Sequence[str]:
    return row["codes"].replace(",", " ").replace(";", " ").split()


def _faults(row: Row, frame: CodeFrame) -> Iterator[Problem]:
    for name in _codes(row):
        if name not in (*frame.names, NONE):
            meant = nearest(name, frame.names)
            remedy = f"Write {meant}." if meant else f"Write {NONE}, or: {', '.join(frame.names)}."
            yield Problem("sheet-unknown-code", ("codes",), f"There is no code '{name}'.", remedy)
