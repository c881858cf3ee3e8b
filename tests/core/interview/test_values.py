"""What conditions see of an interview, from where they stand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.expressions import Expression, compile_expression
from bot.core.interview.records import Answer, AnswerStatus, Interview
from bot.core.interview.route import revise
from bot.core.interview.values import Ground
from bot.core.questionnaire import Consent, Item, ItemType, Node, Questionnaire, Text

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def laid_out() -> Questionnaire:
    """Return the households of a village, with the children in each, and a question after them."""
    household = Item("household", ItemType.REPEAT)
    child = Item("child", ItemType.REPEAT)
    items = {name: Item(name, ItemType.INTEGER) for name in ("rooms", "age", "after")}
    nodes = (
        Node(household, 0, 5, False, ()),
        Node(items["rooms"], 1, 1, False, ("household",)),
        Node(child, 2, 4, False, ("household",)),
        Node(items["age"], 3, 3, False, ("household", "child")),
        Node(child, 4, 2, True, ("household", "child")),
        Node(household, 5, 0, True, ("household",)),
        Node(items["after"], 6, 6, False, ()),
    )
    text = Text("title", "Village")
    return Questionnaire(
        id="village",
        title=text,
        languages=("en",),
        keywords={},
        consent=Consent(text),
        items=(household, items["after"]),
        nodes=nodes,
        positions={node.item.name: node.position for node in nodes if not node.closes},
    )


def answer(value: str, *, relevant: bool = True) -> Answer:
    return Answer(value, AnswerStatus.ANSWERED, NOW, "en", relevant=relevant)


GROUND = Ground(
    laid_out(),
    {
        "rooms[1]": answer("2"),
        "age[1,1]": answer("5"),
        "age[1,3]": answer("9"),
        "rooms[2]": answer("4", relevant=False),
        "age[2,1]": answer("7"),
        "rooms[3]": answer("6"),
    },
    NOW,
    seed=7,
)


def text(source: str, name: str, rounds: tuple[int, ...] = ()) -> str:
    expression = compile_expression(source)
    assert isinstance(expression, Expression)
    questionnaire = GROUND.questionnaire
    return expression.text(GROUND.scope(questionnaire.nodes[questionnaire.positions[name]], rounds))


@pytest.mark.parametrize(
    ("source", "name", "rounds", "expected"),
    [
        ("${rooms}", "age", (1, 2), "2"),
        ("${rooms}", "age", (2, 1), ""),
        ("${age}", "age", (1, 3), "9"),
        ("sum(${age})", "rooms", (1,), "14"),
        ("sum(${age})", "after", (), "21"),
        ("sum(${rooms})", "after", (), "8"),
        ("count(${household})", "after", (), "3"),
        ("count(${child})", "rooms", (1,), "3"),
        ("indexed-repeat(${rooms}, ${household}, 1)", "after", (), "2"),
        ("indexed-repeat(${rooms}, ${household}, 2)", "after", (), ""),
        ("indexed-repeat(${rooms}, ${household}, 3)", "after", (), "6"),
        ("indexed-repeat(${rooms}, ${household}, position(..) - 1)", "rooms", (2,), "2"),
        ("indexed-repeat(${age}, ${child}, position(..) - 2)", "age", (1, 3), "5"),
        ("indexed-repeat(${age}, ${child}, 2)", "age", (1, 3), ""),
        ("indexed-repeat(${age}, ${child}, 1)", "rooms", (2,), "7"),
        ("position(..)", "age", (2, 3), "3"),
        ("position(..)", "after", (), "0"),
    ],
)
def test_what_is_in_sight(source: str, name: str, rounds: tuple[int, ...], expected: str) -> None:
    assert text(source, name, rounds) == expected


def test_each_place_draws_its_own_random_number() -> None:
    drawn = [
        text("random()", name, rounds) for name, rounds in (("rooms", (1,)), ("rooms", (2,)), ("after", ()))
    ]
    assert len(set(drawn)) == 3
    assert text("random()", "rooms", (2,)) == drawn[1]


def test_once_keeps_what_was_calculated_first() -> None:
    expression = compile_expression("once(today())")
    assert isinstance(expression, Expression)
    first_day = Item("first_day", ItemType.CALCULATE, calculation=expression)
    questionnaire = replace(
        laid_out(), items=(first_day,), nodes=(Node(first_day, 0, 0, False, ()),), positions={"first_day": 0}
    )
    interview = Interview("village", "v1", seed=7, started_at=NOW, updated_at=NOW)
    first = revise(Ground(questionnaire, {}, NOW, 7), interview)
    assert first.answers["first_day"].value == "2026-11-23"
    later = replace(interview, answers=first.answers)
    again = revise(Ground(questionnaire, first.answers, NOW + timedelta(days=2), 7), later)
    assert again.answers["first_day"].value == "2026-11-23"
