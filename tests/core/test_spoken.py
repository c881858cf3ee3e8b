"""Which language somebody is spoken to in: what they chose, what they wrote, and otherwise a menu."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.interview.records import Menu
from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.prompts.records import SMS, TELEGRAM, Form
from bot.core.reception import Correspondent, Incoming, Outcome, consultations, receive
from bot.core.spoken import in_likely_order, language_of, named_language, script_of
from bot.language.catalogues import load_phrasebook
from tests.support.consultations import NOON, questionnaire

LOCALES = Path(__file__).parents[2] / "locales"
ITEMS = """
- {name: fuel, type: select_one, label: What fuel, choices: [
    {name: wood, label: Firewood, aliases: {sw: [kuni], fr: [bois]}}, {name: gas, label: Gas}]}
- {name: tongue, type: select_one, label: What do you speak, choices: [
    {name: sw, label: Swahili}, {name: ar, label: Arabic}]}
- {name: wish, type: text, label: Your wish}
- {name: more, type: text, label: More}
"""
BOOKS = {"en": ENGLISH, **{one: load_phrasebook(LOCALES, one) for one in ("sw", "fr", "ar")}}
KEYWORDS = "{en: [WATER], sw: [MAJI], fr: [EAU], ar: [ماء]}"
WATER = replace(
    questionnaire(ITEMS, f"consultation: water\nlanguages: [en, sw, fr, ar]\nkeywords: {KEYWORDS}", BOOKS),
    version="water-1",
)
LONG = "ninataka maji safi kijijini kwetu"
UNSURE = "maji ya kijiji yetu sisi"
OFFER = "Tuendelee kwa Kiswahili? Tuma 1 kwa ndiyo, 2 kwa hapana."
MENU = "Which language? Send a number.\n1. English\n2. Kiswahili\n3. Français\n4. العربية"


def detect(text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
    """Know some texts, as a detector does."""
    known = {
        LONG: ("sw", 0.98),
        UNSURE: ("sw", 0.96),
        "bonjour madame": ("fr", 0.93),
        "oui merci": ("fr", 0.7),
    }
    language, probability = known.get(text, ("en", 0.99))
    assert language in among
    return [(language, probability)]


LINK = "(opens a link, which names no language)"
KNOWN = consultations([WATER], detect=detect)


class Person:
    """Somebody who writes."""

    def __init__(self, form: Form = SMS, hints: tuple[str, ...] = ()) -> None:
        self.correspondent = Correspondent()
        self.interviews = {}
        self.form = form
        self.hints = hints

    def take(self, text: str = "", **fields: object) -> Outcome:
        incoming = Incoming(NOON, text, hints=self.hints, **fields)  # type: ignore[arg-type]
        outcome = receive(KNOWN, self.correspondent, self.interviews, incoming, 7, self.form)
        self.correspondent = outcome.correspondent
        self.interviews |= outcome.interviews
        return outcome

    def say(self, *texts: str) -> str:
        said = ""
        for text in texts:
            joins = "water" if text == LINK else None
            outcome = self.take("start" if joins else text, joins=joins)
            said = "\n".join(prompt.text for prompt in outcome.prompts)
        return said

    @property
    def language(self) -> str | None:
        return self.interviews["water"].language


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("hello", "LATIN"),
        ("ndiyo 👍 1", "LATIN"),
        ("ነዋሪ", "ETHIOPIC"),
        ("हाँ", "DEVANAGARI"),
        ("نعم ok", "ARABIC"),
        ("да", "CYRILLIC"),
        ("12 👍 ?!", None),
        ("", None),
    ],
)
def test_a_script(text: str, script: str | None) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("مرحبا", "ar", "one offered language is written so"),
        ("ndiyo", "sw", "the bot's own word, in one language"),
        ("Oui!", "fr", "the bot's own word, folded"),
        ("kuni", "sw", "a choice in one language"),
        ("bois", "fr", "a choice in another"),
        ("Kiswahili", "sw", "its own name"),
        ("français", "fr", "its own name, spelt"),
        ("gas", None, "a choice that is called so in every language"),
        ("bonjour madame", "fr", "a detector that is sure"),
        ("oui merci", None, "a detector that is not"),
        ("12", None, "no letters"),
        ("👍", None, "no letters"),
    ],
    ids=str,
)
def test_evidence(text: str, language: str | None, why: str) -> None:
    assert language_of(BOOKS, [WATER], text, detect) == language


def test_a_script_shared_by_two_languages_decides_nothing() -> None:
    books: dict[str, Phrasebook] = {
        **BOOKS,
        "ur": replace(BOOKS["ar"], language="ur", vocabulary={}, names=()),
    }
    asked: list[str] = []

    def listed(text: str, among: Sequence[str]) -> Sequence[tuple[str, float]]:
        asked.extend(among)
        return [("ur", 0.95)]

    assert language_of(books, [], "مرحبا بكم", listed) == "ur"
    # A detector is asked only about the languages that are written so.
    assert asked == ["ar", "ur"]


def test_where_nothing_tells_a_menu_asks() -> None:
    person = Person()
    assert person.say(LINK) == MENU
    assert person.say("2").startswith("May we ask you a few questions?")
    assert person.language == "sw"


@pytest.mark.parametrize("reply", ["ndiyo", "Swahili", "kiswahili", "KUNI", "السواحلية", LONG], ids=str)
def test_a_reply_to_the_menu_in_a_language_chooses_it(reply: str) -> None:
    person = Person()
    person.say(LINK, "oui merci")
    assert person.interviews["water"].menu is Menu.LANGUAGE
    person.say(reply)
    assert person.language == "sw"


def test_a_hint_orders_the_menu_and_no_more() -> None:
    person = Person(hints=("ar", "so", "fr"))
    menu = person.say(LINK)
    assert menu == "أي لغة؟ يرجى إرسال رقم.\n1. العربية\n2. Français\n3. English\n4. Kiswahili"
    person.say("2")
    assert person.language == "fr"
    assert in_likely_order(("en", "pt-BR"), ("pt",)) == ("pt-BR", "en")


def test_strangers_are_greeted_in_their_language() -> None:
    assert Person().say("bonjour madame") == "Bonjour. Pour participer, envoyez un de ces mots : EAU"
    assert Person().say("oui merci").startswith("Hello.")


@pytest.mark.parametrize("named", ["Kiswahili", "swahili", "SWAHILI!", "السواحلية", "суахили"])
def test_a_language_is_named_at_any_time(named: str) -> None:
    person = Person()
    person.say(LINK, "1", "1")
    assert person.say(named).startswith("What fuel")
    assert person.language == "sw"
    person.say("kuni")
    assert person.interviews["water"].answers["fuel"].value == "wood"


def test_the_name_of_a_language_can_be_an_answer() -> None:
    person = Person()
    person.say(LINK, "1", "1", "gas", "Swahili", "Swahili", "Arabic")
    assert [one.value for one in person.interviews["water"].answers.values()] == [
        "gas",
        "sw",
        "Swahili",
        "Arabic",
    ]
    assert person.language == "en"


@pytest.mark.parametrize("form", [SMS, TELEGRAM], ids=["sms", "telegram"])
def test_a_longer_text_in_another_language_gets_an_offer(form: Form) -> None:
    person = Person(form)
    person.say(LINK, "1", "1", "gas", "Arabic")
    outcome = person.take(LONG)
    assert [prompt.text for prompt in outcome.prompts] == [OFFER]
    assert [button.label for prompt in outcome.prompts for button in prompt.buttons] == (
        ["Ndiyo", "Hapana"] if form.buttons else []
    )
    # The answer is stored; only the next question waits.
    assert person.interviews["water"].answers["wish"].value == LONG
    assert person.language == "en"
    assert person.say("ndio").startswith("More")
    assert person.language == "sw"


@pytest.mark.parametrize(
    ("reply", "answer"),
    [("hapana", None), ("no", None), ("a tap", "a tap")],
    ids=["no", "English no", "answer"],
)
def test_an_offer_is_made_once(reply: str, answer: str | None) -> None:
    person = Person()
    person.say(LINK, "1", "1", "gas", "Arabic", LONG)
    said = person.say(reply)
    assert person.language == "en"
    assert said.startswith("That was the last" if answer else "More")
    assert OFFER not in person.say(LONG)


def test_an_offer_is_pressed() -> None:
    person = Person(TELEGRAM)
    person.say(LINK, "1", "1", "gas", "Arabic")
    yes, no = person.take(LONG).prompts[0].buttons
    other = Person(TELEGRAM)
    other.say(LINK, "1", "1", "gas", "Arabic", LONG)
    other.take(button=no.data)
    assert other.language == "en"
    person.take(button=yes.data)
    assert person.language == "sw"


@pytest.mark.parametrize("text", [UNSURE, "bonjour madame", "maji safi"], ids=str)
def test_no_offer_on_thin_evidence(text: str) -> None:
    person = Person()
    person.say(LINK, "1", "1", "gas", "Arabic")
    assert person.say(text).startswith("More")


def test_names_are_those_of_any_language() -> None:
    assert {name: named_language(WATER, name) for name in ("arabe", "Arabi", "kiarabu", "german", "")} == {
        **dict.fromkeys(("arabe", "Arabi", "kiarabu"), "ar"),
        **dict.fromkeys(("german", "")),
    }
