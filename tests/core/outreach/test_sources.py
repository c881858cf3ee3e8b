"""Where people come from: the code behind a keyword, as people type it, and codes that cannot be told apart."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.folding import fold
from bot.core.interview.records import Interview
from bot.core.outreach.coupons import make_coupons
from bot.core.outreach.definition import define_outreach
from bot.core.outreach.records import Outreach
from bot.core.outreach.sources import Source, source_in
from bot.core.prompts.records import SMS
from bot.core.reception import Correspondent, Incoming, consultations, receive
from tests.support.consultations import NOON, questionnaire

SOURCES = (
    Source("radio-citizen", "CITIZEN", "Radio Citizen"),
    Source("radio-5", "RADIO5", "Radio 5"),
    Source("radio-78", "RADIO78", "Radio 78"),
    Source("clinic", "KLN", "The clinic"),
    Source("market", "5566", "The market"),
)
ENERGY = questionnaire(
    "- {name: age, type: integer, label: How old are you?}",
    "consultation: energy\nkeywords: {en: [ENERGY, SUN POWER]}",
)
WATER = questionnaire(
    "- {name: age, type: integer, label: How old are you?}", "consultation: water\nkeywords: {en: [POWER]}"
)


def begun(
    text: str = "", *, joins: str | None = None, source: str | None = None, listed: bool = True
) -> Interview:
    energy = replace(
        ENERGY, version="energy-1", outreach=Outreach("energy", sources=SOURCES if listed else ())
    )
    known = consultations([energy, replace(WATER, version="water-1")])
    incoming = Incoming(NOON, text, joins=joins, source=source)
    (interview,) = receive(known, Correspondent(), {}, incoming, 1, SMS).interviews.values()
    return interview


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("ENERGY", None),
        ("ENERGY CITIZEN", "radio-citizen"),
        ("energy-citizen", "radio-citizen"),
        ("Energy: Citizen!", "radio-citizen"),
        ("citizen energy", "radio-citizen"),
        ("ＥＮＥＲＧＹ ＣＩＴＩＺＥＮ", "radio-citizen"),
        ("ENERGY СITIZEN", "radio-citizen"),  # the first letter is Cyrillic
        ("energy radio 5", "radio-5"),
        ("energy 5566", "market"),
        ("energy ٥٥٦٦", "market"),
        ("energy ५५६६", "market"),
        ("sun power citizen", "radio-citizen"),
        # One wrong, missing, extra or swapped letter.
        ("energy citisen", "radio-citizen"),
        ("energy citzen", "radio-citizen"),
        ("energy citiizen", "radio-citizen"),
        ("energy ctiizen", "radio-citizen"),
        # Two letters are too much, one of three is, and any number is near another.
        ("energy sitisen", None),
        ("energy klm", None),
        ("energy 5567", None),
        # As near to the one as to the other: not guessed.
        ("energy radio7", None),
        ("energy citizen kln", None),
        ("hello energy please", None),
    ],
)
def test_a_source_is_understood_as_people_type_it(text: str, source: str | None) -> None:
    interview = begun(text)
    assert (interview.consultation, interview.source) == ("energy", source)


def test_only_a_listed_source_counts_where_there_is_a_list_for_anybody_can_make_a_link() -> None:
    assert begun(joins="energy", source="CITIZEN").source == "radio-citizen"
    assert begun(joins="energy", source="my-neighbour-amina").source is None
    assert begun(joins="energy", source="radio-lagos", listed=False).source == "radio-lagos"
    assert begun("energy citizen", listed=False).source is None


def test_the_first_source_stays() -> None:
    interview = begun("energy citizen")
    known = consultations([replace(ENERGY, version="energy-1", outreach=Outreach("energy", sources=SOURCES))])
    again = receive(known, Correspondent(), {"energy": interview}, Incoming(NOON, "energy kln"), 1, SMS)
    assert again.interviews["energy"].source == "radio-citizen"


def test_a_slip_never_makes_another_sources_code() -> None:
    for one in SOURCES:
        code = fold(one.code)
        for place in range(len(code)):
            for letter in "abcdefghijklmnopqrstuvwxyz0123456789":
                found = source_in(SOURCES, [f"{code[:place]}{letter}{code[place + 1 :]}"])
                assert found in (one, None)


def listed(*sources: dict[str, Any]) -> dict[str, Any]:
    return {"sources": list(sources)}


A, B = {"name": "a", "code": "CITIZEN"}, {"name": "b", "code": 5566}
COUPON = make_coupons(1, 1)[0]


@pytest.mark.parametrize(
    ("given", "code", "place"),
    [
        (listed({"name": "a", "code": "C"}), "bad-source-code", "sources[0].code"),
        (listed({"name": "a", "code": "RADIO CITIZEN"}), "bad-source-code", "sources[0].code"),
        (listed({"name": "a", "code": "РАДИО"}), "bad-source-code", "sources[0].code"),
        (listed(A, {**B, "name": "a"}), "duplicate-name", "sources[1].name"),
        (listed(A, {"name": "b", "code": "CITIZEM"}), "source-codes-alike", "sources[1].code"),
        (listed(A, {"name": "b", "code": "CITIZENS"}), "source-codes-alike", "sources[1].code"),
        (listed({"name": "a", "code": "energy"}), "source-code-taken", "sources[0].code"),
        (listed({"name": "a", "code": "STOP"}), "source-code-taken", "sources[0].code"),
        (listed({"name": "a", "code": "MOVE"}), "source-code-taken", "sources[0].code"),
        (listed({"name": "a", "code": "share"}), "source-code-taken", "sources[0].code"),
        (listed({"name": "a", "code": "YES"}), "source-code-taken", "sources[0].code"),
        (listed({"name": "a", "code": "PLEASE"}), "source-code-taken", "sources[0].code"),
        (listed({"name": "a", "code": "INFO"}), "source-code-taken", "sources[0].code"),
        (listed({"name": "a", "code": COUPON}), "source-code-taken", "sources[0].code"),
        (listed({"name": "referral", "code": "PASSED"}), "source-code-taken", "sources[0].name"),
        ({"poster": {"free": True, "cost": "4 naira"}}, "free-and-cost", "poster.cost"),
        ({"poster": {"number": "call us"}}, "bad-number", "poster.number"),
        ({"poster": {"telegram": "t.me/bot"}}, "bad-telegram-name", "poster.telegram"),
        (
            {"referral": {"text": "Pass it on.", "degree_item": "knows"}},
            "degree-item",
            "referral.degree_item",
        ),
        ({"referral": {"text": "Pass it on.", "coupons": 9}}, "out-of-bounds", "referral.coupons"),
        ({"referral": {}}, "missing-key", "referral.text"),
    ],
)
def test_faults_are_told_at_their_place(given: dict[str, Any], code: str, place: str) -> None:
    found = define_outreach(given, ENERGY)
    assert isinstance(found, tuple)
    assert [(problem.code, problem.place) for problem in found] == [(code, place)]
    assert all(problem.remedy for problem in found)


def test_a_whole_file_is_read() -> None:
    read = define_outreach(
        {
            **listed(A, B),
            "poster": {"asked_by": "The ministry", "number": 20880, "telegram": "@sun_bot", "free": True},
            "referral": {"text": "Do you know others?", "coupons": 2, "degree_item": "age"},
        },
        ENERGY,
    )
    assert isinstance(read, Outreach)
    assert read.sources == (Source("a", "CITIZEN", "a"), Source("b", "5566", "b"))
    assert read.poster is not None
    assert (read.poster.number, read.poster.telegram, read.poster.is_free) == ("20880", "sun_bot", True)
    assert read.referral is not None
    assert (read.referral.coupons, read.referral.degree_item) == (2, "age")
    assert [text.context for text in (*read.texts(), *read.printed())] == [
        "outreach.referral.text",
        "outreach.poster.asked_by",
    ]
