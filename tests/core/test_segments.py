"""What texts cost as SMS: every boundary, against a table, another library and an inequality."""

import pytest
import smsutil
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.segments import Encoding, Segments, count_segments, plain_punctuation, split_at_sentences

GSM_7, UCS_2 = Encoding.GSM_7, Encoding.UCS_2
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", Segments(GSM_7, 0, 1, 160), id="empty"),
        pytest.param("a" * 160, Segments(GSM_7, 160, 1, 160), id="full"),
        pytest.param("a" * 161, Segments(GSM_7, 161, 2, 153), id="one more"),
        pytest.param("a" * 306, Segments(GSM_7, 306, 2, 153), id="two full"),
        pytest.param("a" * 307, Segments(GSM_7, 307, 3, 153), id="two full and one"),
        pytest.param("a" * 158 + "€", Segments(GSM_7, 160, 1, 160), id="euro fits a single one"),
        pytest.param("a" * 159 + "€", Segments(GSM_7, 161, 2, 153), id="euro does not fit a single one"),
        pytest.param("a" * 151 + "€" + "a" * 153, Segments(GSM_7, 306, 2, 153), id="euro ends the first"),
        pytest.param("a" * 152 + "€" + "a" * 152, Segments(GSM_7, 306, 3, 153), id="euro would straddle"),
        pytest.param("a" * 152 + "€" + "a" * 151, Segments(GSM_7, 305, 2, 153), id="euro moved, all fits"),
        pytest.param("a" * 153 + "€" + "a" * 151, Segments(GSM_7, 306, 2, 153), id="euro begins the second"),
        pytest.param("€" * 80, Segments(GSM_7, 160, 1, 160), id="80 euros"),
        pytest.param("€" * 152, Segments(GSM_7, 304, 2, 153), id="76 euros in each"),
        pytest.param("€" * 153, Segments(GSM_7, 306, 3, 153), id="a septet wasted in each"),
        pytest.param("я" * 70, Segments(UCS_2, 70, 1, 70), id="full, 16 bits"),
        pytest.param("я" * 71, Segments(UCS_2, 71, 2, 67), id="one more, 16 bits"),
        pytest.param("я" * 135, Segments(UCS_2, 135, 3, 67), id="two full and one, 16 bits"),
        pytest.param("😀" * 35, Segments(UCS_2, 70, 1, 70), id="35 emoji"),
        pytest.param("😀" * 66, Segments(UCS_2, 132, 2, 67), id="33 emoji in each"),
        pytest.param("😀" * 67, Segments(UCS_2, 134, 3, 67), id="emoji never cut"),
        pytest.param("я" * 66 + "😀" + "я" * 66, Segments(UCS_2, 134, 3, 67), id="emoji would straddle"),
        pytest.param("я" * 65 + "😀" + "я" * 67, Segments(UCS_2, 134, 2, 67), id="emoji ends the first"),
        pytest.param("a€ç", Segments(UCS_2, 3, 1, 70), id="one letter makes all 16 bits, euro too"),
        pytest.param("Ç", Segments(GSM_7, 1, 1, 160), id="capital cedilla has a septet"),
        pytest.param("e\u0301", Segments(UCS_2, 2, 1, 70), id="an accent apart has none"),
        pytest.param("\x1b", Segments(UCS_2, 1, 1, 70), id="the escape is no character"),
        pytest.param("`", Segments(UCS_2, 1, 1, 70), id="the backtick is not GSM"),
    ],
)
def test_cost(text: str, expected: Segments) -> None:
    assert count_segments(text) == expected


def test_every_basic_character_takes_one_septet() -> None:
    assert {count_segments(letter) for letter in BASIC} == {Segments(GSM_7, 1, 1, 160)}
    assert len(set(BASIC)) == 127


def test_every_extension_character_takes_two() -> None:
    assert {count_segments(letter) for letter in EXTENSION} == {Segments(GSM_7, 2, 1, 160)}
    assert len(set(EXTENSION)) == 10


GSM_TEXTS = st.text(st.sampled_from(BASIC + EXTENSION * 6), min_size=1, max_size=900)
# The two differ on U+001B, which smsutil counts as a character of GSM-7 where it is the escape itself, and on what
# encoding an empty text has.
ANY_TEXTS = st.text(
    st.characters(exclude_characters="\x1b", exclude_categories=["Cs"]), min_size=1, max_size=300
)
EMOJI_TEXTS = st.text(st.sampled_from("яю😀🙂"), min_size=1, max_size=400)


@given(GSM_TEXTS | ANY_TEXTS | EMOJI_TEXTS)
@example("a" * 152 + "€" + "a" * 152)
@example("😀" * 67)
def test_agrees_with_smsutil(text: str) -> None:
    theirs = smsutil.split(text)
    ours = count_segments(text)
    bytes_per_unit = 1 if ours.encoding is GSM_7 else 2
    assert (ours.encoding is GSM_7) == (theirs.encoding == "gsm0338")
    assert ours.units * bytes_per_unit == theirs.total_bytes
    assert ours.segments == len(theirs.parts)


@given(GSM_TEXTS | EMOJI_TEXTS | st.text())
def test_segments_hold_all_units(text: str) -> None:
    cost = count_segments(text)
    assert cost.segments * cost.per_segment >= cost.units
    # No more is wasted than one unit a segment.
    assert (cost.segments - 1) * (cost.per_segment - 1) < max(cost.units, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don’t know – or “maybe”…", 'Don\'t know - or "maybe"...'),
        ("1\u00a0000\u202fkm\u2009away", "1 000 km away"),
        ("Qu’est-ce que c’est ?", "Qu'est-ce que c'est ?"),
        ("J’ai reçu", "J’ai reçu"),
        ("Don’t know 😀", "Don’t know 😀"),
        ("¿Cuánto? – nada", "¿Cuánto? – nada"),
        ("¿Qué? – nada", "¿Qué? - nada"),
        ("می\u200cخواهم – نه", "می\u200cخواهم – نه"),
        ("plain", "plain"),
    ],
)
def test_plain_punctuation(text: str, expected: str) -> None:
    assert plain_punctuation(text) == expected


@given(st.text(st.sampled_from("aé’“–…\u00a0\u2009çя😀\u200d\n")) | st.text())
def test_plain_punctuation_is_all_or_nothing_and_alters_no_letter(text: str) -> None:
    plain = plain_punctuation(text)
    assert plain == text or count_segments(plain).encoding is GSM_7
    assert [one for one in plain if one.isalnum()] == [one for one in text if one.isalnum()]


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("", 10, (), id="nothing"),
        pytest.param("short", 10, ("short",), id="fits"),
        pytest.param("One two.\n\nThree. Four", 17, ("One two.\n\n", "Three. Four"), id="paragraph first"),
        pytest.param("One two.\nThree. Four", 17, ("One two.\n", "Three. Four"), id="then line"),
        pytest.param("One two. Three four", 17, ("One two. ", "Three four"), id="then sentence"),
        pytest.param("एक दो। तीन चार", 10, ("एक दो। ", "तीन चार"), id="danda ends a sentence"),
        pytest.param("一二三。四五六七", 6, ("一二三。", "四五六七"), id="no space after"),
        pytest.param("one two three", 9, ("one two ", "three"), id="then word"),
        pytest.param("Hi.\n\none two three", 14, ("Hi.\n\none two ", "three"), id="no message for a heading"),
        pytest.param("a bbbbbbbbbb", 8, ("a ", "bbbbbbbb", "bb"), id="word longer than a part"),
        pytest.param("abcdefghij", 4, ("abcd", "efgh", "ij"), id="cut at last"),
        pytest.param("😀😀😀", 5, ("😀😀", "😀"), id="counted in code units, no emoji halved"),
        pytest.param("abce\u0301f", 4, ("abc", "e\u0301f"), id="an accent stays on its letter"),
        pytest.param("ab👩\u200d🌾", 5, ("ab", "👩\u200d🌾"), id="joined emoji stay joined"),
        pytest.param("e" + "\u0301" * 5, 3, ("e\u0301\u0301", "\u0301\u0301\u0301"), id="no end of marks"),
    ],
)
def test_split(text: str, limit: int, expected: tuple[str, ...]) -> None:
    assert split_at_sentences(text, limit) == expected


@given(st.text(st.sampled_from("ab. \n?।😀\u0301\u200d")) | st.text(), st.integers(2, 40))
def test_split_loses_nothing(text: str, limit: int) -> None:
    parts = split_at_sentences(text, limit)
    assert "".join(parts) == text
    assert all(parts)
    assert all(len(part.encode("utf-16-le", "surrogatepass")) <= 2 * limit for part in parts)
