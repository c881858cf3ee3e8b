"""What somebody would answer to a question, as an answer's value: skewed, spread, and mostly what the item allows."""

import random
from dataclasses import dataclass
from datetime import timedelta
from math import exp, log

from bot.core.interview.offered import offered_choices
from bot.core.interview.route import NO, YES
from bot.core.interview.slots import Rounds
from bot.core.interview.values import Ground
from bot.core.questionnaire import Choice, Item, ItemType, Node
from bot.demo_data.people import Crowd, Groups, Person, utility
from bot.demo_data.words import contact, opinion, voice_of

DRAWS = 20
"""Answers thought of before one is given that the item does not allow."""
NOT_AMONG_THOSE_ASKED = 0.05
"""Share of people whom an item that says who is asked may turn away."""
SAYS_WHERE_THEY_ARE = 0.05
"""Share of own words that hold a number or an address of the writer's."""
EVASIONS = frozenset({"none", "other", "another", "prefer_not_to_say", "dont_know"})
"""Names of choices that few take, and with no other."""

_PROBES = (*range(131), *(step * 10**power for power in range(2, 7) for step in (2, 5, 10)))


@dataclass(frozen=True, slots=True)
class Question:
    """A question that somebody has before them, and the groups by which they may answer differently."""

    ground: Ground
    node: Node
    rounds: Rounds
    groups: Groups

    @property
    def item(self) -> Item:
        return self.node.item

    @property
    def offered(self) -> tuple[Choice, ...]:
        return offered_choices(self.ground, self.node, self.rounds) if self.item.type.has_choices else ()

    def allows(self, value: str) -> bool:
        """Return whether the item's constraint does."""
        scope = self.ground.scope(self.node, self.rounds, value)
        return self.item.constraint is None or self.item.constraint.truth(scope)

    def lets_go_on(self, value: str) -> bool:
        """Return whether who answers so is among those asked."""
        scope = self.ground.scope(self.node, self.rounds, value)
        item = self.item
        is_eligible = item.eligible is None or item.eligible.truth(scope)
        return is_eligible and not (item.screen_out is not None and item.screen_out.truth(scope))


def choose(crowd: Crowd, person: Person, question: Question, drawn: random.Random) -> str:
    """Return somebody's answer to a question; "" where they can give none here, which is a picture or a sound."""
    anyone = drawn.random() < NOT_AMONG_THOSE_ASKED
    value = ""
    for draw in range(DRAWS):
        value = _drawn(crowd, person, question, drawn, plainly=draw > DRAWS // 2)
        if question.allows(value) and (anyone or question.lets_go_on(value)):
            break
    return value


def _drawn(crowd: Crowd, person: Person, question: Question, drawn: random.Random, *, plainly: bool) -> str:
    item = question.item
    match item.type:
        case ItemType.REPEAT:
            return YES if drawn.random() < 0.35 else NO
        case ItemType.SELECT_ONE:
            return _one(crowd, question, drawn)
        case ItemType.SELECT_MULTIPLE:
            return _one(crowd, question, drawn) if plainly else _several(crowd, question, drawn)
        case ItemType.RANK:
            liked = {
                one.name: _liking(crowd, question, one) - log(-log(_open(drawn))) for one in question.offered
            }
            return " ".join(sorted(liked, key=lambda name: -liked[name]))
        case ItemType.INTEGER:
            return f"{_number(crowd, question, drawn):.0f}"
        case ItemType.DECIMAL:
            return f"{_number(crowd, question, drawn):.1f}"
        case ItemType.RANGE:
            return _step(crowd, person, question, drawn)
        case ItemType.DATE:
            days = int(drawn.expovariate(1 / 60))
            return (question.ground.now + timedelta(days=days if plainly else -days)).date().isoformat()
        case ItemType.TIME:
            return f"{drawn.randrange(6, 21):02}:{drawn.choice((0, 15, 30, 45)):02}"
        case ItemType.GEOPOINT:
            return f"{drawn.uniform(6.4, 7.6):.2f} {drawn.uniform(3.2, 4.4):.2f} 0 0"
        case ItemType.TEXT:
            voice = voice_of(person.language)
            words = opinion(voice, person.content, drawn)
            wants_more = not plainly and drawn.random() < SAYS_WHERE_THEY_ARE
            return f"{words}. {contact(voice, drawn)}" if wants_more else words
        case _:
            return ""


def _liking(crowd: Crowd, question: Question, choice: Choice) -> float:
    liked = utility(crowd.seed, question.item.name, choice.name, question.groups)
    return liked - 1.5 if choice.stays_last or choice.name in EVASIONS else liked


def _one(crowd: Crowd, question: Question, drawn: random.Random) -> str:
    offered = question.offered
    if not offered:
        return ""
    return drawn.choices(offered, [exp(_liking(crowd, question, one)) for one in offered])[0].name


def _several(crowd: Crowd, question: Question, drawn: random.Random) -> str:
    """Return the choices that somebody marks, each by itself, in the order of the file."""
    marked = {
        one.name
        for one in question.offered
        if one.name not in EVASIONS and drawn.random() < 1 / (1 + exp(0.7 - _liking(crowd, question, one)))
    }
    return " ".join(one.name for one in question.item.choices if one.name in marked) or _one(
        crowd, question, drawn
    )


def _number(crowd: Crowd, question: Question, drawn: random.Random) -> float:
    """Return a number that the item takes: in the lower half where the bounds are narrow, else with a long tail."""
    least, most = crowd.bounds.get(question.item.name) or _bounds(crowd, question)
    leans = utility(crowd.seed, question.item.name, "", question.groups)
    if most - least <= 150:
        return least + (most - least) * drawn.betavariate(1.6 * exp(0.25 * leans), 6 * exp(-0.25 * leans))
    return min(max(drawn.lognormvariate(2.5 + 0.25 * leans, 0.9), least), most)


def _bounds(crowd: Crowd, question: Question) -> tuple[float, float]:
    found = [one for one in _PROBES if question.allows(str(one))]
    bounds = (float(min(found)), float(max(found))) if found else (0.0, 100.0)
    crowd.bounds[question.item.name] = bounds
    return bounds


def _step(crowd: Crowd, person: Person, question: Question, drawn: random.Random) -> str:
    scale = question.item.range
    assert scale is not None  # noqa: S101  a `range` item has one
    leans = utility(crowd.seed, question.item.name, "", question.groups)
    place = drawn.betavariate((0.8 + 2 * person.content) * exp(0.4 * leans), 1.8 - person.content)
    steps = int((scale.end - scale.start) / scale.step)
    return f"{scale.start + scale.step * min(int(place * (steps + 1)), steps):f}"


def _open(drawn: random.Random) -> float:
    """Return a number between 0 and 1 that is neither."""
    return min(max(drawn.random(), 1e-12), 1 - 1e-12)
