"""The cell of each count of results: who is counted, so that two figures of the same people are one cell.

What can fall while nobody takes anything back (an interview in progress ends, somebody who left comes back) carries the
name of its release: the audit of two releases takes counts to rise, and says nothing of these.
"""

from dataclasses import dataclass

from bot.core.disposition import Disposition
from bot.results.disclosure.records import ANSWERED, EVERYBODY, NOT_STATED, Cell
from bot.results.records.equity import Measure
from bot.results.records.items import Reason

Where = tuple[str, str] | None
"""A group variable with one of its groups; None for all."""


def answered(item: str, where: Where = None) -> Cell:
    return _of((item, ANSWERED), where=where)


def chose(item: str, choice: str, where: Where = None) -> Cell:
    return _of((item, choice), where=where)


def placed(item: str, choice: str) -> Cell:
    """Return those who gave an option any place in a ranking."""
    return Cell.of((f"{item}, placed", choice))


def consented(where: Where = None) -> Cell:
    return EVERYBODY if where is None else Cell.of(where)


def started(where: Where = None) -> Cell:
    return _of(("interview", ANSWERED), where=where)


def named(variable: str) -> Cell:
    """Return those who are in a group of a variable that the population file knows."""
    return Cell.of((f"{variable}, in the population", ANSWERED))


def unnamed(variable: str) -> Cell:
    return Cell.of((f"{variable}, in the population", NOT_STATED))


@dataclass(frozen=True, slots=True)
class Passing:
    """Cells that are of one release alone, for their counts may fall."""

    release: str

    def outcome(self, disposition: Disposition, where: Where = None) -> Cell:
        """Return the interviews that ended so; complete ones stay complete, and are the same cell in each release."""
        if disposition is Disposition.COMPLETE:
            return _of(("interview", disposition.value), where=where)
        return self.interviews(disposition.value, where)

    def interviews(self, kind: str, where: Where = None) -> Cell:
        return self._of("interview", kind, where)

    def missing(self, item: str, reason: Reason) -> Cell:
        return self._of(f"{item}, missing", reason.value)

    def asked(self, item: str) -> Cell:
        return self._of(f"{item}, asked", ANSWERED)

    def reached(self, item: str) -> Cell:
        """Return those who were asked an item and do not stand there still."""
        return self._of(f"{item}, reached", ANSWERED)

    def unstated(self, variable: str) -> Cell:
        """Return those who are in no group of an item, and may still say which is theirs."""
        return self._of(f"{variable}, of a group", NOT_STATED)

    def rounds(self, item: str, number: int | None = None, where: Where = None) -> Cell:
        """Return all rounds of an item in a repeat, or one of them, which everybody could have had."""
        return self._of(f"{item}, rounds", ANSWERED if number is None else str(number), where)

    def rate(self, measure: Measure, item: str | None, part: str, where: Where = None) -> Cell:
        """Return the `events` or the `chances` of a measure of equity, of all questions or of one item."""
        return self._of(f"{measure.value}{f' of {item}' if item else ''}", part, where)

    def theme(self, item: str, which: str) -> Cell:
        """Return the answers of a theme of words, or those that were looked at for themes in a language."""
        return self._of(f"{item}, theme", which)

    def _of(self, name: str, value: str, where: Where = None) -> Cell:
        return _of((f"{name}, as of {self.release}", value), where=where)


def _of(condition: tuple[str, str], *, where: Where) -> Cell:
    return Cell.of(condition) if where is None else Cell.of(condition, where)
