"""Languages that are not translated enough: left out where the organiser says so, while the rest is held."""

from pathlib import Path
from textwrap import dedent

import pytest

from bot.core.problems import Severity
from bot.flowfiles.folder import Flows, check_files, flow_files, rebuild

LOCALES = Path(__file__).parents[2] / "locales"

WATER = dedent(
    """\
    consultation: water
    title: Clean water
    languages: [en, fr, sw]
    keywords: {en: [WATER], fr: [EAU], sw: [MAJI]}
    consent: May we ask you about water?
    items:
      - {name: source, type: text, label: Where do you fetch water?}
    thanks: Thank you.
    """
)
TEXTS = {
    "title": ("Clean water", "L'eau"),
    "consent.ask": ("May we ask you about water?", "Pouvons-nous vous poser des questions ?"),
    "source.label": ("Where do you fetch water?", "D'où vient votre eau ?"),
    "thanks": ("Thank you.", "Merci."),
}


def catalogue(*contexts: str) -> str:
    """Return a catalogue in which these texts are translated, and the others not."""
    entries = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n']
    for context, (source, wording) in TEXTS.items():
        said = wording if context in contexts else ""
        entries.append(f'msgctxt "{context}"\nmsgid "{source}"\nmsgstr "{said}"\n')
    return "\n".join(entries)


class Place:
    """A folder with the consultation, its catalogues, and the bot's words in its languages."""

    def __init__(self, folder: Path) -> None:
        self.flows, self.locales = folder / "flows", folder / "locales"
        self.flows.mkdir()
        for language in ("fr", "sw"):
            below = self.locales / language / "LC_MESSAGES"
            below.mkdir(parents=True)
            (below / "bot.po").write_bytes((LOCALES / language / "LC_MESSAGES" / "bot.po").read_bytes())
            self.translate(language, *TEXTS)

    def translate(self, language: str, *contexts: str) -> None:
        path = self.locales / language / "LC_MESSAGES" / "water.po"
        path.write_text(catalogue(*contexts), encoding="utf-8")

    def checked(self, share: str = "") -> Flows:
        heading = f"\ntranslated_share: {share}\nitems:" if share else "\nitems:"
        (self.flows / "water.yaml").write_text(WATER.replace("\nitems:", heading), encoding="utf-8")
        return check_files(flow_files(self.flows), self.locales)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def told(flows: Flows) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.language, problem.severity.value) for problem in flows.problems]


def languages(flows: Flows) -> tuple[str, ...]:
    return flows.flows["water"].questionnaire.languages


def test_without_a_share_every_text_must_be_there(place: Place) -> None:
    place.translate("sw", "title", "consent.ask", "source.label")
    flows = place.checked()
    assert told(flows) == [("missing-translation", "sw", "error")]
    assert languages(flows) == ("en", "fr", "sw")


@pytest.mark.parametrize(
    ("share", "offered", "found"),
    [
        ("0.75", ("en", "fr", "sw"), ("missing-translation", "sw", "warning")),
        ("0.76", ("en", "fr"), ("language-left-out", "sw", "warning")),
        ("1", ("en", "fr"), ("language-left-out", "sw", "warning")),
    ],
)
def test_a_language_is_offered_from_its_share_on(
    place: Place, share: str, offered: tuple[str, ...], found: tuple[str, str, str]
) -> None:
    place.translate("sw", "title", "consent.ask", "source.label")
    flows = place.checked(share)
    assert (languages(flows), told(flows)) == (offered, [found])
    assert flows.errors == ()


def test_a_language_that_is_left_out_has_no_keyword_and_no_words(place: Place) -> None:
    place.translate("sw", "title")
    flows = place.checked("0.9")
    held = flows.flows["water"].questionnaire
    assert dict(held.keywords) == {"en": ("WATER",), "fr": ("EAU",)}
    assert set(held.phrasebooks) == {"en", "fr"}
    (problem,) = flows.problems
    assert (problem.line, problem.severity) == (3, Severity.WARNING)
    assert problem.message == (
        "'sw' is not offered: 1 of its 4 texts are translated, and translated_share asks for more."
    )
    assert "locales/sw/LC_MESSAGES/water.po" in problem.remedy


def test_a_text_without_a_translation_stands_in_the_source_language(place: Place) -> None:
    place.translate("sw", "title", "consent.ask", "source.label")
    thanks = place.checked("0.5").flows["water"].questionnaire.thanks
    assert thanks is not None
    assert (thanks.into("sw"), thanks.into("fr")) == ("Thank you.", "Merci.")


def test_the_bot_must_speak_all_of_a_language_that_is_offered(place: Place) -> None:
    path = place.locales / "sw" / "LC_MESSAGES" / "bot.po"
    text = path.read_text(encoding="utf-8")
    first = text.index("msgstr", text.index('msgctxt "language.choose"'))
    path.write_text(text[:first] + 'msgstr ""' + text[text.index("\n", first) :], encoding="utf-8")
    assert [code for code, _, _ in told(place.checked())] == ["catalogue-missing-phrase"]
    flows = place.checked("0.5")
    assert (languages(flows), told(flows)) == (("en", "fr"), [("language-left-out", "sw", "warning")])
    assert "bot.po" in flows.problems[0].remedy


def test_catalogues_that_are_not_there_leave_a_language_out(place: Place) -> None:
    (place.locales / "sw" / "LC_MESSAGES" / "water.po").unlink()
    (place.locales / "fr" / "LC_MESSAGES" / "bot.po").unlink()
    flows = place.checked("0.5")
    assert languages(flows) == ("en",)
    assert told(flows) == [("language-left-out", "fr", "warning"), ("language-left-out", "sw", "warning")]


def test_a_broken_catalogue_is_an_error_whatever_the_share(place: Place) -> None:
    (place.locales / "sw" / "LC_MESSAGES" / "water.po").write_text("rubbish\n")
    assert ("catalogue-unreadable", "sw", "error") in told(place.checked("0.5"))


def test_somebody_must_be_able_to_join(place: Place) -> None:
    place.translate("sw", "title")
    place.checked("0.9")
    path = place.flows / "water.yaml"
    path.write_text(path.read_text().replace("{en: [WATER], fr: [EAU], sw: [MAJI]}", "{sw: [MAJI]}"))
    flows = check_files(flow_files(place.flows), place.locales)
    assert told(flows) == [("language-left-out", "sw", "warning"), ("no-keyword", "", "error")]


@pytest.mark.parametrize("share", ["0", "0.5", "0.9", "1"])
def test_a_stored_version_is_held_in_the_languages_it_was_offered_in(place: Place, share: str) -> None:
    place.translate("sw", "title", "consent.ask", "source.label")
    (place.locales / "fr" / "LC_MESSAGES" / "water.po").unlink()
    flow = place.checked(share).flows["water"]
    # What is translated or lost since then is no part of the version.
    place.translate("sw")
    place.translate("fr", *TEXTS)
    assert rebuild(flow.document, place.locales) == flow.questionnaire


def test_translating_more_of_a_language_left_out_makes_no_new_version(place: Place) -> None:
    place.translate("sw", "title")
    before = place.checked("0.9").flows["water"].questionnaire.version
    place.translate("sw", "title", "thanks")
    assert place.checked("0.9").flows["water"].questionnaire.version == before
    place.translate("sw", *TEXTS)
    assert place.checked("0.9").flows["water"].questionnaire.version != before


def test_translations_are_compared_even_where_the_bot_lacks_the_language(place: Place) -> None:
    (place.locales / "sw" / "LC_MESSAGES" / "bot.po").unlink()
    place.translate("sw", "title")
    assert told(place.checked())[0] == ("catalogue-missing", "sw", "error")
    assert [code for code, _, _ in told(place.checked())[1:]] == ["missing-translation"] * 3
