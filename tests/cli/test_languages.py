"""`heard languages`, run on folders of its own."""

import gettext
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.languages import languages
from bot.language.pofiles import catalogue_path, read_catalogue

GARDEN = """\
consultation: garden
title: Garden
languages: [en, nah]
items:
  - {name: size, type: text, label: How big?}
"""

WHOLE = """\
consultation: garden
title: Garden
languages: [en, fr]
keywords: {en: [GARDEN], fr: [JARDIN]}
consent: May we?
items:
  - name: size
    type: select_one
    label: How big?
    choices: [{name: small, label: 2 to 5}, {name: big, label: 6 to 12}]
"""
SIZES = [
    ("size.label", "How big?", "Quelle taille ?"),
    ("size.small.label", "2 to 5", "2 à 5"),
    ("size.big.label", "6 to 12", "6 à 12"),
]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = tmp_path / "flows"
    folder.mkdir()
    (folder / "garden.yaml").write_text(GARDEN, encoding="utf-8")
    return folder


def run(command: str, flows: Path) -> Result:
    return CliRunner().invoke(
        languages,
        [command, "--flows", str(flows), "--locales", str(flows.parent / "locales")],
        env={"COLUMNS": "100"},
    )


def row(shown: str, catalogue: str, language: str) -> list[str]:
    """Return the cells of a row of the table."""
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines()]
    return next(found for found in cells if found[:2] == [catalogue, language])[2:]


def test_extract_writes_a_template_of_each_catalogue(flows: Path) -> None:
    assert run("extract", flows).exit_code == 0
    locales = flows.parent / "locales"
    assert sorted(path.name for path in locales.iterdir()) == [
        *("bot.pot", "digest.pot", "garden.pot"),
        *("poster.pot", "report.pot"),
    ]
    assert 'msgctxt "size.label"\nmsgid "How big?"' in (locales / "garden.pot").read_text(encoding="utf-8")


def test_update_makes_catalogues_even_of_a_language_that_cldr_lacks(flows: Path) -> None:
    assert run("update", flows).exit_code == 0
    path = catalogue_path(flows.parent / "locales", "nah", "garden")
    assert [(m.context, m.id, m.string) for m in read_catalogue(path) if m.id] == [
        ("title", "Garden", ""),
        ("size.label", "How big?", ""),
    ]
    assert catalogue_path(flows.parent / "locales", "nah", "bot").exists()


def test_update_changes_nothing_the_second_time(flows: Path) -> None:
    run("update", flows)
    path = catalogue_path(flows.parent / "locales", "nah", "garden")
    before = path.read_bytes()
    run("update", flows)
    assert path.read_bytes() == before


def test_the_shipped_catalogues_are_up_to_date(tmp_path: Path) -> None:
    """Whoever changes a phrase or a consultation runs `heard languages update`; it changes nothing else then."""
    for folder in ("flows", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    assert run("update", tmp_path / "flows").exit_code == 0
    changed = [
        str(path.relative_to(tmp_path))
        for path in sorted((tmp_path / "locales").rglob("*.po"))
        if path.read_bytes() != (ROOT / path.relative_to(tmp_path)).read_bytes()
    ]
    assert changed == []


def test_status_counts_and_fails_while_a_text_is_missing(flows: Path) -> None:
    run("update", flows)
    path = catalogue_path(flows.parent / "locales", "nah", "garden")
    path.write_text(path.read_text().replace('"How big?"\nmsgstr ""', '"How big?"\nmsgstr "Quen huei?"'))
    shown = run("status", flows)
    assert shown.exit_code == 1
    assert row(shown.stdout, "garden", "nah") == ["1", "1", "0", "0", "not yet"]


def translated(flows: Path, head: str = "", wording: str = "Jardin") -> Path:
    """Return the French catalogue of a garden that is offered in French, translated and with a head of its own."""
    (flows / "garden.yaml").write_text(WHOLE, encoding="utf-8")
    locales = flows.parent / "locales"
    shutil.copytree(ROOT / "locales" / "fr", locales / "fr")
    path = catalogue_path(locales, "fr", "garden")
    header = '\nmsgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    entries = [("title", "Garden", wording), ("consent.ask", "May we?", "On y va ?"), *SIZES]
    told = "\n".join(
        f'msgctxt "{place}"\nmsgid "{source}"\nmsgstr "{said}"\n' for place, source, said in entries
    )
    path.write_text(head + header + told, encoding="utf-8")
    return path


def test_status_tells_who_reviewed_a_catalogue_and_when(flows: Path) -> None:
    translated(flows, "# Heard: garden.\n# Reviewed by a native speaker: Léa [Paris], 2026-05-04")
    shown = run("status", flows)
    assert row(shown.stdout, "garden", "fr") == ["5", "0", "0", "0", "Léa [Paris], 2026-05-04"]


def test_status_tells_what_is_to_mend_with_its_place_and_remedy(flows: Path) -> None:
    path = translated(flows, "# Reviewed: Léa", wording=" Le  jаrdin ")
    shown = run("status", flows)
    assert row(shown.stdout, "garden", "fr") == ["5", "0", "0", "3", "not yet"]
    assert f"{path}:6: The translation begins with a blank and ends with a blank and has two" in shown.stdout
    assert f"{path}:1: The head tells of a review in other words" in shown.stdout
    assert (
        f"{path} (title): 'jаrdin' (fr) has letters of another script that only look right." in shown.stdout
    )


def test_compile_writes_what_other_tools_read(flows: Path) -> None:
    path = translated(flows)
    assert run("compile", flows).exit_code == 0
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).pgettext("title", "Garden") == "Jardin"


def test_compile_leaves_out_a_catalogue_that_cannot_be_used(flows: Path) -> None:
    path = translated(flows, wording="Jаrdin")
    shown = run("compile", flows)
    assert shown.exit_code == 1
    assert "letters of another script" in shown.output
    assert not path.with_suffix(".mo").exists()
    assert path.with_name("bot.mo").exists()


def test_status_is_content_when_all_is_translated(flows: Path) -> None:
    (flows / "garden.yaml").write_text(GARDEN.replace(", nah", ""), encoding="utf-8")
    assert run("status", flows).exit_code == 0


@pytest.mark.parametrize("command", ["extract", "update", "status"])
def test_a_broken_consultation_is_named(flows: Path, command: str) -> None:
    (flows / "weeds.yaml").write_text("title: [", encoding="utf-8")
    shown = run(command, flows)
    assert shown.exit_code == 1
    assert "weeds.yaml:1: " in shown.output
    assert isinstance(shown.exception, SystemExit)


def test_languages_that_are_no_list_are_left_to_heard_check(flows: Path) -> None:
    (flows / "garden.yaml").write_text(GARDEN.replace("[en, nah]", "en"), encoding="utf-8")
    assert run("status", flows).exit_code == 0


def test_a_broken_catalogue_is_named(flows: Path) -> None:
    run("update", flows)
    path = catalogue_path(flows.parent / "locales", "nah", "garden")
    path.write_text("rubbish\n")
    shown = run("status", flows)
    assert shown.exit_code == 1
    assert "garden.po" in shown.output
    assert isinstance(shown.exception, SystemExit)
