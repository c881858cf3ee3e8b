"""`heard results`: what people answered, counted, in the terminal."""

import asyncio
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.cli.opened import opened_dataset
from bot.cli.showing import ISOLATES, isolated
from bot.core.disposition import Disposition
from bot.core.questionnaire import Choice, Item, Questionnaire
from bot.store.fetching import MediaStatus

if TYPE_CHECKING:
    from bot.results.tally import ItemTally, Tally

BAR = 24
MOST_BINS = 8
SAID = {
    Disposition.COMPLETE: "complete",
    Disposition.PARTIAL: "partial",
    Disposition.BREAK_OFF: "broke off",
    Disposition.REFUSED: "refused",
    Disposition.NO_CONSENT: "left before consent",
    Disposition.NOT_ELIGIBLE: "not eligible",
    Disposition.SCREENED_OUT: "screened out",
    Disposition.IN_PROGRESS: "in progress",
}

FILES = {
    MediaStatus.STORED: "kept",
    MediaStatus.WAITING: "still to be fetched",
    MediaStatus.REFUSED: "not kept (heard export says why)",
    MediaStatus.DELETED: "deleted",
}


def results(consultation: Annotated[str, typer.Argument(help="The consultation's id.")]) -> None:
    """Count the answers to each question. What people wrote in their own words is counted, and not shown.

    These are counts of those who took part, not of the people they live among.
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
    )


def _missing(counted: "ItemTally") -> str:
    reasons = (
        (counted.skipped, "skipped"),
        (counted.not_understood, "not understood"),
        (counted.not_reached, "not reached"),
        (counted.not_asked, "not asked"),
    )
    told = [f"{count} {reason}" for count, reason in reasons if count]
    return ", ".join([f"{counted.answered} answered", *told])


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    wide = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return wide - sum(unicodedata.combining(letter) > 0 or letter in ISOLATES for letter in text)
