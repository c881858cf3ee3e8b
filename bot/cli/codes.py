"""`heard codes`: what people said in their own words, counted by the organiser's codes."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.faults import problems_told
from bot.cli.opened_words import opened_words, sheet_problems_told
from bot.cli.options import FlowsOption
from bot.cli.quotes import ConsultationArgument, content_of
from bot.cli.showing import isolated
from bot.errors import FlowsError, SheetError

if TYPE_CHECKING:
    from bot.core.codes import CodeFrame
    from bot.core.questionnaire import Questionnaire
    from bot.results.words.agreement import Agreement

codes = typer.Typer(
    help="Count answers in people's own words by your codes (flows/CONSULTATION.codes.yaml).",
    no_args_is_help=True,
)


def frame_of(flows: Path, newest: "Questionnaire") -> "CodeFrame":
    from bot.flowfiles.codes import codes_file, read_codes

    frame = read_codes(codes_file(flows, newest.id), newest)
    if isinstance(frame, tuple):
        raise FlowsError(frame)
    return frame


@codes.command()
@problems_told()
def count(consultation: ConsultationArgument, flows: FlowsOption = Path("flows")) -> None:
    """Count the answers that have each code, for each item that asks for own words."""
    asyncio.run(_count(consultation, flows, Console(highlight=False)))


async def _count(consultation: str, flows: Path, console: Console) -> None:
    from bot.results.words import coded
    from bot.results.words.said import text_items

    async with opened_words(consultation) as opened:
        newest = opened.versions[0]
        frame = frame_of(flows, newest)
        for item in text_items(opened.versions):
            if not any(code.is_for(item) for code in frame.codes):
                continue
            counts = await coded(opened.engine, opened.versions, frame, item)
            console.print(
                Text(f"{item}: {counts.answers} answers, {counts.uncoded} without a code", style="bold")
            )
            table = Table("", box=None, pad_edge=False, show_header=bool(counts.by_language))
            table.add_column("all", justify="right")
            for language in counts.by_language:
                table.add_column(language or "none", justify="right")
            for code in frame.codes:
                if code.is_for(item):
                    spoken = [str(by[code.name]) for by in counts.by_language.values()]
                    label = isolated(code.label_in(newest.languages[0]))
                    table.add_row(Text(f"  {label}"), str(counts.counts[code.name]), *spoken)
            console.print(table)


@codes.command()
def sample(
    consultation: ConsultationArgument,
    file: Annotated[Path, typer.Argument(help="The CSV to write.")],
    size: Annotated[int, typer.Option(min=1, help="How many answers.")] = 100,
    seed: Annotated[int, typer.Option(help="Another seed draws other answers.")] = 1,
) -> None:
    """Write a random sample of redacted answers, to be coded by hand in a spreadsheet.

    Write each answer's codes into `codes`, with blanks between; `none` where it has none.
    """
    count = asyncio.run(_sample(consultation, file, size, seed))
    typer.echo(f"{count} {'answer' if count == 1 else 'answers'} written to {file}.")


async def _sample(consultation: str, file: Path, size: int, seed: int) -> int:
    from bot.cli.writing import written_whole
    from bot.results.words.agreement import draw, write_sample
    from bot.results.words.said import said

    async with opened_words(consultation) as opened:
        answers = [one async for one in said(opened.engine, opened.versions) if not one.is_flagged]
        drawn = draw(answers, size, seed)
    with written_whole(file) as part, part.open("w", encoding="utf-8-sig", newline="") as written:
        write_sample(written, drawn)
    return len(drawn)


@codes.command()
@sheet_problems_told()
@problems_told()
def measure(
    consultation: ConsultationArgument,
    file: Annotated[Path, typer.Argument(help="The CSV of `heard codes sample`, coded by hand.")],
    flows: FlowsOption = Path("flows"),
) -> None:
    """Tell how well the codes agree with those that people gave by hand: Cohen's kappa, and what is confused."""
    asyncio.run(_measure(consultation, file, flows, Console(highlight=False)))


async def _measure(consultation: str, file: Path, flows: Path, console: Console) -> None:
    from bot.results.words.agreement import measure as measured
    from bot.results.words.agreement import read_by_hand
    from bot.results.words.coding import apply_codes
    from bot.results.words.said import said

    async with opened_words(consultation) as opened:
        frame = frame_of(flows, opened.versions[0])
        answers = [one async for one in said(opened.engine, opened.versions)]
    by_hand = read_by_hand(content_of(file), frame, answers)
    if isinstance(by_hand, tuple):
        raise SheetError(by_hand)
    show(
        console, measured(frame, by_hand, apply_codes(frame, [one for one in answers if one.key in by_hand]))
    )


def show(console: Console, agreement: "Agreement") -> None:
    """Print how codings agree."""
    console.print(f"{agreement.answers} answers coded by hand.")
    table = Table("code", box=None, pad_edge=False)
    for heading in ("by hand", "by words", "kappa", "95% interval"):
        table.add_column(heading, justify="right")
    for name, one in agreement.codes.items():
        if one.kappa is None or one.low is None or one.high is None:
            table.add_row(name, str(one.by_hand), str(one.by_words), "-", "-")
        else:
            interval = f"{one.low:.2f} to {one.high:.2f}"
            table.add_row(name, str(one.by_hand), str(one.by_words), f"{one.kappa:.2f}", interval)
    console.print(table)
    if agreement.mean is not None:
        console.print(f"Mean kappa: {agreement.mean:.2f} (0 is chance, 1 is complete agreement)")
    for by_hand, by_words, many in agreement.confusions[:10]:
        console.print(f"  {many} x by hand {by_hand}, by words {by_words}")
