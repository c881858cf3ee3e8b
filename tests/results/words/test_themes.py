"""Themes: what was planted is found, in every script, the same each time, with its long tail."""

from collections import Counter

import pytest
from sklearn.metrics import adjusted_rand_score

from bot.core.folding import fold
from bot.results.words.keyness import SURE, count_words, key_words, keyness
from bot.results.words.redaction import redact
from bot.results.words.rules import Rules
from bot.results.words.themes import LEAST_ANSWERS, find_themes
from tests.support.words import ABOUT, EVERYBODYS, made, said_by


@pytest.mark.parametrize("language", ABOUT)
def test_planted_themes_are_found_in_every_script(language: str) -> None:
    answers = made(language, 160)
    (found,) = find_themes("wish", answers.said)
    assert (found.language, found.answers, found.why_none) == (language, 160, None)
    assert len(found.themes) == len(ABOUT[language])
    assert found.unassigned + sum(theme.size for theme in found.themes) == 160
    assert [theme.size for theme in found.themes] == sorted(
        (theme.size for theme in found.themes), reverse=True
    )
    for theme in found.themes:
        (about,) = {answers.about[typical.respondent_id] for typical in theme.typical}
        planted = ABOUT[language][about].split()
        assert set(theme.words) <= set(planted), (about, theme.words)
        assert len(theme.words) >= 3
        assert not set(theme.words) & set(EVERYBODYS[language].split())


def test_what_nobody_else_speaks_of_belongs_to_no_theme() -> None:
    answers = made("en", 200, odd=40)
    (found,) = find_themes("wish", answers.said)
    assert len(found.themes) == 3
    assert 36 <= found.unassigned <= 44


def test_the_same_answers_make_the_same_themes() -> None:
    answers = made("en", 120, odd=10)
    assert find_themes("wish", answers.said, seed=4) == find_themes("wish", answers.said, seed=4)


def test_themes_agree_with_what_answers_are_about() -> None:
    answers = made("en", 300)
    (found,) = find_themes("wish", answers.said)
    sizes = sorted(Counter(answers.about.values()).values())
    assert sorted(theme.size for theme in found.themes) == pytest.approx(sizes, abs=5)
    assert adjusted_rand_score([0, 0, 1], [1, 1, 0]) == 1


def test_too_few_answers_make_none_and_say_so() -> None:
    answers = made("en", LEAST_ANSWERS - 1)
    (found,) = find_themes("wish", answers.said)
    assert (found.themes, found.unassigned) == ((), LEAST_ANSWERS - 1)
    assert found.why_none is not None
    assert find_themes("wish", ()) == ()
    assert find_themes("other", answers.said) == ()


@pytest.mark.parametrize(
    "texts", [["yes"] * 30, [chr(0x4E00 + n) * 7 for n in range(40)]], ids=["one", "apart"]
)
def test_where_nothing_lies_together_there_is_no_theme(texts: list[str]) -> None:
    (found,) = find_themes("wish", [said_by(n, text) for n, text in enumerate(texts)])
    assert (found.themes, found.unassigned) == ((), len(texts))
    assert found.why_none is not None


def test_languages_are_kept_apart_and_marks_are_no_words() -> None:
    texts = [f"call {n:08d} about water and pipes" if n % 2 else f"the bus {n:08d} in mud" for n in range(40)]
    both = [said_by(n, text) for n, text in enumerate(texts)] + list(made("sw", 60).said)
    found = find_themes("wish", both)
    assert [one.language for one in found] == ["sw", "en"]
    assert not {"number", "phone"} & {word for theme in found[1].themes for word in theme.words}


def test_keyness_is_that_of_the_formula() -> None:
    # 2 * (20 ln(20 / 15) + 10 ln(10 / 15)): 30 answers of 200 have it, 15 of each 100 would.
    assert keyness(20, 100, 10, 100) == pytest.approx(3.398, abs=1e-3)
    assert keyness(10, 100, 20, 100) == pytest.approx(-3.398, abs=1e-3)
    assert keyness(5, 100, 5, 100) == pytest.approx(0)
    assert keyness(5, 5, 0, 0) == 0


def test_a_word_of_one_person_is_not_shown() -> None:
    group = [redact(text, Rules()) for text in ["Ada Water", "water", "water", "Water"]]
    rest = [redact("road", Rules()) for _ in range(30)]
    found = key_words(count_words(group), count_words([*group, *rest]), 8, 3)
    assert found == ("Water",)
    assert keyness(4, 4, 0, 30) > SURE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Il n'y a pas d’eau propre, qu'on attend", ["il", "pas", "eau", "propre", "on", "attend"]),
        ("L'hôpital, aujourd'hui", ["hopital", "aujourdhui"]),
        ("ng'ombe wa Ada's, don't I", ["ngombe", "wa", "adas", "dont"]),
        ("п'ять о воді", ["пять", "воді"]),
        ("ውሃ ለ እኛ", ["ውሃ", "እኛ"]),
        ("水 很 干净", ["水", "很", "干净"]),
        ("물 이 없다", ["물", "이", "없다"]),
    ],
)
def test_elided_words_and_single_letters_tell_nothing(text: str, words: list[str]) -> None:
    assert sorted(count_words([redact(text, Rules())]).said_in) == sorted(map(fold_word, words))


def fold_word(word: str) -> str:
    return fold(word).replace(" ", "")


SENTENCES = {
    "en": [
        "There is no clean water at the pump",
        "It is too far for old people",
        "The road is bad when it rains",
        "There should be light at night",
    ],
    "fr": [
        "Il n'y a pas d'eau propre à la fontaine",
        "C'est trop loin pour les vieux de la vallée",
        "La route est mauvaise quand il pleut",
        "Il n'y a pas de lumière la nuit",
    ],
    "ru": [
        "У нас нет чистой воды в колодце",
        "В школе нет учителей для детей",
        "У нас плохая дорога в дождь",
        "Ночью нет света в домах людей",
    ],
    "hi": [
        "यहाँ साफ पानी की टंकी नहीं है",
        "यहाँ सड़क बारिश में टूटी हुई है",
        "स्कूल में शिक्षक नहीं है बच्चे बैठे",
        "रात में बिजली की रोशनी नहीं है",
    ],
    "ar": [
        "لا يوجد ماء نظيف في البئر",
        "لا يوجد معلم في المدرسة هنا",
        "الطريق سيئ هنا في المطر",
        "لا يوجد نور في الليل أبدا",
    ],
}


@pytest.mark.parametrize("language", SENTENCES)
def test_of_a_few_sentences_a_theme_is_told_by_the_words_of_one_alone(language: str) -> None:
    sentences = {text: set(count_words([redact(text, Rules())]).said_in) for text in SENTENCES[language]}
    (found,) = find_themes(
        "wish", [said_by(n, text, language) for n, text in enumerate(list(sentences) * 20)]
    )
    assert len(found.themes) == len(sentences)
    for theme in found.themes:
        about = theme.typical[0].words.text
        others = set[str]().union(*(words for text, words in sentences.items() if text != about))
        told = [fold_word(word) for word in theme.words]
        own = sentences[about] - others
        # What others say too stands last, and only where there would be too few words to see what it is about.
        assert set(told[: len(own)]) == own
        assert len(told) == max(len(own), 3)
