"""What an interview costs by SMS: the messages that are sent, and what makes them dear."""

from bot.core.cost import cost_of
from bot.core.prompts.records import SMS
from bot.core.reception import Correspondent, Incoming, consultations, receive
from bot.core.segments import Encoding, count_segments
from tests.support.consultations import NOON, questionnaire

ITEMS = """
- {name: welcome, type: note, label: Good to have you here.}
- {name: fuel, type: select_one, label: What fuel, or_other: true, choices: [{name: wood, label: Wood}]}
- {name: size, type: calculate, calculation: "1 + 1"}
- {name: light, type: select_one, label: What light, choices: [{name: a, label: A}, {name: b, label: B}]}
- name: child
  type: repeat
  label: Child
  repeat_max: 2
  items: [{name: age, type: integer, label: "How old, dear Ọ?"}]
- {name: nearly, type: note, label: Nearly done.}
- {name: wish, type: text, label: WISH}
"""
TRIAL = questionnaire(ITEMS.replace("WISH", "Your wish. " * 20), "thanks: Thank you.")


def test_each_message_stands_in_its_place() -> None:
    cost = cost_of(TRIAL, "en")
    assert [(one.place, one.segments.segments) for one in cost.messages] == [
        ("consent", 1),
        ("fuel", 1),
        ("light", 1),
        ("child", 1),
        ("age", 1),
        ("wish", 2),
        ("thanks", 1),
    ]
    assert cost.parts == 8


def test_the_messages_are_those_that_people_get() -> None:
    asked = questionnaire(
        """
        - {name: welcome, type: note, label: Good to have you here.}
        - {name: fuel, type: select_one, label: What fuel, choices: [{name: wood, label: Wood}, {name: gas, label: A}]}
        - {name: light, type: select_one, label: What light, choices: [{name: a, label: A}, {name: b, label: B}]}
        """
    )
    known = consultations([asked])
    correspondent, interviews, got = Correspondent(), {}, []
    for text in ("TRIAL", "1", "1", "1"):
        outcome = receive(known, correspondent, interviews, Incoming(NOON, text), 1, SMS)
        correspondent, interviews = outcome.correspondent, {**interviews, **outcome.interviews}
        got += [count_segments(prompt.text) for prompt in outcome.prompts]
    assert [one.segments for one in cost_of(asked, "en").messages] == got


def test_to_ask_whether_to_tell_and_to_promise_it_costs_too() -> None:
    promising = questionnaire("- {name: age, type: integer, label: How old}", "report_back: true")
    known = consultations([promising])
    correspondent, interviews, got = Correspondent(), {}, []
    for text in ("TRIAL", "1", "34", "1"):
        outcome = receive(known, correspondent, interviews, Incoming(NOON, text), 1, SMS)
        correspondent, interviews = outcome.correspondent, {**interviews, **outcome.interviews}
        got += [count_segments(prompt.text) for prompt in outcome.prompts]
    cost = cost_of(promising, "en")
    assert [one.place for one in cost.messages] == ["consent", "age", "thanks", "report_back"]
    assert [one.segments for one in cost.messages] == got


def test_what_makes_a_message_dear_is_named() -> None:
    cost = cost_of(TRIAL, "en")
    assert (cost.dear, cost.odd) == (1, ("Ọ",))
    assert [one.place for one in cost.messages if one.segments.encoding is not Encoding.GSM_7] == ["age"]
    assert [one.place for one in cost.dearest()] == ["wish"]


def test_curly_quotes_cost_nothing_since_they_are_made_plain() -> None:
    curly = questionnaire("- {name: wish, type: text, label: “Your” wish…}")
    assert cost_of(curly, "en").odd == ()
