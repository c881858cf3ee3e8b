"""`heard findings`: what a consultation found, who answers it by when, and telling the people who asked to be told."""

import asyncio
import getpass
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.faults import problems_told
from bot.cli.opened import opened_database
from bot.core.findings import Change, Finding, FindingState, due_by
from bot.errors import FindingsError, FlowsError

if TYPE_CHECKING:
    from bot.store.database import Database

findings = typer.Typer(
    help="Answer what people said, and tell them what came of it: you said, we did.", no_args_is_help=True
)

_DAY = ["%Y-%m-%d"]
IdArgument = Annotated[int, typer.Argument(metavar="ID", help="The finding's number.")]
DueOption = Annotated[
    datetime | None, typer.Option(formats=_DAY, help="By when it is to be answered, or done.")
]
TextOption = Annotated[
    Path | None, typer.Option("--text", help="A file of what people are told: a line for each language.")
]
ByOption = Annotated[str | None, typer.Option(help="Who decided so. Default: your user's name.")]


@findings.command()
@problems_told()
def add(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    title: Annotated[str, typer.Option(help="What people said, in a sentence.")],
    owner: Annotated[str, typer.Option(help="Who has to answer it.")],
    due: DueOption = None,
    closed: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, help="When the consultation ended. Default: when it was first offered."),
    ] = None,
    text: TextOption = None,
    by: ByOption = None,
) -> None:
    """Register a finding. It is due 12 weeks after the consultation ended, unless you say otherwise."""
    stored = asyncio.run(_add(consultation, title, owner, _day(due), _day(closed), text, _named(by)))
    typer.echo(f"Finding {stored.id} is registered. {stored.now.owner} answers it by {stored.now.due}.")
    if stored.is_overdue(datetime.now(UTC).date()):
        typer.echo("That day is past: say when the consultation --closed, or another day with --due.")


@findings.command(name="list")
def list_(consultation: Annotated[str, typer.Argument(help="The consultation's id.")]) -> None:
    """List what a consultation found, what is overdue, and how many people were told."""
    from bot.cli.findings_shown import show_findings

    show_findings(Console(highlight=False), asyncio.run(_listed(consultation)), datetime.now(UTC).date())


@findings.command()
def show(finding: IdArgument) -> None:
    """Show all that was answered to a finding: when, by whom and why."""
    from bot.cli.findings_shown import show_finding

    show_finding(Console(highlight=False), asyncio.run(_one(finding)), datetime.now(UTC).date())


@findings.command(name="set")
@problems_told()
def set_(
    finding: IdArgument,
    state: Annotated[FindingState, typer.Argument(help="What is answered.")],
    reason: Annotated[str | None, typer.Option(help="Why; without one nothing is rejected.")] = None,
    refer_to: Annotated[str | None, typer.Option(help="Whose matter it is, where it is referred.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who answers for it from now on.")] = None,
    due: DueOption = None,
    on: Annotated[
        datetime | None, typer.Option(formats=_DAY, help="When it was done. Default: today.")
    ] = None,
    text: TextOption = None,
    by: ByOption = None,
) -> None:
    """Answer a finding. Nobody is told by this alone: that is heard findings tell."""
    wanted = _Wanted(state, reason, refer_to, owner, _day(due), _day(on))
    changed = asyncio.run(_set(finding, wanted, text, _named(by)))
    due_then = f", due {changed.now.due}" if changed.now.due else ""
    typer.echo(f"Finding {finding} is {changed.now.state}{due_then}.")
    if changed.now.languages:
        typer.echo(
            f"There are words in: {', '.join(changed.now.languages)}. To tell: heard findings tell {finding}"
        )
    else:
        typer.echo(f"To tell people, write the words in a file: heard findings words {finding} FILE")


@findings.command()
@problems_told()
def words(
    finding: IdArgument,
    file: Annotated[Path, typer.Argument(help="A file with a line for each language: en: You said ...")],
) -> None:
    """Put in what people are told of the last change, in one language or more."""
    changed = asyncio.run(_words(finding, file))
    typer.echo(
        f"There are words in: {', '.join(changed.now.languages)}. To tell: heard findings tell {finding}"
    )


@findings.command()
def tell(
    finding: IdArgument,
    yes: Annotated[
        int | None, typer.Option("--yes", help="Send it, to so many people: the number that you were shown.")
    ] = None,
    price: Annotated[float | None, typer.Option(help="What a part of an SMS costs you.")] = None,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%dT%H:%M%z"], help="Not before then, like 2026-05-25T09:00+0300."),
    ] = None,
) -> None:
    """Show who would be told of the last change, and what that costs; with --yes and their number, tell them."""
    from bot.cli.findings_told import tell_people

    asyncio.run(tell_people(Console(highlight=False), finding, yes, price, at))


# --- what the commands do


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an operator asks of a finding, completed by what it was."""

    state: FindingState
    reason: str | None
    refer_to: str | None
    owner: str | None
    due: date | None
    on: date | None

    def after(self, before: Change, at: datetime, by: str) -> Change:
        """Return the change, in which stays what is not said where the state stays."""
        stays = self.state is before.state
        done_on = self.on or (before.done_on if stays else at.date())
        return Change(
            number=before.number + 1,
            state=self.state,
            at=at,
            by=by,
            owner=self.owner or before.owner,
            due=self.due or (before.due if stays else None),
            reason=self.reason,
            referred_to=self.refer_to or (before.referred_to if stays else None),
            done_on=done_on if self.state is FindingState.DONE else self.on,
        )


async def _add(
    consultation: str,
    title: str,
    owner: str,
    due: date | None,
    closed: date | None,
    text: Path | None,
    by: str,
) -> Finding:
    from bot.store.findings import finding, first_published, register

    async with opened_database() as engine:
        said = await _read_words(engine, consultation, text)
        counted_from = closed
        if counted_from is None:
            published = await first_published(engine, consultation)
            assert published is not None  # noqa: S101  its languages were read
            counted_from = published.date()
        first = Change(1, FindingState.HEARD, datetime.now(UTC), by, owner, due or due_by(counted_from))
        return await finding(engine, await register(engine, consultation, title, counted_from, first, said))


async def _listed(consultation: str) -> tuple[Finding, ...]:
    from bot.store import findings as register

    async with opened_database() as engine:
        await _languages(engine, consultation)
        return await register.findings(engine, consultation)


async def _one(finding_id: int) -> Finding:
    from bot.store.findings import finding

    async with opened_database() as engine:
        return await finding(engine, finding_id)


async def _set(finding_id: int, wanted: _Wanted, text: Path | None, by: str) -> Finding:
    from bot.store.findings import change, finding

    async with opened_database() as engine:
        before = await finding(engine, finding_id)
        said = await _read_words(engine, before.consultation, text)
        await change(engine, before, wanted.after(before.now, datetime.now(UTC), by), said)
        return await finding(engine, finding_id)


async def _words(finding_id: int, file: Path) -> Finding:
    from bot.store.findings import finding, set_words

    async with opened_database() as engine:
        of = await finding(engine, finding_id)
        await set_words(engine, of, await _read_words(engine, of.consultation, file))
        return await finding(engine, finding_id)


async def _read_words(engine: "Database", consultation: str, file: Path | None) -> Mapping[str, str]:
    """Return the words of a file by language; FlowsError with every problem in it."""
    from bot.flowfiles.words import words_in

    languages = await _languages(engine, consultation)
    if file is None:
        return {}
    try:
        content = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        raise FindingsError(f"{file} cannot be read: {error.strerror}") from None
    said = words_in(content, languages)
    if isinstance(said, tuple):
        raise FlowsError([replace(problem, file=str(file)) for problem in said])
    return said


async def _languages(engine: "Database", consultation: str) -> tuple[str, ...]:
    """Return every language that a consultation was held in; UnknownConsultation where it never was."""
    from bot.results.published import published
    from bot.settings import read_settings

    versions = await published(engine, consultation, read_settings().locales)
    return tuple(dict.fromkeys(language for one in versions for language in one.languages))


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


def _named(by: str | None) -> str:
    if by:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        raise FindingsError("this user has no name here: say who decides with --by") from None
