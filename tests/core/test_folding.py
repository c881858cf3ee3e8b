"""Tables and properties: what counts as the same when typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.folding import digits, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("  I think,  FIREWOOD!! ", "i think firewood", id="case-and-punctuation"),
        pytest.param("Ẹ̀kọ́", "eko", id="yoruba-tones"),
        pytest.param("Ƙarfe", "karfe", id="hausa-hook"),
        pytest.param("ọkụ", "oku", id="igbo-dots"),
        pytest.param("Đường", "duong", id="vietnamese"),
        pytest.param("İSTANBUL ışık", "istanbul isik", id="turkish"),
        pytest.param("Straße", "strasse", id="german"),
        pytest.param("मिट्टी!", "मिटटी", id="indic-vowel-signs-stay"),
        pytest.param("हिन्दी", "हिंदी", id="hindi-nasal-as-a-letter"),
        pytest.param("हाँ अन्न", "हां अनन", id="hindi-nasal-as-a-half-moon"),
        pytest.param("বাংলা", "বাংলা", id="bengali-vowel-signs-stay"),
        pytest.param("نَعَم", "نعم", id="arabic-points-go"),
        pytest.param("ســلام", "سلام", id="arabic-kashida-goes"),
        pytest.param("ዓሥር ኃላፊ ፀሐይ", "አስር ሀላፊ ጸሀይ", id="ethiopic-letters-of-one-sound"),
        pytest.param("مدرسة على", "مدرسه علي", id="arabic-spellings"),
        pytest.param("می\u200cخواهم", "ميخواهم", id="persian-joiner"),
        pytest.param("한국어", "한국어", id="korean"),
        pytest.param("ng’ombe ngʼombe", "ng ombe ng ombe", id="apostrophes"),
        pytest.param("ＡＢＣ", "abc", id="full-width"),
        pytest.param("👍🏽", "", id="emoji"),
        pytest.param("\ud800", "", id="half-a-character"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("٢٠٢٦", "2026", id="arabic-indic"),
        pytest.param("۷", "7", id="persian"),
        pytest.param("१२", "12", id="devanagari"),
        pytest.param("২", "2", id="bengali"),
        pytest.param("߂", "2", id="nko"),
        pytest.param("𞥒", "2", id="adlam"),
        pytest.param("፪", "2", id="ethiopic-one-digit"),
        pytest.param("፲፪", "12", id="ethiopic-twelve"),
        pytest.param("፳", "20", id="ethiopic-twenty"),
        pytest.param("፳፻፲፰", "2018", id="ethiopic-year"),
        pytest.param("፲፱፻፺", "1990", id="ethiopic-year-of-tens"),
        pytest.param("፻", "100", id="ethiopic-hundred"),
        pytest.param("፪፻፭", "205", id="ethiopic-hundreds-and-ones"),
        pytest.param("1\ufe0f\u20e33\ufe0f\u20e3", "13", id="keycaps"),
        pytest.param("\N{KEYCAP TEN}", "10", id="keycap-ten"),
        pytest.param("①❷⑩", "1210", id="circled"),
        pytest.param("\u200e5\u200f", "5", id="marks-of-direction"),
        pytest.param("５，０", "5,0", id="full-width"),
        pytest.param("two", "two", id="words-stay"),
    ],
)
def test_digits(text: str, expected: str) -> None:
    assert digits(text) == expected


@given(st.text(st.characters()))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters()))
def test_folded_words_are_apart_by_single_spaces(text: str) -> None:
    folded = fold(text)
    assert " ".join(folded.split()) == folded


@given(st.integers(0, 10**6), st.sampled_from("٠०০０௦"))
def test_a_number_reads_the_same_in_every_script(number: int, zero: str) -> None:
    assert digits("".join(chr(ord(zero) + int(digit)) for digit in str(number))) == str(number)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("g\u0430s", "gas", id="one-cyrillic-letter"),
        pytest.param("G\u0410S", "gas", id="capitals"),
        pytest.param("\u043ao\u0442", "\u043a\u043e\u0442", id="one-latin-letter-in-a-russian-word"),
        pytest.param("\u043a\u043e\u0442", "\u043a\u043e\u0442", id="a-russian-word"),
        pytest.param("g\u0436s", "g\u0436s", id="a-letter-like-no-other"),
        pytest.param("cat \u043a\u043e\u0442", "cat \u043a\u043e\u0442", id="two-words"),
    ],
)
def test_letters_that_look_alike(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded
