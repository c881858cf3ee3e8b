"""Results as they stand in a terminal: how interviews went, and each question."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.drawing import WIDEST, WITHHELD, bar, number, width_of
from bot.cli.durations import lasting
from bot.cli.showing import isolated
from bot.cli.shown_groups import show_breakdown, show_equity, show_notices, show_representation
from bot.core.disposition import Disposition
from bot.core.questionnaire import Questionnaire
from bot.results.records.figures import Count, Estimate, Interval, Share, exact
from bot.results.records.items import FileState, ItemResult, Numbers, Reason
from bot.results.records.participation import Response, Turnout, Unheard
from bot.results.records.results import Results

if TYPE_CHECKING:
    from collections.abc import Sequence

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
UNHEARD = {
    Unheard.OPTED_OUT: "sent STOP",
    Unheard.NO_ANSWER: "have not answered",
    Unheard.NOT_KNOWN: "have not answered, and may not have got it",
    Unheard.UNDELIVERED: "could not be reached",
}
REASONS = {
    Reason.SKIPPED: "skipped",
    Reason.DONT_KNOW: "didn't know",
    Reason.REFUSED: "would not say",
    Reason.NOT_UNDERSTOOD: "not understood",
    Reason.GIVEN_UP: "given up",
    Reason.LEFT: "left here",
    Reason.WAITING: "not answered yet",
    Reason.NOT_REACHED: "not reached",
    Reason.NOT_ASKED: "not asked",
}
FILES = {
    FileState.KEPT: "kept",
    FileState.WAITING: "still to be fetched",
    FileState.NOT_KEPT: "not kept (heard export says why)",
    FileState.DELETED: "deleted",
}


def show(console: Console, questionnaire: Questionnaire, results: Results) -> None:
    """Print results, in the first language of the consultation."""
    console.print(Text(isolated(questionnaire.title.source), style="bold"))
    if not results.selected:
        everybody = results.selection.is_everybody
        console.print("There are no interviews yet." if everybody else "There are no such interviews.")
        return
    _show_turnout(console, results)
    show_notices(console, results, questionnaire)
    for place, item in enumerate(results.items, 1):
        console.print()
        _show_item(console, place, item, questionnaire)
        for breakdown in results.breakdowns_of(item.name):
            show_breakdown(console, breakdown, item)
    show_representation(console, results)
    show_equity(console, results, questionnaire)


def _show_turnout(console: Console, results: Results) -> None:
    took_part = results.participation
    turnout = took_part.turnout
    console.print(f"{turnout.started} began, {turnout.consented} agreed to take part.")
    if took_part.invited is not None and took_part.response is not None:
        _show_response(console, took_part.invited, took_part.response)
    ended = [f"{turnout.count(one)} {said}" for one, said in SAID.items() if turnout.count(one)]
    console.print(Text(f"{', '.join(ended)}."))
    languages = ((one.name, one.turnout) for one in took_part.by_language)
    channels = ((one.name, one.turnout) for one in took_part.by_channel)
    console.print(Text(f"Languages: {_listed(languages)}. Channels: {_listed(channels)}."))
    _show_groups(console, "Came by", [(one.name or "not known", one.turnout) for one in took_part.by_source])
    helped = {"yes": "with help", "no": "alone"}
    _show_groups(console, "Answered", [(helped[one.name], one.turnout) for one in took_part.by_help])
    completion = turnout.completion
    if completion.share is not None:
        console.print(
            f"Of {completion.base} who began to answer and are done, {percent(completion)} completed."
        )
    lies = took_part.duration
    if lies and lies.lower is not None and lies.upper is not None and lies.median is not None:
        middle, low, high = (lasting(60 * one) for one in (lies.median.value, lies.lower, lies.upper))
        half = f"half took {low}" if low == high else f"half took {low} to {high}"
        console.print(f"Complete interviews took {middle} in the middle; {half}.")
    if (told := took_part.report_back) is not None:
        console.print(
            f"Want to be told what came of it: {told.wanted} yes, {told.declined} no, {told.unsaid} did not say."
        )


def _show_groups(console: Console, variable: str, groups: "Sequence[tuple[str, Turnout]]") -> None:
    if not groups:
        return
    table = Table(variable, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("began", "agreed", "complete", "completed"):
        table.add_column(heading, justify="right")
    for name, turnout in groups:
        began, agreed, complete = turnout.started, turnout.consented, turnout.count(Disposition.COMPLETE)
        table.add_row(
            Text(name),
            *(f"{exact(count):,}" for count in (began, agreed, complete)),
            percent(turnout.completion),
        )
    console.print(table)


def _show_response(console: Console, invited: int, response: Response) -> None:
    """Print what became of invitations, and the response rate where everybody who took part was invited."""
    unheard = [f"{count} {UNHEARD[one]} (AAPOR {one.aapor_code})" for one, count in response.unheard if count]
    console.print(f"{invited} were invited{': ' if unheard else ''}{', '.join(unheard)}.")
    if response.rate is not None:
        console.print(
            f"Response rate (AAPOR RR2): {percent(response.rate)} of {response.rate.base} who could answer."
        )
    else:
        console.print(
            "There is no response rate: others took part too, and nobody knows how many could have."
        )


def _listed(groups: "Iterator[tuple[str, Turnout]]") -> str:
    return ", ".join(f"{name or 'not chosen'} {turnout.started}" for name, turnout in groups)


def percent(share: Share) -> str:
    """Return a share with its interval: 67% (21 to 94)."""
    if share.share is None:
        return "–"
    return f"{share.share:.0%}{_between(share.interval, 100)}"


def _between(interval: Interval | None, scale: float = 1) -> str:
    if interval is None:
        return ""
    low, high = (
        (f"{end * scale:.0f}" if scale != 1 else number(end)) for end in (interval.low, interval.high)
    )
    return f" ({low} to {high})"


def _show_item(console: Console, place: int, item: ItemResult, questionnaire: Questionnaire) -> None:
    label = item.label.source if item.label else item.name
    console.print(Text.assemble((f"{place}. {isolated(label)}", "bold"), (f"  {item.name}", "dim")))
    for line in _lines(item, questionnaire):
        console.print(Padding(line, (0, 0, 0, 3)))
    console.print(Padding(Text(_base(item), style="dim"), (0, 0, 0, 3)))


def _lines(item: ItemResult, questionnaire: Questionnaire) -> Iterator[Text]:
    if item.choices:
        lists = questionnaire.item(item.name).lists_choices
        # Of a list too long to be listed in a chat, only what was chosen.
        shown = [one for one in item.choices if lists or one.taken.count]
        yield from _bars([(one.label.source, one.taken, "") for one in shown])
    elif item.ranking and item.base.answered:
        yield from _bars(
            [
                (
                    one.label.source,
                    one.first,
                    f" first, place {one.mean_place.value:.1f}" if one.mean_place else "",
                )
                for one in item.ranking
            ]
        )
    elif item.numbers is not None:
        yield from _numbers(item.numbers)
    elif item.files:
        yield Text(f"files: {_files(item)}")
    elif item.dates is not None:
        yield Text(f"from {item.dates.first} to {item.dates.last}")
        form = "%Y-%m" if item.dates.period == "month" else "%Y"
        for one in item.dates.bins:
            yield _counted(one.start.strftime(form), one.count, item.dates.n)
    elif item.times is not None:
        yield Text(f"from {item.times.first:%H:%M} to {item.times.last:%H:%M}")
        for hour, count in enumerate(item.times.hours):
            if count:
                yield _counted(f"{hour:02d}:00", count, item.times.n)


def _files(item: ItemResult) -> str:
    return ", ".join(f"{count} {FILES[state]}" for state, count in item.files.items())


def _counted(label: str, count: Count, n: Count, width: int = 0) -> Text:
    count, n = exact(count), exact(n)
    return bar(label, width or len(label), count / n, f"{count:>5}  {count / n:4.0%}")


def _bars(rows: "Sequence[tuple[str, Share, str]]") -> Iterator[Text]:
    """Yield a bar for each choice, in the order given, as shares of those who answered."""
    labels = [isolated(label) for label, _, _ in rows]
    width = min(max(map(width_of, labels), default=0), WIDEST)
    for label, (_, share, told) in zip(labels, rows, strict=True):
        figures = f"{share.count:>5}  {share.share or 0:4.0%}{_between(share.interval, 100)}{told}"
        if share.weighted is not None:
            weighted = share.weighted
            figures += f"  weighted {weighted.value:.0%}{_between(weighted.interval, 100)}"
        yield bar(label, width, share.share or 0, figures)


def _numbers(numbers: Numbers) -> Iterator[Text]:
    mean, median = numbers.mean, numbers.median
    if mean is None or median is None or numbers.least is None or numbers.most is None:
        return
    yield Text(
        f"mean {_estimate(mean)}, median {_estimate(median)}, "
        f"from {number(numbers.least)} to {number(numbers.most)}"
    )
    if mean is not None and mean.weighted is not None:
        yield Text(f"weighted mean {number(mean.weighted.value)}{_between(mean.weighted.interval)}")
    labels = [
        number(one.low) if one.low == one.high else f"{number(one.low)} to {number(one.high)}"
        for one in numbers.bins
    ]
    width = max(map(len, labels))
    for label, one in zip(labels, numbers.bins, strict=True):
        yield _counted(label, one.count, numbers.n, width)


def _estimate(estimate: Estimate | None) -> str:
    return WITHHELD if estimate is None else f"{number(estimate.value)}{_between(estimate.interval)}"


def _base(item: ItemResult) -> str:
    told = [f"{count} {REASONS[reason]}" for reason, count in item.base.missing.items()]
    rounds = ("round " if item.base.answered == 1 else "rounds ") if item.repeated else ""
    return ", ".join([f"{item.base.answered} {rounds}answered", *told])
