"""Detectors: what they can tell, that they say where they cannot, and how often they are right on short texts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.cli import app
from bot.core.problems import Severity
from bot.core.spoken import SURE
from bot.errors import NotLoaded, SettingsError
from bot.language.detection import DETECTORS, Detector, detection_faults, once_loaded, open_detector
from bot.language.detection.py3langid import _model
from tests.support.consultations import questionnaire

SHIPPED = (
    "en",
    "es",
    "fr",
    "pt",
    "ar",
    "sw",
    "so",
    "ha",
    "am",
    "hi",
    "bn",
    "ur",
    "yo",
    "zu",
    "tl",
    "vi",
    "uk",
    "ru",
)
SHORT = Path(__file__).parents[1] / "data" / "langid_short.tsv"
SWAHILI = "ninataka maji safi kijijini kwetu"


class Text(NamedTuple):
    """A short text and the language that it is in."""

    language: str
    text: str
    words: int


def texts() -> Iterator[Text]:
    for line in SHORT.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, text, words, _ = line.split("\t")
            yield Text(language, text, int(words))


@pytest.fixture(params=sorted(DETECTORS))
def detector(request: pytest.FixtureRequest) -> Detector:
    return open_detector(request.param)


def test_a_text_is_told_with_its_probability(detector: Detector) -> None:
    ranked = detector.rank(SWAHILI, ("en", "sw", "fr"))
    assert ranked[0][0] == "sw"
    assert ranked[0][1] > SURE
    assert sum(probability for _, probability in ranked) == pytest.approx(1, abs=0.01)
    assert ranked == detector.rank(SWAHILI, ("en", "sw", "fr"))


def test_capitals_are_read(detector: Detector) -> None:
    assert detector.rank("ME LLAMO JUAN Y VIVO EN EL CAMPO", ("es", "en", "pt"))[0][0] == "es"


def test_languages_keep_the_names_that_the_consultation_gives_them(detector: Detector) -> None:
    assert detector.rank("eu moro numa aldeia muito longe daqui", ("en", "pt-BR"))[0][0] == "pt-BR"
    assert detector.rank("nakatira ako sa isang maliit na baryo", ("en", "fil"))[0][0] == "fil"


@pytest.mark.parametrize("text", ["", "12345", "?!", "👍", " ", "\0", "۱۲۳"])
def test_what_has_no_letters_is_not_told(detector: Detector, text: str) -> None:
    assert detector.rank(text, ("en", "sw")) == ()


def test_where_one_language_is_not_known_none_is_guessed(detector: Detector) -> None:
    assert detector.rank(SWAHILI, ("en", "sw", "nah")) == ()
    assert detector.rank(SWAHILI, ("sw", "sw-KE")) == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.lists(st.sampled_from(["en", "sw", "ar", "so"]), min_size=1, unique=True))
def test_nothing_makes_it_raise(text: str, among: list[str]) -> None:
    for name in DETECTORS:
        for language, probability in open_detector(name).rank(text, among):
            assert language in among
            assert 0 <= probability <= 1.001


def test_what_they_say_they_know_they_know() -> None:
    assert open_detector("py3langid").languages == frozenset(_model().nb_classes) - {"zxx"}
    from langdetect import detector_factory

    profiles = {name.partition("-")[0] for name in os.listdir(detector_factory.PROFILES_DIRECTORY)}
    assert open_detector("langdetect").languages == profiles


@pytest.mark.parametrize("read", ["py3langid._model", "langdetect._factory"])
def test_a_model_that_cannot_be_loaded_costs_nobody_an_answer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, read: str
) -> None:
    tried = 0

    def full() -> object:
        nonlocal tried
        tried += 1
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"bot.language.detection.{read}", full)
    detector = open_detector(read.partition(".")[0])
    for _ in range(3):
        assert detector.rank(SWAHILI, ("en", "sw")) == ()
    assert tried == 1
    assert len(caplog.records) == 1
    # An event loop that waits for it to be loaded waits once.
    assert once_loaded(detector)(SWAHILI, ("en", "sw")) == ()


def test_an_event_loop_is_told_rather_than_kept(detector: Detector) -> None:
    rank = once_loaded(detector)
    with pytest.raises(NotLoaded):
        rank(SWAHILI, ("en", "sw", "fr"))
    # What it could not tell anyway is no reason to load it.
    assert rank(SWAHILI, ("en", "sw", "nah")) == rank("12", ("en", "sw")) == ()
    assert not detector.is_loaded
    detector.load()
    assert rank(SWAHILI, ("en", "sw", "fr"))[0][0] == "sw"


def test_an_unknown_one_is_refused() -> None:
    with pytest.raises(SettingsError, match="it can be: py3langid, langdetect"):
        open_detector("tea-leaves")


def test_a_language_that_is_not_known_is_told_where_it_matters() -> None:
    heading = "languages: [en, am]\nkeywords: {en: [A], am: [B]}"
    asked = questionnaire("- {name: a, type: text, label: A}", heading)
    (fault,) = detection_faults(asked, open_detector("langdetect"))
    assert (fault.code, fault.path, fault.severity) == (
        "language-not-detected",
        ("languages", 1),
        Severity.WARNING,
    )
    assert list(detection_faults(asked, open_detector("py3langid"))) == []
    alone = questionnaire("- {name: a, type: text, label: A}", "languages: [nah]\nkeywords: {nah: [A]}")
    assert list(detection_faults(alone, open_detector("langdetect"))) == []


@pytest.mark.parametrize(
    ("least", "most", "right"), [(1, 3, 0.93), (4, 8, 0.99)], ids=["1-3 words", "4-8 words"]
)
def test_short_texts_among_eighteen_languages(least: int, most: int, right: float) -> None:
    detector = open_detector("py3langid")
    asked = [one for one in texts() if least <= one.words <= most]
    told = [(one.language, detector.rank(one.text, SHIPPED)) for one in asked]
    assert sum(ranked[0][0] == language for language, ranked in told) / len(asked) >= right
    sure = [(language, ranked[0][0]) for language, ranked in told if ranked[0][1] >= SURE]
    assert sum(language == guess for language, guess in sure) / len(sure) >= 0.99


def test_nothing_is_loaded_before_it_is_asked() -> None:
    """A model takes 90 MB and most of a second, and most processes never need one."""
    told = "import sys, bot.app, bot.cli.languages; print({'numpy', 'py3langid', 'langdetect'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
        == "set()\n"
    )


def test_each_line_gets_a_language_and_a_probability() -> None:
    asked = f"{SWAHILI}\n\nhello my friend how are you\n12\n"
    result = CliRunner().invoke(app, ["languages", "detect", "--among", "en,sw,fr", "-"], input=asked)
    assert result.output.splitlines() == ["sw\t1.000", "-\t0.000", "en\t1.000", "-\t0.000"]
    result = CliRunner().invoke(app, ["languages", "detect", "--among", "en,nah", "-"], input="a")
    assert result.exit_code == 2
    assert "does not know nah" in result.output
