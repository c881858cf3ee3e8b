"""Results as they stand in a terminal: groups beside each other, who was heard, and what a reader has to know."""

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.cli.drawing import number
from bot.cli.showing import isolated
from bot.core.questionnaire import Questionnaire
from bot.core.questionnaire import Text as Wording
from bot.results.records.breakdowns import Breakdown, Comparison, EffectSize, GroupResult, Untested
from bot.results.records.equity import Measure
from bot.results.records.items import ItemResult
from bot.results.records.notices import NoticeCode
from bot.results.records.results import Results

UNTESTED = {
    Untested.TOO_FEW: "Too few answers to compare groups.",
    Untested.ALL_ALIKE: "Everybody answered alike.",
    Untested.WITHHELD: "Not told: counts are withheld.",
    Untested.REPEATED: "Rounds of one person are alike, so that groups are not compared.",
}
NOTICES = {
    NoticeCode.SELF_SELECTED: (
        "People took part of themselves: these are figures of them, not of all the people. Ranges in brackets are at "
        "95%, and of chance alone."
    ),
    NoticeCode.FEW_RESPONDENTS: (
        "Only {n} agreed to take part, fewer than {least}: every person more may turn a share. Groups are not compared."
    ),
    NoticeCode.TYPE_CHANGED: (
        "Older versions asked {item} as another kind of question; those answers are in exports alone."
    ),
    NoticeCode.ONLY_OLDER: "Only older versions asked {item}; its answers are in exports alone.",
    NoticeCode.REPEATED: "{item} is asked in rounds: its figures count rounds, and have no ranges.",
    NoticeCode.GROUPS_TOO_SMALL: "By {variable}, {groups} have fewer than {least} people and are not compared.",
    NoticeCode.WEIGHTED: (
        "Weighted to census margins of {variables}; design effect {design_effect:.2f}. Weights do not make those who "
        "took part like those who did not."
    ),
    NoticeCode.NOT_WEIGHTED_EMPTY: "Not weighted: nobody of {variable} {category} took part.",
    NoticeCode.NOT_WEIGHTED_DESIGN_EFFECT: (
        "Not weighted: a few people would speak for too many (design effect {design_effect:.1f}, over {most:.0f})."
    ),
    NoticeCode.NOT_WEIGHTED_FEW: "Not weighted: {n} people are fewer than the {least} that weights need.",
    NoticeCode.NOT_WEIGHTED_APART: "Not weighted: bounded weights leave {gap:.0%} between a group and its margin.",
    NoticeCode.COLLAPSED: "Of {variable}, {categories} are weighted together.",
}
WORSE = {
    Measure.CONSENT: "agreed to take part less",
    Measure.BREAK_OFF: "broke off more",
    Measure.ASK_AGAIN: "had to be asked again more: the wording's fault, not the people's",
    Measure.OPT_OUT: "sent STOP more",
}


def show_notices(console: Console, results: Results, questionnaire: Questionnaire) -> None:
    """Print what a reader has to know. That interviews go on has been said with their numbers."""
    for notice in results.notices:
        if notice.code in NOTICES:
            told = NOTICES[notice.code].format(**notice.values)
            console.print(
                Text(told, style="yellow" if notice.code is not NoticeCode.SELF_SELECTED else "dim")
            )


def named(name: str, label: Wording | None) -> str:
    return isolated(label.source) if label else name


def show_breakdown(console: Console, breakdown: Breakdown, item: ItemResult) -> None:
    """Print an item by group: a row a group, a column a choice."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column(f"by {breakdown.variable}", max_width=30)
    table.add_column("n", justify="right")
    if item.numbers is not None:
        for head in ("mean", "median"):
            table.add_column(head, justify="right")
    else:
        for choice in item.choices or item.ranking:
            table.add_column(isolated(choice.label.source), justify="right", max_width=16)
    for group in breakdown.groups:
        table.add_row(isolated(named(group.name, group.label)), str(group.n), *_cells(group, item))
    if not breakdown.groups:
        return
    console.print(Padding(table, (1, 0, 0, 3), expand=False))
    console.print(Padding(_tested(breakdown, item), (0, 0, 0, 3)))


def _cells(group: GroupResult, item: ItemResult) -> list[str]:
    if item.numbers is not None:
        return [number(one.value) if one else "" for one in (group.mean, group.median)]
    shares = {one.name: one.taken.share for one in group.choices}
    return [f"{shares.get(choice.name) or 0:.0%}" for choice in item.choices or item.ranking]


def _tested(breakdown: Breakdown, item: ItemResult) -> Text:
    if breakdown.untested is not None:
        return Text(UNTESTED[breakdown.untested], style="dim")
    labels = {choice.name: isolated(choice.label.source) for choice in item.choices}
    notable = [test for test in breakdown.tests if test.notable]
    if not notable:
        return Text("No difference beyond noise.", style="dim")
    what = [f"{labels[test.choice]} ({_effect(test)})" if test.choice else _effect(test) for test in notable]
    return Text(f"They differ beyond noise: {', '.join(what)}.", style="bold")


def _effect(test: Comparison) -> str:
    name = "Cramér's V" if test.effect_size is EffectSize.CRAMERS_V else "epsilon squared"
    p = "p < 0.001" if test.adjusted < 0.001 else f"p = {test.adjusted:.3f}"
    return f"{p}, {name} {test.effect:.2f}"


def show_representation(console: Console, results: Results) -> None:
    """Print who was heard beside who lives there."""
    for one in results.representation:
        console.print()
        label = isolated(one.label.source) if one.label else one.variable
        console.print(
            Text.assemble(("Who was heard: ", "bold"), (label, "bold"), (f"  {one.variable}", "dim"))
        )
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
        table.add_column("", max_width=30)
        for head in ("heard", "share", "population", "ratio", "missing"):
            table.add_column(head, justify="right")
        for group in one.groups:
            ratio = "–" if group.ratio is None else f"{group.ratio:.2f}"
            if group.ratio_interval is not None:
                ratio += f" ({group.ratio_interval.low:.2f} to {group.ratio_interval.high:.2f})"
            share = "–" if group.heard.share is None else f"{group.heard.share:.0%}"
            missing = "–" if group.needed is None else f"{group.needed:,}" if group.needed else ""
            table.add_row(
                *(named(group.name, group.label), str(group.heard.count), share),
                *(f"{group.population:.0%}", ratio, missing),
            )
        console.print(Padding(table, (0, 0, 0, 3), expand=False))
        told = (
            f"{one.stated} are of these groups; {one.not_stated} are of none, or did not say. "
            f"Population: {one.source}, {one.year}."
        )
        if one.dissimilarity is not None:
            told += f" To match it, {one.dissimilarity:.0%} of the people heard would have to be others."
        console.print(Padding(Text(told, style="dim"), (0, 0, 0, 3)))


def show_equity(console: Console, results: Results, questionnaire: Questionnaire) -> None:
    """Print where the consultation went worse for some; nothing where it did not, beyond noise."""
    worse = results.equity.worse
    if not worse:
        return
    console.print()
    console.print(Text("Went worse for some", style="bold"))
    for rate, group in worse:
        question = f" at {rate.item}" if rate.item else ""
        figures = f"{group.rate.share or 0:.0%}, the others {group.rest.share or 0:.0%}"
        who = f"{rate.variable} {group.name}{question}"
        console.print(Padding(Text(f"{who}: {WORSE[rate.measure]} ({figures})"), (0, 0, 0, 3)))
