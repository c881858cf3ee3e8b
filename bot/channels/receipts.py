"""Delivery receipts: what a provider says later of a message that it has taken."""

from dataclasses import dataclass
from datetime import datetime

TWILIO = "twilio"
PROVIDERS = (TWILIO,)
"""Who sends receipts, as they are stored."""

RANKS: dict[str, int] = {
    **dict.fromkeys(("accepted", "scheduled", "queued"), 1),
    "sending": 2,
    "sent": 3,
    "partially_delivered": 4,
    **dict.fromkeys(("delivered", "undelivered", "failed", "canceled"), 5),
    "read": 6,
}
"""How far a message has come. Receipts come late and out of order; what is known never goes back.

The states are Twilio's: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt. `error` is the provider's code, where the message did not arrive.

    A reply that travelled in the answer to a webhook has no provider's id yet: it is found as the one at `position`
    among those to the message `in_reply_to`. `alert` is what an operator is told at once.
    """

    provider: str
    provider_id: str
    status: str
    at: datetime
    error: str | None = None
    in_reply_to: str | None = None
    position: int | None = None
    alert: str | None = None
