"""Options that say which interviews a command is about."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.core.questionnaire import Questionnaire
from bot.errors import ResultsError

if TYPE_CHECKING:
    from bot.results.selection import Selection

SinceOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only interviews begun on this day or later.")
]
UntilOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only interviews begun on this day or before.")
]
ChannelOption = Annotated[list[str] | None, typer.Option(help="Only interviews on this channel.")]
LanguageOption = Annotated[list[str] | None, typer.Option(help="Only interviews in this language.")]
WhereOption = Annotated[
    list[str] | None, typer.Option(help="Only people of a group, like: gender=woman or age=18-24.")
]
OnlyOption = Annotated[
    Literal["all", "consented", "complete", "complete_or_partial"],
    typer.Option(help="Only interviews that came so far."),
]


def selected(
    since: datetime | None,
    until: datetime | None,
    channel: Sequence[str] | None,
    language: Sequence[str] | None,
    where: Sequence[str] | None,
    only: str,
) -> "Selection":
    """Return the selection that the options come to.

    Raises:
        ResultsError: a `--where` is no group and its category.
    """
    from bot.results.selection import Completeness, Selection

    return Selection(
        since=since.date() if since else None,
        until=until.date() if until else None,
        channels=tuple(channel or ()),
        languages=tuple(language or ()),
        where=_where(where or ()),
        completeness=Completeness(only),
    )


def _where(written: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the groups that are let through; the same one twice means either of two categories."""
    found: dict[str, tuple[str, ...]] = {}
    for one in written:
        name, sign, category = one.partition("=")
        if not sign:
            raise ResultsError(f"--where {one}: write a group and its category, like: gender=woman")
        found[name] = (*found.get(name, ()), category)
    return found


def check_groups(questionnaire: Questionnaire, names: Iterable[str]) -> None:
    """Let nothing pass that is no group variable of a consultation.

    Raises:
        ResultsError: there is none of that name; the text has those there are.
    """
    from bot.core.groups import variables

    known = variables(questionnaire)
    for name in names:
        if name not in known:
            hint = "" if questionnaire.groups else "; name items under groups: in the consultation's file"
            raise ResultsError(f"there is no group '{name}'. There are: {', '.join(known)}{hint}")


def check_selection(questionnaire: Questionnaire, asked: "Selection") -> None:
    """Let no selection pass that names a group or a category that there is not.

    Raises:
        ResultsError: it does; the text has those there are.
    """
    from bot.core.groups import categories_of, grouping_of

    check_groups(questionnaire, asked.where)
    for name, wanted in asked.where.items():
        grouping = grouping_of(questionnaire, name)
        names = [one.name for one in categories_of(questionnaire, grouping)] if grouping else list(wanted)
        for one in wanted:
            if one not in names:
                raise ResultsError(f"'{name}' has no '{one}'. It has: {', '.join(names)}")
