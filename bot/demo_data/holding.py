"""One interview, held by the engine with somebody who is not."""

import random
from datetime import datetime, timedelta
from math import log

from bot.channels import CARRIAGES, Channel
from bot.core.interview.records import Interview, Menu, Stage
from bot.core.interview.route import NO, YES
from bot.core.interview.slots import node_at
from bot.core.interview.step import CONSENT_BUTTON, LANGUAGE_BUTTON
from bot.core.interview.values import Ground
from bot.core.phrases import BACK, DONT_KNOW, PREFER_NOT, SKIP, STOP, Words
from bot.core.questionnaire import Item, ItemType, Questionnaire
from bot.core.reception import Correspondent, Incoming, consultations, receive
from bot.demo_data.choosing import Question, choose
from bot.demo_data.people import Crowd, Groups, Person, leaning
from bot.demo_data.words import voice_of
from bot.demo_data.writing import Sent, send
from bot.store.moulds import Held

REFUSES, STOPS_AT_ONCE, SAYS_NOTHING = 0.06, 0.01, 0.06
"""Shares of people who do not agree: who says so, who sends STOP, who leaves the question open."""
LEAVES_MENU = 0.04
"""Share of people who leave at the menu of languages."""
LEAVES = {ItemType.TEXT: 0.02, ItemType.RANK: 0.03, ItemType.DATE: 0.02, ItemType.SELECT_MULTIPLE: 0.012}
"""Share of people who leave at a question of a type; `LEAVES_ELSE` at any other."""
LEAVES_ELSE = 0.006
STOPS = 0.25
"""Share of who leaves that sends STOP; the others just fall silent."""
SKIPS, SKIPS_WORDS = 0.1, 0.3
"""Shares of people who pass a question that they may pass; of those for own words, more do."""
PASSES = {SKIP: 0.65, DONT_KNOW: 0.25, PREFER_NOT: 0.1}
"""How people pass a question that is not for own words: what they say, with its share."""
GOES_BACK, GOES_FURTHER_BACK = 0.03, 0.5
"""Share of questions at which somebody goes back to the one before, and from there to the one before that."""
CHANGES = 5
"""Times that somebody who went back thinks again before they answer as they had."""
PUZZLED, PUZZLED_OFTEN = 0.03, 0.6
"""Share of replies that are no answer; of somebody who struggles."""
RESTS = 0.03
"""Share of messages before which somebody lets hours pass."""
MOST_MESSAGES = 2_000

GROUPED_BY = 3
"""Questions with one answer, from the first, by which people answer others differently."""


def hold(crowd: Crowd, person: Person) -> Held:
    """Return the interview that somebody comes to: to its end, or as far as they go, or as the time goes."""
    drawn = random.Random(person.seed)  # noqa: S311
    known = consultations([crowd.questionnaire])
    form = CARRIAGES[person.channel].form
    # Copies are up to an hour later.
    last = crowd.until - timedelta(hours=1)
    correspondent, interviews = Correspondent(), dict[str, Interview]()
    incoming: Incoming | None = _first(crowd.questionnaire, person)
    for _ in range(MOST_MESSAGES):
        if incoming is None:
            break
        outcome = receive(known, correspondent, interviews, incoming, person.seed, form)
        correspondent, interviews = outcome.correspondent, {**interviews, **outcome.interviews}
        interview = interviews[crowd.questionnaire.id]
        at = incoming.at + timedelta(seconds=_wait(person, drawn))
        sent = _reply(crowd, person, interview, at, drawn) if at < last else None
        incoming = Incoming(at, *sent) if sent else None
    return Held(interviews[crowd.questionnaire.id], person.channel)


def _wait(person: Person, drawn: random.Random) -> int:
    """Return after how many seconds somebody answers."""
    rest = drawn.uniform(3_600, 140_000) if drawn.random() < RESTS else 0
    return max(2, round(drawn.lognormvariate(log(person.pace_s), 0.6) + rest))


def _first(questionnaire: Questionnaire, person: Person) -> Incoming:
    if person.source is not None:
        return Incoming(person.begins, joins=questionnaire.id, source=person.source)
    keywords = questionnaire.keywords
    words = keywords.get(person.language) or next(iter(keywords.values()))
    return Incoming(person.begins, words[0])


def _reply(
    crowd: Crowd, person: Person, interview: Interview, at: datetime, drawn: random.Random
) -> Sent | None:
    """Return what somebody sends next; None where they send nothing any more."""
    if interview.menu is not None:
        return _of_menu(crowd.questionnaire, person, interview, drawn)
    match interview.stage:
        case Stage.CONSENT:
            return _consent(crowd, person, drawn)
        case Stage.ITEMS if interview.at is not None:
            return _answer(crowd, person, interview, at, drawn)
    return None


def _of_menu(
    questionnaire: Questionnaire, person: Person, interview: Interview, drawn: random.Random
) -> Sent | None:
    if drawn.random() < LEAVES_MENU:
        return None
    if interview.menu is not Menu.LANGUAGE:
        is_theirs = interview.menu is Menu.OFFER and interview.offers[-1] == person.language
        return ("1" if is_theirs else "2"), None
    if CARRIAGES[person.channel].form.buttons:
        return "", f"{LANGUAGE_BUTTON}={person.language}"
    return questionnaire.phrasebook(person.language).autonym, None


def _consent(crowd: Crowd, person: Person, drawn: random.Random) -> Sent | None:
    fate = drawn.random()
    refuses = REFUSES * 2 ** (0.5 * leaning(crowd.seed, "consent", person.language))
    says_nothing = SAYS_NOTHING * (1.5 if person.channel is Channel.SMS else 0.7)
    if fate < says_nothing:
        return None
    if fate < says_nothing + STOPS_AT_ONCE:
        return _word(crowd, person, STOP), None
    agrees = fate >= says_nothing + STOPS_AT_ONCE + refuses
    if CARRIAGES[person.channel].form.buttons:
        return "", f"{CONSENT_BUTTON}={YES if agrees else NO}"
    return ("1" if agrees else "2"), None


def _answer(
    crowd: Crowd, person: Person, interview: Interview, at: datetime, drawn: random.Random
) -> Sent | None:
    slot = interview.at
    assert slot is not None  # noqa: S101  who asks has looked
    questionnaire = crowd.questionnaire
    node, rounds = node_at(questionnaire, slot)
    item, book, voice = node.item, questionnaire.phrasebook(person.language), voice_of(person.language)
    if interview.tries == 0:
        if drawn.random() < _leaves(crowd, person, item):
            return (_word(crowd, person, STOP), None) if drawn.random() < STOPS else None
        back = GOES_FURTHER_BACK if slot in interview.answers else GOES_BACK
        if interview.answers and drawn.random() < back:
            return _word(crowd, person, BACK), None
    may_pass = not item.required and item.type is not ItemType.REPEAT
    if may_pass and drawn.random() < (SKIPS_WORDS if item.type is ItemType.TEXT else SKIPS):
        said = drawn.choices(tuple(PASSES), tuple(PASSES.values()))[0]
        return _word(crowd, person, SKIP if item.type is ItemType.TEXT else said), None
    if item.type is not ItemType.TEXT and drawn.random() < (PUZZLED_OFTEN if person.struggles else PUZZLED):
        return drawn.choice(voice.puzzled), None
    ground = Ground(questionnaire, interview.answers, at, interview.seed)
    question = Question(ground, node, rounds, _groups(questionnaire, person, interview, slot))
    value = choose(crowd, person, question, drawn)
    before = interview.answers.get(slot)
    for _ in range(CHANGES):
        if before is None or before.value != value:
            break
        # Who went back mostly has another answer in mind.
        value = choose(crowd, person, question, drawn)
    if not value and item.type is not ItemType.ACKNOWLEDGE:
        return (_word(crowd, person, SKIP) if may_pass else drawn.choice(voice.puzzled)), None
    form = CARRIAGES[person.channel].form
    return send(slot, question, value, form, book, voice, drawn, plainly=interview.tries > 0)


def _leaves(crowd: Crowd, person: Person, item: Item) -> float:
    hardship = 1.3 if person.channel is Channel.SMS else 0.8
    spoken = 2 ** (0.5 * leaning(crowd.seed, "leaves", person.language))
    return LEAVES.get(item.type, LEAVES_ELSE) * hardship * spoken * (2.5 if person.struggles else 1)


def _groups(questionnaire: Questionnaire, person: Person, interview: Interview, slot: str) -> Groups:
    """Return by what somebody may answer differently from others: language, channel, and first answers."""
    firsts = [one.item.name for one in questionnaire.nodes if _groups_people(one.item) and not one.repeats]
    asked = [name for name in firsts[:GROUPED_BY] if name != slot]
    given = ((name, answer.value) for name in asked if (answer := interview.answers.get(name)))
    return (("language", person.language), ("channel", person.channel), *given)


def _groups_people(item: Item) -> bool:
    return item.type is ItemType.SELECT_ONE and item.lists_choices


def _word(crowd: Crowd, person: Person, words: Words) -> str:
    """Return a command in somebody's language."""
    return crowd.questionnaire.phrasebook(person.language).words(words)[0]
