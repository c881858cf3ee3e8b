"""Results made safe to publish: counts withheld and rounded, all that is computed from them with them, and audited.

What is shown is built anew, field by field, from what the release shows: whatever is not built is not published.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.core.groups import LANGUAGE
from bot.core.review.routing import PassedOver
from bot.errors import DisclosureError
from bot.results.disclosure import Audit, Release, Rule, audit, reconciled, withhold
from bot.results.disclosure.linking import link, unseen
from bot.results.disclosure.records import NOT_STATED, Cell, Parts, Relation, Table, Tally
from bot.results.publication.cells import Passing, answered, consented, started
from bot.results.publication.figures import Figures
from bot.results.publication.items import Items
from bot.results.publication.means import means_told
from bot.results.publication.people import People
from bot.results.publication.records import Theme
from bot.results.publication.sums import Sums, with_every_band
from bot.results.publication.tables import tables_of
from bot.results.records.figures import exact
from bot.results.records.results import Results


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be published once `audited`: results and themes with figures withheld, and the release that shows them.

    `before` are the earlier releases, with how many people must have been erased, or changed an answer, since the last.
    `nowhere` are cells that no table shows, withheld or not.
    """

    results: Results
    themes: tuple[Theme, ...]
    release: Release
    before: tuple[Release, ...] = ()
    nowhere: frozenset[Cell] = frozenset()
    true: Mapping[Cell, int] = field(default_factory=dict, repr=False)

    def audited(self) -> Audit:
        """Return what can be worked out from it together with the earlier releases."""
        return audit((*self.before, self.release), true=self.true)

    @property
    def withheld(self) -> int:
        """Return how many counts are not shown, beside those of how interviews went."""
        apart = self.release.course | self.nowhere
        return sum(count is None and cell not in apart for cell, count in self.release.counts.items())


def protect(
    results: Results,
    sums: Sums,
    rule: Rule,
    earlier: Sequence[Release] = (),
    themes: Sequence[Theme] = (),
    beside: Sequence[Table] = (),
    never_asked: Iterable[PassedOver] = (),
    languages: Sequence[str] = (),
) -> Protected:
    """Return results as they may be published after `earlier` releases, the oldest first.

    `results` are whole; `sums` are those of the same frame: a mean without its sums is not published. `beside` are
    other counts of the same people that tell what may be shown. `never_asked` is who is never asked what, as whoever
    reads the consultation file knows, as they know in which `languages` it can be answered.

    Raises:
        DisclosureError: they are of some interviews alone, or are withheld already; or earlier releases tell too much.
    """
    if not results.selection.is_everybody:
        raise DisclosureError(
            "figures of a selection are not published: compared with those of all, they tell of who is left out"
        )
    results, name = with_every_band(results, sums), str(len(earlier) + 1)
    passing = Passing(name)
    tables = [*tables_of(results, name, sums), *_themes(themes, results, passing), *beside]
    nobody = frozenset({*_nobody(tables, never_asked), *_without_language(tables, results)})
    tables.append(Tally({}, nobody=nobody))
    before = reconciled(tables, rule, earlier)
    release = withhold(name, tables, rule, before)
    release = replace(release, means=means_told(results, sums, release, before))
    made = shown(results, themes, release, languages)
    return replace(made, before=before, nowhere=unseen(tables), true=link(tables)[0])


def shown(
    results: Results, themes: Sequence[Theme], release: Release, languages: Sequence[str] = ()
) -> Protected:
    """Return results with what a release of them shows."""
    figures, passing = Figures(release, tuple(languages)), Passing(release.name)
    items, people = Items(results, figures, passing, release.means or ()), People(results, figures, passing)
    told = Results(
        consultation=results.consultation,
        title=results.title,
        version=results.version,
        at=results.at,
        selection=results.selection,
        selected=figures.count(started()),
        consented=figures.count(consented()),
        participation=people.participation(),
        items=tuple(map(items.item, results.items)),
        breakdowns=tuple(items.breakdowns()),
        representation=tuple(people.representation()),
        weighting=people.weighting(),
        equity=people.equity(),
        notices=tuple(people.notices()),
    )
    return Protected(told, tuple(_shown_themes(themes, figures, passing)), release)


def _nobody(tables: Iterable[Table | Tally], never_asked: Iterable[PassedOver]) -> Iterator[Cell]:
    """Yield cells that readers know to be empty. Where somebody is in one, an older version has asked them."""
    known = {(one.item, one.name, one.category or NOT_STATED) for one in never_asked}
    for table in tables:
        for cell, count in table.cells():
            if count == 0 and len(cell.conditions) == 2:
                one, other = cell.conditions
                for (item, value), (name, category) in ((one, other), (other, one)):
                    if value != NOT_STATED and (item, name, category) in known:
                        yield cell


def _without_language(tables: Iterable[Table | Tally], results: Results) -> Iterator[Cell]:
    """Yield the cells of those who agreed before they chose a language, which readers know to be empty.

    Consent is asked in the language that somebody chose. As a small count to be hidden, this nought would have the
    smallest of the languages withheld with it everywhere, however many speak that.
    """
    none, items = (LANGUAGE, NOT_STATED), {item.name for item in results.items}
    empty = {cell for table in tables for cell, count in table.cells() if count == 0}
    if consented(none) in empty:
        for cell in empty:
            if none in cell.conditions and all(
                name in items for name, _ in cell.conditions if name != LANGUAGE
            ):
                yield cell


# --- themes


def _themes(themes: Sequence[Theme], results: Results, passing: Passing) -> Iterator[Tally]:
    spoken = {
        (one.item, group.name): exact(group.n)
        for one in results.breakdowns
        if one.variable == LANGUAGE
        for group in one.groups
    }
    found: dict[tuple[str, str], dict[Cell, int]] = {}
    for place, one in enumerate(themes):
        said, of = _theme_cells(one, place, passing)
        base = exact(one.said.base)
        known = [Relation(of, (said,), Parts.ANY), Relation(answered(one.item), (of,), Parts.ANY)]
        # Not so where somebody has changed their language since they answered.
        if one.language is not None and base <= spoken.get((one.item, one.language), 0):
            known.append(Relation(answered(one.item, (LANGUAGE, one.language)), (of,), Parts.ANY))
        yield Tally({said: exact(one.said.count), of: base}, tuple(known))
        if one.label is None:
            sizes = found.setdefault((one.item, one.language or NOT_STATED), {of: base})
            sizes[said] = exact(one.said.count)
    for (item, language), sizes in found.items():
        # An answer has one of the themes that were found, or none.
        (of, base), *parts = sizes.items()
        none = passing.theme(item, f"no theme, {language}")
        counts = {**sizes, none: base - sum(count for _, count in parts)}
        yield Tally(counts, (Relation(of, (*(cell for cell, _ in parts), none), Parts.ONE),))


def _theme_cells(theme: Theme, place: int, passing: Passing) -> tuple[Cell, Cell]:
    """Return the cells of who said it, and of whose words were looked at: by codes in all languages, else in one."""
    looked_at = "any language" if theme.label is not None else theme.language or NOT_STATED
    return passing.theme(theme.item, f"{place}"), passing.theme(theme.item, looked_at)


def _shown_themes(themes: Sequence[Theme], figures: Figures, passing: Passing) -> list[Theme]:
    """Return the themes whose size is shown; the others are not told at all, for their words are of few."""
    told = []
    for place, one in enumerate(themes):
        said = figures.share(*_theme_cells(one, place, passing), one.said)
        if said.count is not None:
            told.append(Theme(one.item, one.label, one.words, one.language, said))
    return told
