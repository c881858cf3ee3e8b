"""Going on with an interview on another channel: a code is given where it is, and sent where it shall go on.

Without the code nothing ties two channels to one person: Heard does not guess who people are.
"""

import re
from datetime import timedelta

from bot.core.folding import digits
from bot.core.interview.records import Effect, Interview, Show, Stage, Tell
from bot.core.limits import LIMITS
from bot.core.phrases import MOVE, MOVE_CODE, MOVE_ONCE
from bot.core.questionnaire import MOVE_REFERENCE, Questionnaire, Text
from bot.core.replies.matching import folded_words, key

VALID_FOR = timedelta(minutes=15)
"""Long enough to find the other app and type twelve digits; short enough that a lost note is worth nothing."""

_CODES = 10**12
_CODE = re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){2}(?!\d)")


def make_code(seed: int) -> str:
    """Return the code of a random number: twelve digits, which every phone can type and every script has."""
    return f"{seed % _CODES:012d}"


def shown_code(code: str) -> str:
    """Return a code in fours, as people know numbers of this length from vouchers: `4839 2715 6034`."""
    return " ".join(code[place : place + 4] for place in range(0, len(code), 4))


def read_code(text: str) -> str | None:
    """Return the one code in a text, whatever its digits and whatever stands around it; else None.

    People send on the whole message that the code came in.
    """
    found = {re.sub(r"\D", "", one) for one in _CODE.findall(digits(text[: LIMITS.text_length]))}
    return found.pop() if len(found) == 1 else None


def is_code(text: str) -> bool:
    """Return whether a text is a code and nothing else."""
    return _CODE.fullmatch(digits(text[: LIMITS.text_length]).strip()) is not None


def asks_to_move(questionnaire: Questionnaire, interview: Interview, text: str) -> bool:
    """Return whether a whole message asks for a code, where the consultation gives any."""
    if questionnaire.move is None or interview.stage is Stage.ENDED:
        return False
    spoken = questionnaire.phrasebook(interview.language)
    return key(text[: LIMITS.text_length]) in folded_words(spoken, MOVE)


def way(where: Text, code: str) -> tuple[Effect, ...]:
    """Return what tells somebody where to go on, and with which code."""
    return (
        Show(where, values={MOVE_REFERENCE: code}),
        Tell(MOVE_CODE, {"code": shown_code(code)}),
        Tell(MOVE_ONCE),
    )
