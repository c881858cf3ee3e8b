"""What one whole interview costs by SMS, in each language: every question once, from the consent to the thanks."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.prompts.counted import closing_text, consent_text, promise_text, sms_text
from bot.core.questionnaire import ItemType, Questionnaire
from bot.core.segments import Encoding, Segments, count_segments, plain_punctuation


@dataclass(frozen=True, slots=True)
class MessageCost:
    """One message: where it stands (`consent`, an item's name, `thanks`, `report_back`), and what it costs.

    `odd` are the letters, in their order, that the plain alphabet of SMS (GSM-7) does not have.
    """

    place: str
    segments: Segments
    odd: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InterviewCost:
    """The messages of an interview in one language. Where conditions leave questions out, it costs less."""

    language: str
    messages: tuple[MessageCost, ...]

    @property
    def parts(self) -> int:
        return sum(message.segments.segments for message in self.messages)

    @property
    def odd(self) -> tuple[str, ...]:
        """Return every letter that makes a message dear."""
        return tuple(dict.fromkeys(letter for message in self.messages for letter in message.odd))

    @property
    def dear(self) -> int:
        """Return how many messages are of the dear alphabet (UCS-2)."""
        return sum(message.segments.encoding is not Encoding.GSM_7 for message in self.messages)

    def dearest(self, most: int = 3) -> tuple[MessageCost, ...]:
        """Return the messages of the most parts, of more than one, the longest first."""
        several = [message for message in self.messages if message.segments.segments > 1]
        return tuple(sorted(several, key=lambda one: (-one.segments.segments, -one.segments.units))[:most])


def cost_of(questionnaire: Questionnaire, language: str) -> InterviewCost:
    """Return what an interview costs in a language that the consultation has all the bot's words in."""
    return InterviewCost(language, tuple(_messages(questionnaire, language)))


def _messages(questionnaire: Questionnaire, language: str) -> Iterator[MessageCost]:
    yield _message("consent", consent_text(questionnaire, language))
    notes: list[str] = []
    is_first = True
    for node in questionnaire.nodes:
        item = node.item
        if node.closes or item.other_for is not None:
            continue
        if item.type is ItemType.NOTE:
            # A note comes in one message with what is asked next.
            notes.append(sms_text(questionnaire, item, language))
        elif item.type.is_asked or item.type is ItemType.REPEAT:
            asked = sms_text(questionnaire, item, language, is_first=is_first)
            yield _message(item.name, "\n".join([*notes, asked]))
            notes, is_first = [], False
    yield _message("thanks", "\n".join([*notes, closing_text(questionnaire, language)]))
    if questionnaire.report_back:
        yield _message("report_back", promise_text(questionnaire, language))


def _message(place: str, text: str) -> MessageCost:
    text = plain_punctuation(text)  # as the intake sends it
    segments = count_segments(text)
    odd = dict.fromkeys(one for one in text if count_segments(one).encoding is not Encoding.GSM_7)
    return MessageCost(place, segments, tuple(odd))
