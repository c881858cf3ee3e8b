"""`heard results`: what people answered, in the terminal."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console

from bot.cli.opened import opened_dataset
from bot.cli.showing import ISOLATES, isolated
from bot.core.disposition import Disposition
from bot.core.questionnaire import Choice, Item, Questionnaire
from bot.store.fetching import MediaStatus
from bot.cli.shown_results import show
from bot.core.questionnaire import Questionnaire
from bot.errors import ResultsError

if TYPE_CHECKING:
    from bot.results.population import Population
    from bot.results.records import Results
    from bot.results.selection import Selection


def results(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    by: Annotated[
        list[str] | None, typer.Option(help="Break down by: language, channel, or one of its groups.")
    ] = None,
    population: Annotated[
        Path | None, typer.Option(help="CSV of the population: shows who was heard, and weights answers.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only interviews begun on this day or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Only interviews begun on this day or before."),
    ] = None,
    channel: Annotated[list[str] | None, typer.Option(help="Only interviews on this channel.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only interviews in this language.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="Only people of a group, like: gender=woman or age=18-24.")
    ] = None,
    only: Annotated[
        Literal["all", "consented", "complete", "complete_or_partial"],
        typer.Option(help="Only interviews that came so far."),
    ] = "all",
) -> None:
    """Estimate the answers to each question. What people wrote in their own words is counted, and not shown.

    These are figures of those who took part, not of the people they live among. docs/results.md says what each means.
    """
    asyncio.run(_results(consultation, Console(highlight=False)))


async def _results(consultation: str, console: Console) -> None:
    from bot.results.tally import tally

    async with opened_dataset(consultation) as dataset:
        with Console(stderr=True).status(f"Counting {dataset.size} interviews"):
            counts = await tally(dataset)
    show(console, dataset.newest, counts)


def show(console: Console, questionnaire: Questionnaire, counts: "Tally") -> None:
    """Print the counts of a consultation, in its first language."""
    console.print(Text(questionnaire.title.source, style="bold"))
    console.print(f"{counts.begun} began, {counts.consented} agreed to take part.")
    if not counts.begun:
        return
    ended = [f"{counts.dispositions[one]} {said}" for one, said in SAID.items() if counts.dispositions[one]]
    console.print(Text(f"{', '.join(ended)}."))
    console.print(Text(f"Languages: {_listed(counts.languages)}. Channels: {_listed(counts.channels)}."))
    for number, counted in enumerate(counts.items.values(), 1):
        console.print()
        _show_item(console, number, counted)


def _listed(counter: Counter[str]) -> str:
    return ", ".join(f"{name or 'not chosen'} {count}" for name, count in counter.most_common())


def _show_item(console: Console, number: int, counted: "ItemTally") -> None:
    from bot.results.tally import NUMBERS

    item = counted.item
    label = item.label.source if item.label else item.name
    console.print(Text.assemble((f"{number}. {isolated(label)}", "bold"), (f"  {item.name}", "dim")))
    if item.choices:
        for line in _choice_lines(item, counted):
            console.print(Padding(line, (0, 0, 0, 3)))
    elif item.type in NUMBERS:
        for line in _number_lines(counted):
            console.print(Padding(line, (0, 0, 0, 3)))
    elif counted.files:
        told = ", ".join(f"{counted.files[one]} {said}" for one, said in FILES.items() if counted.files[one])
        console.print(Padding(Text(f"files: {told}"), (0, 0, 0, 3)))
    console.print(Padding(Text(_missing(counted), style="dim"), (0, 0, 0, 3)))


def _choice_lines(item: Item, counted: "ItemTally") -> Iterator[Text]:
    """Yield a bar for each choice, in the order of the file, as shares of those who answered."""
    labels = [isolated(choice.label.source) for choice in item.choices if _shown(item, choice, counted)]
    width = min(max(map(_width, labels), default=0), 30)
    kind = " first" if item.type.value == "rank" else ""
    for choice in item.choices:
        if not _shown(item, choice, counted):
            continue
        count = counted.chosen[choice.name]
        share = count / counted.answered if counted.answered else 0.0
        yield _bar(isolated(choice.label.source), width, count, share, kind)


def _shown(item: Item, choice: Choice, counted: "ItemTally") -> bool:
    """Return whether a choice has a line: of a list too long to be listed in a chat, only what was chosen."""
    return item.lists_choices or counted.chosen[choice.name] > 0


def _number_lines(counted: "ItemTally") -> Iterator[Text]:
    from bot.results.tally import spread

    lies = spread(counted.numbers)
    if lies is None:
        return
    yield Text(f"mean {lies.mean:.1f}, median {lies.median:f}, from {lies.least:f} to {lies.most:f}")
    bins = list(_bins(counted.numbers, lies.least, lies.most))
    width = max(len(label) for label, _ in bins)
    for label, count in bins:
        yield _bar(label, width, count, count / counted.numbers.total(), "")


def _bins(numbers: Counter[Decimal], least: Decimal, most: Decimal) -> Iterator[tuple[str, int]]:
    """Yield a label and count for each number, or where there are many for each of equal steps."""
    if len(numbers) <= MOST_BINS:
        yield from ((f"{number:f}", numbers[number]) for number in sorted(numbers))
        return
    whole = all(number == number.to_integral_value() for number in numbers)
    step = (most - least) / MOST_BINS
    if whole:
        step = (step + Decimal(1) / MOST_BINS).to_integral_value(ROUND_CEILING)
    edges: Sequence[Decimal] = [
        least + step * place for place in range(MOST_BINS) if least + step * place <= most
    ]
    for place, edge in enumerate(edges):
        following = edges[place + 1] if place + 1 < len(edges) else None
        count = sum(
            times
            for number, times in numbers.items()
            if edge <= number and (following is None or number < following)
        )
        end = most if following is None else following - 1 if whole else following
        yield (f"{edge:f}" if edge == end else f"{_short(edge)} to {_short(end)}"), count


def _short(number: Decimal) -> str:
    return f"{number:f}" if number == number.to_integral_value() else f"{number:.2f}"


def _bar(label: str, width: int, count: int, share: float, kind: str) -> Text:
    shown = label if _width(label) <= width else f"{label[: width - 1]}…"
    filled = round(share * BAR)
    if count and not filled:
        filled = 1
    return Text.assemble(
        f"{shown}{' ' * max(width - _width(shown), 0)}  ",
        ("█" * filled, "green"),
        ("·" * (BAR - filled), "dim"),
        f" {count:>5}  {share:4.0%}{kind}",
    from bot.cli.shown_results import show
    from bot.results.selection import Completeness, Selection

    asked = Selection(
        since=since.date() if since else None,
        until=until.date() if until else None,
        channels=tuple(channel or ()),
        languages=tuple(language or ()),
        where=_where(where or ()),
        completeness=Completeness(only),
    )
    console = Console(highlight=False)
    made, questionnaire = asyncio.run(_results(consultation, tuple(by or ()), population, asked))
    show(console, questionnaire, made)


def _where(written: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the groups that are let through; the same one twice means either of two categories."""
    found: dict[str, tuple[str, ...]] = {}
    for one in written:
        name, sign, category = one.partition("=")
        if not sign:
            raise ResultsError(f"--where {one}: write a group and its category, like: gender=woman")
        found[name] = (*found.get(name, ()), category)
    return found


async def _results(
    consultation: str, by: Sequence[str], population: Path | None, asked: "Selection"
) -> tuple["Results", Questionnaire]:
    from bot.results.estimate import estimate
    from bot.results.frame import whole

    async with opened_dataset(consultation, with_status=True) as dataset:
        _check_groups(dataset.newest, by, asked)
        margins = _population(population, dataset.newest)
        with Console(stderr=True).status(f"Reading {dataset.size} interviews"):
            made = estimate(
                await whole(dataset),
                dataset.newest,
                dataset.columns,
                at=dataset.at,
                groups=by,
                population=margins,
                selection=asked,
            )
    return made, dataset.newest


def _check_groups(questionnaire: Questionnaire, by: Sequence[str], asked: "Selection") -> None:
    from bot.results.groups import categories_of, grouping_of, variables

    known = variables(questionnaire)
    for name in (*by, *asked.where):
        if name not in known:
            hint = "" if questionnaire.groups else "; name items under groups: in the consultation's file"
            raise ResultsError(f"there is no group '{name}'. There are: {', '.join(known)}{hint}")
    for name, wanted in asked.where.items():
        grouping = grouping_of(questionnaire, name)
        names = [one.name for one in categories_of(questionnaire, grouping)] if grouping else list(wanted)
        for one in wanted:
            if one not in names:
                raise ResultsError(f"'{name}' has no '{one}'. It has: {', '.join(names)}")


def _population(file: Path | None, questionnaire: Questionnaire) -> "Population | None":
    from bot.results.population import Population, read_population

    if file is None:
        return None
    read = read_population(file, questionnaire)
    if isinstance(read, Population):
        return read
    told = "\n".join(
        f"  line {one.line}, {one.place or 'the file'}: {one.message} {one.remedy}" for one in read
    )
    told = [f"{count} {reason}" for count, reason in reasons if count]
    return ", ".join([f"{counted.answered} answered", *told])


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return wide - sum(unicodedata.combining(letter) > 0 or letter in ISOLATES for letter in text)
    raise ResultsError(f"{file} cannot be used:\n{told}")
