"""The outreach file beside a consultation: its texts go to translators with the others, and come back from them."""

from pathlib import Path
from textwrap import dedent

import polib
import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.core.outreach.records import Outreach
from bot.flowfiles.folder import load_flows

ROOT = Path(__file__).parents[2]
WATER = """\
    consultation: water
    title: Clean water
    languages: [en, sw]
    translated_share: 0
    keywords: {en: [WATER]}
    consent: May we ask you about water? Send STOP to end.
    items:
      - {name: source, type: text, label: Where do you fetch water?}
    thanks: Thank you.
    """
OUTREACH = """\
    sending: {signed: Water office}
    invitation:
      wordings:
        - name: plain
          text: |
            Tell us about your water. Send YES.
          sms_text: Tell us of your water.
    reminders: {invited: Still time., paused: Shall we go on?, last: We write no more.}
    """
SAID = {
    "outreach.sending.signed": "Ofisi ya maji",
    "outreach.invitation.plain.text": "Tuambie kuhusu maji. Tuma NDIYO.",
    "outreach.invitation.plain.sms_text": "Tuambie kuhusu maji.",
    "outreach.reminders.invited": "Bado kuna nafasi.",
    "outreach.reminders.paused": "Tuendelee?",
    "outreach.reminders.last": "Hatutaandika tena.",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows").mkdir()
    (tmp_path / "locales" / "sw" / "LC_MESSAGES").mkdir(parents=True)
    for name, text in (("water", WATER), ("water.outreach", OUTREACH)):
        (tmp_path / "flows" / f"{name}.yaml").write_text(dedent(text))
    bots = "sw/LC_MESSAGES/bot.po"
    (tmp_path / "locales" / bots).write_bytes((ROOT / "locales" / bots).read_bytes())
    return tmp_path


def heard(*arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "120"}).invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result.output


def loaded(folder: Path) -> Outreach:
    flows = load_flows(folder / "flows", folder / "locales")
    found = flows.flows["water"].questionnaire.outreach
    assert isinstance(found, Outreach)
    return found


def test_texts_go_to_translators_and_come_back(folder: Path) -> None:
    heard("languages", "update")
    file = folder / "locales" / "sw" / "LC_MESSAGES" / "water.po"
    catalogue = polib.pofile(str(file))
    assert {entry.msgctxt for entry in catalogue if "outreach" in entry.msgctxt} == set(SAID)
    assert all(entry.comment for entry in catalogue)
    assert not any(text.translations for text in loaded(folder).texts())
    for entry in catalogue:
        entry.msgstr = SAID.get(entry.msgctxt, "")
    catalogue.save()
    assert {text.context: text.translations["sw"] for text in loaded(folder).texts()} == SAID
    heard("languages", "update")
    assert {text.context: text.translations["sw"] for text in loaded(folder).texts()} == SAID
    assert "no-invitation-words" not in heard("check")


def test_a_language_without_words_is_told_and_is_no_error(folder: Path) -> None:
    heard("languages", "update")
    said = heard("check")
    assert "People who read 'sw' are not invited: 2 texts are not translated." in said
    assert "People who read 'sw' are not reminded: 4 texts are not translated." in said
    assert "no problems" in said


def test_an_outreach_file_of_no_consultation_is_told(folder: Path) -> None:
    (folder / "flows" / "watter.outreach.yaml").write_text("sending: {}\n")
    said = heard("check")
    assert "There is no consultation 'watter' beside this outreach file." in said
    assert "its-id.outreach.yaml" in said
