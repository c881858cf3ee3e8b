"""What a consultation file gives to translators, and the templates made of it."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po

from bot.core import phrases
from bot.language.catalogues import PHRASES, WORD_LISTS
from bot.language.extraction import entries
from bot.language.templates import (
    Progress,
    bot_template,
    consultation_template,
    new_catalogue,
    progress,
    written,
)
from bot.language.updating import updated

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

GARDEN = """\
consultation: garden
title: A garden for all
languages: [en, sw]
consent: >
  May we ask you
  two things?
items:
  - name: about
    type: group
    label: About you
    items:
      - name: size
        type: select_one
        label: How big?
        sms_label: Big?
        hint: In metres
        constraint: . != 'huge'
        constraint_message: Too big
        choices:
          - {name: big, label: Big, sms_label: B, aliases: [large]}
          - {name: 1, label: 12}
  - name: child
    type: repeat
    label: Child
    items:
      - {name: age, type: integer, label: How old?}
  - {name: note1, type: note, label: Nearly done}
  - {name: sum, type: calculate, calculation: 1 + 1}
  - {name: again, type: select_one, label: Again?, choices: yes_no}
choice_lists:
  yes_no:
    - {name: "yes", label: "Yes"}
thanks: Thank you
move: Go on there
"""


def test_every_text_is_found_with_its_place_line_and_purpose() -> None:
    assert [(e.line, e.context, e.wording, e.comment) for e in entries(GARDEN.encode())] == [
        (2, "title", "A garden for all", "Title of the consultation"),
        (
            4,
            "consent.ask",
            "May we ask you two things?",
            "Asked before the first question: who asks, what for, how to stop",
        ),
        (32, "choice_lists.yes_no.yes.label", "Yes", "Choice yes of yes_no"),
        (10, "about.label", "About you", "Title of the group about, for organisers"),
        (14, "size.label", "How big?", "Question size"),
        (15, "size.sms_label", "Big?", "Question size, shorter, for SMS"),
        (16, "size.hint", "In metres", "Said when a person asks for help with question size"),
        (18, "size.constraint_message", "Too big", "Said when the answer to question size does not fit"),
        (20, "size.big.label", "Big", "Choice big of size"),
        (20, "size.big.sms_label", "B", "Choice big of size, shorter, for SMS"),
        (21, "size.1.label", "12", "Choice 1 of size"),
        (24, "child.label", "Child", "What is repeated in child"),
        (26, "age.label", "How old?", "Question age"),
        (27, "note1.label", "Nearly done", "Message note1"),
        (29, "again.label", "Again?", "Question again"),
        (33, "thanks", "Thank you", "Said after the last question"),
        (34, "move", "Go on there", "Said to a person who wants to go on in another app. Keep ${code}"),
    ]


@pytest.mark.parametrize(
    "content",
    ["", "[]", "items: 7", "items: [7, {name: }, {label: no name}]", "title: {a: b}", "consent: [x]"],
)
def test_a_file_of_another_shape_gives_nothing(content: str) -> None:
    assert list(entries(content.encode())) == []


def test_broken_yaml_is_raised() -> None:
    with pytest.raises(yaml.YAMLError):
        list(entries(b"title: [a"))


def test_aliases_of_aliases_are_met_once() -> None:
    levels = ["items: &l0\n  - &i0 {name: q, type: text, label: Hello}\n"]
    levels += [
        f"g{n}:\n  items: &l{n}\n    - &i{n} {{name: g{n}, type: group, items: [*i{n - 1}, *i{n - 1}]}}\n"
        for n in range(1, 40)
    ]
    bomb = "".join(levels).replace("items: &l0", "start: &l0", 1) + "items: [*i39]\n"
    assert [entry.context for entry in entries(bomb.encode())] == ["q.label"]


def test_babel_finds_the_extractor_by_its_name() -> None:
    found = list(extract("bot.language.extraction:extract_flow", BytesIO(GARDEN.encode()), DEFAULT_KEYWORDS))
    assert found[0] == (2, "A garden for all", ["Title of the consultation"], "title")


def test_the_bots_template_holds_every_phrase_and_list_of_words() -> None:
    template = bot_template(AT)
    found = {(message.context, message.id) for message in template if message.id}
    assert found == {(context, english) for context, english in (*PHRASES, *WORD_LISTS)}
    kept = template.get(phrases.CONSENT_ANSWER.english, "consent.answer")
    assert kept is not None
    assert kept.auto_comments == [
        "follows the question whether the person agrees to take part. Keep 1 and 2."
    ]


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    path = tmp_path / "garden.yaml"
    path.write_text(GARDEN, encoding="utf-8")
    return path


def brought_up(template: Catalog, catalogue: Catalog) -> Catalog:
    return read_po(BytesIO(updated(template, written(catalogue))))


def translated(template: Catalog, **wordings: str) -> Catalog:
    """Return a new Swahili catalogue with some entries translated, by their source wordings."""
    catalogue = new_catalogue(template, "sw", AT)
    for message in catalogue:
        if message.id in wordings:
            message.string = wordings[message.id]
    return catalogue


def test_a_catalogue_is_written_and_read_again(garden: Path) -> None:
    template = consultation_template(garden, AT)
    catalogue = translated(template, Child="Mtoto")
    again = read_po(BytesIO(written(catalogue)))
    assert written(again) == written(catalogue)
    assert progress(template, again) == Progress(translated=1, fuzzy=0, missing=16)
    assert not progress(template, again).is_complete


def test_a_changed_source_wording_loses_its_translation(garden: Path) -> None:
    catalogue = translated(consultation_template(garden, AT), Child="Mtoto", Big="Kubwa")
    garden.write_text(GARDEN.replace("label: Child", "label: Children"), encoding="utf-8")
    template = consultation_template(garden, AT)
    catalogue = brought_up(template, catalogue)
    assert progress(template, catalogue) == Progress(translated=1, fuzzy=0, missing=16)
    assert [(m.context, m.string) for m in catalogue.obsolete.values()] == [("child.label", "Mtoto")]
    assert b'#~ msgstr "Mtoto"' in written(catalogue)


def test_one_wording_in_two_places_keeps_its_two_translations(garden: Path) -> None:
    garden.write_text(GARDEN.replace("label: Child", "label: Big"), encoding="utf-8")
    template = consultation_template(garden, AT)
    catalogue = new_catalogue(template, "sw", AT)
    for context, wording in (("child.label", "Mkubwa"), ("size.big.label", "Kubwa")):
        found = catalogue.get("Big", context)
        assert found is not None
        found.string = wording
    again = read_po(BytesIO(written(catalogue)))
    again = brought_up(template, again)
    wordings = {message.context: message.string for message in again if message.id == "Big"}
    assert wordings == {"child.label": "Mkubwa", "size.big.label": "Kubwa"}


def test_a_fuzzy_entry_is_counted_apart(garden: Path) -> None:
    template = consultation_template(garden, AT)
    catalogue = translated(template, Child="Mtoto", Big="Kubwa")
    found = catalogue.get("Big", "size.big.label")
    assert found is not None
    found.flags.add("fuzzy")
    assert progress(template, catalogue) == Progress(translated=1, fuzzy=1, missing=15)


def test_without_a_catalogue_everything_is_missing(garden: Path) -> None:
    assert progress(consultation_template(garden, AT), None) == Progress(0, 0, 17)


def test_a_list_of_words_keeps_its_translation_when_the_english_list_grows() -> None:
    template = bot_template(AT)
    catalogue = new_catalogue(template, "sw", AT)
    catalogue.delete(phrases.YES.english, "words.yes")
    catalogue.add("yes, y", "ndiyo, naam", context="words.yes")
    catalogue = brought_up(template, catalogue)
    found = catalogue.get(phrases.YES.english, "words.yes")
    assert found is not None
    assert found.string == "ndiyo, naam"
    assert list(catalogue.obsolete) == []


def test_what_an_outreach_file_says_is_translated_with_its_consultation(tmp_path: Path) -> None:
    file = tmp_path / "garden.yaml"
    file.write_text(GARDEN)
    (tmp_path / "garden.outreach.yaml").write_text(
        "sending: {hours: '09:00-19:00'}\nhelp:\n  line: 'Call 116'\n  hours: From 9 to 17.\n  words: {en: [gun]}\n"
    )
    template = consultation_template(file, AT)
    told = [
        (one.context, one.id, one.locations)
        for one in template
        if (one.context or "").startswith("outreach.")
    ]
    assert told == [
        ("outreach.help.line", "Call 116", [("garden.outreach.yaml", 3)]),
        ("outreach.help.hours", "From 9 to 17.", [("garden.outreach.yaml", 4)]),
    ]
