"""What identifies people is blacked out, in every script; nothing else is."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.folding import digits
from bot.core.phrases import NAME_IS
from bot.language.catalogues import load_phrasebook
from bot.results.words.introductions import introductions
from bot.results.words.redaction import Mark, Redacted, narrowed, redact, without
from bot.results.words.rules import Regions, Rules

LOCALES = Path(__file__).parents[3] / "locales"
LANGUAGES = sorted(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/bot.po"))
BOOKS = [load_phrasebook(LOCALES, language) for language in LANGUAGES]
RULES = Rules(Regions(("KE", "US"), ("BD", "ES", "IN", "SN", "TN")), introductions(BOOKS))

REDACTED = [
    ("call 0712 345 678 please", "call [phone] please"),
    ("+1 202 555 0143 or 202-555-0143", "[phone] or [phone]"),
    ("(0722) 111-222, 0722.111.222", "[phone], [phone]"),
    ("0 7 1 2 3 4 5 6 7 8", "[phone]"),
    ("٠٧١٢ ٣٤٥ ٦٧٨ اتصل", "[phone] اتصل"),
    ("०७१२ ३४५ ६७८ पर फोन करें", "[phone] पर फोन करें"),
    ("০১৭১১-১২৩৪৫৬ নম্বরে", "[phone] নম্বরে"),
    ("۰۷۱۲۳۴۵۶۷۸", "[phone]"),
    ("appelez le 77 123 45 67 svp", "appelez le [phone] svp"),
    ("7️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣", "[number]"),
    ("0\u200b7\u200b1\u200b2\u200b3\u200b4", "[number]"),
    ("１２３４５６７", "[number]"),
    ("my id 12345678 please", "my id [number] please"),
    ("፩፪፫፬፭፮", "[number]"),
    ("card 1234 5678 9012", "card [number]"),
    ("ssn 123-45-6789", "ssn [number]"),
    ("write a.b+c@mail.example.org now", "write [e-mail] now"),
    ("почта анна@пример.рф", "почта [e-mail]"),
    ("0712345678@example.org", "[e-mail]"),
    ("see https://example.org/x?y=1 or www.example.com", "see [web address] or [web address]"),
    ("t.me/abc and example.com", "[web address] and [web address]"),
    ("ask @amina_k", "ask [account]"),
    ("I live at 6.5244, 3.3792", "I live at [coordinates]"),
    ("-1.286389 36.817223", "[coordinates]"),
    ("٦٫٥٢٤٤، ٣٫٣٧٩٢" + " هنا", "[coordinates] هنا"),
    ("6°31'28\"N 3°22'45\"E", "[coordinates] [coordinates]"),
    ("6FR5F8WW+X8", "[coordinates]"),
    ("my name is Amina Yusuf and I need water", "my name is [name] and I need water"),
    ("MY NAME IS JOHN KAMAU I NEED WATER", "MY NAME IS [name] I NEED WATER"),
    ("my name is john we need water", "my name is [name] we need water"),
    ("My name's O'Brien. We need a road", "My name's [name]. We need a road"),
    ("Je m'appelle Awa Diop, et je veux de l'eau", "Je m'appelle [name], et je veux de l'eau"),
    ("me llamo María José. Quiero agua", "me llamo [name]. Quiero agua"),
    ("Meu nome é Ana Souza e quero água", "Meu nome é [name] e quero água"),
    ("jina langu ni Juma Hassan, nataka maji", "jina langu ni [name], nataka maji"),
    ("ስሜ አበበ ነው ውሃ እንፈልጋለን", "ስሜ [name] ነው ውሃ እንፈልጋለን"),
    ("አበበ እባላለሁ", "[name] እባላለሁ"),
    ("اسمي فاطمة. نريد الماء", "اسمي [name]. نريد الماء"),
    ("मेरा नाम राम है और पानी चाहिए", "मेरा नाम [name] है और पानी चाहिए"),
    ("আমার নাম রহিম", "আমার নাম [name]"),
    ("میرا نام علی ہے", "میرا نام [name] ہے"),
    ("igama lami nguThabo Mokoena sidinga amanzi", "igama lami ngu[name] sidinga amanzi"),
    ("Igama lami ngu-Thabo", "Igama lami ngu-[name]"),
    ("меня зовут Анна Петрова и нам нужна вода", "меня зовут [name] и нам нужна вода"),
    ("мене звати Оля", "мене звати [name]"),
    ("tôi tên là Nguyễn Văn An", "tôi tên là [name]"),
    ("ako si Maria Santos", "ako si [name]"),
    ("sunana Musa", "sunana [name]"),
    ("aha m bụ Chidi", "aha m bụ [name]"),
    ("Orúkọ mi ni Adé", "Orúkọ mi ni [name]"),
    ("magacaygu waa Axmed", "magacaygu waa [name]"),
    ("my name is [name]", "my name is [name]"),
]
KEPT = [
    "in 2019 and 2020 we paid 5000 shillings",
    "2019 2020 2021",
    "from 2019-2020: 25 000 000 naira",
    "₦1,500,000 a year, or 12 500",
    "twenty-five thousand shillings since two thousand and nineteen",
    "on 01.02.2026 at 10.30, or 2026-03-01",
    "from 8:30 to 16:00",
    "35 people 12 goats 4 cows 20 houses",
    "a litre costs 0.75, two 1.50",
    "rain.no water",
    "@50 naira each",
    "My name is not important",
    "p.o. box 12345",
    "في ٢٠٢٦ دفعنا ٥٠٠٠",
    "२०२६ में ५००० रुपये",
    "በ፳፻፲፰ ዓ.ም.",
    "the name of the road",
]


@pytest.mark.parametrize(("written", "left"), REDACTED)
def test_what_identifies_people_is_blacked_out(written: str, left: str) -> None:
    assert redact(written, RULES).text == left


@pytest.mark.parametrize("written", KEPT)
def test_other_numbers_and_words_stay(written: str) -> None:
    assert redact(written, RULES).text == written


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_a_name_goes_in_each_way_to_say_it(language: str) -> None:
    book = load_phrasebook(LOCALES, language)
    rules = Rules(introductions=introductions([book]))
    for way in book.words(NAME_IS):
        said = way.replace("~", "Qwertz") if "~" in way else f"{way} Qwertz"
        assert "qwertz" not in redact(said, rules).text.casefold(), way


def test_without_the_country_a_number_goes_all_the_same() -> None:
    assert redact("0712 345 678", Rules()).text == "[phone]"
    assert redact("712345678", Rules()).text == "[number]"


PIECES = st.sampled_from(
    [
        *(written for written, _ in REDACTED),
        *KEPT,
        *Mark,
        *"0123456789٠१፩",
        " ",
        "-",
        ".",
        "@",
        "+",
        "(",
        "\u200d",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join)


@settings(deadline=None)
@given(TEXTS)
@example("[[number]]")
def test_redacting_twice_changes_nothing_and_leaves_no_long_number(text: str) -> None:
    once = redact(text, RULES)
    assert redact(once.text, RULES) == once
    assert not re.search("[0-9]{6}", digits(re.sub("[፲-፺]", "x", once.text)))


@given(TEXTS)
def test_nothing_but_marks_is_new(text: str) -> None:
    left = re.split("|".join(map(re.escape, Mark)), redact(text, RULES).text)
    place = 0
    for piece in left:
        found = text.find(piece, place)
        assert found >= 0
        place = found + len(piece)


def test_redacted_words_are_made_by_redaction_alone_and_do_not_show() -> None:
    with pytest.raises(TypeError, match=r"redact\(\)"):
        Redacted("0712345678", object())
    words = redact("water", RULES)
    assert f"{words!r} {words}" == "Redacted(...) Redacted(...)"


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("The chief took our well", True),
        ("[…] took our well", True),
        ("The chief […]", True),
        ("The […] our […]", True),
        ("[…]our well", True),
        ("took our well", False),
        ("The chief took our […] well!", False),
        ("The chiefs took our well", False),
        ("The well […] chief", False),
        ("The chief took […] chief took our well", False),
    ],
)
def test_words_are_cut_and_never_changed(text: str, holds: bool) -> None:
    words = redact("The chief took our well", RULES)
    cut = narrowed(words, text)
    assert (cut is not None) is holds
    assert cut is None or cut.text == text


def test_a_stretch_is_cut_wherever_it_stands() -> None:
    words = redact("Ada and Ada's son", RULES)
    cut = without(words, "Ada")
    assert cut is not None
    assert cut.text == "[…] and […]'s son"
    assert without(words, "Eve") is None
    assert without(words, "") is None
