"""Catalogues as translators leave them: what counts, what does not, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.phrases import ENGLISH, NUMBERS, OTHER, YES, Phrasebook
from bot.core.questionnaire import Choice, Consent, Item, ItemType, Node, Questionnaire, Text
from bot.errors import FlowsError
from bot.language.catalogues import PHRASES, load_phrasebook, load_translations, translate

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nLanguage-Team: {team}\\n"\n'

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a catalogue of (context, source, translation, flag) entries, and return the locales it is in."""

    def written(
        *entries: tuple[str, ...], language: str = "xx", domain: str = "garden", team: str = ""
    ) -> Path:
        path = tmp_path / language / "LC_MESSAGES" / f"{domain}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        parts = [HEADER.format(team=team)]
        for context, source, translation, *flag in entries:
            parts += ["", *flag, f'msgctxt "{context}"', f'msgid "{source}"', f'msgstr "{translation}"']
        path.write_text("\n".join(parts) + "\n", encoding="utf-8")
        return tmp_path

    return written


def everything_said() -> list[tuple[str, ...]]:
    return [(phrase.context, phrase.english, f"«{phrase.english}»") for phrase in PHRASES]


def problems(load: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(FlowsError) as refused:
        load()
    assert all(problem.file for problem in refused.value.problems)
    return [(problem.code, problem.place) for problem in refused.value.problems]


class TestTranslations:
    def test_an_entry_counts_by_its_place_and_its_source_wording(self, write: Write) -> None:
        locales = write(("size.label", "How big?", "Mba'éichapa?"), ("size.hint", "How big?", "Metro"))
        assert load_translations(locales, "garden", "xx") == {
            ("size.label", "How big?"): "Mba'éichapa?",
            ("size.hint", "How big?"): "Metro",
        }

    @pytest.mark.parametrize(
        "entry",
        [("a", "Yes", ""), ("a", "Yes", "  "), ("a", "Yes", "Ee", "#, fuzzy")],
        ids=["empty", "blank", "fuzzy"],
    )
    def test_what_is_not_finished_is_absent(self, write: Write, entry: tuple[str, ...]) -> None:
        assert load_translations(write(entry), "garden", "xx") == {}

    def test_letters_are_composed(self, write: Write) -> None:
        locales = write(("a", "Yes", "e\u0301"))
        assert load_translations(locales, "garden", "xx") == {("a", "Yes"): "\u00e9"}

    def test_a_country_has_an_underscore_in_its_folder(self, write: Write) -> None:
        locales = write(("a", "Yes", "Sim"), language="pt_BR")
        assert load_translations(locales, "garden", "pt-BR") == {("a", "Yes"): "Sim"}

    def test_an_absent_catalogue_is_refused(self, tmp_path: Path) -> None:
        assert problems(lambda: load_translations(tmp_path, "garden", "xx")) == [("catalogue-missing", "")]

    @pytest.mark.parametrize(
        "content",
        [
            b'msgid "a"\nmsgstr "b"\nrubbish\n',
            b'msgid "a"\n',
            'msgid "é"\nmsgstr "é"\n'.encode("latin-1"),
            b"#" * 1_000_001,
            b'msgid ""\nmsgstr "POT-Creation-Date: yesterday\\n"\n',
        ],
        ids=["rubbish", "no translation", "latin-1", "too large", "no date"],
    )
    def test_a_broken_catalogue_is_refused(self, write: Write, content: bytes) -> None:
        locales = write()
        (locales / "xx/LC_MESSAGES/garden.po").write_bytes(content)
        assert problems(lambda: load_translations(locales, "garden", "xx")) == [("catalogue-unreadable", "")]

    def test_a_broken_catalogue_names_its_line(self, write: Write) -> None:
        locales = write()
        path = locales / "xx/LC_MESSAGES/garden.po"
        path.write_text('msgid "a"\nmsgstr "b"\nrubbish\n')
        with pytest.raises(FlowsError) as refused:
            load_translations(locales, "garden", "xx")
        assert [(problem.file, problem.line) for problem in refused.value.problems] == [(str(path), 3)]


class TestPhrasebook:
    def test_english_needs_no_catalogue(self, tmp_path: Path) -> None:
        book = load_phrasebook(tmp_path, "en")
        assert (book.say(OTHER), book.words(YES)) == ("Other", ENGLISH.words(YES))
        assert (book.autonym, book.date_order, book.months["march"]) == ("English", "dmy", 3)

    def test_sentences_and_words_are_the_catalogues(self, write: Write) -> None:
        entries = [*everything_said(), ("words.yes", "an older English list", "ee، eey, ")]
        book = load_phrasebook(write(*entries, domain="bot"), "xx")
        assert book.say(OTHER) == "«Other»"
        assert book.words(YES) == ("ee", "eey")

    def test_the_english_words_stand_in_for_a_list_that_is_absent(self, write: Write) -> None:
        assert load_phrasebook(write(*everything_said(), domain="bot"), "xx").words(YES) == ENGLISH.words(YES)

    @pytest.mark.parametrize(
        ("team", "autonym"),
        [("Nāhuatl <nah@example.org>", "Nāhuatl"), ("LANGUAGE <LL@li.org>", "xx"), ("", "xx")],
    )
    def test_a_language_that_cldr_lacks_is_named_by_its_team(
        self, write: Write, team: str, autonym: str
    ) -> None:
        book = load_phrasebook(write(*everything_said(), domain="bot", team=team), "xx")
        assert book.autonym == autonym

    def test_every_fault_is_told_at_once(self, write: Write) -> None:
        entries = {context: (context, source, said) for context, source, said in everything_said()}
        entries["unclear"] = ("unclear", "Pardon?", "a translation of what was said before")
        entries["may_skip"] = ("may_skip", "Or send {command}.", "{comando}")
        entries["reply.range"] = ("reply.range", "Send a number from {start} to {end}.", "{start} {end")
        entries["words.numbers"] = ("words.numbers", "zero, one", "zero, one, two")
        assert problems(lambda: load_phrasebook(write(*entries.values(), domain="bot"), "xx")) == [
            ("catalogue-placeholders", "reply.range"),
            ("catalogue-placeholders", "may_skip"),
            ("catalogue-missing-phrase", "unclear"),
            ("catalogue-numbers", NUMBERS.context),
        ]


def text(context: str, source: str) -> Text:
    return Text(context, source)


def questionnaire() -> Questionnaire:
    """Return a questionnaire with a text in every field, and a group around its question."""
    choice = Choice("big", text("size.big.label", "Big"), text("size.big.sms_label", "B"))
    other = Choice("other", Text("bot:other.label", "Other"))
    size = Item(
        "size",
        ItemType.SELECT_ONE,
        label=text("size.label", "How big?"),
        sms_label=text("size.sms_label", "Big?"),
        hint=text("size.hint", "In metres"),
        constraint_message=text("size.constraint_message", "No"),
        choices=(choice, other),
    )
    group = Item("about", ItemType.GROUP, label=text("about.label", "About"), children=(size,))
    return Questionnaire(
        "garden",
        text("title", "Garden"),
        ("en", "xx"),
        {},
        Consent(
            text("consent.ask", "May we?"), text("consent.sms_ask", "OK?"), text("consent.refused", "Bye")
        ),
        (group,),
        (Node(group, 0, 2, False, ()), Node(size, 1, 1, False, ()), Node(group, 2, 0, True, ())),
        {"about": 0, "size": 1},
        thanks=text("thanks", "Thanks"),
        not_eligible=text("not_eligible", "Not you"),
        screened_out=text("screened_out", "Enough"),
        phrasebooks={"en": ENGLISH, "xx": Phrasebook("xx", {"other.label": "Ambue"}, {}, "Xx")},
    )


class TestTranslate:
    def test_every_text_is_translated(self) -> None:
        source = questionnaire()
        wordings = {
            (t.context, t.source): t.source.upper() for t in source.texts() if t.context[:4] != "bot:"
        }
        found = translate(source, {"xx": wordings})
        assert {t.context: t.into("xx") for t in found.texts()} == {
            t.context: "Ambue" if t.context == "bot:other.label" else t.source.upper() for t in source.texts()
        }
        assert [t.into("en") for t in found.texts()] == [t.source for t in source.texts()]

    def test_items_and_nodes_stay_the_same_records(self) -> None:
        found = translate(questionnaire(), {"xx": {("size.label", "How big?"): "Tuicha?"}})
        assert found.nodes[0].item is found.items[0]
        assert found.nodes[1].item is found.items[0].children[0]
        assert found.item("size").label == Text("size.label", "How big?", {"xx": "Tuicha?"})

    def test_a_translation_of_an_earlier_wording_is_not_used(self) -> None:
        found = translate(questionnaire(), {"xx": {("size.label", "How old?"): "Mboy ary?"}})
        assert found.item("size").label == Text("size.label", "How big?")

    def test_the_bots_own_words_never_come_from_the_consultations_catalogue(self) -> None:
        found = translate(questionnaire(), {"xx": {("bot:other.label", "Other"): "wrong"}})
        assert found.item("size").choices[1].label.into("xx") == "Ambue"

    def test_the_bots_own_words_are_in_the_first_language_too(self) -> None:
        spanish = Phrasebook("es", {"other.label": "Otro"}, {}, "Español")
        source = replace(questionnaire(), languages=("es", "en"), phrasebooks={"es": spanish, "en": ENGLISH})
        label = translate(source, {}).item("size").choices[1].label
        assert {language: label.into(language) for language in ("es", "en")} == {"es": "Otro", "en": "Other"}

    def test_the_line_break_at_the_end_of_a_block_of_yaml_makes_no_difference(self) -> None:
        source = replace(questionnaire(), thanks=text("thanks", "Thank you\n"))
        found = translate(source, {"xx": {("thanks", "Thank you"): "Aguyje"}})
        assert found.thanks is not None
        assert found.thanks.into("xx") == "Aguyje"
