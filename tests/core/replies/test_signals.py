"""Tables and properties: yes and no, commands, menus, names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.phrases import COMMANDS, ENGLISH, START, Phrasebook
from bot.core.replies import Command, read_command, read_named, read_number_in_menu, read_yes_no
from tests.support.phrasebooks import ARABIC, FRENCH, IGBO, SPANISH, SWAHILI

BOOKS = [ENGLISH, SPANISH, FRENCH, SWAHILI, ARABIC, IGBO]
IN_EVERY_LANGUAGE = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.language)


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize(
    "text",
    [
        *(
            "1",
            "1.",
            "(1)",
            " 1 !",
            "#1",
            "١",
            "፩",
            "1\ufe0f\u20e3",
            "①",
            "yes",
            "YES!!",
            "Yes.",
            "y",
            "ok",
            "Okay",
        ),
        *("👍", "👍🏾", "✅", "✔️", "👌", "yes 👍", "1 👍", "yes please", "1 yes", "I agree", "i agre"),
        *("Yes I agree", "yes, yes!", "ok sure", "yes please thank you"),
    ],
)
def test_yes(book: Phrasebook, text: str) -> None:
    assert read_yes_no(text, book) is True


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize(
    "text",
    [
        *(
            "2",
            "2)",
            "٢",
            "፪",
            "2\ufe0f\u20e3",
            "no",
            "NO!",
            "n",
            "nope",
            "👎",
            "👎🏿",
            "❌",
            "no ❌",
            "2 no",
        ),
        *("I do not agree", "i don't agree", "no thanks", "no thank you", "no, I do not agree", "no no"),
    ],
)
def test_no(book: Phrasebook, text: str) -> None:
    assert read_yes_no(text, book) is False


@pytest.mark.parametrize(
    ("book", "text", "expected"),
    [
        (SPANISH, "si", True),
        (SPANISH, "¡Sí!", True),
        (SPANISH, "para nada", False),
        (SPANISH, "de acuerdo", True),
        (SPANISH, "claro que sí", True),
        (SPANISH, "claro que no", None),
        (SPANISH, "no de acuerdo", None),
        (FRENCH, "pas d'accord", None),
        (FRENCH, "OUI", True),
        (FRENCH, "d’accord", True),
        (FRENCH, "oui s'il vous plaît", True),
        (FRENCH, "non", False),
        (SWAHILI, "ndiyo", True),
        (SWAHILI, "ndyo", True),
        (SWAHILI, "hapana", False),
        (SWAHILI, "hapna", False),
        (SWAHILI, "siyo", False),
        (SWAHILI, "sio", None),
        (SWAHILI, "la", False),
        (FRENCH, "la", None),
        (ARABIC, "نعم", True),
        (ARABIC, "نَعَمْ", True),
        (ARABIC, "اجل", True),
        (ARABIC, "لا", False),
        (IGBO, "ee", True),
        (IGBO, "mba", False),
    ],
)
def test_languages(book: Phrasebook, text: str, expected: bool | None) -> None:
    assert read_yes_no(text, book) is expected


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "3",
            "0",
            "12",
            "11",
            "1 2",
            "1 or 2",
            "yes no",
            "no 👍",
            "yes 👎",
            "👍👎",
            "2 yes",
            "1 no",
            "no 1",
        ),
        *(
            "maybe",
            "not ok",
            "disagree",
            "who is this",
            "yes but only if you call me",
            "🤷",
            "\ud800",
            "y" * 3000,
            "1-2",
        ),
    ],
)
def test_neither(book: Phrasebook, text: str) -> None:
    assert read_yes_no(text, book) is None


def test_where_a_word_means_the_opposite_in_english_the_language_holds() -> None:
    polish = Phrasebook("pl", {}, {"words.yes": ("tak", "no"), "words.no": ("nie",)}, "polski")
    assert read_yes_no("no", polish) is True
    assert read_yes_no("nie", polish) is False


@IN_EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("word", "command"),
    [
        (word, Command(name))
        for name, words in {**COMMANDS, "start": START}.items()
        for word in ENGLISH.words(words)
    ],
)
def test_english_commands_are_understood_in_every_language(
    book: Phrasebook, word: str, command: Command
) -> None:
    assert read_command(word, book) is command
    assert read_command(f" {word.upper()}! ", book) is command or word == "?"


@pytest.mark.parametrize(
    ("book", "text", "command"),
    [
        (SPANISH, "ATRAS", Command.BACK),
        (SPANISH, "¡parar!", Command.STOP),
        (FRENCH, "Passer", Command.SKIP),
        (SWAHILI, "msaada", Command.HELP),
        (ARABIC, "توقّف", Command.STOP),
        (IGBO, "laghachi azu", Command.BACK),
        (ENGLISH, "«stop»", Command.STOP),
        (ENGLISH, "?", Command.HELP),
        (ENGLISH, "？", Command.HELP),
    ],
)
def test_commands_of_the_language(book: Phrasebook, text: str, command: Command) -> None:
    assert read_command(text, book) is command


@pytest.mark.parametrize(
    "text",
    [
        *(
            "stop cooking with wood",
            "stopp",
            "sto",
            "please stop",
            "the end",
            "help me",
            "2",
            "",
            "👍",
            "\ud800",
            "!",
        ),
        "stop" * 900,
    ],
)
def test_only_a_whole_message_is_a_command(text: str) -> None:
    assert read_command(text, ENGLISH) is None


def test_where_a_word_is_another_command_in_english_the_language_holds() -> None:
    made_up = Phrasebook("xx", {}, {"words.skip": ("stop",), "words.stop": ("halt",)}, "xx")
    assert read_command("stop", made_up) is Command.SKIP
    assert read_command("halt", made_up) is Command.STOP


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("1", 1), ("3", 3), ("٣", 3), ("3.", 3), ("(3)", 3), ("no. 3", 3), ("3\ufe0f\u20e3", 3), ("03", 3)),
        *(
            ("0", None),
            ("4", None),
            ("33", None),
            ("1 3", None),
            ("three", None),
            ("3rd", None),
            ("1.5", None),
        ),
        *(("", None), ("3 بيوت", None), ("日3", None), ("1" * 4000, None), ("\ud800", None)),
    ],
)
def test_numbers_of_a_menu(text: str, number: int | None) -> None:
    assert read_number_in_menu(text, 3) == number


NAMES = ("English", "Español", "Français", "Kiswahili", "العربية", "Igbo", "हिन्दी")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        *(
            ("english", 0),
            ("Espanol", 1),
            ("FRANÇAIS!", 2),
            ("kiswahli", 3),
            ("العربيه", 4),
            ("igbo", 5),
            ("हिन्दी", 6),
        ),
        *(
            ("ingles", None),
            ("swahili", None),
            ("ig", None),
            ("", None),
            ("2", None),
            ("english francais", None),
        ),
    ],
)
def test_names(text: str, position: int | None) -> None:
    assert read_named(text, NAMES) == position


def test_no_names() -> None:
    assert read_named("english", ()) is None


@given(st.text(st.characters()), st.sampled_from(BOOKS))
def test_no_text_fails(text: str, book: Phrasebook) -> None:
    assert read_yes_no(text, book) in (True, False, None)
    assert read_command(text, book) in (None, *Command)
    assert read_number_in_menu(text, 9) in (None, *range(1, 10))
    assert read_named(text, NAMES) in (None, *range(len(NAMES)))
