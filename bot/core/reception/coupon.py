"""Passing it on: codes for people that somebody knows, and who comes by one.

A code brings one person who has not taken part. Whoever sends one that is used, too old or unknown is as welcome, and
stands in no chain.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.interview.records import Effect, Ending, Interview, Show, Stage, Tell
from bot.core.limits import LIMITS
from bot.core.outreach.coupons import make_coupons, shown_coupon
from bot.core.outreach.records import Referral
from bot.core.outreach.sources import BY_REFERRAL
from bot.core.phrases import (
    REFERRAL_CODES,
    REFERRAL_GIVEN,
    REFERRAL_OFFER,
    REFERRAL_SPENT,
    SHARE,
)
from bot.core.questionnaire import Questionnaire
from bot.core.replies.matching import folded_words, key


class CouponState(StrEnum):
    """What a code is worth to who sent it."""

    OPEN = "open"
    SPENT = "spent"
    """Somebody has come by it, or it is too old, or nobody was given it."""
    OWN = "own"
    """It was given to the very person."""


@dataclass(frozen=True, slots=True)
class Coupon:
    """A code that somebody sent: the consultation it is for, and in which wave of a chain it brings people.

    Of a code that nobody was given, the consultation is "".
    """

    consultation: str
    wave: int
    state: CouponState


def referral_of(questionnaire: Questionnaire) -> Referral | None:
    """Return how codes are passed on; None where they are not."""
    return questionnaire.outreach.referral if questionnaire.outreach else None


def recruited(
    interview: Interview, held: bool, coupon: Coupon | None
) -> tuple[Interview, bool, tuple[Effect, ...]]:
    """Return an interview that somebody joins, as recruited by a code; whether that is used up; and what is said of it.

    `held` says that it was begun before: whoever was there without the code was not recruited by it. Until they agree
    to take part, they may still send it.
    """
    is_new = not held or (interview.stage is Stage.CONSENT and interview.wave is None)
    if coupon is None or not is_new or coupon.consultation not in ("", interview.consultation):
        return interview, False, ()
    if coupon.state is CouponState.OPEN:
        return replace(interview, wave=coupon.wave, source=BY_REFERRAL), True, ()
    return interview, False, (Tell(REFERRAL_SPENT),)


def offered_codes(questionnaire: Questionnaire, before: Interview, after: Interview) -> tuple[Effect, ...]:
    """Return what offers codes to somebody who has just come to the end, where there are any to be had."""
    referral = referral_of(questionnaire)
    if referral is None or not referral.coupons or after.coupons or not _is_over(after) or _is_over(before):
        return ()
    word = questionnaire.phrasebook(after.language).shown(SHARE)
    return (Show(referral.text), Tell(REFERRAL_OFFER, {"share": word}))


def asks_for_codes(questionnaire: Questionnaire, interview: Interview, text: str) -> bool:
    """Return whether a whole message asks for codes, of somebody who may have them."""
    referral = referral_of(questionnaire)
    if referral is None or not referral.coupons or not _is_over(interview):
        return False
    spoken = questionnaire.phrasebook(interview.language)
    return key(text[: LIMITS.text_length]) in folded_words(spoken, SHARE)


def given_codes(
    questionnaire: Questionnaire, interview: Interview, seed: int
) -> tuple[Interview, tuple[str, ...], tuple[Effect, ...]]:
    """Return an interview with the codes that its person is given, once, and what is said of them."""
    referral = referral_of(questionnaire)
    if referral is None or interview.coupons:
        return interview, (), (Tell(REFERRAL_GIVEN),)
    codes = make_coupons(seed, referral.coupons)
    listed = ", ".join(map(shown_coupon, codes))
    return replace(interview, coupons=len(codes)), codes, (Tell(REFERRAL_CODES, {"codes": listed}),)


def _is_over(interview: Interview) -> bool:
    """Return whether somebody has answered all, and is asked nothing more."""
    return interview.ending is Ending.COMPLETE and interview.menu is None
