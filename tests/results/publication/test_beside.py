"""What stands beside published results: quotes with the name of their group, and themes found in words."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.flowfiles.folder import check_files
from bot.results.disclosure import EVERYBODY, Release, Rule
from bot.results.estimate import estimate
from bot.results.frame import STATUS
from bot.results.layout import columns
from bot.results.publication.beside import quotes_shown
from bot.results.publication.protecting import Protected, protect
from bot.results.publication.publishing import Beside, prepare, preview
from bot.results.publication.records import Theme
from bot.results.publication.speakers import Speakers, speakers_of
from bot.results.publication.sums import sums_of
from bot.results.records.figures import Share
from bot.results.words import Quote, redact, themes_in
from bot.results.words.quotes import approval, read_candidates
from bot.results.words.rules import rules_for
from bot.store.quotes import keep_reviews
from tests.support.answers import dataset_of, talk
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, Draw, drawn

ASKED = questionnaire(
    """
    - name: gender
      type: select_one
      label: You are?
      choices: [{name: woman, label: A woman}, {name: man, label: A man}, {name: unsaid, label: I'd rather not say}]
    - {name: age, type: integer, label: How old are you?}
    - {name: wish, type: text, label: What do you wish?, required: false}
    """,
    "groups: [gender, {name: age, bands: [18, 40]}]",
)
LAID = columns([ASKED], {}, with_status=True)
RULE = Rule()
RULES = rules_for(ASKED, ())
READ = datetime(2026, 4, 1, tzinfo=UTC)


def people(n: int) -> pl.DataFrame:
    return drawn(Draw(n))


def quote(respondent: str, language: str | None, *, translated: bool = False) -> Quote:
    translations = {"de": redact("Sauberes Wasser.", RULES)} if translated else {}
    words = redact("Clean water.", RULES)
    return Quote(respondent, "wish", "wish", language, words, translations, "Ada", READ)


def published(frame: pl.DataFrame, variable: str) -> tuple[Speakers, Protected]:
    """Return who everybody is, and a release of them that may name quotes so."""
    results = estimate(frame, ASKED, LAID, at=BEGAN)
    speakers = speakers_of(frame, ASKED, results, variable, frame["respondent"].to_list())
    return speakers, protect(results, sums_of(frame, ASKED, LAID), RULE, beside=speakers.tables)


@pytest.mark.parametrize("variable", ["gender", "age"])
def test_a_group_is_named_where_many_of_it_speak_the_language(variable: str) -> None:
    frame = people(160)
    everybody = frame["respondent"].to_list()
    speakers, made_safe = published(frame, variable)
    made_safe.audited().require()
    release = made_safe.release
    spoken = dict(frame.select("respondent", pl.col("language").cast(pl.String)).iter_rows())
    named = set()
    for respondent in everybody:
        (told,) = quotes_shown([quote(respondent, spoken[respondent])], release, speakers)
        group = speakers.groups[respondent]
        alike = [
            one
            for one in everybody
            if speakers.groups[one] == group and spoken[one] == told.language == spoken[respondent]
        ]
        if told.group is None:
            cell = speakers.cell(respondent, told.language)
            assert cell is not None
            assert release.counts[cell] is None
        else:
            assert (told.group.variable, told.group.name) == (variable, group.name)
            assert told.group.label == group.label
            assert len(alike) >= RULE.threshold
            named.add(told.group.name)
    assert named
    # Some are too few: of the five in a hundred who would not say what they are, no language has ten.
    assert variable != "gender" or "unsaid" not in named


def test_a_translation_alone_tells_no_language() -> None:
    frame = people(160).with_columns(
        pl.when(pl.col("respondent").is_in(["r1", "r2", "r3"]))
        .then(pl.lit("sw"))
        .otherwise(pl.col("language").cast(pl.String).replace("sw", "en"))
        .alias("language")
    )
    speakers, made_safe = published(frame, "gender")
    assert list(quotes_shown([quote("r1", "sw")], made_safe.release, speakers)) == []
    (told,) = quotes_shown([quote("r1", "sw", translated=True)], made_safe.release, speakers)
    assert (told.words, told.language, dict(told.translations)) == (None, None, {"de": "Sauberes Wasser."})
    assert told.group is not None
    assert told.group.name == speakers.groups["r1"].name


def test_where_all_speak_one_language_it_tells_nothing() -> None:
    frame = people(160).with_columns(pl.lit("en").alias("language"))
    for variable in ("gender", "age"):
        speakers, made_safe = published(frame, variable)
        named = {
            told.group.name
            for one in speakers.groups
            for told in quotes_shown([quote(one, "en")], made_safe.release, speakers)
            if told.group
        }
        sizes = Counter(one.name for one in speakers.groups.values())
        assert named <= {name for name, many in sizes.items() if many >= RULE.threshold}
        assert len(named) >= 2


def test_who_did_not_say_what_they_are_has_no_group() -> None:
    silent = pl.col("respondent") == "r1"
    frame = people(160).with_columns(
        pl.when(~silent).then(pl.col("gender")),
        pl.when(silent)
        .then(pl.lit("skipped"))
        .otherwise(pl.col("gender/status"))
        .cast(pl.Enum(STATUS))
        .alias("gender/status"),
    )
    speakers, made_safe = published(frame, "gender")
    assert "r1" not in speakers.groups
    (told,) = quotes_shown([quote("r1", None)], made_safe.release, speakers)
    assert told.group is None


def test_of_few_people_no_quote_is_shown() -> None:
    speakers, made_safe = published(people(9), "age")
    assert made_safe.release.counts[EVERYBODY] is None
    assert list(quotes_shown([quote("r1", "en", translated=True)], made_safe.release, speakers)) == []


def found(sizes: Sequence[int], of: int, language: str | None = "en") -> list[Theme]:
    return [
        Theme("wish", None, (f"word{number}",), language, Share(size, of, size / of, None))
        for number, size in enumerate(sizes)
    ]


def test_themes_that_were_found_share_no_answer_and_hide_each_other() -> None:
    frame = people(200)
    results = estimate(frame, ASKED, LAID, at=BEGAN)

    def told(*themes: Theme) -> Release:
        made_safe = protect(results, sums_of(frame, ASKED, LAID), RULE, (), themes)
        made_safe.audited().require()
        assert all(one.said.count is not None and one.said.count >= 10 for one in made_safe.themes)
        return made_safe.release

    # Of 50 answers 3 are in no theme and 4 in the third: to show both others would tell of those.
    counts = {str(cell): count for cell, count in told(*found([22, 21, 4], 50)).counts.items()}
    of_themes = {name: count for name, count in counts.items() if "theme" in name}
    assert len(of_themes) == 5
    assert sum(count is None for count in of_themes.values()) >= 2
    # In a language that nobody knows, and more than speak it now: people have changed their language since.
    told(*found([30], 40, None), *found([60, 20], 150, "fr"))


WISHES = """
consultation: wishes
title: Your wishes
languages: [en]
keywords: {en: [WISH]}
consent: May we ask two questions?
groups: [gender]
items:
  - name: gender
    type: select_one
    label: You are?
    choices: [{name: woman, label: A woman}, {name: man, label: A man}]
  - {name: wish, type: text, label: "What do you wish?", required: false}
"""
WATER = ("clean water from a pipe near the school", "a water pipe that is clean", "pipe water near my house")
ROAD = (
    "mend the bridge on the road to town",
    "the road to town has no bridge",
    "a bridge, and a road for buses",
)


async def test_a_publication_has_quotes_with_their_group_and_themes_by_common_words(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    file = tmp_path / "wishes.yaml"
    file.write_text(WISHES, encoding="utf-8")
    flow = check_files([file], tmp_path).flows["wishes"]
    wishes = [(WATER if one % 2 else ROAD)[one % 3] for one in range(60)]
    # Four know who keeps the water from them; that is a name, and never a word of a theme.
    named = [
        f"{WATER[0]}, says Mwangi" if one in (1, 13, 25, 37) else wish for one, wish in enumerate(wishes)
    ]
    await talk(
        engine, [flow], [["WISH", "1", "1" if one < 50 else "2", wish] for one, wish in enumerate(named)]
    )
    dataset = await dataset_of(engine, [flow.questionnaire], with_status=True)
    candidates = await read_candidates(engine, [flow.questionnaire])
    woman, man = candidates[2], candidates[59]
    reviews = [approval(one, one.words, {}, "Ada", READ) for one in (woman, man)]
    assert await keep_reviews(engine, reviews) == []

    made_safe = await prepare(dataset, RULE, Beside(quotes_by="gender"), ())
    made_safe.protected.audited().require()
    told = made_safe.publication
    assert [(one.words, one.group and one.group.name) for one in told.quotes] == [
        (woman.words.text, "woman"),
        (man.words.text, "man"),
    ]
    words = {word for one in told.themes for word in one.words}
    assert {"water", "pipe", "school", "road", "bridge"} & words
    assert all(one.said.count is not None and one.said.count >= 10 for one in told.themes)
    assert "Mwangi" not in words
    whole = await themes_in(engine, [flow.questionnaire], "wish")
    assert "Mwangi" in {word for one in whole[0].themes for word in one.words}
    shown = await preview(dataset, Beside())
    assert shown.is_preview
    assert [one.words for one in shown.quotes] == [woman.words.text, man.words.text]
    assert {one.label for one in shown.themes} == {None}
    plain = await prepare(dataset, Rule(20), Beside(quotes_by="gender", with_themes=False), ())
    # Ten men are fewer than twenty, and hide among the women then.
    assert [one.group for one in plain.publication.quotes] == [None, None]
    assert plain.publication.themes == ()
