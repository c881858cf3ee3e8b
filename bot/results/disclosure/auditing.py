"""The audit: whether anything that is withheld can be worked out from everything that is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import DisclosureError
from bot.results.disclosure.bounds import Fillings, Question, Range, ranges
from bot.results.disclosure.crossings import Across
from bot.results.disclosure.programs import bounded, filling_of
from bot.results.disclosure.records import Cell, Release
from bot.results.disclosure.system import System, known_of, system_of


@dataclass(frozen=True, slots=True)
class Finding:
    """What can be worked out of one cell: of its count in `release`, or of its growth since the release `since`."""

    cell: Cell
    release: str
    since: str | None
    range: Range = field(repr=False)

    @property
    def message(self) -> str:
        """Return what leaks, for the organiser alone: it tells what the release was to keep."""
        low, high = self.range.low, self.range.high
        told = f"it is {low}" if low == high else f"it lies between {low} and {high}"
        if self.since is not None:
            told = told.replace("it ", "the change ", 1)
            return f"{self.cell}: comparing {self.release} with {self.since} tells that {told}."
        return f"{self.cell}: the count is to be withheld, but what {self.release} shows tells that {told}."

    @property
    def remedy(self) -> str:
        """Return what the organiser can do."""
        if self.since is not None:
            return (
                f"Publish later, when more people have answered, or leave out what {self.since} did not show."
            )
        return (
            "Withhold another count of the same row or column, join small groups, or leave out the breakdown."
        )


@dataclass(frozen=True, slots=True)
class Audit:
    """What the audit has found, of every withheld cell and of every cell that two releases share."""

    findings: tuple[Finding, ...]

    @property
    def leaks(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if not one.range.is_safe)

    @property
    def passed(self) -> bool:
        return not self.leaks

    def require(self) -> None:
        """Let nothing pass that leaks.

        Raises:
            DisclosureError: something does; the text names the first cells and what to do, and no count.
        """
        if leaks := self.leaks:
            named = "; ".join(f"'{one.cell}' in {one.release}" for one in leaks[:3])
            more = f" and {len(leaks) - 3} more" if len(leaks) > 3 else ""
            raise DisclosureError(
                f"not published, because small counts can be worked out: {named}{more}. {leaks[0].remedy}"
            )


def audit(
    releases: Sequence[Release], *, true: Mapping[Cell, int] | None = None, exact: bool = False
) -> Audit:
    """Return what can be worked out from releases of one consultation, the oldest first, the one to publish last.

    A withheld count is safe when at least as many values as the threshold are possible, as many as the words "fewer
    than 10" leave, or when it is known to be no less than the threshold (and was withheld to protect another). A
    change between two releases that follow each other is safe when it may be any of a few numbers
    (`Rule.changes_left`), or is no less than the threshold. `exact` tells the whole range of safe cells too, which
    takes two programs a cell. `true` counts of the newest release make it quicker, and are believed only where they fit
    all that is published; without them some that do are looked for.

    Raises:
        DisclosureError: no counts fit what is published, or two releases have one name.
    """
    if len({one.name for one in releases}) < len(releases):
        raise DisclosureError("two releases have the same name; give each its own, such as its date")
    system = system_of(releases)
    asked = questions(releases, system)
    # Of one release, programs over all of it give whole numbers, and serve thousands of questions; of several, few do.
    base = None
    if len(releases) > 1:
        base = filling_of(bounded(system)[0], None if true is None else known_of(system, true))
    found = dict(zip(asked, ranges(system, asked, Fillings(), base, exact=exact), strict=True))
    safe = [question for question, one in found.items() if one.is_safe]
    found |= {leak.question: leak.range for leak in Across(releases).leaks(system, safe)}
    return Audit(tuple(_finding(releases, system, *one) for one in found.items()))


def questions(releases: Sequence[Release], system: System) -> list[Question]:
    """Return what an audit has to find out: each withheld count, and each change of what two releases share.

    A small count that is shown against the rule is asked for like one that is withheld, and so is found. Of how
    interviews went nothing is asked, nor of those who were never asked.
    """
    place = {(term.release, term.cell): index for index, term in enumerate(system.terms)}
    asked = []
    for index, term in enumerate(system.terms):
        release = releases[term.release]
        if term.cell in release.course or term.cell in release.nobody:
            continue
        if release.counts[term.cell] is None or system.upper[index] < release.rule.threshold:
            asked.append(Question(index, None, release.rule.values_left, release.rule.threshold))
        before = place.get((term.release - 1, term.cell))
        if before is not None:
            asked.append(Question(index, before, release.rule.changes_left, release.rule.threshold))
    return asked


def _finding(releases: Sequence[Release], system: System, question: Question, found: Range) -> Finding:
    term = system.terms[question.unknown]
    since = None if question.since is None else releases[system.terms[question.since].release].name
    return Finding(term.cell, releases[term.release].name, since, found)
