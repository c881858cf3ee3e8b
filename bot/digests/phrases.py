"""What a digest itself says, in its source wording; translations live in `locales/*/LC_MESSAGES/digest.po`.

Numbers stand behind a colon or in a column. Names that reports have too are those of their catalogue.
"""

from collections.abc import Mapping

from bot.core.phrases import Phrase, phrase
from bot.digests.records import Code
from bot.results.report import phrases as report

# Translators: {title} is the name of a consultation; a mail's subject, so short.
SUBJECT = phrase("subject", "{title}: what is new by {date}")
SUBJECT_WARNED = phrase("subject.warned", "{title}: what is new by {date}, and what to look at")
# Translators: two moments, and a time zone like Africa/Lagos.
SPAN = phrase("span", "From {since} to {until} ({zone})")
# Translators: heads a table; the next four head its columns.
INTERVIEWS = phrase("interviews", "Interviews")
NEW = phrase("new", "New")
NEW_COMPLETED = phrase("new.completed", "New, completed")
ALL = phrase("all", "All")
ALL_COMPLETED = phrase("all.completed", "All, completed")
ALL_LANGUAGES = phrase("languages.all", "All languages")
# Translators: a row of interviews whose people chose no language.
NO_LANGUAGE = phrase("language.none", "not chosen")
ROUNDED = phrase(
    "rounded", "Counts of one language are rounded to {rounding}, so that nobody is singled out by them."
)
UNROUNDED = phrase("unrounded", "Small counts of one language are not shown, so that nobody is singled out.")
CHANGES = phrase("changes", "What changed")
NO_CHANGES = phrase("changes.none", "Nothing was published or answered since the last digest.")
WARNINGS = phrase("warnings", "Please look at")
NO_WARNINGS = phrase("warnings.none", "Nothing stands out.")
# Translators: ends a list that was cut; {n} is how many more there are.
MORE = phrase("more", "And more of these: {n}.")
# Translators: {address} is an e-mail address.
WHY = phrase("why", "You get this because {address} was subscribed to it by who runs this consultation.")
# Translators: the words of a link and of a button.
UNSUBSCRIBE = phrase("unsubscribe", "Unsubscribe")
UNSUBSCRIBE_MAIL = phrase("unsubscribe.mail", "To get no more of these, answer this mail.")

LINES: Mapping[Code, Phrase] = {
    Code.RELEASED: phrase("line.released", "Results were published: release {number}."),
    # Translators: {variable} is what groups are made by, such as Language or "How old are you?".
    Code.DIFFERENCE_CAME: phrase(
        "line.difference.came", "Groups now differ by more than chance ({variable}): {question}"
    ),
    Code.DIFFERENCE_WENT: phrase(
        "line.difference.went", "Groups no longer differ by more than chance ({variable}): {question}"
    ),
    # Translators: {percent} is how large the group is among those heard, if its share of the population were 100%.
    Code.UNDERHEARD_CAME: phrase(
        "line.underheard.came",
        "Now heard less than their share of the population ({variable}): {group}, at {percent} of it.",
    ),
    Code.UNDERHEARD_WENT: phrase(
        "line.underheard.went",
        "No longer clearly heard less than their share of the population ({variable}): {group}, at {percent} of it.",
    ),
    # Translators: {state} is what was answered to a finding, such as Accepted; {owner} is who answers for it.
    Code.ANSWERED: phrase("line.answered", "Finding “{title}”: {state} ({owner})."),
    Code.ASKED_AGAIN: phrase(
        "line.asked_again",
        "In {language}, {percent} of questions had to be asked again ({rest} in the others). "
        "Have somebody who speaks it read the questions.",
    ),
    Code.LEFT_AT: phrase(
        "line.left_at", "{percent} of the people who came to this question left at it: {question}"
    ),
    # Translators: {measure} is what was compared, such as "Questions asked again"; {rest} is the others' share.
    Code.WORSE: phrase(
        "line.worse", "Clearly worse for {group} ({variable}). {measure}: {percent}; the others: {rest}."
    ),
    Code.OVERDUE: phrase("line.overdue", "Overdue since {due} ({owner}): {title}"),
    # Translators: {number} is how many people asked for a person of the organisers, or told of harm.
    Code.WAITING: phrase(
        "line.waiting",
        "People whose messages nobody has looked at for more than a day: {number}. Somebody has to read them.",
    ),
}

# --- the page by which somebody gets no more of these

LEAVE_ASKED = phrase("leave.asked", "Get no more of these digests?")
LEFT = phrase("leave.left", "You get no more of these digests. Your address is deleted.")
# Translators: the address of a page, that somebody did not copy whole.
LEAVE_WRONG = phrase("leave.wrong", "This address is not complete. Open it from the mail again.")

LEAVING = (LEAVE_ASKED, UNSUBSCRIBE, LEFT, LEAVE_WRONG)

PHRASES = tuple(
    dict.fromkeys(
        one
        for value in tuple(globals().values())
        for one in (value.values() if isinstance(value, dict) else [value])
        if isinstance(one, Phrase)
    )
)
"""Every sentence of a digest's."""

BORROWED = (
    *(report.LANGUAGE, report.CHANNEL, report.SOURCE, report.ASSISTED, report.WITH_HELP, report.ALONE),
    *(report.PAPER, report.TERMINAL, *report.STATES.values(), *report.MEASURES.values()),
)
"""What it says in the words of reports."""
