"""Consultation files that change while serving: what is offered then, and to whom."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.core.reception import consultations
from bot.errors import QuotasError
from bot.flowfiles.folder import load_flows
from bot.intake import Intake
from bot.logs import Structured
from bot.offering import Offering
from bot.store.vault import AddressPepper, AddressSeal
from tests.support.databases import opened
from tests.support.intake import PEPPER, SEALING_KEY, message, stored
from tests.support.metrics import Change

LOCALES = Path(__file__).parents[1] / "locales"
WATER = """
consultation: water
title: L'eau
languages: [fr]
keywords: {fr: [EAU]}
consent: Nous posons 2 questions.
items:
  - name: source
    type: select_one
    label: D'où vient votre eau ?
    choices:
      - {name: tap, label: Robinet}
      - {name: well, label: Puits}
  - name: change
    type: text
    label: Que faut-il changer ?
thanks: Merci.
"""
ROADS = WATER.replace("water", "roads").replace("EAU", "ROUTE")


class Place:
    """A folder of consultations, and an intake that is kept up with it."""

    def __init__(self, engine: AsyncEngine, folder: Path) -> None:
        self.flows, self.locales = folder / "flows", folder / "locales"
        self.flows.mkdir()
        shutil.copytree(LOCALES / "fr", self.locales / "fr")
        self.write(WATER)
        self.offering = Offering(engine, self.flows, self.locales)
        self.intake = Intake(
            engine,
            consultations(self.offering.questionnaires.values()),
            pepper=AddressPepper(PEPPER),
            seal=AddressSeal(SEALING_KEY),
            segments=lambda channel, words: None,
            rebuild=self.offering.rebuild,
            turning_away=lambda: self.offering.turning_away,
        )
        self._said = 0

    def write(self, definition: str, name: str = "water.yaml") -> None:
        (self.flows / name).write_text(definition, encoding="utf-8")

    async def look(self) -> None:
        """Look as often as a change needs that has come to rest."""
        for _ in range(2):
            await self.offering.look(self.intake.offer)

    async def say(self, sender: int, *texts: str) -> str:
        """Return the answer to the last of a person's messages."""
        answer = ""
        for words in texts:
            self._said += 1
            prompts = await self.intake.receive(message(sender, words, f"SM{self._said}"))
            answer = "\n".join(prompt.text for prompt in prompts)
        return answer


@pytest.fixture
async def place(engine: AsyncEngine, tmp_path: Path) -> AsyncIterator[Place]:
    place = Place(engine, tmp_path)
    await place.offering.publish(place.intake.offer)
    yield place
    await place.intake.close()


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(map(Structured().format, caplog.records))


async def test_new_interviews_begin_on_the_new_version_and_running_ones_end_on_theirs(
    place: Place, engine: AsyncEngine
) -> None:
    await place.say(1, "EAU", "1")
    place.write(WATER.replace("Que faut-il changer ?", "Que faut-il garder ?"))
    await place.look()
    await place.say(2, "EAU", "1")
    assert (await place.say(1, "2")).startswith("Que faut-il changer ?")
    assert (await place.say(2, "2")).startswith("Que faut-il garder ?")
    assert len({version for (version,) in await stored(engine, "interviews", "version")}) == 2
    assert place.offering.warnings == ()


GARDEN = (
    WATER.replace("water", "garden").replace("[fr]", "[fr, sw]").replace("EAU]", "JARDIN], sw: [BUSTANI]")
)
SWAHILI = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "consent.ask"
msgid "Nous posons 2 questions."
msgstr "Tunauliza maswali 2."

msgctxt "source.label"
msgid "D'où vient votre eau ?"
msgstr "Maji yako yanatoka wapi?"

msgctxt "source.well.label"
msgid "Puits"
msgstr "Kisima"
"""


async def test_a_language_translated_in_part_is_spoken_or_left_out_with_a_warning(place: Place) -> None:
    shutil.copytree(LOCALES / "sw", place.locales / "sw")
    (place.locales / "sw" / "LC_MESSAGES" / "garden.po").write_text(SWAHILI, encoding="utf-8")
    place.write(GARDEN + "translated_share: 0.4\n", "garden.yaml")
    await place.look()
    assert place.offering.warnings == ()
    change = Change()
    asked = await place.say(1, "BUSTANI", "1")
    assert asked.splitlines()[:3] == ["Maji yako yanatoka wapi?", "1. Robinet", "2. Kisima"]
    assert change.of("heard_texts_untranslated_total", consultation="garden", language="sw") == 1
    place.write(GARDEN + "translated_share: 0.9\n", "garden.yaml")
    await place.look()
    assert place.offering.questionnaires["garden"].languages == ("fr",)
    assert place.offering.warnings == [
        "garden.yaml: 'sw' is not offered: 3 of its 7 texts are translated, and translated_share asks for more. "
        "`heard check` tells what to do",
    ]
    # Who has begun goes on as they began.
    assert (await place.say(1, "1")).splitlines()[0] == "Que faut-il changer ?"
    assert change.of("heard_texts_untranslated_total", consultation="garden", language="sw") == 2
    place.write(GARDEN.replace("[fr, sw]", "[fr]").replace(", sw: [BUSTANI]", ""), "garden.yaml")
    await place.look()
    assert place.offering.warnings == ()


async def test_a_change_is_taken_up_only_once_it_has_come_to_rest(place: Place) -> None:
    before = place.offering.questionnaires["water"].version
    place.write(WATER.partition("thanks")[0])
    await place.offering.look(place.intake.offer)
    assert place.offering.questionnaires["water"].version == before
    place.write(WATER.replace("Merci.", "Merci bien."))
    await place.offering.look(place.intake.offer)
    assert place.offering.questionnaires["water"].version == before
    await place.offering.look(place.intake.offer)
    assert place.offering.questionnaires["water"].version != before


async def test_whoever_asks_is_not_made_to_wait(place: Place) -> None:
    before = place.offering.questionnaires["water"].version
    place.write(WATER.replace("Merci.", "Merci bien."))
    await place.offering.look(place.intake.offer, at_once=True)
    assert place.offering.questionnaires["water"].version != before


async def test_with_a_broken_file_the_last_good_version_goes_on(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    await place.say(1, "EAU", "1")
    place.write(WATER.replace("type: text", "type: words").replace("select_one", "select_won"))
    place.write(ROADS, "roads.yaml")
    await place.look()
    assert place.offering.warnings == [
        "the changed consultation files are not used (water.yaml, line 9: unknown-type, and 1 more); what was offered "
        "before goes on. `heard check` tells what is wrong"
    ]
    assert (await place.say(1, "2")).startswith("Que faut-il changer ?")
    assert "D'où vient votre eau ?" in await place.say(2, "EAU", "1")
    assert "Nous posons 2 questions." not in await place.say(3, "ROUTE")
    told = logged(caplog)
    assert '"problems":2,"files":"water.yaml"' in told
    assert told.count("are not used") == 1
    assert "words" not in told
    place.write(WATER)
    await place.look()
    assert place.offering.warnings == ()
    assert "Nous posons 2 questions." in await place.say(4, "ROUTE")


async def test_a_broken_file_is_told_once_however_often_it_is_looked_at(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    place.write("consultation: [")
    for _ in range(3):
        await place.look()
    assert logged(caplog).count("are not used") == 1


async def test_a_consultation_without_its_file_is_offered_no_more_and_ends_for_those_who_are_in_it(
    place: Place,
) -> None:
    place.write(ROADS, "roads.yaml")
    await place.look()
    await place.say(1, "EAU", "1")
    (place.flows / "water.yaml").unlink()
    await place.look()
    assert list(place.offering.questionnaires) == ["roads"]
    assert "EAU" not in await place.say(2, "EAU")
    assert (await place.say(1, "2")).startswith("Que faut-il changer ?")
    assert await place.say(1, "Rien") == "Merci."


async def test_with_the_last_file_gone_those_who_are_in_it_are_served_still(place: Place) -> None:
    await place.say(1, "EAU", "1")
    (place.flows / "water.yaml").unlink()
    await place.look()
    assert place.offering.has_offered
    assert place.offering.warnings == [
        "there is no consultation in HEARD_FLOWS any more: only interviews that run already go on"
    ]
    assert (await place.say(1, "2")).startswith("Que faut-il changer ?")


async def test_a_folder_that_is_gone_is_a_problem_and_not_an_empty_one(place: Place) -> None:
    shutil.rmtree(place.flows)
    await place.look()
    assert list(place.offering.questionnaires) == ["water"]
    assert "(flows: unreadable-file)" in place.offering.warnings[0]


async def test_a_better_wording_of_the_bot_is_for_running_interviews_too(place: Place) -> None:
    await place.say(1, "EAU")
    asked = await place.say(1, "1")
    catalogue = place.locales / "fr" / "LC_MESSAGES" / "bot.po"
    assert "Envoyez un numéro." in asked
    catalogue.write_text(
        catalogue.read_text(encoding="utf-8").replace('"Envoyez un numéro."', '"Un numéro, svp."'),
        encoding="utf-8",
    )
    place.write(WATER.replace("Merci.", "Merci bien."))
    await place.look()
    # The question is asked again after a reply that is none of its choices.
    assert "Un numéro, svp." in await place.say(1, "zzz")
    assert await place.say(1, "2", "Rien") == "Merci."


async def test_with_a_broken_catalogue_who_is_on_an_older_version_is_served_still(
    place: Place, engine: AsyncEngine, tmp_path: Path
) -> None:
    await place.say(1, "EAU", "1")
    # A process that starts later, on newer files, has not met the version that this person is on.
    (tmp_path / "later").mkdir()
    later = Place(engine, tmp_path / "later")
    later.write(WATER.replace("Que faut-il changer ?", "Que faut-il garder ?"))
    await later.look()
    (later.locales / "fr" / "LC_MESSAGES" / "bot.po").write_text("half of a catalo")
    await later.look()
    assert "bot.po" in later.offering.warnings[0]
    prompts = await later.intake.receive(message(1, "2", "SM99"))
    assert prompts[0].text.startswith("Que faut-il changer ?")
    await later.intake.close()


class Looks:
    """Lets a follower look when it is told to, and returns when it has."""

    def __init__(self) -> None:
        self._resting, self._going = asyncio.Event(), asyncio.Event()

    async def rest(self) -> bool:
        self._resting.set()
        await self._going.wait()
        self._going.clear()
        return True

    async def one(self) -> None:
        await self._resting.wait()
        self._resting.clear()
        self._going.set()
        await self._resting.wait()


async def test_following_goes_on_whatever_a_look_comes_to(place: Place, engine: AsyncEngine) -> None:
    looks = Looks()
    following = asyncio.create_task(place.offering.follow(place.intake.offer, looks.rest))
    before = place.offering.questionnaires["water"].version
    await looks.one()
    assert place.offering.questionnaires["water"].version == before
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE versions RENAME TO hidden"))
    place.write(WATER.replace("Merci.", "Merci bien."))
    await looks.one()
    # What could not be stored is not offered: an interview on it could not be stored either.
    assert place.offering.questionnaires["water"].version == before
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE hidden RENAME TO versions"))
    await looks.one()
    assert place.offering.questionnaires["water"].version != before
    assert await place.say(1, "EAU", "1", "2", "Rien") == "Merci bien."
    following.cancel()
    await asyncio.wait([following])


async def test_without_a_database_nothing_is_offered_and_nothing_ends(tmp_path: Path) -> None:
    async with opened("postgresql://heard@127.0.0.1:1/heard") as nowhere:
        place = Place(nowhere, tmp_path)
        offered: list[object] = []
        await place.offering.publish(offered.append)
        place.write(WATER.replace("Merci.", "Merci bien."))
        await place.offering.look(offered.append, at_once=True)
        assert offered == []
        assert place.offering.has_offered
        await place.intake.close()


async def test_asking_ends_the_rest(place: Place) -> None:
    offered = asyncio.Event()
    following = asyncio.create_task(place.offering.follow(lambda _: offered.set()))
    place.write(WATER.replace("Merci.", "Merci bien."))
    place.offering.ask()
    await offered.wait()
    following.cancel()
    await asyncio.wait([following])


QUOTA = "quotas: {cells: [{by: source, targets: {tap: %s, well: open}, full: turn_away}]}"


async def test_quotas_that_turn_people_away_are_followed_too(place: Place) -> None:
    place.write(QUOTA % 0, "water.outreach.yaml")
    await place.look()
    assert list(place.offering.turning_away) == ["water"]
    full = await place.say(1, "EAU", "1", "1")
    place.write(QUOTA % 5, "water.outreach.yaml")
    await place.look()
    assert await place.say(2, "EAU", "1", "1") != full
    # What the file said before goes on, as all that was offered before does.
    place.write(QUOTA % "many", "water.outreach.yaml")
    await place.look()
    assert place.offering.turning_away["water"].quotas[0].targets == {("tap",): 5}
    assert "quota-targets" in place.offering.warnings[0]
    place.write("sending: {country: SN}", "water.outreach.yaml")
    await place.look()
    assert place.offering.turning_away == {}
    assert place.offering.quotas_of("water") is None
    with pytest.raises(QuotasError):
        place.offering.quotas_of("roads")


async def test_who_stands_by_does_so_at_once_for_those_too_who_are_in_the_middle(place: Place) -> None:
    assert "116" not in await place.say(1, "EAU", "1", "1", "il me bat")
    await place.say(2, "EAU", "1")
    document = load_flows(place.flows, place.locales).flows["water"].document
    place.write(WATER.replace("L'eau", "L'eau propre"))
    place.write("help: {line: 'Ligne gratuite : 116', hours: De 9 h à 17 h.}", "water.outreach.yaml")
    await place.look()
    # On the version before, in a process that has met it, and in one that has not.
    assert "Ligne gratuite : 116" in await place.say(2, "humain")
    assert place.offering.rebuild(document).safeguard is not None
    place.write("help: {line: 'Ligne violences : 116', hours: De 9 h à 17 h.}", "water.outreach.yaml")
    await place.look()
    assert "help-not-safe" in place.offering.warnings[0]
    assert "Ligne gratuite : 116" in await place.say(2, "humain")
