"""Transcripts: a conversation written down as a chat reads, and held again to see that it still goes so.

    # A person who cooks with wood.
    consultation: household-energy
    channel: sms

    > ENERGY
    < The Energy Office asks 6 short questions about power at home.
      Send 1 to start, 2 to say no.
    > 1
    < What do you cook with?
      1. Firewood
      2. Gas
    = consented
    > 1
    < ...
    = cooks_with: wood

`> ` is what the person sends (`> [Firewood]` presses a button,
`> [Gas] [Charcoal]` sends several that were marked, `> (image) photo-1` shares something), `< ` begins a
message of the bot's and two blanks continue it, `= ` is what got stored, `~ 3 days` lets time pass. Before the first
`> ` stand `consultation`, and if wanted `channel` (sms or telegram), `at` (the first message's time) and `seed`.
"""

from bot.flowfiles.transcripts.playing import FORMS, PRESSED, differences, play, pressed
from bot.flowfiles.transcripts.records import Transcript, Turn
from bot.flowfiles.transcripts.text import parse, written

__all__ = ["FORMS", "PRESSED", "Transcript", "Turn", "differences", "parse", "play", "pressed", "written"]
