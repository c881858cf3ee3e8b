"""From a person's message to what it changes and the reply."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.interview.answering import read_at
from bot.core.interview.menus import offer_language
from bot.core.interview.records import (
    Chose,
    Corrected,
    Effect,
    Event,
    Interview,
    Joined,
    Left,
    OptOut,
    Pressed,
    Said,
    Shared,
    Stage,
)
from bot.core.interview.slots import node_at
from bot.core.interview.step import begin, step
from bot.core.limits import LIMITS
from bot.core.outreach.quotas.turning import NOT_FULL
from bot.core.phrases import (
    CODE_REFUSED,
    CODE_UNKNOWN,
    MOVED_ON,
    REFERRAL_OWN,
)
from bot.core.prompts.records import Form
from bot.core.prompts.rendering import render
from bot.core.questionnaire import ItemType, Questionnaire, Text
from bot.core.reception.assisting import assist, at_hand
from bot.core.reception.coupon import CouponState, asks_for_codes, given_codes, offered_codes, recruited
from bot.core.reception.greeting import approach, command_of, greet, say
from bot.core.reception.invited import SOURCE, answers_invitation, invited_to, refuses
from bot.core.reception.joining import Joining, asked_to_join, names_a_choice
from bot.core.reception.language import chosen_language
from bot.core.reception.moving import asks_to_move, is_code, make_code, read_code, way
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Correspondent, Incoming, Outcome
from bot.core.replies import Command, Read
from bot.core.spoken import Detect, in_likely_order, offers_to_speak


def receive(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Return what a message changes and what is answered to it.

    `interviews` are the person's own, by consultation; `seed` is used where one begins, or where a code is given.
    """
    if len(incoming.text) > LIMITS.text_length:
        incoming = replace(incoming, text=incoming.text[: LIMITS.text_length])
    if incoming.leaves:
        return _leave(known, correspondent, interviews, incoming)
    helping = assist(known, correspondent, incoming, seed, form, _converse)
    if helping is not None:
        return helping
    if incoming.brings is not None:
        return _arrive(known, correspondent, interviews, incoming, incoming.brings, form)
    if correspondent.opted_out:
        return _return(known, correspondent, interviews, incoming, seed, form)
    current = interviews.get(correspondent.current or "")
    joining = None if incoming.corrects else asked_to_join(known, current, incoming)
    if joining is not None:
        return _join(known, correspondent, interviews, joining, incoming, seed, form)
    if _brings_nothing(known, current, incoming):
        return say(known, correspondent, CODE_UNKNOWN)
    invitation = answers_invitation(known, correspondent, interviews, incoming)
    if invitation is not None:
        return _accept(known, correspondent, interviews, invitation, incoming, seed, form)
    if current is None:
        return Outcome(correspondent) if incoming.corrects else approach(known, correspondent, incoming, form)
    outcome = _converse(known, correspondent, current, incoming, seed, form)
    if outcome.prompts or outcome.correspondent.opted_out:
        return outcome
    # Who refused, and writes again, is told how to join; nothing of theirs is lost, as it is stored all the same.
    return replace(outcome, prompts=greet(known, outcome.correspondent, form).prompts)


def understood(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
) -> bool:
    """Return whether a text answers the question at hand as only somebody who has read that does.

    It names a choice, or is the number or day that is asked for; anything answers a question for words.
    """
    current = at_hand(correspondent, interviews)
    if current is None or current.stage is not Stage.ITEMS or current.menu is not None or current.at is None:
        return False
    questionnaire = known.of(current)
    if node_at(questionnaire, current.at)[0].item.type is ItemType.TEXT:
        return False
    return isinstance(read_at(questionnaire, current, current.at, incoming.text, incoming.at), Read)


def _join(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    joining: Joining,
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    consultation, language = joining.consultation, joining.language
    if incoming.coupon is not None and incoming.coupon.state is CouponState.OWN:
        return say(known, correspondent, REFERRAL_OWN)
    if consultation in correspondent.moved:
        # They would be asked, and counted, twice.
        return say(known, replace(correspondent, opted_out=False, current=consultation), MOVED_ON)
    held = interviews.get(consultation)
    questionnaire = known.of(held) if held else known.offered[consultation]
    is_invited = invited_to(correspondent, interviews) == consultation
    begun = held or _begin(questionnaire, seed, incoming, joining.source or (SOURCE if is_invited else None))
    interview, recruits, told = recruited(begun, held is not None, incoming.coupon)
    if language is None and interview.language is None:
        language = correspondent.language
    welcomed = replace(correspondent, opted_out=False, current=consultation)
    moved = _move(known, questionnaire, welcomed, interview, Joined(incoming.at, language), form, first=told)
    return replace(moved, recruits=recruits)


def _accept(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    consultation: str,
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Return what follows when somebody answers an invitation: the question for consent, unless they say no at once."""
    joined = _join(known, correspondent, interviews, Joining(consultation), incoming, seed, form)
    interview, questionnaire = joined.interviews.get(consultation), known.offered[consultation]
    if interview is None or not refuses(questionnaire, interview, incoming):
        return joined
    return _move(
        known, questionnaire, joined.correspondent, interview, Said(incoming.at, incoming.text), form
    )


def _begin(questionnaire: Questionnaire, seed: int, incoming: Incoming, source: str | None) -> Interview:
    begun = replace(begin(questionnaire, seed, incoming.at), source=source)
    order = in_likely_order(questionnaire.languages, incoming.hints)
    return begun if order == questionnaire.languages else replace(begun, menu_order=order)


def _arrive(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    brought: Interview,
    form: Form,
) -> Outcome:
    """Return what follows when somebody sends a code: their interview goes on here.

    Not where they have agreed to take part here too: neither of two people's answers, should the code be another's,
    may be lost.
    """
    questionnaire = known.of(brought)
    held = interviews.get(brought.consultation)
    code = read_code(incoming.joins or incoming.text)
    if held == brought and questionnaire.move is not None and code is not None:
        return _show_way(questionnaire, correspondent, brought, questionnaire.move, code, incoming, form)
    if held is not None and held.consented_at is not None:
        refused = (
            Outcome(correspondent) if correspondent.opted_out else say(known, correspondent, CODE_REFUSED)
        )
        return replace(refused, concerns=brought.consultation)
    here = replace(
        correspondent,
        opted_out=False,
        current=brought.consultation,
        moved=correspondent.moved - {brought.consultation},
    )
    return replace(_move(known, questionnaire, here, brought, Joined(incoming.at, None), form), takes=True)


def _show_way(
    questionnaire: Questionnaire,
    correspondent: Correspondent,
    current: Interview,
    where: Text,
    code: str,
    incoming: Incoming,
    form: Form,
) -> Outcome:
    prompts = render(questionnaire, current, way(where, code), form, incoming.at)
    return Outcome(correspondent, concerns=current.consultation, prompts=prompts)


def _brings_nothing(known: Consultations, current: Interview | None, incoming: Incoming) -> bool:
    """Return whether a message is a code that stands for nothing; amid questions it may be an answer."""
    if incoming.corrects or (current is not None and current.stage is Stage.ITEMS):
        return False
    may_move = any(one.move is not None for one in known.offered.values())
    return may_move and is_code(incoming.joins or incoming.text)


def _converse(
    known: Consultations,
    correspondent: Correspondent,
    current: Interview,
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    questionnaire = known.of(current)
    if (
        questionnaire.move is not None
        and _is_words(incoming)
        and asks_to_move(questionnaire, current, incoming.text)
        and not names_a_choice(known, current, incoming)
    ):
        code = make_code(seed)
        told = _show_way(questionnaire, correspondent, current, questionnaire.move, code, incoming, form)
        return replace(told, gives=code)
    if _is_words(incoming) and asks_for_codes(questionnaire, current, incoming.text):
        given, codes, effects = given_codes(questionnaire, current, seed)
        prompts = render(questionnaire, given, effects, form, incoming.at)
        return Outcome(correspondent, {given.consultation: given}, given.consultation, prompts, coupons=codes)
    event = _event(questionnaire, current, incoming)
    if not isinstance(event, Said) or len(questionnaire.languages) == 1:
        return _move(known, questionnaire, correspondent, current, event, form)
    chosen = chosen_language(known, questionnaire, current, incoming)
    if chosen is not None:
        return _move(known, questionnaire, correspondent, current, Chose(incoming.at, chosen), form)
    return _move(known, questionnaire, correspondent, current, event, form, known.detect)


def _is_words(incoming: Incoming) -> bool:
    return incoming.button is None and not incoming.corrects and not incoming.shared


def _event(questionnaire: Questionnaire, current: Interview, incoming: Incoming) -> Event:
    """Return the one event that a message is: a picture with words is the picture only where one is asked for."""
    if incoming.button is not None:
        return Pressed(incoming.at, incoming.button)
    if incoming.corrects:
        return Corrected(incoming.at, incoming.text)
    if incoming.shared:
        asked = node_at(questionnaire, current.at)[0].item.type if current.at else None
        fitting = [one for one in incoming.shared if one[0] == asked]
        if fitting or not incoming.text.strip():
            return Shared(incoming.at, *(fitting or incoming.shared)[0])
    return Said(incoming.at, incoming.text)


def _move(
    known: Consultations,
    questionnaire: Questionnaire,
    correspondent: Correspondent,
    interview: Interview,
    event: Event,
    form: Form,
    detect: Detect | None = None,
    first: tuple[Effect, ...] = (),
) -> Outcome:
    moved, effects = step(questionnaire, interview, event, known.full.get(interview.consultation, NOT_FULL))
    effects = (*first, *effects, *offered_codes(questionnaire, interview, moved))
    if detect is not None and isinstance(event, Said) and moved.menu is None and moved.stage is Stage.ITEMS:
        language = offers_to_speak(questionnaire, moved.language, event.text, detect)
        if language is not None and language not in moved.offers:
            moved, effects = offer_language(moved, effects, language)
    return Outcome(
        correspondent=replace(
            correspondent,
            language=moved.language or correspondent.language,
            opted_out=correspondent.opted_out or any(isinstance(effect, OptOut) for effect in effects),
        ),
        interviews={moved.consultation: moved},
        concerns=moved.consultation,
        prompts=render(questionnaire, moved, effects, form, event.at),
    )


def _return(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
    seed: int,
    form: Form,
) -> Outcome:
    """Return what follows when somebody who had stopped writes: only START or a keyword ends the silence.

    Anything else is stored and not answered, since a reply is what they asked not to get.
    """
    joining = asked_to_join(known, None, incoming)
    starts = command_of(known, incoming) in (Command.START, Command.CONTINUE)
    current = interviews.get(correspondent.current or "")
    if joining is None and starts and current is not None:
        joining = Joining(current.consultation)
    if joining is None and starts and (invited := invited_to(correspondent, interviews)) in known.offered:
        joining = Joining(invited) if invited else None
    if joining is not None:
        return _join(known, correspondent, interviews, joining, incoming, seed, form)
    if starts:
        return approach(known, replace(correspondent, opted_out=False), incoming, form)
    return Outcome(correspondent)


def _leave(
    known: Consultations,
    correspondent: Correspondent,
    interviews: Mapping[str, Interview],
    incoming: Incoming,
) -> Outcome:
    """Return what is left of somebody who has blocked us: nothing is sent to them, and every interview has ended."""
    left = {
        consultation: step(known.of(interview), interview, Left(incoming.at))[0]
        for consultation, interview in interviews.items()
        if interview.stage is not Stage.ENDED
    }
    return Outcome(replace(correspondent, opted_out=True, session=None), left, correspondent.current)
