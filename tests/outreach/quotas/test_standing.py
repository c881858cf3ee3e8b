"""Where quotas stand, at which rates people answer, and whom that holds back."""

import pytest

from bot.core.outreach.quotas.counting import Profile
from bot.core.outreach.quotas.records import Cell, Quota, Quotas, Source, Variable
from bot.outreach.quotas.rates import Response, cell_rates, overall_rate
from bot.outreach.quotas.standing import Standing, standing
from bot.outreach.quotas.steering import Candidate, against_writing, is_reason, room_by_reason, steer
from bot.store.outreach.quotas import Counts, Interviewed, Invited, Outcome

GENDER = Variable("gender", Source.ITEM, ("woman", "man"))
WOMAN, MAN = Cell("gender", ("woman",)), Cell("gender", ("man",))
QUOTAS = Quotas((Quota((GENDER,), {("woman",): 100, ("man",): 100}),), total=200)


def listed(gender: str) -> Profile:
    return Profile(attributes={"gender": gender})


def answered(gender: str) -> Profile:
    return Profile(answers={"gender": gender})


def stand(*parts: Interviewed | Invited, quotas: Quotas = QUOTAS) -> Standing:
    return standing(
        quotas,
        Counts(
            tuple(one for one in parts if isinstance(one, Interviewed)),
            tuple(one for one in parts if isinstance(one, Invited)),
        ),
    )


def test_a_cell_tells_what_is_reached_in_progress_invited_and_still_to_invite() -> None:
    found = stand(
        Interviewed(answered("woman"), True, True, 40),
        Interviewed(listed("woman"), False, True, 10),
        Invited(listed("woman"), Outcome.COMPLETE, False, 40),
        Invited(listed("woman"), Outcome.SILENT, False, 160),
        Invited(listed("woman"), Outcome.SILENT, True, 50),
        Invited(listed("woman"), Outcome.WAITING, True, 50),
    )
    cell = found.cells[WOMAN]
    assert (cell.target, cell.reached, cell.held, cell.invited) == (100, 40, 10, 250)
    assert (cell.outstanding, cell.coming) == (50, 50)
    assert cell.rate == pytest.approx(0.2, abs=0.001)
    # 100 - 40 - 10 are missing. Of the 50 who were invited of late ten are expected, and as many of those to come.
    assert cell.room == pytest.approx(40, abs=0.1)
    assert cell.gap == pytest.approx(30, abs=0.2)
    assert cell.to_invite in (150, 151)
    assert cell.share == 0.4
    assert not cell.is_full


def test_of_few_invitations_no_rate_is_told() -> None:
    found = stand(Invited(listed("woman"), Outcome.COMPLETE, False, 29))
    assert found.cells[WOMAN].to_invite is None
    assert found.cells[MAN].to_invite is None


def test_who_was_invited_a_moment_ago_tells_no_rate() -> None:
    found = stand(Invited(listed("woman"), Outcome.SILENT, True, 1000))
    assert found.overall == Response(0, 0)
    assert found.overall_rate == QUOTAS.adaptive.expected_rate


def test_where_the_list_tells_nothing_the_rate_is_of_invitations_to_anybody() -> None:
    found = stand(
        Interviewed(answered("woman"), True, True, 20),
        Interviewed(answered("man"), True, True, 80),
        Invited(Profile(), Outcome.COMPLETE, False, 100),
        Invited(Profile(), Outcome.SILENT, False, 900),
    )
    woman = found.cells[WOMAN]
    assert not woman.is_aimed
    assert (woman.invited, woman.rate, woman.to_invite) == (1000, 0.02, 4000)


def test_rates_of_small_cells_are_drawn_towards_the_others() -> None:
    seen = {"large": Response(1000, 100), "small": Response(10, 5), "none": Response()}
    rates = cell_rates(seen, 0.1)
    assert rates["large"] == pytest.approx(0.1, abs=0.003)
    assert 0.1 < rates["small"] < 0.5
    assert rates["none"] == pytest.approx(0.1)


def test_rates_that_differ_beyond_chance_stay_apart() -> None:
    seen = {"few": Response(2000, 100), "many": Response(2000, 900)}
    rates = cell_rates(seen, 0.25)
    assert rates["few"] == pytest.approx(0.05, abs=0.002)
    assert rates["many"] == pytest.approx(0.45, abs=0.002)


def test_a_cell_where_nobody_answers_keeps_a_rate() -> None:
    assert cell_rates({"silent": Response(100_000, 0), "other": Response(100, 50)}, 0.01)["silent"] == 0.005
    assert overall_rate(Response(1_000_000, 0), 0.2) == 0.005


def candidates(*genders: str) -> list[Candidate]:
    return [Candidate(place, 100 - place, listed(one)) for place, one in enumerate(genders)]


def test_people_come_by_their_turn_and_a_full_cell_waits() -> None:
    found = stand(
        Interviewed(answered("man"), True, False, 90), Interviewed(answered("man"), False, False, 10)
    )
    steered = steer(found, candidates("woman", "man", "", "woman"))
    assert list(steered.order) == [3, 2, 0]
    assert list(steered.held) == [(1, "quota full (gender: man)")]


def test_no_more_are_invited_than_are_expected_to_fill_the_cell() -> None:
    found = stand(Interviewed(answered("man"), True, False, 99))
    # One is missing, and one in five is expected to answer.
    steered = steer(found, candidates(*["man"] * 8))
    assert len(steered.order) == 5
    assert {reason for _, reason in steered.held} == {"enough are invited for now (gender: man)"}


def test_who_is_held_is_found_by_the_cell_that_has_room_again() -> None:
    full = stand(Interviewed(answered("man"), True, False, 100))
    ((_, reason),) = steer(full, candidates("man")).held
    assert is_reason(reason)
    assert not is_reason("the number is gone")
    assert room_by_reason(full)[reason] == 0
    assert room_by_reason(stand(Interviewed(answered("man"), True, False, 98)))[reason] == 10
    assert reason not in room_by_reason(stand(quotas=Quotas((Quota((GENDER,), {}),))))


def test_the_total_holds_everybody_back() -> None:
    found = stand(
        Interviewed(answered("man"), True, False, 99),
        Interviewed(answered(""), True, False, 101),
    )
    steered = steer(found, candidates("woman", ""))
    assert not steered.order
    assert {reason for _, reason in steered.held} == {"quota full (everybody)"}


def test_nobody_is_held_back_without_targets() -> None:
    openly = Quotas((Quota((GENDER,), {}),))
    found = stand(Interviewed(answered("man"), True, False, 9_999), quotas=openly)
    assert len(steer(found, candidates("man", "man", "woman")).order) == 3


def test_reminders_go_elsewhere_when_a_quota_is_full() -> None:
    found = stand(Interviewed(answered("man"), True, False, 100))
    assert against_writing(found, listed("man")) == "quota full (gender: man)"
    assert against_writing(found, listed("woman")) is None
    assert against_writing(found, Profile()) is None
