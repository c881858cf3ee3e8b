"""Which groups stand in the tables of a release: those that are shown, and those of which readers know anyway."""

from collections.abc import Sequence

from bot.core.groups import ASSISTED, LANGUAGE, OCCURRING, OTHERS
from bot.results.disclosure.records import NOT_STATED, Release
from bot.results.publication.cells import consented, started


def standing(
    variable: str, names: Sequence[str], release: Release, languages: Sequence[str]
) -> tuple[str, ...]:
    """Return the groups of a variable that stand in a table, withheld or not; "" is who is in none.

    `names` are those that there are, `languages` all that the consultation can be answered in. A language that is
    withheld stands with one that nobody spoke, in the order of the consultation: so its row tells nothing but that
    there is this language, which everybody knows. A channel or source that is withheld is told under no name, as
    `OTHERS`. Audits take readers to know more: which groups there are.
    """
    if variable not in (*OCCURRING, ASSISTED):
        return tuple(names)
    told = [name for name in names if is_told(variable, name, release)]
    if variable == ASSISTED:
        # There is such a table only where somebody was helped, and then everybody knows of both.
        return tuple(names) if told else ()
    withheld = [name for name in languages if name not in told] if variable == LANGUAGE else []
    others = {name for name in names if name} - {*told, *withheld}
    if variable != LANGUAGE and "" in names and "" not in told:
        others.add("")
    named = [name for name in told if name]
    return (
        *named,
        *withheld,
        *([OTHERS] if others and told else []),
        *([""] if "" in told else []),
    )


def is_told(variable: str, name: str, release: Release) -> bool:
    """Return whether it may be told that there is somebody of such a group."""
    where = (variable, name or NOT_STATED)
    cell = consented(where)
    if cell in release.nobody:
        return release.counts.get(started(where)) is not None
    return release.counts.get(cell) is not None
