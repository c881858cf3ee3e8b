"""Who writes about what: from a person's message to the interview it belongs to, and the reply."""

from bot.core.reception.attending import receive
from bot.core.reception.entering import PIN_DIGITS, pin_in
from bot.core.reception.helping import Helped, Pin, Session, Worker, Wrong
from bot.core.reception.moving import VALID_FOR, read_code
from bot.core.reception.offer import Consultations, consultations
from bot.core.reception.receiving import understood
from bot.core.reception.records import Attention, Call, Correspondent, Incoming, Outcome

__all__ = [
    "PIN_DIGITS",
    "VALID_FOR",
    "Attention",
    "Call",
    "Consultations",
    "Correspondent",
    "Helped",
    "Incoming",
    "Outcome",
    "Pin",
    "Session",
    "Worker",
    "Wrong",
    "consultations",
    "pin_in",
    "read_code",
    "receive",
    "understood",
]
