"""Files broken on purpose: every fault of each is told, at its place and line, and nothing else is.

An entry is (code, path, line). Faults of sense are among them, since `heard check` tells all of them together.
"""

from pathlib import Path

import pytest

from bot.core.limits import LIMITS
from bot.flowfiles.folder import check_files, flow_files

BROKEN = Path(__file__).parents[1] / "data" / "broken"

Fault = tuple[str, str, int | None]

EXPECTED: dict[str, set[Fault]] = {
    "a-list": {
        ("not-a-mapping", "", 1),
    },
    "alias-bomb": {
        ("alias-bomb", "", 1),
    },
    "alias-of-itself": {
        ("alias-bomb", "", 6),
    },
    "bad-choices": {
        ("unknown-choice-list", "items[0].choices", 10),
        ("wrong-value", "items[1].appearance", 14),
        ("too-few-choices", "items[1].choices", 15),
        ("unknown-key", "items[2].choices[0].alias", 20),
        ("unknown-key", "items[2].choices[1].sms_lable", 21),
        ("missing-key", "items[2].choices[2].label", 22),
    },
    "bad-expressions": {
        ("bad-expression", "items[0].constraint", 10),
        ("bad-expression", "items[1].relevant", 15),
        ("bad-expression", "items[1].default", 17),
        ("bad-expression", "items[2].calculation", 20),
    },
    "bad-heading": {
        ("bad-id", "consultation", 1),
        ("empty-text", "title", 2),
        ("bad-language", "languages[0]", 3),
        ("bad-language", "languages[3]", 3),
        ("duplicate-language", "languages[2]", 3),
        ("duplicate-keyword", "keywords.en[1]", 4),
        ("bad-keyword", "keywords.fr[0]", 4),
        ("unknown-key", "consent.refuse", 5),
        ("out-of-bounds", "sms_segments.en", 8),
    },
    "bad-keywords": {
        ("duplicate-keyword", "keywords.en[1]", 4),
        ("bad-keyword", "keywords.en[2]", 4),
        ("duplicate-keyword", "keywords.es[0]", 4),
        ("language-not-offered", "keywords.sw", 4),
        ("language-not-offered", "sms_segments.fr", 6),
    },
    "bad-names": {
        ("bad-name", "items[0].name", 7),
        ("bad-name", "items[1].choices[0].name", 14),
    },
    "bad-ranges": {
        ("bad-range", "items[0].range", 10),
        ("missing-key", "items[1].range.end", 14),
        ("wrong-type", "items[1].range.step", 14),
        ("wrong-type", "items[2].range", 18),
    },
    "binary": {
        ("not-utf8", "", 1),
    },
    "colon-in-text": {
        ("yaml-colon", "", 9),
    },
    "control-character": {
        ("yaml-invisible", "", 9),
    },
    "crooked-indentation": {
        ("yaml-colon", "", 9),
    },
    "cycle": {
        ("refers-ahead", "items[0].calculation", 9),
    },
    "deep-brackets": {
        ("too-deep", "", 6),
    },
    "deep-groups": {
        ("too-deep", "items[0].items[0].items[0].items[0].items[0].items[0].items", 24),
    },
    "duplicate-key": {
        ("duplicate-key", "items[0].label", 10),
    },
    "duplicate-names": {
        ("duplicate-name", "items[1].items[0].name", 13),
        ("duplicate-name", "items[3].or_other", 22),
        ("duplicate-choice", "choice_lists.kinds[2].name", 28),
    },
    "empty": {
        ("empty-file", "", 1),
    },
    "key-without-blank": {
        ("yaml-colon", "", 9),
    },
    "keys-of-other-types": {
        ("key-not-for-type", "items[0].choices", 10),
        ("key-not-for-type", "items[0].randomize", 11),
        ("key-not-for-type", "items[1].required", 15),
        ("missing-key", "items[2].constraint", 16),
        ("key-not-for-type", "items[2].appearance", 19),
    },
    "latin-1": {
        ("not-utf8", "", 4),
    },
    "merge-key": {
        ("merge-key", "", 8),
    },
    "missing-by-type": {
        ("missing-key", "items[0].choices", 7),
        ("missing-key", "items[1].calculation", 10),
        ("missing-key", "items[2].items", 12),
        ("missing-key", "items[3].range", 14),
        ("missing-key", "items[4].label", 17),
    },
    "missing-keys": {
        ("missing-key", "consultation", 1),
        ("missing-key", "keywords", 1),
        ("missing-key", "consent", 1),
        ("missing-key", "items[0].name", 4),
        ("missing-key", "items[1].label", 6),
        ("missing-key", "items[1].choices", 6),
        ("missing-key", "items[2].calculation", 8),
    },
    "never-asked": {
        ("never-accepted", "items[0].constraint", 10),
        ("unreachable", "items[2].relevant", 18),
    },
    "no-catalogue": {
        ("catalogue-missing", "", None),
    },
    "open-bracket": {
        ("yaml-bracket", "", 3),
    },
    "open-quote": {
        ("yaml-quote", "", 9),
    },
    "other-name": {
        ("id-not-file-name", "consultation", 1),
    },
    "out-of-bounds": {
        ("out-of-bounds", "items[0].name", 7),
        ("out-of-bounds", "items[0].label", 9),
        ("out-of-bounds", "items[0].tries", 10),
        ("out-of-bounds", "items[1].repeat_max", 14),
        ("missing-key", "items[1].items", 15),
        ("out-of-bounds", "partial_share", 16),
    },
    "star-in-text": {
        ("yaml-odd-start", "", 9),
    },
    "swallowed-words": {
        ("carrier-word", "keywords.en[0]", 4),
        ("carrier-word", "items[0].choices[0].label", 10),
        ("choices-alike", "items[0].choices[2].label", 10),
    },
    "tab-indentation": {
        ("yaml-tab", "", 8),
    },
    "too-dear": {
        ("over-budget", "items[0]", 7),
    },
    "two-documents": {
        ("several-documents", "", 10),
    },
    "unknown-keys": {
        ("unknown-key", "items[0].lable", 9),
        ("unknown-key", "items[0].relevance", 10),
        ("unknown-key", "items[0].colour", 11),
        ("unknown-key", "thanx", 12),
    },
    "unknown-references": {
        ("unknown-reference", "items[1].label", 12),
        ("unknown-reference", "items[1].relevant", 13),
        ("refers-ahead", "items[2].relevant", 17),
    },
    "unknown-types": {
        ("unknown-type", "items[0].type", 8),
        ("unknown-type", "items[1].type", 11),
        ("unknown-type", "items[2].type", 14),
    },
    "wrong-types": {
        ("wrong-type", "items[0].label", 9),
        ("wrong-type", "items[0].required", 10),
        ("wrong-type", "items[0].tries", 11),
        ("wrong-type", "items[1]", 12),
        ("wrong-type", "items[2].hint", 16),
        ("wrong-type", "partial_share", 17),
    },
}


def test_every_file_is_expected() -> None:
    assert {file.stem for file in flow_files(BROKEN)} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_all_that_is_wrong_is_told(name: str, tmp_path: Path) -> None:
    problems = check_files([BROKEN / f"{name}.yaml"], tmp_path).problems
    assert {(problem.code, problem.place, problem.line) for problem in problems} == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_each_problem_is_whole_sentences_and_says_what_to_write(name: str, tmp_path: Path) -> None:
    for problem in check_files([BROKEN / f"{name}.yaml"], tmp_path).problems:
        assert problem.file
        assert problem.message.endswith(".")
        assert problem.remedy[:1].isupper()
        # What a library says to programmers is none of an organiser's business.
        for foreign in ("pydantic", "Input should", "<class", "NoneType", "dict", "token", "Field required"):
            assert foreign not in problem.message + problem.remedy


def test_a_file_of_ten_megabytes_is_not_read_to_its_end(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"title: water\n" + b"# nothing to see\n" * 600_000)
    problems = check_files([large], tmp_path).problems
    assert [(problem.code, problem.file, problem.line) for problem in problems] == [
        ("file-too-large", str(large), None)
    ]


def test_a_file_of_too_many_entries_is_told_the_line_where_it_becomes_too_many(tmp_path: Path) -> None:
    long = tmp_path / "long.yaml"
    long.write_text("items:\n" + "- a\n" * LIMITS.yaml_events)
    problems = check_files([long], tmp_path).problems
    # Before the entries come the stream, the document, the mapping, its key and the list; the next is one too many.
    assert [(problem.code, problem.line) for problem in problems] == [
        ("too-many-entries", LIMITS.yaml_events - 3)
    ]


def test_all_broken_files_are_told_in_one_run(tmp_path: Path) -> None:
    problems = check_files(flow_files(BROKEN), tmp_path).problems
    assert {Path(problem.file).stem for problem in problems if problem.path or problem.line} >= set(
        EXPECTED
    ) - {"no-catalogue"}
