"""Helping others to answer: a worker's chat, in which each interview is of another person.

What is written in a session is never the worker's own: not an answer, not a STOP, not a word that joins. Each person
is asked for consent, and is asked nothing that would have us write to them later, for the phone is not theirs.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.core.interview.records import Interview
from bot.core.prompts.records import Form
from bot.core.reception.entering import asks_to_help, begin, refused
from bot.core.reception.helping import one_more_wrong
from bot.core.reception.offer import Consultations
from bot.core.reception.records import Correspondent, Incoming, Outcome
from bot.core.reception.sitting import Converse, Sitting, left_unfinished


def at_hand(correspondent: Correspondent, interviews: Mapping[str, Interview]) -> Interview | None:
    """Return the interview that the next message is about: their own, or that of somebody they help."""
    if correspondent.session is not None:
        return correspondent.session.interview
    return interviews.get(correspondent.current or "")


def assist(
    known: Consultations,
    correspondent: Correspondent,
    incoming: Incoming,
    seed: int,
    form: Form,
    converse: Converse,
) -> Outcome | None:
    """Return what comes of a message that is about helping others, or of a helped person; None of any other."""
    session = correspondent.session
    if incoming.tries_pin:
        return _let_in(known, correspondent, incoming, seed, form, converse)
    if session is None or session.is_over(incoming.at):
        worker = correspondent.worker
        if worker is not None and not incoming.corrects and asks_to_help(known, incoming.text):
            if worker.may_help(incoming.at):
                begun = begin(known, correspondent, worker, incoming, seed, form)
                return replace(begun, ends=left_unfinished(session))
            return refused(known, correspondent)
        if session is None:
            return None
    return Sitting(known, correspondent, session, incoming, seed, form, converse).hear()


def _let_in(
    known: Consultations,
    correspondent: Correspondent,
    incoming: Incoming,
    seed: int,
    form: Form,
    converse: Converse,
) -> Outcome:
    """Return what follows a worker's number: a session begins, or the one that is on is left by the same number."""
    pin, wrong, session = incoming.pin, correspondent.wrong, correspondent.session
    if pin is None or not pin.lets_in(incoming.at) or (wrong is not None and wrong.shuts_out(incoming.at)):
        counted = replace(correspondent, wrong=one_more_wrong(wrong, incoming.at))
        return refused(known, counted)
    let_in = replace(correspondent, worker=pin.worker, wrong=None)
    if (
        session is not None
        and session.worker == pin.worker.id
        and not session.is_over(incoming.at)
        # Sent twice because the answer was late, it must not undo itself.
        and session.person
    ):
        sitting = Sitting(known, let_in, session, incoming, seed, form, converse)
        return replace(sitting.finish(), enters=pin.worker.id)
    begun = begin(known, let_in, pin.worker, incoming, seed, form)
    return replace(begun, enters=pin.worker.id, ends=left_unfinished(session))
