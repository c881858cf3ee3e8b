"""What a digest itself says, in its source wording. Numbers stand behind a colon or in a column."""

from collections.abc import Mapping

from bot.core.phrases import Phrase, phrase
from bot.digests.records import Code
from bot.results.records.equity import Measure

SUBJECT = phrase("subject", "{title}: what is new by {date}")
SUBJECT_WARNED = phrase("subject.warned", "{title}: what is new by {date}, and what to look at")
SPAN = phrase("span", "From {since} to {until} ({zone})")
INTERVIEWS = phrase("interviews", "Interviews")
NEW = phrase("new", "new")
NEW_COMPLETED = phrase("new.completed", "new, completed")
ALL = phrase("all", "all")
ALL_COMPLETED = phrase("all.completed", "all, completed")
ALL_LANGUAGES = phrase("languages.all", "All languages")
LANGUAGE = phrase("language", "Language")
NO_LANGUAGE = phrase("language.none", "not chosen")
FEW = phrase("few", "<{threshold}")
ROUNDED = phrase(
    "rounded", "Counts of one language are rounded to {rounding}, so that nobody is singled out by them."
)
UNROUNDED = phrase("unrounded", "Small counts of one language are not shown, so that nobody is singled out.")
CHANGES = phrase("changes", "What changed")
NO_CHANGES = phrase("changes.none", "Nothing was published or answered since the last digest.")
WARNINGS = phrase("warnings", "Please look at")
NO_WARNINGS = phrase("warnings.none", "Nothing stands out.")
MORE = phrase("more", "And more of these: {n}.")
WHY = phrase("why", "You get this because {address} was subscribed to it by who runs this consultation.")
UNSUBSCRIBE = phrase("unsubscribe", "Unsubscribe")
UNSUBSCRIBE_MAIL = phrase("unsubscribe.mail", "To get no more of these, answer this mail.")

LINES: Mapping[Code, Phrase] = {
    Code.RELEASED: phrase("line.released", "Results were published: release {number}."),
    Code.DIFFERENCE_CAME: phrase(
        "line.difference.came", "Groups now differ by more than chance ({variable}): {question}"
    ),
    Code.DIFFERENCE_WENT: phrase(
        "line.difference.went", "Groups no longer differ by more than chance ({variable}): {question}"
    ),
    Code.UNDERHEARD_CAME: phrase(
        "line.underheard.came",
        "Now heard less than their share of the population ({variable}): {group}, at {percent}% of it.",
    ),
    Code.UNDERHEARD_WENT: phrase(
        "line.underheard.went",
        "No longer clearly heard less than their share of the population ({variable}): {group}, at {percent}% of it.",
    ),
    Code.ANSWERED: phrase("line.answered", "Finding “{title}”: {state} ({owner})."),
    Code.ASKED_AGAIN: phrase(
        "line.asked_again",
        "In {language}, {percent}% of questions had to be asked again ({rest}% in the others). "
        "Have somebody who speaks it read the questions.",
    ),
    Code.LEFT_AT: phrase(
        "line.left_at", "{percent}% of the people who came to this question left at it: {question}"
    ),
    Code.OVERDUE: phrase("line.overdue", "Overdue since {due} ({owner}): {title}"),
}
"""But for those of `Code.WORSE`, which are by their measure."""

WORSE: Mapping[Measure, Phrase] = {
    Measure.CONSENT: phrase(
        "worse.consent", "{group} ({variable}): {percent}% agreed to take part, {rest}% of the others."
    ),
    Measure.BREAK_OFF: phrase(
        "worse.break_off", "{group} ({variable}): {percent}% broke off, {rest}% of the others."
    ),
    Measure.ASK_AGAIN: phrase(
        "worse.ask_again",
        "{group} ({variable}): {percent}% of questions had to be asked again, {rest}% for the others.",
    ),
    Measure.OPT_OUT: phrase(
        "worse.opt_out", "{group} ({variable}): {percent}% asked for silence, {rest}% of the others."
    ),
}
