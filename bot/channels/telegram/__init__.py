"""Telegram: updates in, method calls out, through python-telegram-bot's own models and client."""

import os

# The library asks for this: durations as such, and not as numbers with a warning each time one is read.
os.environ.setdefault("PTB_TIMEDELTA", "true")
