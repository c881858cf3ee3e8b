"""Answering people who need a person: who may look, what is sent to them, and what is written down of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels import CARRIAGES, Address, Channel
from bot.channels.twilio import segments
from bot.core.auditing import Act, Entry
from bot.core.interview.asking import awaited
from bot.core.interview.records import Interview, Stage
from bot.core.phrases import CONTINUE, PERSON_GO_ON
from bot.core.prompts.records import Prompt
from bot.core.prompts.rendering import render
from bot.core.questionnaire import Questionnaire
from bot.core.reception import Attention
from bot.core.safeguarding import Urgency, folded_for_lookout, lookout
from bot.core.segments import plain_punctuation
from bot.errors import InboxError, UnknownConsultation
from bot.flowfiles.folder import rebuild
from bot.language.safeguarding import word_list
from bot.store import inbox
from bot.store.auditing import note
from bot.store.database import Database
from bot.store.inbox import Case, Closing, Reach, Said
from bot.store.inbox_people import Registered, find_registered
from bot.store.reading import documents
from bot.store.sending import Letter, Priority
from bot.store.vault import AddressSeal

LONGEST_ANSWER = 1_000
"""Characters: some seven SMS."""
SHORTEST_REASON, LONGEST_REASON = 10, 300
EXPIRES_AFTER = timedelta(days=2)
"""An answer that could not be sent for so long comes too late to be understood."""
_NUMBER = re.compile(r"\d(?:[\s().+-]?\d){5,}|\S@\S")
"""What may be somebody's number or address: the audit is to hold none."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the inbox: a registered person, by the name they gave, for one act."""

    person: Registered
    name: str
    at: datetime

    def entry(self, act: Act, of: Case, detail: str = "") -> Entry:
        """Return the line of an act of theirs."""
        return Entry(self.at, self.name, act, of.consultation, of.id, detail)


async def admit(engine: Database, secret: str, name: str, of: Case, act: Act, at: datetime) -> Visitor:
    """Return who wants to act on a case, where they may; who may not leaves a line too.

    Raises:
        InboxError: the token is nobody's, run out or revoked; it is another's; it is for another consultation; or the
            act is for a lead alone.
    """
    name = name.strip()
    if not name or len(name) > 60 or _NUMBER.search(name):
        raise InboxError("say who you are, with --as and the name you were registered by")
    person = await find_registered(engine, secret) if secret else None
    why = _refusal(person, name, of, act, at)
    if why is not None or person is None:
        await note(engine, Entry(at, name, Act.REFUSED, of.consultation, of.id, act.value))
        raise InboxError(f"{why}; that you tried is written down")
    return Visitor(person, name, at)


def _refusal(person: Registered | None, name: str, of: Case, act: Act, at: datetime) -> str | None:
    if person is None or not person.is_good(at):
        return "this token lets nobody in, or not any more; ask for another: heard inbox people add"
    if person.name.casefold() != name.casefold():
        return "this token was given to somebody of another name"
    if not person.reaches(of.consultation):
        return f"you were not registered for {of.consultation}"
    if act is Act.REVEALED and not person.is_lead:
        return "only a safeguarding lead may have the address shown"
    return None


def checked_reason(reason: str) -> str:
    """Return a reason as the audit keeps it.

    Raises:
        InboxError: it says too little or too much, or holds what may be somebody's number.
    """
    said = " ".join(reason.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise InboxError(
            f"say why in {SHORTEST_REASON} to {LONGEST_REASON} letters, like: first look, urgent since this morning"
        )
    if _NUMBER.search(said):
        raise InboxError("the reason is kept for good: leave out numbers, addresses and what they wrote")
    return said


async def look(engine: Database, visitor: Visitor, of: Case, reason: str) -> list[Said]:
    """Return what somebody wrote, and what was answered. The line of the look is stored before anything is read."""
    return list(await inbox.look(engine, of.id, visitor.entry(Act.LOOKED, of, checked_reason(reason))))


async def reveal(engine: Database, visitor: Visitor, of: Case, reason: str, seal: AddressSeal) -> Address:
    """Return where somebody is reached, once the line that says why is stored.

    Raises:
        InboxError: the reason is no good; or no phone of theirs is known, and a worker is the way to them.
    """
    to = await inbox.reach(engine, of.id)
    if to.worker is not None:
        raise InboxError(f"{through(to.worker)}. Nothing is shown")
    await note(engine, visitor.entry(Act.REVEALED, of, checked_reason(reason)))
    return seal.open(to.address_sealed)


def through(worker: str) -> str:
    """Return how somebody is reached whom a worker helped."""
    return (
        f"they were helped by {worker}, at a terminal or with a form, and no phone of theirs is known: "
        f"speak to {worker}, who is in heard assist workers list"
    )


def cannot_write(to: Reach, senders: Collection[str], at: datetime) -> str | None:
    """Return why nothing can be sent to somebody now, None where it can."""
    if to.worker is not None:
        return through(to.worker)
    if to.opted_out:
        return "they sent STOP: nothing is sent to them until they write to start again"
    if not CARRIAGES[Channel(to.channel)].may_write(to.last_inbound_at, at):
        return "WhatsApp takes nothing freely written later than a day after their last message"
    if to.sender is None or to.sender not in senders:
        return "they wrote to a number or bot that nothing is sent from; see heard doctor"
    return None


async def compose(
    engine: Database, of: Case, to: Reach, text: str, locales: Path, senders: Collection[str], at: datetime
) -> Letter:
    """Return an answer as it is sent: from whom they wrote to, with the word that goes on where questions are open.

    Raises:
        InboxError: nothing can be sent to them, or the text is empty or too long.
    """
    said = text.strip()
    if not said or len(said) > LONGEST_ANSWER:
        raise InboxError(f"an answer has 1 to {LONGEST_ANSWER} letters, and this one {len(said)}")
    if why := cannot_write(to, senders, at):
        raise InboxError(f"{why}. Nothing was sent")
    if to.interview is not None and _is_open(to.interview):
        book = (await _questionnaire(engine, to.interview, locales)).phrasebook(to.interview.language)
        said = f"{said}\n{book.say(PERSON_GO_ON, {'continue': book.shown(CONTINUE)})}"
    return _letter(to, Prompt(said), at)


def is_revealing(text: str, language: str | None) -> bool:
    """Return whether a text would tell whoever else reads the phone what somebody wrote about."""
    listed = [found for one in {language or "en", "en"} if (found := word_list(one))]
    told = [phrase for one in listed for phrase in (*one.revealing, *one.urgent, *one.sensitive)]
    return lookout((one, Urgency.URGENT) for one in told).find(folded_for_lookout(text)) is not None


async def answer(engine: Database, visitor: Visitor, of: Case, letter: Letter) -> None:
    """Have an answer sent."""
    await inbox.answer(engine, of.id, letter, visitor.entry(Act.ANSWERED, of))


async def close(
    engine: Database,
    visitor: Visitor,
    of: Case,
    outcome: Closing,
    locales: Path,
    senders: Collection[str],
) -> str | None:
    """Close a case, and have the question asked that waited for it. Return why that is not asked, where it is not."""
    to = await inbox.reach(engine, of.id)
    question, why = None, "no question of theirs is open"
    if to.interview is not None and to.attention in (None, Attention.WAITS):
        why = "they have gone on with the questions, or have the one at hand before them"
    elif to.interview is not None and _is_open(to.interview):
        why = cannot_write(to, senders, visitor.at) or ""
        if not why:
            question = await _question(engine, to, to.interview, locales, visitor.at)
    entry = visitor.entry(Act.CLOSED, of, outcome.value)
    await inbox.close(engine, of.id, to.contact_id, outcome, entry, question)
    return None if question else why


async def _question(
    engine: Database, to: Reach, interview: Interview, locales: Path, at: datetime
) -> Letter | None:
    questionnaire = await _questionnaire(engine, interview, locales)
    form = CARRIAGES[Channel(to.channel)].form
    prompts = render(questionnaire, interview, awaited(questionnaire, interview), form, at)
    return _letter(to, prompts[0], at) if prompts else None


def _letter(to: Reach, prompt: Prompt, at: datetime) -> Letter:
    channel = Channel(to.channel)
    text = plain_punctuation(prompt.text) if CARRIAGES[channel].form.short else prompt.text
    return Letter(
        to.contact_id,
        to.sender or "",
        Priority.REPLY,
        text,
        at,
        expires_at=at + EXPIRES_AFTER,
        language=to.language,
        buttons=prompt.buttons,
        segments=segments(channel, text),
    )


def _is_open(interview: Interview) -> bool:
    return interview.stage is not Stage.ENDED or interview.menu is not None


async def _questionnaire(engine: Database, interview: Interview, locales: Path) -> Questionnaire:
    found = await documents(engine, interview.consultation)
    if interview.version not in found:
        raise UnknownConsultation(f"the version of {interview.consultation} that they are on is not stored")
    return rebuild(found[interview.version], locales)
