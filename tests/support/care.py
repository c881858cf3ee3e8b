"""A consultation with a person on the other side, as tests of it share it."""

from dataclasses import replace
from datetime import timedelta

from bot.core.phrases import ENGLISH, PERSON
from bot.core.questionnaire import Questionnaire, Safeguard, Text
from bot.core.safeguarding import Urgency, folded_for_lookout, lookout
from tests.support.consultations import questionnaire

LINE, HOURS = "Free line: 116", "We answer from 9 to 17."
READS = "Somebody from our team will read what you write here."
GO_ON = "To go on with the questions, send CONTINUE."
SAFE = f"{READS}\n{HOURS}\n{LINE}"
SAFE_AND_ON = f"{SAFE}\n{GO_ON}"
KEPT = "Thank you. Our team has your message."

SAFEGUARD = Safeguard(
    Text("outreach.help.line", LINE),
    Text("outreach.help.hours", HOURS),
    timedelta(hours=12),
    timedelta(hours=48),
    lookout([("kill me", Urgency.URGENT), ("beats me", Urgency.SENSITIVE)]),
    frozenset(map(folded_for_lookout, ENGLISH.words(PERSON))),
)
ITEMS = """
- name: source
  type: select_one
  or_other: true
  label: Where is your water from?
  choices: [{name: well, label: Well}, {name: man, label: A man who beats me}]
- {name: wish, type: text, label: What should be better?}
- {name: age, type: integer, label: How old are you?}
- {name: last, type: text, label: Anything else?}
"""
TRIAL = replace(questionnaire(ITEMS), safeguard=SAFEGUARD)


def unattended() -> Questionnaire:
    """Return the same consultation where nobody stands by."""
    return replace(TRIAL, safeguard=None)
