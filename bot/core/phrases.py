"""What the bot itself says and understands, in its source wording; translations live in `locales/*/bot.po`.

Babel's own Python extractor reads this file: `phrase` and `words` are its keywords, the first argument becomes
gettext's msgctxt and the second its msgid.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from bot.core.calendars import LATIN_MONTHS, Calendar, MonthNames


class Phrase(NamedTuple):
    """A sentence of the bot's: its context in the catalogue and its English wording, with `{placeholders}`."""

    context: str
    english: str


class Words(NamedTuple):
    """Words that people may send for one meaning: the catalogue's context and English list, commas between."""

    context: str
    english: str


ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

PLAIN_DIGITS = "0123456789"


@lru_cache(maxsize=64)
def _between(digits: str, others: str) -> Mapping[int, str]:
    return {ord(one): other for one, other in zip(digits, others, strict=True)}


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """The bot's sentences and word lists in one language.

    `sentences` maps a phrase's context to its wording; `vocabulary` a word list's context to its words, as a
    translator wrote them. English needs no catalogue: what is absent is read from the source wording.
    `autonym`, `names`, `right_to_left`, `date_order` and `months` come from CLDR: the language's name in itself and in
    other languages, its direction, the order of day, month and year when written in digits ("dmy", "mdy", "ymd"), and
    the month (1 to 12) of each folded month name, long and short. `dated` is a date in words, of `{day}`, `{month}` and
    `{year}`, `month_names` the twelve names in it, `weekdays` the seven from Monday on, `weekday_names` the place
    there of each folded name, long and short, and `lists` how two, the first two, those in the middle and the last
    of several things are put together. `script` is what it is written in, as Unicode calls it. `calendars` has the
    months of other calendars, and `digits` the ten digits that its readers expect, from 0 to 9.
    """

    language: str
    sentences: Mapping[str, str]
    vocabulary: Mapping[str, tuple[str, ...]]
    autonym: str
    right_to_left: bool = False
    date_order: str = "dmy"
    months: Mapping[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    dated: str = "{day} {month} {year}"
    month_names: tuple[str, ...] = ENGLISH_MONTHS
    weekdays: tuple[str, ...] = ENGLISH_WEEKDAYS
    weekday_names: Mapping[str, int] = field(
        default_factory=lambda: {
            name: day
            for day, long in enumerate(ENGLISH_WEEKDAYS)
            for name in (long.lower(), long[:3].lower())
        }
    )
    lists: tuple[str, str, str, str] = ("{0} and {1}", "{0}, {1}", "{0}, {1}", "{0} and {1}")
    script: str = "LATIN"
    calendars: Mapping[Calendar, MonthNames] = field(default_factory=lambda: LATIN_MONTHS)
    digits: str = PLAIN_DIGITS

    def say(self, phrase: Phrase, values: Mapping[str, str] | None = None) -> str:
        """Return the sentence with its placeholders filled; KeyError where a value is missing."""
        wording = self.in_digits(self.sentences.get(phrase.context, phrase.english))
        return wording.format_map(values) if values else wording

    def words(self, words: Words) -> tuple[str, ...]:
        """Return the words for a meaning: the language's own; in English, the source list."""
        known = self.vocabulary.get(words.context)
        return known if known is not None else split_words(words.english)

    def in_digits(self, number: str) -> str:
        """Return a number of the bot's own in the digits of the language."""
        return (
            number if self.digits == PLAIN_DIGITS else number.translate(_between(PLAIN_DIGITS, self.digits))
        )

    def in_plain_digits(self, text: str) -> str:
        """Return a text with the digits of the language as 0 to 9."""
        return text if self.digits == PLAIN_DIGITS else text.translate(_between(self.digits, PLAIN_DIGITS))

    def months_of(self, calendar: Calendar) -> MonthNames:
        """Return the months of a calendar, as they are shown and as they are understood."""
        if calendar is Calendar.GREGORIAN:
            return MonthNames(self.month_names, self.months)
        return self.calendars[calendar]

    def shown(self, words: Words) -> str:
        """Return the word of a list that the bot shows as the one to send: the first, in capitals."""
        return self.words(words)[0].upper()


@lru_cache(maxsize=512)
def split_words(listed: str) -> tuple[str, ...]:
    """Return the words of a catalogue's list, without blanks: `"yes, y"` -> `("yes", "y")`.

    Translators put the comma of their own keyboard: Arabic and Chinese have others.
    """
    return tuple(word.strip() for word in re.split("[,،，、]", listed) if word.strip())


def forms(word: str) -> tuple[str, ...]:
    """Return the forms of one number or place in a list, which a catalogue writes with strokes between them."""
    return tuple(form.strip() for form in word.split("/") if form.strip())


def phrase(context: str, english: str) -> Phrase:
    return Phrase(context, english)


def words(context: str, english: str) -> Words:
    return Words(context, english)


ENGLISH = Phrasebook("en", {}, {}, "English")
"""The source wording alone, for where no catalogue has been read."""

# --- joining

# Translators: shown above a numbered list of languages, each in its own name.
CHOOSE_LANGUAGE = phrase("language.choose", "Which language? Send a number.")
# Translators: asked in this language of somebody who seems to write it; {language} is its own name. Keep 1 and 2.
LANGUAGE_OFFER = phrase("language.offer", "Shall we go on in {language}? Send 1 for yes, 2 for no.")
LANGUAGE_UNCLEAR = phrase("language.unclear", "Please send the number of a language.")
# Translators: follows the question whether the person agrees to take part. Keep 1 and 2.
CONSENT_ANSWER = phrase("consent.answer", "Send 1 to start, 2 to say no.")
CONSENT_UNCLEAR = phrase("consent.unclear", "Sorry, I did not understand.")
CONSENT_REFUSED = phrase("consent.refused", "That is fine. Thank you. We will not ask you anything.")
# Translators: {keywords} is a list of words to send, one for each consultation.
WELCOME = phrase("welcome", "Hello. To take part, send one of these words: {keywords}")
NOTHING_OPEN = phrase("nothing_open", "Hello. There is no consultation open now. Thank you for writing.")

# --- asking

REPLY_ONE = phrase("reply.one", "Send a number.")
REPLY_SEVERAL = phrase("reply.several", "Send all your numbers, like 1 3.")
# Translators: {example} is the numbers of all choices in some order, like 3 1 2.
REPLY_RANK = phrase("reply.rank", "Send the numbers in order, best first, like {example}.")
REPLY_NAME = phrase("reply.name", "Send the name.")
REPLY_RANGE = phrase("reply.range", "Send a number from {start} to {end}.")
REPLY_ACKNOWLEDGE = phrase("reply.acknowledge", "Send OK to go on.")
REPLY_IMAGE = phrase("reply.image", "Send a photo.")
REPLY_AUDIO = phrase("reply.audio", "Send a voice message.")
REPLY_PLACE = phrase("reply.place", "Send your location or the name of the place.")
# Translators: {label} is what is repeated, like "Child". Keep 1 and 2.
ANOTHER = phrase("repeat.another", "{label}: is there one more? Send 1 for yes, 2 for no.")
# Translators: {command} is the word for skipping, in capital letters.
MAY_SKIP = phrase("may_skip", "Or send {command}.")
# Translators: {answer} is what the person answered before; {command} is the word for skipping.
EARLIER_ANSWER = phrase(
    "earlier_answer", "Your answer was: {answer}. Answer again, or send {command} to keep it."
)
OTHER = phrase("other.label", "Other")
OTHER_WORDS = phrase("other.words", "Please say it in your own words.")

# --- not understood

UNCLEAR = phrase("unclear", "Sorry, I did not understand.")
UNCLEAR_NUMBER = phrase("unclear.number", "Please send a number, like 3.")
UNCLEAR_WHOLE_NUMBER = phrase("unclear.whole_number", "Please send a whole number, like 3.")
UNCLEAR_DATE = phrase("unclear.date", "Please send a date, like {example}.")
UNCLEAR_TIME = phrase("unclear.time", "Please send a time, like 14:30.")
UNCLEAR_MEDIA = phrase("unclear.media", "I can't use that here.")
UNCLEAR_BUTTON = phrase("unclear.button", "That button is for an earlier question.")
# Translators: the person edited an earlier message in the chat; {back} is the command that goes back.
EDIT_NOT_TAKEN = phrase("edit.not_taken", "Your answers stay as they were. To change one, send {back}.")
# Translators: the label of a button that sends the person's place.
SHARE_PLACE = phrase("button.share_place", "Send where I am")
# Translators: said to a group of people, where Heard records nothing.
IN_PRIVATE = phrase("in_private", "I talk with one person at a time. Please write to me in private.")
# Translators: the label of a button, below choices of which several can be marked.
DONE = phrase("button.done", "Done")
# Translators: the label of a button that opens a list to choose from; 20 letters at most.
CHOOSE = phrase("button.choose", "Choose")
# Translators: {first} and {second} are the two ways a reply can be understood.
TWO_READINGS = phrase("two_readings", "Do you mean {first} or {second}?")
CONSTRAINT_FAILED = phrase("constraint.failed", "That answer does not fit here.")
CHOOSE_FROM_LIST = phrase("choose_from_list", "Please choose from the list.")
# Translators: {choice} is what the person may have meant; {reply} is what to send for it.
DID_YOU_MEAN = phrase("did_you_mean", "Do you mean {choice}? Then send {reply}.")
RANK_ALL = phrase("rank.all", "Please put all of them in order, each one once.")
OUT_OF_RANGE = phrase("out_of_range", "Please send a number from {start} to {end}.")
KEPT_AS_WRITTEN = phrase("kept_as_written", "Thank you. I keep it as you wrote it.")
WE_GO_ON = phrase("we_go_on", "That is fine, we go on.")

# --- commands

HELP = phrase(
    "help",
    "{back}: go back. {skip}: next question. {language}: change language. {pause}: later. {stop}: end.",
)
# Translators: a line of the help, where a person may go on in another app.
HELP_MOVE = phrase("help.move", "{move}: go on in another app.")
# Translators: a line of the help, where a person of the organisers answers. {person} is the word that asks for one.
HELP_PERSON = phrase("help.person", "{person}: write to a person.")
# Translators: may be read by whoever holds the phone. It must not tell what the person wrote about.
PERSON_READS = phrase("person.reads", "Somebody from our team will read what you write here.")
PERSON_KEPT = phrase("person.kept", "Thank you. Our team has your message.")
# Translators: {continue} is the word that goes on with the questions.
PERSON_GO_ON = phrase("person.go_on", "To go on with the questions, send {continue}.")
# Translators: said to somebody who asks for a person, where there is none.
PERSON_NOBODY = phrase(
    "person.nobody",
    "I am a machine, and nobody can answer you here. If you need help, ask somebody you trust.",
)
# Translators: {code} is a number of twelve digits.
MOVE_CODE = phrase("move.code", "Send this code there: {code}")
MOVE_ONCE = phrase("move.once", "It works once, for 15 minutes. Tell it to nobody.")
# Translators: {move} is the word that asks for such a code.
CODE_UNKNOWN = phrase(
    "move.unknown", "This code does not work, or not any more. For a new one, send {move} where you began."
)
CODE_REFUSED = phrase("move.refused", "You already answer here. Nothing was changed.")
MOVED_ON = phrase(
    "move.moved_on", "You went on in another app. To come back here, send {move} there, then the code here."
)
# Translators: follows words that ask for others to take part; {share} is the word that asks for codes.
REFERRAL_OFFER = phrase("referral.offer", "To ask people you know, send {share}.")
# Translators: {codes} lists codes like K7Q-M2XB.
REFERRAL_CODES = phrase(
    "referral.codes", "Give each of them one code: {codes}. They send it here. It works once."
)
REFERRAL_GIVEN = phrase("referral.given", "You have your codes already, in an earlier message.")
REFERRAL_SPENT = phrase("referral.spent", "That code was used or is too old. You are welcome all the same.")
REFERRAL_OWN = phrase("referral.own", "This code is for somebody else. Give it to a person you know.")
CANNOT_SKIP = phrase("skip.cannot", "We need an answer to this one.")
CANNOT_GO_BACK = phrase("back.cannot", "This is the first question.")
PAUSED = phrase("paused", "Good. Write when you have time; your answers are kept.")
WELCOME_BACK = phrase("welcome_back", "Welcome back.")
RESTART_CONFIRM = phrase("restart.confirm", "Start again and remove your answers? Send 1 for yes, 2 for no.")
STOPPED = phrase("stopped", "You will get no more messages. Thank you. Send {start} to come back.")
ALREADY_DONE = phrase(
    "already_done", "You have answered everything. Thank you. To answer again, send {restart}."
)

# --- helping others to answer

# Translators: said to a worker who asks other people the questions, one after the other, on one phone. {next}, {undo}
# and {done} are the words to send.
ASSIST_BEGUN = phrase(
    "assist.begun",
    "You now help others to answer. Begin with a person: {next}. When you are finished: {done}.",
)
ASSIST_WORDS = phrase("assist.words", "Next person: {next}. Remove the last one: {undo}. Finished: {done}.")
# Translators: asked of the worker while somebody is in the middle of the questions. Keep 1 and 2.
ASSIST_UNFINISHED = phrase(
    "assist.unfinished", "This person has not finished. End here? Send 1 for yes, 2 to go on with them."
)
ASSIST_STOPPED = phrase("assist.stopped", "We end here with this person. Thank you.")
# Translators: Keep 1 and 2.
ASSIST_UNDO = phrase("assist.undo", "Remove all answers of the last person? Send 1 for yes, 2 for no.")
ASSIST_REMOVED = phrase("assist.removed", "They are removed.")
# Translators: {assist} is the word to send.
ASSIST_LEFT = phrase(
    "assist.left", "You have stopped helping. What you write now is your own. To help again, send {assist}."
)
# Translators: comes before the sentence that they have stopped helping.
ASSIST_SILENT = phrase("assist.silent", "Nothing came for an hour. Your message was not counted.")
ASSIST_NO_MORE = phrase("assist.no_more", "To get no more messages, send {stop}.")
ASSIST_REFUSED = phrase(
    "assist.refused", "This number does not work. Please ask the organiser for a new one."
)

# --- ending

THANKS = phrase("thanks", "That was the last question. Thank you for your answers.")
# Translators: follows the thanks, where the organisers will tell people what was decided. Keep 1 and 2.
REPORT_BACK = phrase("report_back", "Shall we tell you what came of it? Send 1 for yes, 2 for no.")
# Translators: {stop} is the word after which nothing is sent any more.
REPORT_BACK_YES = phrase("report_back.yes", "Good. We will tell you. If you change your mind, send {stop}.")
REPORT_BACK_NO = phrase("report_back.no", "That is fine. We will not write to you about it.")
NOT_ELIGIBLE = phrase("not_eligible", "Thank you. This consultation is for other people, so we end here.")
SCREENED_OUT = phrase("screened_out", "Thank you. We have heard enough people like you, so we end here.")

# --- writing to people first

# Translators: ends an invitation or a reminder that does not say so itself; {stop} is the word after which nothing is
# sent any more.
TO_STOP = phrase("to_stop", "For no more messages, send {stop}.")

# --- words that people send

# Translators: in each list, commas between; the first word is the one the bot shows. Short forms and spellings
# without accents are welcome.
YES = words("words.yes", "yes, y, yeah, yep, ok, okay, sure, i agree")
NO = words("words.no", "no, n, nope, i do not agree")
BACK = words("words.back", "back, previous, go back")
SKIP = words("words.skip", "skip, next, pass")
HELP_WORDS = words("words.help", "help, ?")
LANGUAGE = words("words.language", "language, lang")
PAUSE = words("words.pause", "pause, later, wait")
CONTINUE = words("words.continue", "continue, resume, go on")
RESTART = words("words.restart", "restart, start again, start over")
MOVE = words("words.move", "move")
# Translators: asks for codes to pass on to others.
SHARE = words("words.share", "share, codes, pass on")
# Translators: what people send, as a whole message, who want a person to answer. The first is shown. No word that
# answers a question: neither "nobody" (personne) nor an occupation (operator).
PERSON = words(
    "words.person",
    "person, a person, human, a human, real person, talk to a person, talk to someone, talk to somebody, "
    "talk to a human, speak to a person, speak to someone, speak to somebody, i want to talk to a person, "
    "i want to talk to someone, can i talk to someone, can i talk to a person, call me",
)
STOP = words("words.stop", "stop, end, quit, cancel, unsubscribe")
START = words("words.start", "start")
# Translators: the next four are for a worker who helps other people to answer. This one comes with a number after it:
# "assist 123456".
ASSIST = words("words.assist", "assist, helper")
# Translators: the first word must not be the first one for skipping a question.
NEXT_PERSON = words("words.next_person", "next, next person")
UNDO = words("words.undo", "undo")
FINISHED = words("words.finished", "done, finished")
ACKNOWLEDGE = words("words.acknowledge", "ok, okay, yes, done")
AND = words("words.and", "and, &")
ALL = words("words.all", "all, everything")
# Translators: words that people put around an answer without changing it ("I think gas please"). No word for not.
FILLERS = words(
    "words.fillers",
    "i, we, my, our, the, a, an, it, is, was, its, s, m, am, think, guess, believe, mean, choose, use, have, would, "
    "say, prefer, please, thanks, thank you, number, option, answer, choice, about, around, approximately, of, um, "
    "well",
)
# Translators: words that turn an answer round, so that "not gas" is never read as gas, nor "more than 6" as 6.
NOT_SO = words(
    "words.not_so",
    "not, never, none, without, except, but, cannot, minus, less, fewer, more, over, under, before, after, between",
)
# Translators: words that multiply a number before them: "6 thousand" is not 6.
SCALES = words("words.scales", "hundred, thousand, million, billion, dozen, k, lakh, crore")
# Translators: what follows a whole number to add a half: "2 and a half".
AND_A_HALF = words("words.and_a_half", "and a half, and half")
TODAY = words("words.today", "today")
YESTERDAY = words("words.yesterday", "yesterday")
TOMORROW = words("words.tomorrow", "tomorrow")
# Translators: how people say their own name, so that the name is blacked out before anybody publishes their words. ~
# stands for the name where it is not at the end, and where it grows together with a word.
NAME_IS = words(
    "words.name_is",
    "my name is, my name's, my names are, i am called, i'm called, they call me, people call me",
)
# Translators: the numbers from 0 to 20, in order; a stroke between forms and spellings of one number.
NUMBERS = words(
    "words.numbers",
    "zero, one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, fourteen, fifteen, "
    "sixteen, seventeen, eighteen, nineteen, twenty",
)
# Translators: the place in a list, from the first to the tenth, in order; a stroke between forms of one.
ORDINALS = words(
    "words.ordinals",
    "first/1st, second/2nd, third/3rd, fourth/4th, fifth/5th, sixth/6th, seventh/7th, eighth/8th, ninth/9th, "
    "tenth/10th",
)
# Translators: said of a number, or of a list, where there is none: 0.
NONE = words("words.none", "none, nothing, not any, not one, none of these, none of them")
DONT_KNOW = words(
    "words.dont_know", "i don't know, don't know, dunno, no idea, not sure, i am not sure, idk, i cannot say"
)
PREFER_NOT = words(
    "words.prefer_not",
    "prefer not to say, i prefer not to say, rather not say, i do not want to say, no comment, private, no answer",
)

COMMANDS: Mapping[str, Words] = {
    "back": BACK,
    "skip": SKIP,
    "help": HELP_WORDS,
    "language": LANGUAGE,
    "pause": PAUSE,
    "continue": CONTINUE,
    "restart": RESTART,
    "person": PERSON,
    "stop": STOP,
}
