"""`heard quotes`: which of people's own words may be published. Every one is read by a person before it is."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.opened_words import Opened, opened_words, sheet_problems_told
from bot.cli.showing import isolated, told
from bot.errors import SheetError

if TYPE_CHECKING:
    from bot.results.words.quotes import Candidate
    from bot.results.words.redaction import Redacted
    from bot.results.words.rules import Rules

quotes = typer.Typer(
    help="Decide which of people's own words may be published: each is read by a person first.",
    no_args_is_help=True,
)
ConsultationArgument = Annotated[str, typer.Argument(help="The consultation's id.")]
ItemOption = Annotated[str | None, typer.Option(help="Only the answers to this item.")]
LanguageOption = Annotated[str | None, typer.Option(help="Only the answers in this language.")]

KEYS = "a approve, r reject, e black out a stretch, t translate, s skip, q quit"


@quotes.command()
def review(
    consultation: ConsultationArgument,
    reviewer: Annotated[
        str, typer.Option(prompt="Your name, kept with each decision", help="Who reads and decides.")
    ],
    item: ItemOption = None,
    language: LanguageOption = None,
) -> None:
    """Read the answers that nobody has decided about, one at a time, and decide.

    What identifies people is blacked out already, as far as it was found. You can black out more; words are never
    changed otherwise.
    """
    asyncio.run(_review(consultation, reviewer.strip(), item, language))


async def _review(consultation: str, reviewer: str, item: str | None, language: str | None) -> None:
    from bot.results.words.quotes import read_candidates
    from bot.results.words.said import rules_of
    from bot.store.quotes import drop_fallen

    if not reviewer:
        raise typer.BadParameter("somebody has to stand for the decisions", param_hint="--reviewer")
    console = Console(highlight=False)
    async with opened_words(consultation) as opened:
        await drop_fallen(opened.engine)
        rules = await rules_of(opened.engine, opened.versions[0])
        every = await read_candidates(opened.engine, opened.versions)
        found = _only(every, item, language)
        waiting = [one for one in found if one.state is None]
        if not waiting:
            why = f"All {len(found)} are decided." if found else await _why_none(opened, every)
            console.print(f"Nothing to read. {why}")
            return
        decided = 0
        for number, candidate in enumerate(waiting, 1):
            console.rule(f"{number} of {len(waiting)}", align="left", style="dim")
            is_decided = await _decide(console, opened, candidate, rules, reviewer)
            if is_decided is None:
                break
            decided += is_decided
        console.print(f"{decided} decided, {len(waiting) - decided} left.")


async def _decide(
    console: Console, opened: Opened, candidate: "Candidate", rules: "Rules", reviewer: str
) -> bool | None:
    """Return whether somebody decided about an answer; None where they want to stop."""
    from bot.results.words.quotes import approvable, approval, rejection
    from bot.results.words.redaction import redact, without
    from bot.store.quotes import keep_reviews

    words, translations = candidate.words, dict[str, "Redacted"]()
    _show(console, opened, candidate, words)
    while True:
        match typer.prompt(KEYS, prompt_suffix=": ").strip().casefold():
            case "a" if approvable(candidate.said.words, words.text, rules) is None:
                console.print("Nothing is left that says something. Reject it, or skip it.")
            case "a":
                review = approval(candidate, words, translations, reviewer, datetime.now(UTC))
                break
            case "r":
                review = rejection(candidate, reviewer, datetime.now(UTC))
                break
            case "e":
                cut = without(words, typer.prompt("Black out (as it stands there)").strip())
                if cut is None:
                    console.print("That does not stand there.")
                else:
                    words = cut
                    _show(console, opened, candidate, words)
            case "t":
                language = typer.prompt("Into which language (its code, like fr)").strip()
                translations[language] = redact(typer.prompt("Translation").strip(), rules)
                console.print(f"Kept with your approval: {told(translations[language].text)}", markup=False)
            case "s":
                return False
            case "q":
                return None
            case _:
                console.print("Type one of the letters.")
    if await keep_reviews(opened.engine, [review]):
        console.print("The answer was changed, or its person erased, while you read it. Nothing was kept.")
        return False
    return True


def _show(console: Console, opened: Opened, candidate: "Candidate", words: "Redacted") -> None:
    newest = opened.versions[0]
    name = candidate.said.item
    label = newest.item(name).label if name in newest.positions else None
    heading = Text.assemble(
        (isolated(label.source) if label else name, "bold"),
        (f"  {candidate.said.slot}, {candidate.said.language or 'no language chosen'}", "dim"),
    )
    console.print(heading)
    console.print(Padding(Text(told(words.text)), (0, 0, 0, 3), expand=False))


@quotes.command("list")
def list_(
    consultation: ConsultationArgument, item: ItemOption = None, language: LanguageOption = None
) -> None:
    """Show what is approved, with its translations, and how much waits to be read."""
    asyncio.run(_list(consultation, item, language, Console(highlight=False)))


async def _list(consultation: str, item: str | None, language: str | None, console: Console) -> None:
    from bot.results.words.quotes import read_candidates
    from bot.store.quotes import QuoteState, drop_fallen

    async with opened_words(consultation) as opened:
        await drop_fallen(opened.engine)
        every = await read_candidates(opened.engine, opened.versions)
        found = _only(every, item, language)
        if not found:
            console.print(await _why_none(opened, every))
            return
    counts = Counter((one.said.item, one.said.language or "", one.state) for one in found)
    table = Table("item", "language", box=None, pad_edge=False)
    for heading in ("approved", "rejected", "to read"):
        table.add_column(heading, justify="right")
    for name, spoken in sorted({(name, spoken) for name, spoken, _ in counts}):
        states = (QuoteState.APPROVED, QuoteState.REJECTED, None)
        table.add_row(name, spoken, *(str(counts[name, spoken, state]) for state in states))
    console.print(table)
    for one in found:
        if one.quote is not None:
            console.print()
            console.print(Text(told(one.quote.words.text)))
            for spoken, wording in one.quote.translations.items():
                console.print(Padding(Text(f"{spoken}: {told(wording.text)}"), (0, 0, 0, 3), expand=False))
            at = f"{one.quote.reviewed_at:%Y-%m-%d}"
            about = f"{one.said.item}, {one.said.language or 'no language'}; approved by {one.reviewer}, {at}"
            console.print(Padding(Text(about, style="dim"), (0, 0, 0, 3), expand=False))


@quotes.command("export")
def export_quotes(
    consultation: ConsultationArgument,
    file: Annotated[Path, typer.Argument(help="The CSV to write.")],
    item: ItemOption = None,
    language: LanguageOption = None,
) -> None:
    """Write the answers as a spreadsheet, for reviewers and translators; `import` takes their work in.

    It holds redacted words that nobody has read yet: give it to people who are trusted with them.
    """
    count = asyncio.run(_export(consultation, file, item, language))
    typer.echo(f"{count} {'answer' if count == 1 else 'answers'} written to {file}.")


async def _export(consultation: str, file: Path, item: str | None, language: str | None) -> int:
    from bot.cli.writing import written_whole
    from bot.results.words.quotes import read_candidates
    from bot.results.words.sheet import write_quotes
    from bot.store.quotes import drop_fallen

    async with opened_words(consultation) as opened:
        await drop_fallen(opened.engine)
        found = _only(await read_candidates(opened.engine, opened.versions), item, language)
        with written_whole(file) as part, part.open("w", encoding="utf-8-sig", newline="") as written:
            write_quotes(written, found, opened.versions[0].languages)
        return len(found)


@quotes.command("import")
@sheet_problems_told()
def import_quotes(
    consultation: ConsultationArgument,
    file: Annotated[Path, typer.Argument(help="The CSV that `heard quotes export` wrote.")],
) -> None:
    """Take in the decisions and translations of a spreadsheet: all of them, or none where something is wrong."""
    kept, fallen = asyncio.run(_import(consultation, file))
    typer.echo(f"{kept} {'decision' if kept == 1 else 'decisions'} taken in.")
    if fallen:
        typer.echo(f"{fallen} more were of answers that changed just now.", err=True)


async def _import(consultation: str, file: Path) -> tuple[int, int]:
    from bot.results.words.quotes import read_candidates
    from bot.results.words.said import rules_of
    from bot.results.words.sheet import read_decisions
    from bot.store.quotes import Review, drop_fallen, keep_reviews

    content = content_of(file)
    async with opened_words(consultation) as opened:
        await drop_fallen(opened.engine)
        rules = await rules_of(opened.engine, opened.versions[0])
        found = await read_candidates(opened.engine, opened.versions)
        read = read_decisions(content, found, rules, datetime.now(UTC))
        reviews = [one for one in read if isinstance(one, Review)]
        if len(reviews) < len(read):
            raise SheetError([one for one in read if not isinstance(one, Review)])
        fallen = await keep_reviews(opened.engine, reviews)
        return len(reviews) - len(fallen), len(fallen)


def content_of(file: Path) -> bytes:
    """Return what a file holds."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file} cannot be read: {error.strerror}") from None


async def _why_none(opened: Opened, every: "Sequence[Candidate]") -> str:
    """Return why there is nothing to be quoted; `every` are all answers that could be, of any item and language."""
    from bot.results.words.said import said, text_items

    if every:
        return "There are answers that could be quoted, but none of this item or in this language."
    if not text_items(opened.versions):
        return "Nobody is asked for their own words: the consultation has no item of type text."
    answers = [one async for one in said(opened.engine, opened.versions)]
    if not answers:
        return "Nobody has answered in their own words yet."
    reasons = {
        "of people who were erased, or whom nobody could tell of it (helped, on paper, made up)": sum(
            one.is_erased for one in answers
        ),
        "that may tell of harm": sum(one.is_flagged and not one.is_erased for one in answers),
        "of which nothing is left once they are redacted": sum(
            not (one.is_erased or one.is_flagged or one.words.says_something) for one in answers
        ),
    }
    told = "; ".join(f"{count:,} {why}" for why, count in reasons.items() if count)
    return f"No answer may be quoted. Answers there are: {told}."


def _only(found: "Sequence[Candidate]", item: str | None, language: str | None) -> "list[Candidate]":
    return [one for one in found if item in (None, one.said.item) and language in (None, one.said.language)]
