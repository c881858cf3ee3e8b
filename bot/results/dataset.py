"""One table of a consultation's interviews: a row a respondent, read in a stream."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from bot.core.disposition import Disposition, disposition
from bot.core.groups import RESPONDENT
from bot.core.interview.records import Answer, AnswerStatus, Ending, Interview, Slot
from bot.core.interview.route import applicable
from bot.core.interview.slots import place_of
from bot.core.interview.values import Ground
from bot.core.questionnaire import ItemType, Questionnaire
from bot.results.layout import MEDIA, Column, Part, Value, columns
from bot.store.database import Database
from bot.store.reading import (
    StoredAnswer,
    StoredInterview,
    count,
    interviews,
    occurring,
    page_of_interviews,
)

NOT_ASKED, NOT_REACHED = "not_asked", "not_reached"
"""What a status column says without an answer: the question was not for this person, or they left before it."""

Row = tuple[Value | datetime, ...]


@dataclass(frozen=True, slots=True)
class Respondent:
    """One interview, with the version of the questionnaire it was held with and what became of it."""

    stored: StoredInterview
    questionnaire: Questionnaire
    interview: Interview
    disposition: Disposition

    @property
    def answers(self) -> Mapping[str, StoredAnswer]:
        """Return the answers that count, by slot."""
        return {answer.slot: answer for answer in self.stored.answers if answer.relevant}

    def missing(self, at: datetime) -> Mapping[str, str]:
        """Return why a slot that this person would still be asked has no answer; any other was not for them.

        Whoever came to the end was asked all that was for them, whatever chance their conditions drew.
        """
        if self.interview.ending is Ending.COMPLETE:
            return {}
        ground = Ground(self.questionnaire, self.interview.answers, at, self.interview.seed)
        return {station.slot: NOT_REACHED for station in applicable(ground)}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A consultation's answers, ready to be read; `size` is the number of its interviews.

    `versions` holds every version that an interview was held with, the newest first. `repeats` are the slots where it
    was answered whether there is one more.
    """

    consultation: str
    versions: Mapping[str, Questionnaire]
    columns: tuple[Column, ...]
    size: int
    repeats: tuple[Slot, ...]
    at: datetime
    engine: Database

    @property
    def newest(self) -> Questionnaire:
        return next(iter(self.versions.values()))

    @property
    def header(self) -> tuple[str, ...]:
        return (*RESPONDENT, *(column.name for column in self.columns))

    async def respondents(self) -> AsyncGenerator[Respondent]:
        """Yield every respondent, in the order in which they began; only a page of them is in memory."""
        async with aclosing(interviews(self.engine, self.consultation, self.media_items)) as stored:
            async for one in stored:
                yield self._respondent(one)

    def _respondent(self, stored: StoredInterview) -> Respondent:
        questionnaire = self.versions[stored.version]
        interview = _interview(self.consultation, stored)
        return Respondent(stored, questionnaire, interview, disposition(questionnaire, interview, self.at))

    @property
    def media_items(self) -> frozenset[str]:
        """Return the items that are answered by a picture or sound."""
        return frozenset(column.item.name for column in self.columns if column.item.type in MEDIA)

    async def rows(self) -> AsyncGenerator[Row]:
        """Yield a row for each respondent, in the order of `header`."""
        async with aclosing(self.respondents()) as respondents:
            async for respondent in respondents:
                yield self._row(respondent)

    async def page(self, after: int, most: int) -> tuple[Sequence[Row], int | None]:
        """Return so many rows at most, of those who began after a place, and the place where the next page begins.

        The first place is 0; there is none (None) after the last page.
        """
        stored, last = await page_of_interviews(self.engine, self.consultation, after, most, self.media_items)
        return [self._row(self._respondent(one)) for one in stored], last

    def _row(self, respondent: Respondent) -> Row:
        stored, answers = respondent.stored, respondent.answers
        wants_status = any(column.part is Part.STATUS for column in self.columns)
        missing = respondent.missing(self.at) if wants_status else {}
        cells = (
            missing.get(column.slot, NOT_ASKED)
            if column.part is Part.STATUS and column.slot not in answers
            else column.take(answers.get(column.slot))
            for column in self.columns
        )
        return (
            *(stored.respondent_id, stored.version, stored.channel, stored.language),
            *("yes" if stored.assisted else "no", stored.source),
            *(_to_the_minute(stored.started_at), _to_the_minute(stored.ended_at)),
            *(respondent.disposition.value, respondent.disposition.aapor_code or None),
            *cells,
        )


async def read_dataset(
    engine: Database,
    consultation: str,
    versions: Sequence[Questionnaire],
    at: datetime,
    *,
    with_status: bool = False,
    with_words: bool = True,
) -> Dataset:
    """Return a consultation's answers; `versions` are all that were published, the newest first.

    `at` is the moment for which it is said whether a silent interview has ended. Without words, there is no column for
    replies that were not understood; then most consultations are laid out without a look at every answer.
    """
    repeated = {node.item.name for one in versions for node in one.nodes if node.item.type is ItemType.REPEAT}
    found = await occurring(engine, consultation) if repeated or with_words else {}
    if not with_words:
        found = {slot: statuses - {AnswerStatus.NOT_UNDERSTOOD} for slot, statuses in found.items()}
    return Dataset(
        consultation,
        {one.version: one for one in versions},
        columns(versions, found, with_status=with_status),
        await count(engine, consultation),
        tuple(sorted(slot for slot in found if place_of(slot)[0] in repeated)),
        at,
        engine,
    )


def _interview(consultation: str, stored: StoredInterview) -> Interview:
    """Return the interview that the stored answers came from, with those alone that still count.

    What somebody said before they started again is stored, and is no step on the way that they are on now.

    Its seed is not among them: what a condition with `random()` chose is seen by what was asked, not worked out anew.
    """
    return Interview(
        consultation=consultation,
        version=stored.version,
        seed=0,
        started_at=stored.started_at,
        updated_at=stored.updated_at,
        language=stored.language,
        stage=stored.stage,
        answers={
            answer.slot: Answer(
                answer.value,
                answer.status,
                answer.answered_at,
                answer.language,
                answer.raw,
                answer.tries,
                answer.relevant,
            )
            for answer in stored.answers
            if answer.relevant
        },
        consented_at=stored.consented_at,
        ending=stored.ending,
    )


def _to_the_minute(moment: datetime | None) -> datetime | None:
    """Return a moment without its seconds: to the second, it would find a message in an operator's records."""
    return moment.replace(second=0, microsecond=0) if moment else None
