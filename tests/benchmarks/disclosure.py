"""How long it takes to make a large report safe to publish, and to prove that it is."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from bot.results.disclosure import (
    EVERYBODY,
    Cell,
    Parts,
    Relation,
    Release,
    Rule,
    Table,
    Tally,
    audit,
    reconciled,
    withhold,
)
from bot.results.disclosure.crossings import crossings
from bot.results.disclosure.linking import link
from bot.results.estimate import estimate
from bot.results.layout import columns
from bot.results.publication.protecting import protect
from bot.results.publication.sums import sums_of
from tests.benchmarks.figures import Figure
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, frame_of

ITEMS, VARIABLES, GROUPS, CHOICES = 30, 6, 6, 6
SECONDS = 15.0
SAMPLES = {
    "1,000 people": (1_000, 0.9),
    "1,000 people, nobody skips": (1_000, 1.0),
    "600, many skip": (600, 0.6),
}
"""How many took part, and the share of items each answers."""
SILENT = {"1,000 people, few do not say their groups": 0.004, "1,000 people, many do not": 0.05}
"""The share of people who are in no group of a variable, each for itself."""
RARITY = 0.7
"""How much rarer each choice, and each group, is than the one before: some have few people."""


CROSSED_GROUPS, CROSSED_ITEMS, SKIPPED = 4, 11, 0.03

LATER, SECONDS_AGAIN = 1_200, 30.0
"""How many take part by the second release, and how long making it safe beside the first may take."""


def measure(folder: Path) -> list[Figure]:
    del folder
    return [
        *(figure for name, sample in SAMPLES.items() for figure in _of(name, *sample)),
        *(figure for name, silent in SILENT.items() for figure in _of(name, 1_000, 0.9, silent)),
        *_again(1_000, 0.9),
        *_crossed(600),
    ]


def _crossed(count: int) -> Iterator[Figure]:
    """Yield what a report takes whose groups are questions too, so that each three are looked at together."""
    groups = [f"group_{number}" for number in range(CROSSED_GROUPS)]
    names = [*groups, *(f"item_{number}" for number in range(CROSSED_ITEMS))]
    asked = questionnaire("".join(map(_select, names)), f"groups: [{', '.join(groups)}]")
    laid, random = columns([asked], {}, with_status=True), Random(1)
    frame = frame_of([dict(_answers(names, random)) for _ in range(count)], laid)
    results, sums = estimate(frame, asked, laid, at=BEGAN), sums_of(frame, asked, laid)
    began = time.process_time()
    made = protect(results, sums, Rule())
    withheld = time.process_time() - began
    passed = made.audited().passed
    audited = time.process_time() - began - withheld
    together = len(list(crossings(made.release)))
    yield Figure(
        f"{count:,} people, {len(names)} questions of which {CROSSED_GROUPS} are the groups: withholding and audit",
        f"{withheld:.1f} s and {audited:.1f} s, with {together} times three breakdowns together",
        "passed",
        passed,
    )


def _select(name: str) -> str:
    choices = ", ".join(f"{{name: {name}_{number}, label: Choice {number}}}" for number in range(CHOICES))
    return f"""
    - name: {name}
      type: select_one
      label: What of {name}?
      required: false
      choices: [{choices}]"""


def _answers(names: Sequence[str], random: Random) -> Iterator[tuple[str, str | None]]:
    for name in names:
        is_given = random.random() > SKIPPED
        chosen = random.choices(range(CHOICES), [RARITY**number for number in range(CHOICES)])[0]
        yield name, f"{name}_{chosen}" if is_given else None
        yield f"{name}/status", "answered" if is_given else "skipped"


def _again(count: int, answering: float) -> Iterator[Figure]:
    """Yield what a second release takes, when more people have answered."""
    first = withhold("1", list(report(count, answering)), Rule())
    tables = list(report(LATER, answering))
    began = time.process_time()
    before = reconciled(tables, Rule(), [first])
    second = withhold("2", tables, Rule(), before)
    withheld = time.process_time() - began
    found = audit([*before, second], true=link(tables)[0])
    audited = time.process_time() - began - withheld
    yield Figure(f"{count:,} people, then {LATER:,}: counts withheld", _told(second, tables))
    yield Figure(
        f"{count:,} people, then {LATER:,}: withholding",
        f"{withheld:.1f} s",
        f"<= {SECONDS_AGAIN:.0f} s",
        withheld <= SECONDS_AGAIN,
    )
    yield Figure(
        f"{count:,} people, then {LATER:,}: audit",
        f"{audited:.1f} s",
        f"<= {SECONDS_AGAIN:.0f} s, and passed",
        audited <= SECONDS_AGAIN and found.passed,
    )


def _of(name: str, count: int, answering: float, silent: float = 0.0) -> Iterator[Figure]:
    tables = list(report(count, answering, silent=silent))
    began = time.process_time()
    release = withhold("now", tables, Rule())
    withheld = time.process_time() - began
    found = audit([release])
    taken = time.process_time() - began
    yield Figure(f"{name}: counts withheld", _told(release, tables))
    yield Figure(
        f"{name}: withholding and audit",
        f"{withheld:.1f} s and {taken - withheld:.1f} s",
        f"<= {SECONDS:.0f} s together, and passed",
        taken <= SECONDS and found.passed,
    )


def _told(release: Release, tables: Sequence[Table | Tally]) -> str:
    true = {cell: count for table in tables for cell, count in table.cells() if cell not in release.course}
    small = {cell for cell, count in true.items() if count < release.rule.threshold}
    hidden = sum(release.counts[cell] is None for cell in true)
    return f"{len(small):,} small ones of {len(true):,}, and {hidden - len(small)} to hide them"


def report(count: int, answering: float, seed: int = 1, silent: float = 0.0) -> Iterator[Table | Tally]:
    """Yield the tables of a report: who took part, and every item, by every variable.

    Of whom is `silent` about a variable no table tells how many they are; readers know from the others.
    """
    random = Random(seed)
    groups, choices = [
        [f"{kind}{at}" for at in range(many)] for kind, many in (("g", GROUPS), ("c", CHOICES))
    ]
    rarity = [RARITY**at for at in range(max(GROUPS, CHOICES))]
    variables, items = [f"v{at}" for at in range(VARIABLES)], [f"q{at}" for at in range(ITEMS)]
    # Of the same seed, fewer people are the first of more: so a report is one that was made later, before that.
    most = max(count, LATER)
    grouped = {name: random.choices(groups, rarity[:GROUPS], k=most)[:count] for name in variables}
    answers = {
        name: [
            one if random.random() < answering else ""
            for one in random.choices(choices, rarity[:CHOICES], k=most)
        ][:count]
        for name in items
    }
    if silent:
        grouped = {
            name: [one if random.random() >= silent else "?" for one in those]
            for name, those in grouped.items()
        }
        groups.append("?")
    for variable in variables:
        took_part = Counter(("", one) for one in grouped[variable]) + Counter({("", ""): count})
        if silent:
            yield _membership(variable, groups, took_part)
        else:
            yield Table("", (), took_part, variable=variable, groups=tuple(groups))
        for item in items:
            pairs = [(given, of) for given, of in zip(answers[item], grouped[variable], strict=True) if given]
            counts = Counter(pairs) + Counter((given, "") for given, _ in pairs)
            counts += Counter(("", of) for _, of in pairs) + Counter({("", ""): len(pairs)})
            yield Table(item, tuple(choices), counts, variable=variable, groups=tuple(groups))


def _membership(variable: str, groups: Sequence[str], took_part: Counter[tuple[str, str]]) -> Tally:
    cells = {Cell.of((variable, one)): took_part["", one] for one in groups}
    rest = frozenset({Cell.of((variable, "?"))})
    known = Relation(EVERYBODY, tuple(cells), Parts.ONE)
    return Tally({EVERYBODY: took_part["", ""], **cells}, (known,), rest, rest, rest)
