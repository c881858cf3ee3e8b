"""Quotes as a spreadsheet, for reviewers and translators who work in one: written, and read back.

A row is an answer. In `decision` stands approve, reject or nothing; in `words`, further stretches may be replaced by
[…], and nothing else may be changed; `translation fr` and the like are the reviewer's to fill in.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import StringIO
from typing import TextIO

from bot.core.problems import Problem
from bot.results.cells import FORMULA_STARTS, harmless
from bot.results.words.quotes import Candidate, approvable, approval, rejection
from bot.results.words.redaction import Redacted, redact
from bot.results.words.rules import Rules
from bot.store.quotes import QuoteState, Review

KEYS = ("respondent", "slot")
COLUMNS = (*KEYS, "item", "language", "words", "decision", "reviewer")
TRANSLATION = "translation "
DECISIONS = {"approve": QuoteState.APPROVED, "reject": QuoteState.REJECTED}
_WRITTEN = {state: word for word, state in DECISIONS.items()}


def write_quotes(file: TextIO, candidates: Sequence[Candidate], languages: Sequence[str]) -> None:
    """Write a row for each answer that could be quoted; no cell is run as a formula."""
    rows = csv.writer(file)
    rows.writerow([*COLUMNS, *(f"{TRANSLATION}{language}" for language in languages)])
    for one in candidates:
        wordings = one.quote.translations if one.quote else {}
        cells = (
            *(one.said.respondent_id, one.said.slot, one.said.item, one.said.language or ""),
            *(one.words.text, _WRITTEN[one.state] if one.state else "", one.reviewer),
            *(wordings[language].text if language in wordings else "" for language in languages),
        )
        rows.writerow([harmless(cell) for cell in cells])


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a spreadsheet, with its line; cells by the name of their column, without what kept formulas still."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "").strip()


def read_rows(content: bytes, needed: Collection[str]) -> tuple[Row, ...] | tuple[Problem, ...]:
    """Return the rows of a CSV, whichever sign a spreadsheet has put between its cells; or what is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        remedy = "Save it as 'CSV UTF-8'."
        return (Problem("sheet-encoding", (), "The file is not UTF-8 text.", remedy, line=line),)
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        message = f"There is no column {', '.join(missing)}."
        remedy = "Keep the first line as Heard wrote it."
        return (Problem("sheet-columns", (), message, remedy, line=1),)
    return tuple(
        Row(reader.line_num, {name: _stilled(cell) for name, cell in cells.items() if name})
        for cells in reader
    )


def _stilled(cell: str) -> str:
    """Return a cell without the apostrophe that kept a spreadsheet from running it."""
    is_kept_still = cell.startswith("'") and cell[1:].lstrip(" \u00a0\u3000").startswith(FORMULA_STARTS)
    return cell[1:] if is_kept_still else cell


def read_decisions(
    content: bytes, candidates: Sequence[Candidate], rules: Rules, at: datetime
) -> tuple[Review, ...] | tuple[Problem, ...]:
    """Return the decisions of a spreadsheet that are new, or every problem of it; rows without one are passed over."""
    rows = read_rows(content, (*KEYS, "words", "decision", "reviewer"))
    problems = [row for row in rows if isinstance(row, Problem)]
    known = {one.said.key: one for one in candidates}
    decisions: dict[tuple[str, str], Review] = {}
    for row in rows:
        if isinstance(row, Problem) or not row["decision"]:
            continue
        key = (row["respondent"], row["slot"])
        read = _decision(row, known.get(key), rules, at) if key not in decisions else _twice(row)
        if isinstance(read, Problem):
            problems.append(replace(read, line=row.line))
        elif not _is_known(read, known[key]):
            decisions[key] = read
    return tuple(problems) or tuple(decisions.values())


def _decision(row: Row, candidate: Candidate | None, rules: Rules, at: datetime) -> Review | Problem:
    state = DECISIONS.get(row["decision"].casefold())
    if state is None:
        message = f"'{row['decision']}' is no decision."
        return Problem(
            "sheet-decision", ("decision",), message, "Write approve or reject, or leave it empty."
        )
    if candidate is None:
        message = "There is no such answer, or not any more: it was changed or its person is erased."
        return Problem("sheet-unknown-answer", ("respondent",), message, "Take the row out, and export anew.")
    if not row["reviewer"]:
        message = "Nobody stands for this decision."
        return Problem("sheet-reviewer", ("reviewer",), message, "Write the name of who read the words.")
    if state is QuoteState.REJECTED:
        return rejection(candidate, row["reviewer"], at)
    words = approvable(candidate.said.words, row.cells["words"].replace("\r\n", "\n"), rules)
    if words is None:
        message = "The words are not those of the answer."
        remedy = "Only replace what should not be seen by […]. Where the answer was changed, export anew."
        return Problem("sheet-words", ("words",), message, remedy)
    return approval(candidate, words, dict(_translations(row, rules)), row["reviewer"], at)


def _translations(row: Row, rules: Rules) -> Iterator[tuple[str, Redacted]]:
    for column in row.cells:
        if column.startswith(TRANSLATION) and row[column]:
            yield column.removeprefix(TRANSLATION), redact(row[column], rules)


def _twice(row: Row) -> Problem:
    message = f"This answer stands twice: {row['respondent']}, {row['slot']}."
    return Problem("sheet-twice", ("respondent",), message, "Take one of the two rows out.")


def _is_known(read: Review, candidate: Candidate) -> bool:
    """Return whether a decision says what stands already, so that who reviewed it, and when, is kept."""
    if read.state is not candidate.state:
        return False
    quote = candidate.quote
    if quote is None:
        return True
    wordings = {language: words.text for language, words in quote.translations.items()}
    return (read.text, dict(read.translations)) == (quote.words.text, wordings)
