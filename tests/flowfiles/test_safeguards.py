"""Who stands by, from the file beside a consultation's to what every message is looked through for."""

from datetime import timedelta
from pathlib import Path

import pytest
from polib import POEntry, POFile

from bot.core.problems import Severity
from bot.core.questionnaire import Safeguard
from bot.core.safeguarding import Urgency, folded_for_lookout
from bot.flowfiles.folder import Flows, check_files, flow_files

ROOT = Path(__file__).parents[2]
CARE = """\
consultation: care
title: Care
languages: [{languages}]
keywords: {{en: [CARE]}}
consent: May we ask you? Send STOP to end.
items:
  - {{name: wish, type: text, label: What should be better?}}
"""
TEXTS = ("Care", "May we ask you? Send STOP to end.", "What should be better?")
PLACES = ("title", "consent.ask", "wish.label")
HELP = {
    "outreach.help.line": ("Free line: 116", "Simu ya bure: 116"),
    "outreach.help.hours": ("From 9 to 17.", "Saa 3 hadi 11."),
}
WITH_HELP = "help:\n  line: 'Free line: 116'\n  hours: From 9 to 17.\n"


def loaded(place: Path, outreach: str, languages: str = "en", said: dict[str, str] | None = None) -> Flows:
    """Return what is found of a consultation; `said` are translations of its help into Swahili."""
    flows, locales = place / "flows", place / "locales"
    flows.mkdir()
    (flows / "care.yaml").write_text(CARE.format(languages=languages))
    (flows / "care.outreach.yaml").write_text(outreach)
    for language in languages.split(", ")[1:]:
        folder = locales / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "bot.po").write_bytes((ROOT / "locales" / "sw" / "LC_MESSAGES" / "bot.po").read_bytes())
        catalogue = POFile()
        catalogue.metadata = {"Language": language, "Content-Type": "text/plain; charset=utf-8"}
        wordings = dict(
            zip(PLACES, zip(TEXTS, ("Huduma", "Tuulize?", "Nini kiwe bora?"), strict=True), strict=True)
        )
        told = {key: (HELP[key][0], wording) for key, wording in (said or {}).items()}
        for context, (source, wording) in {**wordings, **told}.items():
            catalogue.append(POEntry(msgctxt=context, msgid=source, msgstr=wording))
        catalogue.save(str(folder / "care.po"))
    return check_files(flow_files(flows), locales)


def safeguard(flows: Flows) -> Safeguard:
    found = flows.flows["care"].questionnaire.safeguard
    assert found is not None, flows.problems
    return found


def found(flows: Flows, text: str) -> Urgency | None:
    return safeguard(flows).lookout.find(folded_for_lookout(text))


def test_a_reply_that_costs_more_than_a_message_may_is_warned_of(tmp_path: Path) -> None:
    long = f"{WITH_HELP}  text: {'We read what you write. ' * 12}\n"
    (problem,) = loaded(tmp_path, long).problems
    assert (problem.code, problem.severity, problem.language) == ("help-long", Severity.WARNING, "en")
    assert "costs 3 SMS where a question waits, and a message may cost 2." in problem.message


def test_words_are_those_of_the_consultations_languages_and_english(tmp_path: Path) -> None:
    said = {key: wording for key, (_, wording) in HELP.items()}
    flows = loaded(tmp_path, WITH_HELP, "en, sw", said)
    assert flows.problems == ()
    assert safeguard(flows).line.into("sw") == "Simu ya bure: 116"
    assert (safeguard(flows).urgent_within, safeguard(flows).within) == (
        timedelta(hours=24),
        timedelta(hours=72),
    )
    assert found(flows, "nataka kufa") is Urgency.URGENT
    assert found(flows, "he beats me") is Urgency.SENSITIVE
    assert found(flows, "me quiero morir") is None
    assert {"mtu", "person", "talk to a person"} <= safeguard(flows).asks


def test_the_organisers_own_words_are_added_and_ours_taken_out(tmp_path: Path) -> None:
    own = (
        "  words: {en: [the guard at the gate]}\n  urgent: {en: [bandits*]}\n  leave_out: {en: [Beats ME]}\n"
    )
    flows = loaded(tmp_path, f"{WITH_HELP}{own}  urgent_within_hours: 2\n  within_hours: 10\n")
    assert flows.problems == ()
    assert found(flows, "The guard, at the gate!") is Urgency.SENSITIVE
    assert found(flows, "banditsss") is Urgency.URGENT
    assert found(flows, "he beats me") is None
    assert (safeguard(flows).urgent_within, safeguard(flows).within) == (
        timedelta(hours=2),
        timedelta(hours=10),
    )


@pytest.mark.parametrize("outreach", ["", "sending: {hours: '09:00-19:00'}\n"])
def test_without_help_nobody_stands_by(tmp_path: Path, outreach: str) -> None:
    flows = loaded(tmp_path, outreach or "{}")
    assert flows.errors == ()
    assert flows.flows["care"].questionnaire.safeguard is None


def test_help_is_no_part_of_the_version(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one, other = loaded(tmp_path / "one", WITH_HELP), loaded(tmp_path / "other", "{}")
    assert one.flows["care"].questionnaire.version == other.flows["care"].questionnaire.version


@pytest.mark.parametrize(
    ("outreach", "languages", "said", "told"),
    [
        ("help: {line: 'Call 116'}", "en", {}, [("missing-key", "help.hours", "")]),
        ("help: {line: ' ', hours: 9 to 17}", "en", {}, [("empty-text", "help.line", "")]),
        (f"{WITH_HELP}  words: {{sw: [hofu]}}", "en", {}, [("language-not-offered", "help.words.sw", "")]),
        (f"{WITH_HELP}  urgent: {{en: [gun, m]}}", "en", {}, [("bad-help-word", "help.urgent.en[1]", "")]),
        (f"{WITH_HELP}  words: {{en: ['su*ide']}}", "en", {}, [("bad-help-word", "help.words.en[0]", "")]),
        (f"{WITH_HELP}  within_hours: 0", "en", {}, [("out-of-bounds", "help.within_hours", "")]),
        (f"{WITH_HELP}  word: {{en: [gun]}}", "en", {}, [("unknown-key", "help.word", "")]),
        (
            WITH_HELP,
            "en, sw",
            {},
            [("missing-translation", "help.hours", "sw"), ("missing-translation", "help.line", "sw")],
        ),
        (
            "help: {line: 'Domestic violence line: 116', hours: From 9 to 17.}",
            "en",
            {},
            [("help-not-safe", "help.line", "en")],
        ),
        (
            WITH_HELP,
            "en, sw",
            {"outreach.help.line": "Simu ya ukatili: 116", "outreach.help.hours": "Saa 3 hadi 11."},
            [("help-not-safe", "help.line", "sw")],
        ),
        (
            f"{WITH_HELP}  text: Your message about abuse is read.",
            "en",
            {},
            [("help-not-safe", "help.text", "en")],
        ),
    ],
)
def test_what_is_wrong_is_told_of_the_outreach_file(
    tmp_path: Path, outreach: str, languages: str, said: dict[str, str], told: list[tuple[str, str, str]]
) -> None:
    flows = loaded(tmp_path, outreach, languages, said)
    assert [(one.code, one.place, one.language or "") for one in flows.errors] == told
    assert {Path(one.file).name for one in flows.errors} == {"care.outreach.yaml"}
    assert all(one.remedy for one in flows.errors)


def test_a_language_without_a_list_is_told(tmp_path: Path) -> None:
    said = {key: wording for key, (_, wording) in HELP.items()}
    flows = loaded(tmp_path, WITH_HELP, "en, rw", said)
    assert flows.errors == ()
    told = [one for one in flows.problems if one.code == "help-without-words"]
    assert [(one.severity, one.language) for one in told] == [(Severity.WARNING, "rw")]
