"""A folder of consultations with its catalogues: ready to be held, or every problem of all of them."""

from pathlib import Path
from textwrap import dedent, indent

import pytest

from bot.core.problems import Problem, Severity
from bot.errors import FlowsError
from bot.flowfiles.folder import check_files, flow_files, load_flows, rebuild
from bot.language.catalogues import OWN

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "locales"

WATER = dedent(
    """\
    consultation: water
    title: Clean water
    languages: [en]
    keywords: {en: [WATER]}
    consent: May we ask you about water? Send STOP to end.
    items:
      - {name: source, type: text, label: Where do you fetch water?}
    """
)


def folder(place: Path, **files: str) -> Path:
    """Return a folder with these files; `_` in a name stands for a dot."""
    flows = place / "flows"
    flows.mkdir()
    for name, text in files.items():
        (flows / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return flows


def told(problems: tuple[Problem, ...]) -> list[tuple[str, str, str, int | None]]:
    return [(problem.code, Path(problem.file).name, problem.place, problem.line) for problem in problems]


def test_the_files_of_a_folder_by_name(tmp_path: Path) -> None:
    flows = folder(tmp_path, b_yaml=WATER, a_yml=WATER, c_txt="", d_yaml_bak="")
    assert [file.name for file in flow_files(flows)] == ["a.yml", "b.yaml"]
    assert flow_files(flows / "c.txt") == (flows / "c.txt",)


def test_a_loaded_consultation_has_its_words_and_its_version(tmp_path: Path) -> None:
    loaded = load_flows(folder(tmp_path, water_yaml=WATER), tmp_path)
    flow = loaded.flows["water"]
    assert loaded.problems == ()
    assert flow.questionnaire.phrasebook("en").language == "en"
    assert len(flow.questionnaire.version) == 16
    assert rebuild(flow.document, tmp_path) == flow.questionnaire


def test_translations_are_those_of_the_catalogues() -> None:
    flows = load_flows(ROOT / "flows", LOCALES).flows
    for flow in flows.values():
        for text in flow.questionnaire.texts():
            assert set(text.translations) >= set(flow.questionnaire.languages[1:]), text.context


def test_serving_is_refused_with_every_error_at_once(tmp_path: Path) -> None:
    fire = WATER.replace("water\n", "fire\n", 1).replace("text,", "txt,")
    flows = folder(tmp_path, fire_yaml=fire, water_yaml=WATER.replace("title:", "titel:"))
    with pytest.raises(FlowsError) as raised:
        load_flows(flows, tmp_path)
    assert told(raised.value.problems) == [
        ("unknown-type", "fire.yaml", "items[0].type", 7),
        ("unknown-key", "water.yaml", "titel", 2),
    ]


def test_a_warning_is_no_reason_to_refuse(tmp_path: Path) -> None:
    items = "".join(f"  - {{name: q{one}, type: text, label: What is {one}?}}\n" for one in range(12))
    loaded = load_flows(folder(tmp_path, water_yaml=WATER + items), tmp_path)
    assert [problem.severity for problem in loaded.problems] == [Severity.WARNING]
    assert loaded.errors == ()


def test_two_files_of_one_consultation(tmp_path: Path) -> None:
    flows = folder(tmp_path, other_yaml=WATER, water_yaml=WATER)
    problems = check_files(flow_files(flows), tmp_path).problems
    assert told(problems) == [
        ("id-not-file-name", "other.yaml", "consultation", 1),
        ("duplicate-id", "water.yaml", "consultation", 1),
    ]


@pytest.mark.parametrize("name", ["bot", "digest", "poster", "report"])
def test_no_consultation_has_the_name_of_a_catalogue_of_heards_own(tmp_path: Path, name: str) -> None:
    text = WATER.replace("water\n", f"{name}\n", 1).replace("Where do you fetch water?", "'Where, ${nmae}?'")
    checked = check_files(flow_files(folder(tmp_path, **{f"{name}_yaml": text})), LOCALES)
    assert checked.flows == {}
    assert [one.code for one in checked.problems] == ["id-taken", "unknown-reference"]
    assert checked.problems[0].remedy == f"Name the consultation more closely, like {name}-2026."


def test_every_catalogue_of_heards_own_is_taken() -> None:
    found = {path.stem for path in LOCALES.glob("*/LC_MESSAGES/*.po")}
    assert found - {path.stem for path in (ROOT / "flows").glob("*.yaml")} <= set(OWN)


def test_one_keyword_of_two_consultations(tmp_path: Path) -> None:
    flows = folder(tmp_path, fire_yaml=WATER.replace("water\n", "fire\n", 1), water_yaml=WATER)
    problems = check_files(flow_files(flows), tmp_path).problems
    assert told(problems) == [("shared-keyword", "water.yaml", "keywords.en[0]", 4)]


def test_one_code_of_two_consultations_is_told_where_it_stands(tmp_path: Path) -> None:
    fire = WATER.replace("water\n", "fire\n", 1).replace("[WATER]", "[FIRE]")
    flows = folder(tmp_path, fire_yaml=fire, water_yaml=WATER)
    (flows / "fire.outreach.yaml").write_text(
        "sources:\n  - {name: a, code: WATER}\n  - {name: b, code: CLINIC}\n"
    )
    (flows / "water.outreach.yaml").write_text("sources:\n  - name: c\n    code: clinic\n")
    assert told(check_files(flow_files(flows), tmp_path).problems) == [
        ("source-code-taken", "fire.outreach.yaml", "sources[0].code", 2),
        ("source-code-taken", "water.outreach.yaml", "sources[0].code", 3),
    ]


def test_a_language_without_catalogues_hides_nothing_else(tmp_path: Path) -> None:
    text = WATER.replace("[en]", "[en, qaa]").replace("Where do you fetch water?", "'Where, ${nmae}?'")
    problems = check_files(flow_files(folder(tmp_path, water_yaml=text)), tmp_path).problems
    assert told(problems) == [
        ("catalogue-missing", "bot.po", "", None),
        ("catalogue-missing", "water.po", "", None),
        ("unknown-reference", "water.yaml", "items[0].label", 7),
    ]


def test_a_catalogue_that_two_consultations_lack_is_told_once(tmp_path: Path) -> None:
    water = WATER.replace("[en]", "[qaa]").replace("{en:", "{qaa:")
    fire = water.replace("water\n", "fire\n", 1).replace("[WATER]", "[FIRE]")
    flows = folder(tmp_path, fire_yaml=fire, water_yaml=water)
    assert told(check_files(flow_files(flows), tmp_path).problems) == [
        ("catalogue-missing", "bot.po", "", None)
    ]


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    problems = check_files(flow_files(tmp_path / "flows"), tmp_path).problems
    assert told(problems) == [("unreadable-file", "flows", "", None)]


def test_a_stored_version_that_cannot_be_held_any_more_says_why(tmp_path: Path) -> None:
    with pytest.raises(FlowsError) as raised:
        rebuild('{"definition": {"consultation": "water"}, "translations": {}}', tmp_path)
    assert {problem.code for problem in raised.value.problems} == {"missing-key"}


def test_a_misspelt_key_hides_no_fault_of_sense(tmp_path: Path) -> None:
    text = WATER.replace("title:", "titel:").replace("[WATER]", "[STOP]") + indent(
        dedent(
            """\
            - name: kind
              type: select_one
              label: ${sorce} is where you fetch it. What is it?
              choices: [{name: well, label: A well}, {name: pump, label: a Well!}]
              relevant: ${source} ==
            """
        ),
        "  ",
    )
    problems = check_files(flow_files(folder(tmp_path, water_yaml=text)), tmp_path).problems
    assert sorted(told(problems)) == [
        ("bad-expression", "water.yaml", "items[1].relevant", 12),
        ("carrier-word", "water.yaml", "keywords.en[0]", 4),
        ("choices-alike", "water.yaml", "items[1].choices[1].label", 11),
        ("unknown-key", "water.yaml", "titel", 2),
        ("unknown-reference", "water.yaml", "items[1].label", 10),
    ]


def test_nothing_is_said_of_names_that_could_not_be_read(tmp_path: Path) -> None:
    text = WATER + indent(
        dedent(
            """\
            - {name: 1st, type: text, label: "And then?"}
            - {name: b, type: text, label: "${1st} ${nmae}?"}
            """
        ),
        "  ",
    )
    problems = check_files(flow_files(folder(tmp_path, water_yaml=text)), tmp_path).problems
    assert told(problems) == [("bad-name", "water.yaml", "items[1].name", 8)]
