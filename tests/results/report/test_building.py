"""What a report says, as a model: before it is HTML, PDF or DOCX."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.core.groups import OTHERS
from bot.core.questionnaire import ItemType, Text
from bot.errors import ReportError
from bot.results.publication.records import Publication, Theme
from bot.results.records.breakdowns import Untested
from bot.results.records.equity import Measure
from bot.results.records.figures import Interval, Share
from bot.results.records.items import Base, ItemResult, Reason
from bot.results.records.notices import Notice, NoticeCode
from bot.results.records.results import Results
from bot.results.report.building import build
from bot.results.report.model import (
    Block,
    Box,
    Document,
    Facts,
    Figure,
    Paragraph,
    Points,
    Quote,
    Section,
    Span,
    Table,
    plain,
)
from tests.support.reports import PROTECTION, publication, village, voice


@pytest.fixture(scope="module")
def whole() -> Publication:
    return publication(900)


@pytest.fixture(scope="module")
def document(whole: Publication) -> Document:
    return build(whole, voice())


def lines(block: Block) -> list[str]:
    match block:
        case Paragraph(line):
            return [plain(line)]
        case Points(given):
            return [plain(line) for line in given]
        case Facts(facts):
            return [plain(line) for fact in facts for line in (fact.term, *fact.lines)]
        case Box(title, given):
            return [plain(title), *(plain(line) for line in given)]
        case Quote(words, translation, _, source):
            return [span.text for span in (words, translation) if span] + [plain(source)]
        case Table():
            heads = " | ".join(plain(column.label) for column in block.columns)
            return [plain(block.caption), heads, *(" | ".join(map(plain, row)) for row in block.rows)]
        case Figure():
            return [plain(block.alternative), *lines(block.table)]


def said(document: Document) -> str:
    return "\n".join(line for block in document.walk() for line in lines(block))


def section(document: Document, anchor: str) -> Section:
    def within(sections: tuple[Section, ...]) -> list[Section]:
        return [one for each in sections for one in (each, *within(each.sections))]

    return next(one for one in within(document.sections) if one.anchor == anchor)


def text_of(document: Document, anchor: str) -> list[str]:
    return [line for block in section(document, anchor).blocks for line in lines(block)]


def test_the_first_page_says_what_was_asked_of_whom_who_answered_and_who_is_missing(
    document: Document,
) -> None:
    assert text_of(document, "glance") == [
        "What was asked",
        "How the village cooks · The questions: 10",
        "Hello. The village council asks 10 short questions. We do not ask your name. You may stop at any time: "
        "send STOP.",
        "Of whom",
        "Anybody could write in and take part.",
        "Language: English, French, Arabic, and Amharic",
        "Channel: Telegram and SMS",
        "2 March 2026 – 12 April 2026",
        "Who answered",
        "Wrote in: 900 · Agreed to take part: 900 · Answered to the end: 707",
        "Who is missing",
        "Heard less than their share of the population: You are? A woman",
    ]


def test_the_findings_are_chosen_by_the_rule_that_stands_beneath_them(document: Document) -> None:
    told = text_of(document, "findings")
    assert told[:5] == [
        "You are? A woman: 31% of the people heard, 51% of the population.",
        "What do you cook with? Groups differ (You are?). Wood: A woman 61%, A man 39%.",
        "How many hours a day? Groups differ (You are?). "
        "Median: A woman 4.30, A man 3.50, and I'd rather not say 2.95.",
        "What is needed? Answered most: Water (75%).",
        "What comes first? Put first most: School (59%).",
    ]
    assert told[5].startswith("Chosen by a rule: first a group that is missing")


def test_how_to_read_it_stands_on_the_first_page(document: Document) -> None:
    told = text_of(document, "findings")
    place = told.index("How to read this report")
    assert told[place + 1 :] == [
        "People took part because they chose to. The figures tell about them, not about everybody.",
        "There is no response rate, because nobody knows how many people could have answered.",
        "The range beside a figure shows how much chance could change it (95% interval). A small n has a wide range.",
        "n is how many people answered. It is never weighted.",
        "Weighted figures count people so that these groups are as in the population: You are? and How old are you?. "
        "This does not make them representative.",
        "Counts below 10 are withheld and others are rounded to 5, so that nobody can be recognised.",
    ]


def test_who_was_invited_is_not_told_that_anybody_could_come(whole: Publication) -> None:
    results = replace(whole.results, participation=replace(whole.results.participation, invited=2000))
    told = said(build(replace(whole, results=results), voice()))
    assert "People invited: 2,000" in told
    assert "Anybody could write in" not in told
    assert "response rate" not in told


def test_a_question_has_a_chart_its_words_and_the_table_with_unweighted_counts(document: Document) -> None:
    figure = section(document, "q3").blocks[0]
    assert isinstance(figure, Figure)
    assert [bar.length for bar in figure.bars] == pytest.approx([409 / 900, 257 / 900, 234 / 900])
    assert lines(figure) == [
        "Bar chart: Wood 45%, Gas 29%, and Power 26%.",
        "Asked: 900. Answered: 900.",
        "Answer | n | Share | Range (95%) | Weighted | Range (95%)",
        "Wood | 409 | 45% | 42% – 49% | 50% | 46% – 53%",
        "Gas | 257 | 29% | 26% – 32% | 26% | 23% – 29%",
        "Power | 234 | 26% | 23% – 29% | 24% | 21% – 27%",
    ]


def test_differences_beyond_chance_stand_with_their_question_and_the_rest_in_the_appendix(
    document: Document,
) -> None:
    assert plain(section(document, "q3-gender").title) == "By group: You are?"
    assert text_of(document, "q3-gender")[-1] == "The difference is more than chance. In brackets: weighted."
    assert "n | 900 | 261 | 593 | 46" in text_of(document, "q3-gender")
    anchors = {one.anchor for one in section(document, "all-q3").sections}
    assert anchors == {"all-q3-language", "all-q3-channel", "all-q3-age"}


def test_every_anchor_is_there_once(document: Document) -> None:
    def within(sections: tuple[Section, ...]) -> list[str]:
        return [name for each in sections for name in (each.anchor, *within(each.sections))]

    anchors = within(document.sections)
    assert len(anchors) == len(set(anchors))


def test_every_row_has_a_cell_for_each_column(document: Document) -> None:
    tables = [block.table if isinstance(block, Figure) else block for block in document.walk()]
    for table in tables:
        if isinstance(table, Table):
            assert {len(row) for row in table.rows} == {len(table.columns)}


def test_quotes_stand_in_their_language_with_the_translation_that_a_person_entered(
    document: Document,
) -> None:
    english, swahili, arabic, unknown = section(document, "voices-10").blocks
    assert isinstance(english, Quote)
    assert (english.words.language if english.words else "") is None
    assert plain(english.source) == "A woman · English"
    assert isinstance(swahili, Quote)
    assert swahili.words == Span("Maji safi karibu na nyumbani.", "sw")
    assert swahili.translation == Span("Clean water near home.")
    assert isinstance(arabic, Quote)
    assert arabic.words == Span("نريد مدرسة قريبة لبناتنا.", "ar")
    assert isinstance(unknown, Quote)
    assert unknown.words == Span("Light light light", "")


def test_what_was_answered_and_what_is_overdue(document: Document) -> None:
    assert text_of(document, "decisions") == [
        "Overdue: Women spend hours on firewood.",
        "",
        "You said | We did | Who answers for it",
        "The road to the clinic cannot be used in the rains. | Accepted in part (4 May 2026). The first 6 km are paid "
        "for; the bridge is not. | Ministry of Works, roads department · Due: 1 September 2026",
        "Women spend hours on firewood. | Heard, not yet answered (20 March 2026). | Energy office · Due: 1 May 2026 "
        "(Overdue)",
        "Buses are too dear. | Passed on to: Regional council (1 April 2026). | Ministry of Works",
        "Two taps are broken. | Done (18 April 2026). | Water board",
    ]


def test_endings_have_their_aapor_codes_and_the_report_can_be_cited(document: Document) -> None:
    assert text_of(document, "outcomes")[2:] == ["Answered to the end | 1.1 | 707", "Broken off | 2.12 | 193"]
    assert text_of(document, "cite") == [
        "Village council. How the village cooks. Report of a consultation. 20 May 2026. Release 1.",
        "council@village.example",
    ]


# --- what is withheld


def test_what_is_withheld_is_said_and_never_0(whole: Publication) -> None:
    item = whole.results.item("cooks")
    hidden = replace(item.choices[2], taken=Share(None, 900, None, None))
    items = tuple(
        replace(one, choices=(*one.choices[:2], hidden)) if one.name == "cooks" else one
        for one in whole.results.items
    )
    told = build(replace(whole, results=replace(whole.results, items=items)), voice())
    figure = section(told, "q3").blocks[0]
    assert isinstance(figure, Figure)
    assert (figure.bars[2].length, figure.bars[2].shown) == (None, "withheld")
    assert lines(figure)[-1] == "Power | withheld | withheld | – | – | –"
    assert "Withheld figures: 12." in said(told)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Share(0, 0, None, None), "– | –"),
        (Share(None, 10, None, None), "withheld | –"),
        (Share(None, None, None, None), "withheld | –"),
        (Share(0, 40, 0.0, Interval(0.0, 0.09)), "0% | 0% – 9%"),
    ],
    ids=["of nobody", "count withheld", "all withheld", "really none"],
)
def test_a_share_that_cannot_be_had_is_another_thing_than_one_withheld(share: Share, shown: str) -> None:
    results = village(40)
    choice = replace(results.item("cooks").choices[0], taken=share)
    item = replace(results.item("cooks"), choices=(choice,))
    told = build(publication(40, results=replace(results, items=(item,))), voice())
    figure = section(told, "q1").blocks[0]
    assert isinstance(figure, Figure)
    assert lines(figure)[-1].endswith(shown)


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        (
            {Reason.NOT_UNDERSTOOD: None, Reason.GIVEN_UP: 20, Reason.SKIPPED: 20},
            "No answer: skipped 20 and other reasons withheld.",
        ),
        (dict.fromkeys(Reason), "How many gave no answer, and why, is withheld."),
        ({Reason.SKIPPED: 20, Reason.LEFT: 20}, "No answer: skipped 20 and stopped here 20."),
        ({}, None),
    ],
    ids=["of one name together", "all", "none", "no reasons"],
)
def test_why_answers_are_missing_is_said_to_be_withheld_once(
    missing: dict[Reason, int | None], says: str | None
) -> None:
    item = ItemResult("wish", ItemType.TEXT, None, Base(100, 100, 60, missing))
    told = build(publication(40, results=replace(village(40), items=(item,)), quotes=(), themes=()), voice())
    assert text_of(told, "q1")[1:] == ([] if says is None else [says])


def hidden_group(whole: Publication, **changes: Any) -> Results:
    """Return results in which how many women took part is withheld."""
    gender, *rest = whole.results.representation
    woman, *others = gender.groups
    hidden = replace(
        woman, heard=Share(None, 700, None, None), ratio=None, ratio_interval=None, needed=None, **changes
    )
    return replace(
        whole.results, representation=(replace(gender, groups=(hidden, *others), dissimilarity=None), *rest)
    )


def test_a_withheld_group_is_named_as_missing_for_sure_where_what_is_published_says_so(
    whole: Publication,
) -> None:
    told = build(replace(whole, results=hidden_group(whole, most=0.0123)), voice())
    assert text_of(told, "glance")[-1] == "Heard less than their share of the population: You are? A woman"
    assert (
        text_of(told, "findings")[0]
        == "You are? A woman: at most 2% of the people heard, 51% of the population."
    )
    assert "A woman | withheld | at most 2% | 51% | withheld | – | withheld" in text_of(told, "heard-1")


@pytest.mark.parametrize("most", [None, 0.5, 0.9])
def test_else_it_is_named_as_one_that_may_be_missing(whole: Publication, most: float | None) -> None:
    told = build(replace(whole, results=hidden_group(whole, most=most)), voice())
    assert text_of(told, "glance")[-2:] == [
        "No group is clearly heard less than its share, as far as this was compared.",
        "Withheld, and perhaps missing too: You are? A woman",
    ]
    assert not text_of(told, "findings")[0].startswith("You are?")


def test_what_cannot_be_told_of_how_groups_fared_is_not_denied(whole: Publication) -> None:
    nothing = Share(None, None, None, None)
    rates = []
    for one in whole.results.equity.rates:
        groups = [replace(group, worse=False) for group in one.groups]
        if (one.measure, one.variable) == (Measure.BREAK_OFF, "language"):
            groups[0] = replace(groups[0], rate=nothing, rest=nothing)
        if one.measure is Measure.OPT_OUT:
            groups = [replace(group, rest=nothing) for group in groups]
        rates.append(replace(one, groups=tuple(groups)))
    equity = replace(whole.results.equity, rates=tuple(rates))
    told = text_of(build(replace(whole, results=replace(whole.results, equity=equity)), voice()), "equity")
    assert told[1:3] == [
        "No group that can be compared here clearly fared worse than the others.",
        "Cannot be told here, because it is withheld: Stopped on the way (English) and Wanted no more messages",
    ]


def test_that_a_test_is_withheld_is_another_thing_than_too_few_answers(whole: Publication) -> None:
    first, *rest = whole.results.breakdowns_of("cooks")
    hidden = replace(first, tests=(), untested=Untested.WITHHELD)
    results = replace(whole.results, breakdowns=(hidden, *rest))
    told = said(build(replace(whole, results=results), voice()))
    assert "Whether the differences are more than chance is withheld." in told
    assert "Too few answers" not in told


@pytest.mark.parametrize(
    ("notice", "says"),
    [
        (
            Notice(NoticeCode.NOT_WEIGHTED_APART, {"gap": 0.12}),
            "even weighted, one group would be 12% away from its share of the population.",
        ),
        (
            Notice(NoticeCode.NOT_WEIGHTED_DESIGN_EFFECT, {"design_effect": 4.1, "most": 3.0}),
            "some people would have to stand for too many others. Design effect: 4.10",
        ),
        (
            Notice(NoticeCode.NOT_WEIGHTED_FEW, {"n": 40, "least": 50}),
            "fewer than 50 people took part.",
        ),
    ],
    ids=["apart", "design effect", "few"],
)
def test_why_nothing_is_weighted_is_the_true_reason(whole: Publication, notice: Notice, says: str) -> None:
    results = replace(whole.results, notices=(notice,))
    told = text_of(build(replace(whole, results=results), voice()), "method")
    assert f"Not weighted: {says}" in told


def test_groups_without_a_name_have_words(whole: Publication) -> None:
    taken = whole.results.participation
    unnamed = (*taken.by_language, replace(taken.by_language[0], name=""))
    sources = (
        replace(taken.by_language[0], name="radio"),
        *(replace(taken.by_language[0], name=name) for name in (OTHERS, "")),
    )
    results = replace(whole.results, participation=replace(taken, by_language=unnamed, by_source=sources))
    rows = [row.split(" | ")[0] for row in text_of(build(replace(whole, results=results), voice()), "equity")]
    assert "Not chosen" in rows
    assert rows[rows.index("radio") :][:4] == ["radio", "Others", "Not known", "All"]


def test_codes_and_the_themes_of_each_language_have_their_own_base(whole: Publication) -> None:
    themes = (
        Theme("wish", Text("code.water", "Clean water"), (), None, Share(85, 820, 0.1, None)),
        Theme("wish", None, ("road", "rain", "bridge"), "en", Share(65, 515, 0.13, None)),
        Theme("wish", None, ("route", "pluie", "pont"), "fr", Share(45, 300, 0.15, None)),
    )
    told = text_of(build(replace(whole, themes=themes), voice()), "q10")
    heads = "What the answers are about | n | Share"
    assert told[1:10] == [
        *("Answers looked at: 820", heads, "Clean water | 85 | 10%"),
        *("English · Answers looked at: 515", heads, "road, rain, bridge | 65 | 13%"),
        *("French · Answers looked at: 300", heads, "route, pluie, pont | 45 | 15%"),
    ]


def test_without_a_passed_audit_there_is_no_report(whole: Publication) -> None:
    with pytest.raises(ReportError, match="audit"):
        build(replace(whole, protection=replace(PROTECTION, audited=False)), voice())


def test_a_preview_has_its_banner_and_no_release(whole: Publication, document: Document) -> None:
    preview = build(replace(whole, protection=None, themes=()), voice())
    assert preview.banner == (
        "Preview for organisers: not safe to publish. Small groups are shown as they are."
    )
    assert "Release" not in said(preview)
    assert "withheld" not in said(preview).lower()
    assert document.banner is None


# --- few people


def test_nobody() -> None:
    told = build(publication(0), voice())
    assert "Nobody has answered yet." in text_of(told, "glance")
    assert text_of(told, "findings") == ["Too few people answered to name findings."]
    assert text_of(told, "equity") == ["Nobody has answered yet."]
    assert "nan" not in said(told).lower()
    assert "None" not in said(told)
    assert not [one for one in told.walk() if isinstance(one, Figure)]


@pytest.mark.parametrize("n", [1, 9])
def test_few(n: int) -> None:
    told = build(publication(n), voice())
    assert text_of(told, "findings")[0] == "Too few people answered to name findings."
    warned = "Fewer than 30 people took part. One more can change the figures; groups are not compared."
    assert warned in text_of(told, "findings")
    assert said(told).count(warned) == 1
    assert "nan" not in said(told).lower()
    assert "None" not in said(told)
    # Groups that are not compared have no tables, either.
    assert "appendix" not in [one.anchor for one in told.sections]
    assert "By group" not in said(told)
    assert "No group clearly fared worse" not in said(told)


def test_a_consultation_of_one_day_is_of_that_day() -> None:
    day = date(2026, 3, 2)
    told = build(publication(9, began=day, ended=day), voice())
    assert "2 March 2026" in text_of(told, "glance")


def test_a_question_of_which_all_is_withheld_says_so_once() -> None:
    base = Base(None, None, None, {Reason.SKIPPED: None, Reason.REFUSED: None})
    results = village(9)
    item = results.item("cooks")
    hidden = replace(
        item,
        base=base,
        choices=tuple(replace(one, taken=Share(None, None, None, None)) for one in item.choices),
    )
    told = build(publication(9, results=replace(results, items=(hidden,))), voice())
    assert text_of(told, "q1") == ["Asked: withheld. Answered: withheld."]


def test_where_nothing_is_told_of_how_many_wrote_in_no_table_says_so_again(whole: Publication) -> None:
    taken = whole.results.participation
    hidden = replace(taken, turnout=replace(taken.turnout, started=None))
    told = build(replace(whole, results=replace(whole.results, participation=hidden)), voice())
    assert "Where people stopped" in said(build(whole, voice()))
    assert "Where people stopped" not in said(told)
    assert section(told, "method").sections == ()


def test_that_nothing_could_be_compared_is_said(whole: Publication) -> None:
    nothing = replace(
        whole.results.participation, by_language=(), by_channel=(), by_source=(), left=(), duration=None
    )
    results = replace(whole.results, participation=nothing, equity=replace(whole.results.equity, rates=()))
    told = build(replace(whole, results=results), voice())
    assert text_of(told, "equity") == ["Too few answers to tell a difference from chance."]


# --- languages


def test_a_text_without_a_translation_stays_in_its_language_and_a_note_says_so() -> None:
    told = build(publication(60, languages=("fr",)), voice("am"))
    assert told.title == (Span("How the village cooks", "en"),)
    assert any("are shown in እንግሊዝኛ" in line for line in text_of(told, "method"))


def test_a_translated_report_has_no_such_note() -> None:
    told = build(publication(60), voice("fr"))
    assert told.title == (Span("Comment le village cuisine"),)
    assert not any("have no translation" in line for line in text_of(told, "method"))
    assert section(told, "q3").title[-1] == Span("Avec quoi cuisinez-vous ?")


def test_that_nobody_fared_worse_is_said_only_where_groups_were_compared(whole: Publication) -> None:
    phrase = "No group clearly fared worse"
    alike = [
        replace(one, groups=tuple(replace(group, worse=False) for group in one.groups))
        for one in whole.results.equity.rates
    ]
    for rates, says in ((alike, True), ([replace(one, groups=()) for one in alike], False)):
        results = replace(whole.results, equity=replace(whole.results.equity, rates=tuple(rates)))
        assert (phrase in said(build(replace(whole, results=results), voice()))) is says
