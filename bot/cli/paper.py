"""`heard paper`: forms that were filled in on paper, typed into a spreadsheet and taken in as interviews."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.offered import offered_flow
from bot.cli.options import FlowsOption, LocalesOption

if TYPE_CHECKING:
    from bot.cli.recipients_told import Found
    from bot.flowfiles.folder import Flow
    from bot.outreach.paper.reading import Ready, Told
    from bot.outreach.recipients.sheets import Making
    from bot.store.paper import Reader

paper = typer.Typer(
    help="Take in forms that were filled in on paper; see docs/outreach.md.", no_args_is_help=True
)
ConsultationArgument = Annotated[str, typer.Argument(help="The consultation's id.")]


@paper.command()
def template(
    consultation: ConsultationArgument,
    output: Annotated[Path, typer.Option(help="The file to write: .xlsx, or else CSV.")],
    rounds: Annotated[int, typer.Option(min=1, max=20, help="Rounds of each repeat that get columns.")] = 3,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Write an empty spreadsheet to type forms into: a column an answer, with what is asked and can stand there."""
    from bot.cli.paper_template import write_template
    from bot.cli.writing import written_whole
    from bot.core.paper.form import on_paper

    questionnaire = on_paper(offered_flow(consultation, flows, locales).questionnaire)
    with written_whole(output) as part:
        # By the name that it gets: a part has none of its own.
        write_template(part, questionnaire, rounds, is_workbook=output.suffix.casefold() == ".xlsx")
    typer.echo(f"Written to {output}.")


@paper.command(name="import")
def import_(
    consultation: ConsultationArgument,
    file: Annotated[Path, typer.Argument(help="A CSV, XLSX, ODS or XLS.", exists=True, dir_okay=False)],
    worker: Annotated[str, typer.Option(help="Who stands for the forms: a worker, as they were added.")],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Take in the forms without problems.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Say what would be taken in, and take in nothing.")
    ] = False,
    problems: Annotated[
        Path | None, typer.Option(help="Write every problem to this CSV.", show_default=False)
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="The code page of a CSV.", show_default=False)] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="The sign between cells of a CSV.", show_default=False)
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook.", show_default=False)] = None,
    flows: FlowsOption = Path("flows"),
    locales: LocalesOption = Path("locales"),
) -> None:
    """Take in forms, with the same checks as in a conversation: all of them, or none where anything is wrong.

    A form that was taken in before is passed over: taking in a file twice changes nothing.
    """
    from bot.outreach.recipients.sheets import Making

    flow = offered_flow(consultation, flows, locales)
    making = Making(flow.questionnaire.languages, encoding, delimiter, sheet)
    asyncio.run(_import(flow, file, worker.strip(), making, problems, skip_bad=skip_bad, check=check))


async def _import(
    flow: "Flow",
    file: Path,
    worker: str,
    making: "Making",
    problems: Path | None,
    *,
    skip_bad: bool,
    check: bool,
) -> None:
    from rich.console import Console

    from bot.cli.opened import opened_database
    from bot.cli.paper_told import tell_of_harm
    from bot.cli.recipients_told import found_in
    from bot.store.paper import PAGE, Filled, keep_forms, known_forms
    from bot.store.versions import Publication, publish
    from bot.store.workers import find_worker

    questionnaire, now = flow.questionnaire, datetime.now(UTC)
    async with opened_database() as engine:
        worker_id = await find_worker(engine, questionnaire.id, worker, now)
        known = await known_forms(engine, questionnaire.id)
        with found_in(problems) as found:
            ready, bad, told = _checked(flow, file, making, known, found, now)
        is_taken = _can_be_taken(found, skip_bad=skip_bad) and not check
        taken = {one.row for one in ready} if is_taken else set[int]()
        left_out = any(one.row not in taken for one in told)
        # Before what is wrong with the file, by which nothing may come of it for days.
        tell_of_harm(Console(stderr=True, highlight=False), told, worker, left_out=left_out)
        _tell(found, file, problems, skip_bad=skip_bad)
        new = [one for one in ready if one.number not in known]
        there = f"Taken in before: {len(ready) - len(new):,}." if len(new) < len(ready) else ""
        if check:
            typer.echo(f"Forms that could be taken in: {len(new):,}. Nothing was. {there}".rstrip())
            return
        await publish(engine, [Publication(questionnaire.version, questionnaire.id, flow.document)], now)
        stored = 0
        for start in range(0, len(new), PAGE):
            page = [
                Filled(one.number, one.digest, one.interview, one.tells) for one in new[start : start + PAGE]
            ]
            reader = _reader(flow, worker_id) if any(one.tells for one in page) else None
            stored += await keep_forms(engine, worker_id, page, now, reader)
    bad_left_out = f"Left out, with problems: {bad:,}." if bad else ""
    typer.echo(" ".join(filter(None, (f"Forms taken in: {stored:,}.", there, bad_left_out))))
    if any(one.tells for one in new):
        typer.echo("What they tell of danger or harm waits for a person: heard inbox list.")


def _reader(flow: "Flow", worker: int) -> "Reader":
    """Return where what forms tell of danger or harm waits: with their worker, as what is told at a terminal."""
    from bot.channels import Address, Channel
    from bot.core.safeguarding import Urgency
    from bot.settings import read_settings, vault
    from bot.store.paper import Reader
    from bot.store.turns import Sender

    safeguard = flow.questionnaire.safeguard
    assert safeguard is not None  # noqa: S101  without one, no form tells of anything
    seal, pepper = vault(read_settings())
    address = Address(f"worker {worker}")
    within = dict.fromkeys(Urgency, safeguard.within) | {Urgency.URGENT: safeguard.urgent_within}
    place = Sender(Channel.TERMINAL, pepper.hash(Channel.TERMINAL, address))
    return Reader(place, seal.seal(address), within)


def _checked(
    flow: "Flow",
    file: Path,
    making: "Making",
    known: Mapping[str, str],
    found: "Found",
    now: datetime,
) -> "tuple[Sequence[Ready], int, Sequence[Told]]":
    """Return the forms without problems, how many have some, and which of all that are new tell of danger or harm."""
    from secrets import randbits

    from rich.console import Console
    from rich.progress import Progress

    from bot.core.paper.faults import fault
    from bot.core.paper.form import on_paper
    from bot.errors import SheetError
    from bot.outreach.paper.reading import Heading, Ready, Told, read_forms, read_heading
    from bot.outreach.recipients.sheets import open_sheet

    ready: list[Ready] = []
    told: dict[int, Told] = {}
    bad = 0
    questionnaire = on_paper(flow.questionnaire)
    console = Console(stderr=True)
    with (
        file.open("rb") as opened,
        Progress(console=console, transient=True, disable=not console.is_terminal) as bar,
    ):
        task = bar.add_task("Reading", total=1.0)
        try:
            sheet = open_sheet(opened, making)
            heading = read_heading(questionnaire, sheet.heading)
            if not isinstance(heading, Heading):
                for problem in heading:
                    found.add(problem)
                return ready, bad, ()
            seeds = iter(lambda: randbits(48), -1)
            today = now.astimezone(questionnaire.clock).date()

            def tell(one: Told) -> None:
                told[one.row] = one

            for one in read_forms(questionnaire, heading, sheet.rows, today, seeds, tell):
                bar.update(task, completed=sheet.read())
                if isinstance(one, Ready) and known.get(one.number, one.digest) == one.digest:
                    ready.append(one)
                    if one.number in known:
                        # It was told of when it was taken in.
                        told.pop(one.row, None)
                    continue
                bad += 1
                wrong = (fault("paper-changed", "form", line=one.row),) if isinstance(one, Ready) else one
                for problem in wrong:
                    found.add(problem)
        except SheetError as error:
            for problem in error.problems:
                found.add(problem)
    return ready, bad, tuple(told.values())


def _can_be_taken(found: "Found", *, skip_bad: bool) -> bool:
    """Return whether forms can be taken in, for all that is wrong."""
    from bot.core.paper.faults import OF_THE_FILE

    is_of_the_file = found.of_the_file or bool(OF_THE_FILE & found.counts.keys())
    return not found.counts or (skip_bad and not is_of_the_file)


def _tell(found: "Found", file: Path, problems: Path | None, *, skip_bad: bool) -> None:
    """Tell what is wrong; end with 1 where it keeps the forms from being taken in."""
    from rich.console import Console

    if not found.counts:
        return
    console = Console(stderr=True, highlight=False)
    found.show(console, str(file))
    if problems is not None:
        typer.echo(f"All of them are in {problems}.", err=True)
    if not _can_be_taken(found, skip_bad=skip_bad):
        hint = (
            " With --skip-bad, the other forms are taken in." if _can_be_taken(found, skip_bad=True) else ""
        )
        typer.echo(f"Nothing is taken in.{hint}", err=True)
        raise typer.Exit(1)
