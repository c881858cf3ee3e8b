"""Words that never reach a consultation: the carrier takes them, where they are the whole of an SMS."""

OPT_OUT = frozenset({"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"})
"""What blocks a person at Twilio, in any case of letters: from then on every message of ours fails (error 21610)."""

SWALLOWED = OPT_OUT | {"start", "unstop", "help", "info"}
"""What Twilio answers by itself.

https://help.twilio.com/articles/223134027 lists them. YES is there too, as a way back after STOP; but it reaches us, it
ends nothing, and it is what people answer, so they must hear the next question.
"""
