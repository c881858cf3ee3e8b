"""What a report itself says, in its source wording; translations live in `locales/*/LC_MESSAGES/report.po`.

Sentences avoid forms that hang on a number ("1 person, 2 people"), which languages have in many ways: numbers stand
behind a colon or in a column.
"""

from bot.core.disposition import Disposition
from bot.core.findings import FindingState
from bot.core.phrases import Phrase, phrase
from bot.results.records.equity import Measure
from bot.results.records.items import Reason
from bot.results.records.notices import NoticeCode

# --- front

KIND = phrase("kind", "Report of a consultation")
AS_OF = phrase("as_of", "Results as of {date}")
# Translators: a report can be published several times; {number} counts them.
RELEASE = phrase("release", "Release {number}")
PREVIEW = phrase(
    "preview", "Preview for organisers: not safe to publish. Small groups are shown as they are."
)
UNTRANSLATED = phrase(
    "untranslated", "Some texts of the consultation have no translation here. They are shown in {language}."
)
CONTENTS = phrase("contents", "Contents")
# Translators: stands in a table in place of a number that could tell who somebody is.
WITHHELD = phrase("withheld", "withheld")

# Translators: a colon as the language sets it, with what belongs before it: "Languages: English and French".
TERM = phrase("term", "{term}: {value}")
# Translators: before a share of people, of which only this much may be told.
AT_MOST = phrase("at_most", "at most {share}")

# --- at a glance

GLANCE = phrase("glance", "At a glance")
ASKED = phrase("asked", "What was asked")
OF_WHOM = phrase("whom", "Of whom")
ANYBODY = phrase("whom.anybody", "Anybody could write in and take part.")
INVITED = phrase("whom.invited", "People invited: {n}")
ANSWERED = phrase("answered", "Who answered")
MISSING = phrase("missing", "Who is missing")
MISSING_GROUPS = phrase("missing.groups", "Heard less than their share of the population: {groups}")
MISSING_NONE = phrase(
    "missing.none", "No group is clearly heard less than its share, as far as this was compared."
)
MISSING_WITHHELD = phrase("missing.withheld", "Withheld, and perhaps missing too: {groups}")
MISSING_UNKNOWN = phrase(
    "missing.unknown", "Not known: no figures of the population were given to compare with."
)
FINDINGS = phrase("findings", "Main findings")
FINDINGS_RULE = phrase(
    "findings.rule",
    "Chosen by a rule: first a group that is missing, then differences between groups that are more than chance, "
    "then the answers given most.",
)
FINDINGS_FEW = phrase("findings.few", "Too few people answered to name findings.")
NOBODY = phrase("nobody", "Nobody has answered yet.")
# Translators: {group} is heard less than its share; the two percentages compare it.
FINDING_GAP = phrase("finding.gap", "{group}: {heard} of the people heard, {population} of the population.")
# Translators: after a question. {choice} is an answer; {high} and {low} are groups of people.
FINDING_DIFFERENCE = phrase(
    "finding.difference", "Groups differ ({variable}). {choice}: {high} {most}, {low} {least}."
)
# Translators: after a question. {values} lists groups with their middle value (median).
FINDING_NUMBERS = phrase("finding.numbers", "Groups differ ({variable}). Median: {values}.")
FINDING_CHOICE = phrase("finding.choice", "Answered most: {choice} ({share}).")
FINDING_FIRST = phrase("finding.first", "Put first most: {choice} ({share}).")

# --- how to read

READ = phrase("read", "How to read this report")
READ_SELF = phrase(
    "read.self", "People took part because they chose to. The figures tell about them, not about everybody."
)
READ_RATE = phrase(
    "read.rate", "There is no response rate, because nobody knows how many people could have answered."
)
READ_RANGE = phrase(
    "read.range",
    "The range beside a figure shows how much chance could change it (95% interval). A small n has a wide range.",
)
READ_N = phrase("read.n", "n is how many people answered. It is never weighted.")
READ_WEIGHTED = phrase(
    "read.weighted",
    "Weighted figures count people so that these groups are as in the population: {variables}. "
    "This does not make them representative.",
)
READ_WITHHELD = phrase(
    "read.withheld",
    "Counts below {threshold} are withheld and others are rounded to {base}, so that nobody can be recognised.",
)

# --- questions

QUESTIONS = phrase("questions", "The questions")
ANSWER = phrase("column.answer", "Answer")
SHARE = phrase("column.share", "Share")
RANGE = phrase("column.range", "Range (95%)")
N = phrase("column.n", "n")
WEIGHTED = phrase("column.weighted", "Weighted")
FIRST_PLACE = phrase("column.first", "First place")
MEAN_PLACE = phrase("column.place", "Mean place")
# Translators: the people that a question was put to, and those of them who answered it.
BASE = phrase("base", "Asked: {asked}. Answered: {answered}.")
NO_ANSWER = phrase("base.missing", "No answer: {reasons}")
NO_ANSWER_WITHHELD = phrase("base.missing.withheld", "How many gave no answer, and why, is withheld.")
# Translators: at the end of a list of reasons why there is no answer, with a number each; of these there is none.
OTHER_REASONS = phrase("reason.others", "other reasons withheld")
SEVERAL = phrase("several", "Several answers were possible.")
ROUNDS = phrase("rounds", "Asked several times: n counts answers, not people.")
NOT_SHOWN = phrase("not_shown", "Places, pictures and sounds are not shown.")
# Translators: the chart in words, for people who do not see it; {bars} lists each bar with its figure.
CHART = phrase("chart", "Bar chart: {bars}.")
MEAN = phrase("column.mean", "Mean")
MEDIAN = phrase("column.median", "Median")
QUARTILES = phrase("quartiles", "Middle half of the answers: {low} to {high}")
_UNCLEAR = phrase("reason.not_understood", "not understood")
REASONS = {
    Reason.SKIPPED: phrase("reason.skipped", "skipped"),
    Reason.DONT_KNOW: phrase("reason.dont_know", "don't know"),
    Reason.REFUSED: phrase("reason.refused", "rather not say"),
    Reason.NOT_UNDERSTOOD: _UNCLEAR,
    Reason.GIVEN_UP: _UNCLEAR,
    Reason.LEFT: phrase("reason.left", "stopped here"),
    Reason.WAITING: phrase("reason.waiting", "may still answer"),
    Reason.NOT_REACHED: phrase("reason.not_reached", "did not come so far"),
    Reason.NOT_ASKED: phrase("reason.not_asked", "not asked"),
}

# --- groups

LANGUAGE = phrase("variable.language", "Language")
CHANNEL = phrase("variable.channel", "Channel")
# Translators: two channels, beside SMS and the names of apps.
PAPER = phrase("channel.paper", "Paper form")
TERMINAL = phrase("channel.terminal", "Helper's computer")
# Translators: what groups are made by; the next two are the groups.
ASSISTED = phrase("variable.assisted", "Help with answering")
WITH_HELP = phrase("assisted.yes", "With a helper")
ALONE = phrase("assisted.no", "Without a helper")
# Translators: heads a column of radio stations, clinics, markets: where people learnt of the consultation.
SOURCE = phrase("variable.source", "Learnt of it by")
# Translators: the group of those who chose no language, and of those of whom it is not known.
NOT_CHOSEN = phrase("group.not_chosen", "Not chosen")
NOT_KNOWN = phrase("group.not_known", "Not known")
# Translators: stands in a table for groups of so few people that they are not named.
OTHER_GROUPS = phrase("group.others", "Others")
# Translators: {variable} is what groups are made by, such as Language or "How old are you?".
BY = phrase("by", "By group: {variable}")
MORE_THAN_CHANCE = phrase("by.notable", "The difference is more than chance.")
MAYBE_CHANCE = phrase("by.chance", "The differences may be chance.")
UNTESTED = phrase("by.untested", "Too few answers to tell a difference from chance.")
TEST_WITHHELD = phrase("by.withheld", "Whether the differences are more than chance is withheld.")
ALL = phrase("column.all", "All")
# Translators: stands in brackets in a table, behind the unweighted figure.
IN_BRACKETS = phrase("by.weighted", "In brackets: weighted.")
GROUP_UNKNOWN = phrase("by.unknown", "Group not known: {n}")
APPENDIX = phrase("appendix", "All answers by group")

# --- who was heard

HEARD = phrase("heard", "Who was heard")
HEARD_SOURCE = phrase("heard.source", "Population: {source}, {year}.")
HEARD_RATIO = phrase(
    "heard.ratio", "A ratio of 1 is heard as much as its share of the population; 0.5 is half as much."
)
HEARD_OTHERS = phrase(
    "heard.others", "To match the population, {share} of those heard would have to be other people."
)
GROUP = phrase("column.group", "Group")
HEARD_SHARE = phrase("column.heard", "Heard")
POPULATION = phrase("column.population", "Population")
RATIO = phrase("column.ratio", "Ratio")
NEEDED = phrase("column.needed", "People missing")

# --- how it went

EQUITY = phrase("equity", "How it went for people")
EQUITY_INTRO = phrase(
    "equity.intro",
    "A consultation can serve some people worse than others. This compares languages and channels.",
)
EQUITY_NONE = phrase("equity.none", "No group clearly fared worse than the others.")
EQUITY_NONE_SHOWN = phrase(
    "equity.none_shown", "No group that can be compared here clearly fared worse than the others."
)
# Translators: {measures} are such as "Stopped on the way (French, SMS)".
EQUITY_WITHHELD = phrase("equity.withheld", "Cannot be told here, because it is withheld: {measures}")
EQUITY_WORSE = phrase("equity.worse", "Clearly worse than for the others: {groups}")
WORSE = phrase("column.worse", "worse")
MEASURES = {
    Measure.CONSENT: phrase("measure.consent", "Agreed to take part"),
    Measure.BREAK_OFF: phrase("measure.break_off", "Stopped on the way"),
    Measure.ASK_AGAIN: phrase("measure.ask_again", "Questions asked again"),
    Measure.OPT_OUT: phrase("measure.opt_out", "Wanted no more messages"),
}
STARTED = phrase("started", "Wrote in")
COMPLETED = phrase("completed", "Answered to the end")
PARTICIPATION = phrase("participation", "Participation")
COMPLETION = phrase("completion", "Completion")
STOPPED_AT = phrase("stopped_at", "Where people stopped")
DURATION = phrase("duration", "Minutes from first to last message, median: {minutes}")

# --- voices

VOICES = phrase("voices", "Voices")
VOICES_INTRO = phrase(
    "voices.intro", "A person has read and approved each quote. Quotes are examples, not counts."
)
VOICES_NONE = phrase("voices.none", "No quotes have been approved.")
# Translators: before words that a person translated.
TRANSLATION = phrase("voices.translation", "Translation")
THEMES = phrase("themes", "What the answers are about")
# Translators: how many answers were read for what they are about; a number follows.
READ_FOR_THEMES = phrase("themes.read", "Answers looked at")

# --- you said, we did

DECISIONS = phrase("decisions", "You said, we did")
DECISIONS_NONE = phrase("decisions.none", "No answer to the findings has been given yet.")
YOU_SAID = phrase("column.said", "You said")
WE_DID = phrase("column.did", "We did")
OWNER = phrase("column.owner", "Who answers for it")
STATES = {
    FindingState.HEARD: phrase("state.heard", "Heard, not yet answered"),
    FindingState.ACCEPTED: phrase("state.accepted", "Accepted"),
    FindingState.PARTLY: phrase("state.partly", "Accepted in part"),
    FindingState.REJECTED: phrase("state.rejected", "Not accepted"),
    FindingState.REFERRED: phrase("state.referred", "Passed on to: {name}"),
    FindingState.DONE: phrase("state.done", "Done"),
}
DUE = phrase("due", "Due: {date}")
OVERDUE = phrase("overdue", "Overdue")

# --- method

METHOD = phrase("method", "Method and limits")
METHOD_RANGES = phrase(
    "method.ranges",
    "Ranges of shares are Wilson intervals. Tests of differences are corrected for their number (Holm).",
)
METHOD_RATES = phrase(
    "method.rates",
    "Participation: complete and partial interviews, of those who wrote in. Completion: complete interviews, of those "
    "complete, partial or broken off.",
)
METHOD_WEIGHTS = phrase(
    "method.weights",
    "Weighted (raking) by: {variables}. Design effect: {effect}. Effective number of people: {n}.",
)
METHOD_PROTECTION = phrase(
    "method.protection",
    "Withheld figures: {n}. It was checked that none can be worked out from this report and earlier ones.",
)
METHOD_SELECTION = phrase("method.selection", "Only a part of the interviews is counted: {filters}")
OUTCOMES = phrase("outcomes", "How interviews ended")
# Translators: AAPOR stays as it is; its Standard Definitions give each ending a number.
CODE = phrase("column.code", "AAPOR code")
DISPOSITIONS = {
    Disposition.COMPLETE: COMPLETED,
    Disposition.PARTIAL: phrase("ending.partial", "Partial"),
    Disposition.BREAK_OFF: phrase("ending.break_off", "Broken off"),
    Disposition.REFUSED: phrase("ending.refused", "Said no"),
    Disposition.NOT_ELIGIBLE: phrase("ending.not_eligible", "Not meant for them"),
    Disposition.SCREENED_OUT: phrase("ending.screened_out", "Enough people like them heard"),
    Disposition.NO_CONSENT: phrase("ending.no_consent", "Never said yes or no"),
    Disposition.IN_PROGRESS: phrase("ending.in_progress", "Still going on"),
}
_EARLIER = phrase("notice.earlier", "Asked in another way before; those answers are left out: {question}")
NOTICES = {
    NoticeCode.FEW_RESPONDENTS: phrase(
        "notice.few",
        "Fewer than {least} people took part. One more can change the figures; groups are not compared.",
    ),
    NoticeCode.TYPE_CHANGED: _EARLIER,
    NoticeCode.ONLY_OLDER: _EARLIER,
    NoticeCode.NOT_WEIGHTED_EMPTY: phrase(
        "notice.weights_empty", "Not weighted: nobody answered from this group: {group}"
    ),
    NoticeCode.NOT_WEIGHTED_DESIGN_EFFECT: phrase(
        "notice.weights_effect",
        "Not weighted: some people would have to stand for too many others. Design effect: {design_effect}",
    ),
    NoticeCode.NOT_WEIGHTED_FEW: phrase(
        "notice.weights_few", "Not weighted: fewer than {least} people took part."
    ),
    NoticeCode.NOT_WEIGHTED_APART: phrase(
        "notice.weights_apart",
        "Not weighted: even weighted, one group would be {gap} away from its share of the population.",
    ),
    NoticeCode.COLLAPSED: phrase("notice.collapsed", "Weighted as one group: {groups}"),
}

# --- citing

CITE = phrase("cite", "How to cite")

PHRASES = tuple(
    dict.fromkeys(
        one
        for value in tuple(globals().values())
        for one in (value.values() if isinstance(value, dict) else [value])
        if isinstance(one, Phrase)
    )
)
"""Every sentence of a report's."""
