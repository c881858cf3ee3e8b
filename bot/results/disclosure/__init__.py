"""Nobody can be singled out: what of a report's counts is published, and the proof that the rest cannot be worked out.

Whoever publishes makes a `Table` of each question by each breakdown, all of them, from true counts, and then:

    release = withhold("2026-03", tables, Rule(threshold=10), earlier)   # counts rounded, or None where withheld
    audit([*earlier, release]).require()                                 # raises DisclosureError where something leaks

`earlier` are the releases that were published of the same consultation, with how many people were erased or had an
answer changed since (`dataclasses.replace(one, changed=3)`). Of a release, `counts[cell]`, `share(cell, of)` and
`is_shown(*cells)` are all that a page may show; `withheld_means` says which means, `quote_naming` how quotes.

    Cell.of(("water", "river"), ("region", "north"))          the people of a count, whichever table it stands in
    Table(item, choices, counts, chosen, variable, groups, grouped, of_people)          true counts with all margins
    Tally(counts, known)                                other counts, with what is known to relate them
    Rule(threshold, rounding)                                 what the organiser chose
    reconciled(tables, rule, earlier) -> earlier, with how many people must have changed something since the last
    withhold(name, tables, rule, earlier) -> Release
    audit(releases, exact=False) -> Audit                     .passed, .leaks (each with message, remedy), .require()
    withheld_means({group: Numbers}, rule, also, overall) -> frozenset of groups;  is_safe(numbers, rule) for one mean
    quote_naming(release, group, evident) -> Naming

Pure functions over frozen records. NumPy and SciPy are loaded with it: import it where a report is made, never in what
`heard serve` loads.
"""

from bot.results.disclosure.auditing import Audit, Finding, audit
from bot.results.disclosure.means import Numbers, is_safe, withheld_means
from bot.results.disclosure.quotes import Naming, quote_naming
from bot.results.disclosure.records import (
    ANSWERED,
    EVERYBODY,
    Cell,
    Parts,
    Relation,
    Release,
    Rule,
    Table,
    Tally,
)
from bot.results.disclosure.withholding import reconciled, withhold

__all__ = [
    "ANSWERED",
    "EVERYBODY",
    "Audit",
    "Cell",
    "Finding",
    "Naming",
    "Numbers",
    "Parts",
    "Relation",
    "Release",
    "Rule",
    "Table",
    "Tally",
    "audit",
    "is_safe",
    "quote_naming",
    "reconciled",
    "withheld_means",
    "withhold",
]
