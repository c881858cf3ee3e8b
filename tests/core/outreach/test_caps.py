"""What the caps let through: one message after the other, and any sequence of them over days, raises and restarts."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.money import read_money, shown_money, written_money
from bot.core.outreach.caps import (
    DEFAULT_PRICE,
    DEFAULTS,
    Cap,
    Change,
    Footing,
    Held,
    Limits,
    Person,
    Request,
    Subject,
    Totals,
    day_of,
    grant,
    in_force,
    next_day,
    read_value,
    room,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = AT.date()
OPEN = Limits(
    {
        Cap.PERSON_A_DAY: 2,
        Cap.PERSON_IN_ALL: 4,
        Cap.MESSAGES_A_DAY: 10,
        Cap.ABROAD_A_DAY: 3,
        Cap.SPEND_A_DAY: 1_000_000,
        Cap.REPLIES_A_PERSON: 5,
    },
    {None: 50_000, "UG": 100_000},
    {"KE": Footing.HOME, "UG": Footing.ABROAD},
)


def asked(**fields: object) -> Request:
    values = {"id": 1, "contact_id": 1, "is_reply": False, "country": "KE", "parts": 1, **fields}
    return Request(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "totals", "person", "held"),
    [
        pytest.param(asked(), Totals(), Person(), None, id="the first"),
        pytest.param(asked(), Totals(), Person(1), None, id="the last to them today"),
        pytest.param(asked(), Totals(), Person(2, 2), Held(Cap.PERSON_A_DAY), id="after two replies"),
        pytest.param(asked(), Totals(), Person(0, 0, 4), Held(Cap.PERSON_IN_ALL), id="in all"),
        pytest.param(
            asked(counted_on=TODAY - timedelta(1)), Totals(), Person(0, 0, 4), None, id="again, in all"
        ),
        pytest.param(asked(), Totals(10), Person(), Held(Cap.MESSAGES_A_DAY), id="everybody"),
        pytest.param(
            asked(country="UG"), Totals(3, 3), Person(), Held(Cap.ABROAD_A_DAY), id="abroad too many"
        ),
        pytest.param(asked(), Totals(3, 7), Person(), None, id="at home, whatever is abroad"),
        pytest.param(
            asked(country="UG", parts=2), Totals(0, 0, 800_000), Person(), None, id="money just enough"
        ),
        pytest.param(
            asked(country="UG", parts=2), Totals(0, 0, 800_001), Person(), Held(Cap.SPEND_A_DAY), id="money"
        ),
        pytest.param(asked(country="TZ"), Totals(), Person(), Held(Subject.COUNTRY, "TZ"), id="not allowed"),
        pytest.param(asked(country=None), Totals(), Person(), Held(Subject.COUNTRY), id="of no country"),
        pytest.param(
            asked(country=None, parts=None), Totals(0, 9, 2_000_000), Person(), None, id="without a number"
        ),
        pytest.param(
            asked(is_reply=True, country="TZ"), Totals(99, 99, 9_000_000), Person(9, 4, 9), None, id="a reply"
        ),
        pytest.param(
            asked(is_reply=True), Totals(), Person(5, 5), Held(Cap.REPLIES_A_PERSON), id="two machines"
        ),
        pytest.param(
            asked(counted_on=TODAY), Totals(10), Person(2, 0, 4), None, id="once more on the same day"
        ),
        pytest.param(
            asked(counted_on=TODAY, country="TZ"), Totals(), Person(), Held(Subject.COUNTRY, "TZ"), id="since"
        ),
    ],
)
def test_a_message(request_: Request, totals: Totals, person: Person, held: Held | None) -> None:
    given_out = grant(OPEN, TODAY, totals, {1: person}, [request_])
    assert given_out.held.get(1) == held
    assert given_out.granted == (set() if held else {1})
    assert (given_out.counted == {1}) is (held is None and request_.counted_on != TODAY)


def test_what_is_counted() -> None:
    requests = [
        asked(id=1, country="UG", parts=3),
        asked(id=2, contact_id=2, is_reply=True, country="TZ"),
        asked(id=3, contact_id=3, parts=None, country=None),
        asked(id=4, contact_id=1, counted_on=TODAY - timedelta(1)),
    ]
    given_out = grant(OPEN, TODAY, Totals(), {}, requests)
    assert given_out.totals == Totals(4, 2, 3 * 100_000 + 50_000 + 50_000)
    assert given_out.people == {1: Person(2, 0, 1), 2: Person(1, 1, 0), 3: Person(1, 0, 1)}


@pytest.mark.parametrize(
    ("totals", "country", "parts", "is_closed"),
    [
        pytest.param(Totals(10), "KE", 1, True, id="as many as may leave"),
        pytest.param(Totals(0, 0, 960_000), "KE", 1, True, id="no money for anything"),
        pytest.param(Totals(0, 0, 940_000), "KE", 2, False, id="money for a shorter one"),
        pytest.param(Totals(0, 3), "UG", 1, False, id="those at home go on"),
        pytest.param(Totals(), "TZ", 1, False, id="other countries go on"),
    ],
)
def test_when_nothing_more_can_leave(totals: Totals, country: str, parts: int, is_closed: bool) -> None:
    given_out = grant(OPEN, TODAY, totals, {}, [asked(country=country, parts=parts)])
    assert given_out.held
    assert given_out.is_closed is is_closed


def test_room() -> None:
    assert room(OPEN, Totals()) == 10
    assert room(OPEN, Totals(4)) == 6
    assert room(OPEN, Totals(0, 0, 900_001)) == 1
    assert room(OPEN, Totals(0, 0, 5_000_000)) == 0
    assert room(replace(OPEN, prices={None: 0}), Totals(7)) == 3


def test_the_newest_of_each_holds() -> None:
    def set_(subject: str, value: str, country: str | None = None) -> Change:
        return Change(subject, value, "amina", "why", AT, country)

    limits = in_force(
        [
            set_(Cap.MESSAGES_A_DAY, "50000"),
            set_(Cap.SPEND_A_DAY, "12.5"),
            set_(Subject.PRICE, "0.3"),
            set_(Subject.PRICE, "0.045", "KE"),
            set_(Subject.COUNTRY, "home", "KE"),
            set_(Subject.COUNTRY, "abroad", "UG"),
            set_(Cap.MESSAGES_A_DAY, "2000"),
            set_(Subject.COUNTRY, "forbidden", "UG"),
        ]
    )
    assert limits.caps == {**DEFAULTS, Cap.MESSAGES_A_DAY: 2_000, Cap.SPEND_A_DAY: 12_500_000}
    assert (limits.price("KE"), limits.price("TZ"), limits.price(None)) == (45_000, 300_000, 300_000)
    assert [limits.footing(one) for one in ("KE", "UG", "TZ", None)] == [
        Footing.HOME,
        *[Footing.FORBIDDEN] * 3,
    ]
    assert in_force([]).caps == DEFAULTS
    assert in_force([]).price("KE") == DEFAULT_PRICE
    with pytest.raises(ValueError, match="messages-a-day"):
        in_force([set_(Cap.MESSAGES_A_DAY, "many")])


@pytest.mark.parametrize(
    ("subject", "written", "value"),
    [
        (Cap.PERSON_A_DAY, "3", 3),
        (Cap.MESSAGES_A_DAY, "50,000", 50_000),
        (Cap.MESSAGES_A_DAY, "-1", None),
        (Cap.MESSAGES_A_DAY, "1.5", None),
        (Cap.MESSAGES_A_DAY, "٣", None),
        (Cap.MESSAGES_A_DAY, "unlimited", None),
        (Cap.MESSAGES_A_DAY, "1" * 10, None),
        (Cap.SPEND_A_DAY, "1000", 1_000_000_000),
        (Cap.SPEND_A_DAY, "0.045", 45_000),
        (Cap.SPEND_A_DAY, "1,5", None),
        (Subject.PRICE, "0.0000001", None),
        (Subject.PRICE, "nan", None),
    ],
)
def test_values_as_written(subject: str, written: str, value: int | None) -> None:
    assert read_value(subject, written) == value


@given(st.integers(0, 10**12))
def test_money_is_written_as_it_is_read(millionths: int) -> None:
    assert read_money(written_money(millionths)) == millionths
    assert shown_money(millionths).replace(",", "") == written_money(millionths)


def test_days_are_those_of_utc() -> None:
    late = datetime.fromisoformat("2026-03-02T23:30:00-05:00")
    assert day_of(late) == date(2026, 3, 3)
    assert next_day(late) == datetime(2026, 3, 4, tzinfo=UTC)


# --- any sequence


@dataclass
class World:
    """Messages that wait, what is stored of counts, and beside it a plain list of all that was let through."""

    limits: Limits = OPEN
    day: date = TODAY
    totals: dict[date, Totals] = field(default_factory=dict)
    people: dict[int, tuple[date, Person]] = field(default_factory=dict)
    waiting: list[Request] = field(default_factory=list)
    let_through: dict[tuple[date, int], Request] = field(default_factory=dict)
    sent: list[int] = field(default_factory=list)

    def turn(self, dies: list[bool]) -> None:
        """Reserve what waits. A message is handed over then, or its worker dies first, and it waits again."""
        in_hand, self.waiting = self.waiting[: len(dies)], self.waiting[len(dies) :]
        people = {one.contact_id: self._stored(one.contact_id) for one in in_hand}
        given_out = grant(self.limits, self.day, self.totals.get(self.day, Totals()), people, in_hand)
        self.totals[self.day] = given_out.totals
        self.people |= {contact: (self.day, person) for contact, person in given_out.people.items()}
        for one, is_lost in zip(in_hand, dies, strict=False):
            if one.id in given_out.held:
                self.waiting += [] if one.is_reply else [one]
                continue
            self._check(one)
            if is_lost:
                self.waiting.append(replace(one, counted_on=self.day))
            else:
                self.sent.append(one.id)

    def _stored(self, contact: int) -> Person:
        day, person = self.people.get(contact, (self.day, Person()))
        return person if day == self.day else Person(0, 0, person.unprompted)

    def _check(self, one: Request) -> None:
        """Count all anew from the list of what was let through: with this message, no cap is exceeded."""
        is_again = (self.day, one.id) in self.let_through
        self.let_through[self.day, one.id] = one
        today = [other for (day, _), other in self.let_through.items() if day == self.day]
        to_them = [other for other in today if other.contact_id == one.contact_id]
        caps = self.limits.caps
        if one.is_reply:
            replies = sum(other.is_reply for other in to_them)
            assert is_again or replies <= caps[Cap.REPLIES_A_PERSON]
            return
        assert one.country in ("KE", "UG")
        if is_again:
            return
        assert len(today) <= caps[Cap.MESSAGES_A_DAY]
        assert len(to_them) <= caps[Cap.PERSON_A_DAY]
        abroad = sum(other.country != "KE" for other in today)
        assert one.country == "KE" or abroad <= caps[Cap.ABROAD_A_DAY]
        spent = sum((other.parts or 0) * (100_000 if other.country == "UG" else 50_000) for other in today)
        assert spent <= caps[Cap.SPEND_A_DAY]
        ever = {
            number: other
            for (_, number), other in self.let_through.items()
            if other.contact_id == one.contact_id and not other.is_reply
        }
        assert len(ever) <= caps[Cap.PERSON_IN_ALL]


requests_drawn = st.builds(
    Request,
    id=st.just(0),
    contact_id=st.integers(1, 3),
    is_reply=st.sampled_from([True, False, False]),
    country=st.sampled_from(["KE", "KE", "UG", "TZ", None]),
    parts=st.sampled_from([1, 2, 5]),
)
happenings = st.one_of(
    st.tuples(st.just("queue"), st.lists(requests_drawn, min_size=1, max_size=6)),
    st.tuples(st.just("turn"), st.lists(st.booleans(), min_size=1, max_size=8)),
    st.tuples(st.just("day"), st.just(None)),
    st.tuples(st.just("cap"), st.tuples(st.sampled_from(list(Cap)), st.integers(0, 15))),
)


@settings(max_examples=150)
@given(st.lists(happenings, max_size=40))
def test_never_over_a_cap(story: list[tuple[str, Any]]) -> None:
    world = World()
    numbers = iter(range(1, 1_000))
    for what, detail in story:
        if what == "queue":
            world.waiting += [replace(one, id=next(numbers)) for one in detail]
        elif what == "turn":
            world.turn(detail)
        elif what == "day":
            world.day += timedelta(1)
        else:
            cap, value = detail
            value = value * 100_000 if cap.is_money else value
            world.limits = replace(world.limits, caps={**world.limits.caps, cap: value})
    assert len(world.sent) == len(set(world.sent))
