"""Words of both directions on one line, and the widths of columns, in files that reckon neither."""

import pytest

from bot.results.report.columns import BOLD, LEAST_FIGURES, LEAST_WORDS, MARGIN, widths
from bot.results.report.directions import direction, runs, turns
from bot.results.report.model import Column, Line, Span, Table
from bot.results.report.voice import line

LTR, RTL = "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"


@pytest.mark.parametrize(
    ("span", "language", "turned"),
    [
        (Span("كم"), "ar", True),
        (Span("n"), "ar", True),
        (Span("How many?", "en"), "ar", False),
        (Span("كم", "ar"), "en", True),
        (Span("SMS", ""), "ar", False),
        (Span("عيادة", ""), "en", True),
        (Span("–", ""), "ar", True),
        (Span("12", ""), "en", False),
    ],
)
def test_directions_of_words(span: Span, language: str, turned: bool) -> None:
    assert turns(span, language) is turned


@pytest.mark.parametrize(
    ("said", "language", "turned"),
    [
        ((), "ar", True),
        ((Span("Maji safi", "sw"),), "ar", False),
        ((Span("ماء", "ar"),), "en", True),
        ((Span("الأكثر: "), Span("Wood", "en")), "ar", True),
        ((Span("Most: "), Span("ماء", "ar")), "en", False),
        ((Span("ماء", "ar"), Span("Wood", "en")), "en", False),
    ],
)
def test_directions_of_lines(said: Line, language: str, turned: bool) -> None:
    assert direction(said, language) is turned


def test_what_is_foreign_keeps_its_stops_and_its_neighbours() -> None:
    asked = Span("What do you wish?", "en")
    assert list(runs(asked, "ar", in_right_to_left=True)) == [
        (f"{LTR}What do you wish?{LTR}", False),
        (RTL, True),
    ]
    assert list(runs(asked, "ar", in_right_to_left=False)) == [("What do you wish?", False)]
    water = Span("ماء.", "ar")
    assert list(runs(water, "en", in_right_to_left=False)) == [(f"{RTL}ماء.{RTL}", True), (LTR, False)]
    assert list(runs(Span("Wood"), "en", in_right_to_left=False)) == [("Wood", False)]


def test_latin_letters_among_arabic_ones_are_pieces_of_their_own() -> None:
    pieces = list(runs(Span("رمز AAPOR (n = 12)"), "ar", in_right_to_left=True))
    assert pieces == [("رمز ", True), ("AAPOR", False), (" (", True), ("n", False), (" = 12)", True)]
    assert "".join(text for text, _ in pieces) == "رمز AAPOR (n = 12)"


def table(heads: list[str], row: list[str], words: int = 1) -> Table:
    columns = tuple(Column(line(head), is_number=place >= words) for place, head in enumerate(heads))
    return Table((), columns, (tuple(map(line, row)),))


def test_what_names_a_row_has_what_figures_leave() -> None:
    name, n, share, reach = widths(
        table(["Answer", "n", "Share", "Range (95%)"], ["Wood", "1,204", "45%", "41% – 48%"])
    )
    assert name > 0.5
    assert LEAST_FIGURES <= n < share < reach
    assert name + n + share + reach == pytest.approx(1)


def test_many_columns_leave_the_names_their_least() -> None:
    long = "Disproportionately"
    found = widths(table(["Group", *[long] * 6], ["Women", *["100"] * 6]))
    assert found[0] == pytest.approx(LEAST_WORDS)
    assert sum(found) == pytest.approx(1)


def test_where_there_is_little_room_headings_break_at_their_blanks() -> None:
    heads = ["Group", "Wrote in", "Ont accepté", "Ont répondu", "Participation", "Achèvement"]
    found = widths(table(heads, ["Women", *["100"] * 5]))
    assert found[0] == pytest.approx(LEAST_WORDS)
    for head, width in list(zip(heads, found, strict=True))[1:]:
        assert width >= max(map(len, head.split())) * BOLD + MARGIN
    assert sum(found) == pytest.approx(1)


def test_columns_of_words_share_alike_and_figures_alone_share_all() -> None:
    assert widths(table(["You said", "We did", "Owner"], ["a", "b", "c"], words=3)) == pytest.approx(
        [1 / 3] * 3
    )
    assert sum(widths(table(["n", "Share"], ["1", "2"], words=0))) == pytest.approx(1)


def test_a_short_heading_stands_on_one_line_and_wide_letters_count_more() -> None:
    heads = ["Group", "Range (95%)", "Ran", "የተመለሱ", "Share wide"]
    _, whole, short, ethiopic, latin = widths(table(heads, ["a", "1", "1", "1", "1"]))
    assert whole > latin > short
    assert ethiopic > short
