"""What follows for a person, as text and buttons that one channel can show."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.core.interview.menus import menu_of_languages
from bot.core.interview.offered import offered_choices, offered_days
from bot.core.interview.records import (
    Answer,
    AnswerStatus,
    AskConsent,
    AskItem,
    AskLanguage,
    AskReportBack,
    Effect,
    Interview,
    OfferLanguage,
    OptOut,
    Show,
    ShowNote,
    Slot,
    Tell,
)
from bot.core.interview.route import NO, YES
from bot.core.interview.slots import node_at, slot_of
from bot.core.interview.step import (
    ACKNOWLEDGED,
    CONSENT_BUTTON,
    LANGUAGE_BUTTON,
    OFFER_BUTTON,
    REPORT_BACK_BUTTON,
)
from bot.core.interview.values import Ground
from bot.core.panels import Panel, fits
from bot.core.phrases import (
    ANOTHER,
    CHOOSE,
    CHOOSE_LANGUAGE,
    CONSENT_ANSWER,
    DONE,
    EARLIER_ANSWER,
    LANGUAGE_OFFER,
    MAY_SKIP,
    REPLY_ACKNOWLEDGE,
    REPLY_AUDIO,
    REPLY_IMAGE,
    REPLY_NAME,
    REPLY_ONE,
    REPLY_PLACE,
    REPLY_RANGE,
    REPLY_RANK,
    REPLY_SEVERAL,
    REPORT_BACK,
    REPORT_BACK_YES,
    SHARE_PLACE,
    SKIP,
    STOP,
    THANKS,
    UNCLEAR_DATE,
    Phrasebook,
)
from bot.core.phrases import NO as NO_WORDS
from bot.core.phrases import YES as YES_WORDS
from bot.core.questionnaire import Choice, Item, ItemType, Questionnaire, Text
from bot.core.replies.listed_days import name_of, number_of
from bot.core.saying import example_date, isolated, said_date, said_list
from bot.core.segments import Encoding, count_segments
from bot.core.wording import Untranslated, choice_of, consent_of, hint_of, question_of, untranslated_in


@dataclass(frozen=True, slots=True)
class Form:
    """How a channel shows things: `short` takes the wordings for SMS, `buttons` what can be pressed.

    `panels` are the sets of buttons that it has, where it is not free in how many and how long they are; on such a
    channel each button answers by itself: nothing can be marked, and no place be sent.
    """

    short: bool
    buttons: bool
    panels: tuple[Panel, ...] | None = None


SMS = Form(short=True, buttons=False)
TELEGRAM = Form(short=False, buttons=True)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its label, and the data that comes back as `Pressed`."""

    label: str
    data: str


SHARE_PLACE_BUTTON = ":share=geopoint"
"""The data of a button that sends the person's place: the channel's own way to do so, not something that comes back."""

OPENS_BUTTON = ":open="
"""The data of a first button that only opens the list of the others; nothing comes back of it."""

SUBMITS = "="
"""How the data of a button ends that sends what is marked: the buttons before it mark a choice each."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One message to a person: its text, and buttons below it.

    Where the last button `SUBMITS`, the others mark choices, and the names of those marked come back together.
    """

    text: str = field(repr=False)
    buttons: tuple[Button, ...] = ()
    untranslated: Untranslated | None = field(default=None, compare=False)
    """What of it is in the source language, because the person's own has no wording."""

    @property
    def marks_several(self) -> bool:
        return bool(self.buttons) and self.buttons[-1].data.endswith(SUBMITS)


def together(marked: Sequence[str]) -> str:
    """Return the data that comes back for several marked buttons of one question; of one, its own."""
    if len(marked) < 2:
        return "".join(marked)
    asked = marked[0].partition("=")[0]
    return f"{asked}={' '.join(data.partition('=')[2] for data in marked)}"


def render(
    questionnaire: Questionnaire, interview: Interview, effects: Sequence[Effect], form: Form, now: datetime
) -> tuple[Prompt, ...]:
    """Return what the person is to see of the effects of one turn: at most one message, since each costs them.

    What has more buttons, or longer ones, than the form can show is asked in words and numbers. Digits are those of the
    language, unless they alone would make an SMS twice as dear.
    """
    writer = _Writer(questionnaire, interview, form, now)
    prompt = fitted(_together(writer, effects), form, writer.phrasebook)
    if prompt is None:
        prompt = _together(replace(writer, form=replace(form, buttons=False)), effects)
    if not prompt.text:
        return ()
    lacking = untranslated_in(questionnaire, interview, effects, writer.ground, short=form.short)
    prompt = _in_cheap_digits(prompt, form, writer.phrasebook)
    return (replace(prompt, untranslated=lacking) if lacking else prompt,)


def _in_cheap_digits(prompt: Prompt, form: Form, phrasebook: Phrasebook) -> Prompt:
    plain = phrasebook.in_plain_digits(prompt.text)
    is_cheaper = form.short and plain != prompt.text and count_segments(plain).encoding is Encoding.GSM_7
    return replace(prompt, text=plain) if is_cheaper else prompt


def fitted(prompt: Prompt, form: Form, phrasebook: Phrasebook) -> Prompt | None:
    """Return a prompt as a form shows it, with what opens its list where it has one; None where it cannot."""
    if form.panels is None or not prompt.buttons:
        return prompt
    if prompt.marks_several or prompt.buttons[0].data == SHARE_PLACE_BUTTON:
        return None
    labels = [button.label for button in prompt.buttons]
    panel = next((one for one in form.panels if fits(one, prompt.text, labels)), None)
    if panel is None or not panel.opens:
        return prompt if panel else None
    return replace(prompt, buttons=(Button(phrasebook.say(CHOOSE), OPENS_BUTTON), *prompt.buttons))


def _together(writer: "_Writer", effects: Sequence[Effect]) -> Prompt:
    parts = [part for part in map(writer.write, effects) if part.text]
    between = "\n" if writer.form.short else "\n\n"
    buttons = tuple(button for part in parts for button in part.buttons)
    return Prompt(between.join(part.text for part in parts), buttons)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes effects in one interview's language, for one form."""

    questionnaire: Questionnaire
    interview: Interview
    form: Form
    now: datetime

    @property
    def phrasebook(self) -> Phrasebook:
        return self.questionnaire.phrasebook(self.interview.language)

    @property
    def ground(self) -> Ground:
        return Ground(self.questionnaire, self.interview.answers, self.now, self.interview.seed)

    def write(self, effect: Effect) -> Prompt:
        match effect:
            case Tell(phrase, values):
                return Prompt(
                    self.phrasebook.say(phrase, {name: self._apart(one) for name, one in values.items()})
                )
            case Show(text, slot, values):
                return Prompt(self._filled(text, slot, values))
            case ShowNote(slot):
                return Prompt(self._question(slot))
            case AskLanguage():
                return self._language_menu()
            case OfferLanguage(language):
                return self._offer(self.questionnaire.phrasebook(language))
            case AskConsent():
                return self._consent()
            case AskItem(slot, again, earlier):
                node, rounds = node_at(self.questionnaire, slot)
                offered = offered_choices(self.ground, node, rounds) if node.item.type.has_choices else ()
                days = offered_days(self.ground, node, rounds) if node.item.type is ItemType.DATE else ()
                return self.item(slot, node.item, offered, days, again=again, earlier=earlier)
            case AskReportBack():
                buttons = self._yes_no(REPORT_BACK_BUTTON) if self.form.buttons else ()
                return Prompt(self.phrasebook.say(REPORT_BACK), buttons)
            case OptOut():
                return Prompt("")

    def _language_menu(self) -> Prompt:
        listed = menu_of_languages(self.questionnaire, self.interview)
        books = [self.questionnaire.phrasebook(language) for language in listed]
        asked = self.questionnaire.phrasebook(self.interview.language or listed[0]).say(CHOOSE_LANGUAGE)
        if self.form.buttons:
            return Prompt(
                asked, tuple(Button(book.autonym, f"{LANGUAGE_BUTTON}={book.language}") for book in books)
            )
        return Prompt(
            "\n".join([asked, *(f"{number}. {book.autonym}" for number, book in enumerate(books, 1))])
        )

    def _offer(self, book: Phrasebook) -> Prompt:
        asked = book.say(LANGUAGE_OFFER, {"language": book.autonym})
        return Prompt(asked, self._yes_no(OFFER_BUTTON, book) if self.form.buttons else ())

    def _consent(self) -> Prompt:
        asked = self._filled(consent_of(self.questionnaire.consent, short=self.form.short), None)
        if self.form.buttons:
            return Prompt(asked, self._yes_no(CONSENT_BUTTON))
        return Prompt(f"{asked}\n{self.phrasebook.say(CONSENT_ANSWER)}")

    def _yes_no(self, asked: str, book: Phrasebook | None = None) -> tuple[Button, ...]:
        spoken = book or self.phrasebook
        yes, no = spoken.words(YES_WORDS)[0], spoken.words(NO_WORDS)[0]
        return (Button(_capital(yes), f"{asked}={YES}"), Button(_capital(no), f"{asked}={NO}"))

    def item(
        self,
        slot: Slot,
        item: Item,
        offered: tuple[Choice, ...],
        days: tuple[date, ...] = (),
        *,
        again: int = 0,
        earlier: bool = False,
    ) -> Prompt:
        """Return the question at a slot, with the choices or the few days offered there."""
        if item.type is ItemType.REPEAT:
            asked = self.phrasebook.say(ANOTHER, {"label": self._question(slot)})
            return Prompt(asked, self._yes_no(slot) if self.form.buttons else ())
        lines = [self._question(slot)]
        if (hint := hint_of(item, again)) is not None:
            lines.append(self._filled(hint, slot))
        buttons = self._buttons(slot, item, offered, days) if self.form.buttons else ()
        if not buttons:
            lines += [
                f"{self._number_of(day, item)}. {name_of(day, self.ground.today, self.phrasebook)}"
                for day in days
            ]
        if offered and item.lists_choices and not buttons:
            lines += [
                f"{self.phrasebook.in_digits(str(number))}. {self._label(choice)}"
                for number, choice in enumerate(offered, 1)
            ]
        if not buttons or item.type is ItemType.GEOPOINT:
            first = not self.interview.answers
            lines.append(self._how_to_reply(item, offered, days, first=first, again=again))
        lines.append(self._way_past(slot, item, earlier))
        return Prompt("\n".join(line for line in lines if line), buttons)

    def _question(self, slot: Slot) -> str:
        item = node_at(self.questionnaire, slot)[0].item
        label = question_of(item, short=self.form.short)
        return self._filled(label, slot) if label else ""

    def _label(self, choice: Choice) -> str:
        return choice_of(choice, short=self.form.short).into(self.interview.language)

    def _number_of(self, day: date, item: Item) -> str:
        return self.phrasebook.in_digits(str(number_of(day, item.calendar)))

    def _day(self, day: date, item: Item) -> str:
        return f"{_capital(name_of(day, self.ground.today, self.phrasebook))} {self._number_of(day, item)}"

    def _buttons(
        self, slot: Slot, item: Item, offered: tuple[Choice, ...], days: tuple[date, ...]
    ) -> tuple[Button, ...]:
        if days:
            return tuple(Button(self._day(day, item), f"{slot}={day.isoformat()}") for day in days)
        if item.type is ItemType.SELECT_ONE and item.lists_choices:
            return tuple(Button(self._label(choice), f"{slot}={choice.name}") for choice in offered)
        if item.type is ItemType.SELECT_MULTIPLE and item.lists_choices:
            marks = (Button(self._label(choice), f"{slot}={choice.name}") for choice in offered)
            return (*marks, Button(self.phrasebook.say(DONE), f"{slot}{SUBMITS}"))
        if item.type is ItemType.GEOPOINT:
            return (Button(self.phrasebook.say(SHARE_PLACE), SHARE_PLACE_BUTTON),)
        if item.type is ItemType.ACKNOWLEDGE:
            return (Button(ACKNOWLEDGED, f"{slot}={ACKNOWLEDGED}"),)
        return ()

    def _how_to_reply(
        self, item: Item, offered: tuple[Choice, ...], days: tuple[date, ...], *, first: bool, again: int
    ) -> str:
        """Return the line that says what to send, where the question itself does not show it.

        A numbered list explains itself after the first time: saying "send a number" each time costs a segment.
        """
        say, in_digits = self.phrasebook.say, self.phrasebook.in_digits
        match item.type:
            case ItemType.SELECT_ONE | ItemType.SELECT_MULTIPLE if not item.lists_choices:
                return say(REPLY_NAME)
            case ItemType.SELECT_ONE:
                return say(REPLY_ONE) if first or again else ""
            case ItemType.SELECT_MULTIPLE:
                return say(REPLY_SEVERAL)
            case ItemType.RANK:
                numbers = list(range(1, len(offered) + 1))
                return say(
                    REPLY_RANK, {"example": in_digits(" ".join(map(str, numbers[-1:] + numbers[:-1])))}
                )
            case ItemType.RANGE if item.range is not None:
                start, end = (in_digits(f"{one:f}") for one in (item.range.start, item.range.end))
                return say(REPLY_RANGE, {"start": start, "end": end})
            case ItemType.DATE if days:
                return say(REPLY_ONE)
            case ItemType.DATE if (
                not again
            ):  # what was not understood was answered with this sentence already
                example = example_date(self.ground.today, self.phrasebook, item.calendar)
                return say(UNCLEAR_DATE, {"example": example})
            case ItemType.ACKNOWLEDGE:
                return say(REPLY_ACKNOWLEDGE)
            case ItemType.GEOPOINT:
                return say(REPLY_PLACE)
            case ItemType.IMAGE:
                return say(REPLY_IMAGE)
            case ItemType.AUDIO:
                return say(REPLY_AUDIO)
            case _:
                return ""

    def _way_past(self, slot: Slot, item: Item, earlier: bool) -> str:
        """Return how to leave the question as it is: by keeping the earlier answer, or by skipping."""
        command = self.phrasebook.shown(SKIP)
        held = self.interview.answers.get(slot)
        if earlier and held is not None:
            spoken = spoken_value(self.questionnaire, slot, held.value, self.phrasebook) or held.raw
            if spoken:
                return self.phrasebook.say(
                    EARLIER_ANSWER, {"answer": self._apart(spoken), "command": command}
                )
        return (
            ""
            if item.required and item.default is None
            else self.phrasebook.say(MAY_SKIP, {"command": command})
        )

    def _apart(self, value: str) -> str:
        """Return a value to stand in a text, kept apart where it runs the other way; never in an SMS."""
        return value if self.form.short else isolated(value, in_right_to_left=self.phrasebook.right_to_left)

    def _filled(self, text: Text, slot: Slot | None, given: Mapping[str, str] | None = None) -> str:
        """Return a text with each `${name}` replaced by the person's own answer, as a person would say it.

        `given` are names that stand for something else than an answer.
        """
        wording = text.into(self.interview.language)
        if "${" not in wording:
            return wording
        node, rounds = node_at(self.questionnaire, slot) if slot else (self.questionnaire.nodes[0], ())
        lookup = self.ground.scope(node, rounds).lookup

        def spoken(reference: re.Match[str]) -> str:
            if given and reference[1] in given:
                return given[reference[1]]
            if reference[1] not in self.questionnaire.positions:
                # Only a consultation under review has such a reference; the review tells of it.
                return ""
            value = lookup(reference[1])
            values = value if isinstance(value, tuple) else (value,)
            said = [spoken_value(self.questionnaire, reference[1], one, self.phrasebook) for one in values]
            return self._apart(said_list(said, self.phrasebook))

        return REFERENCE.sub(spoken, wording)


REFERENCE = re.compile(r"\$\{\s*([^\s}]+)\s*\}")
"""A reference to an answer in a text."""


_NUMBERS = frozenset((ItemType.INTEGER, ItemType.DECIMAL, ItemType.RANGE))


def spoken_value(questionnaire: Questionnaire, slot: Slot, value: str, book: Phrasebook) -> str:
    """Return a value as a person would say it: choices by their labels, dates in words, numbers in their digits."""
    item = node_at(questionnaire, slot)[0].item
    if item.type is ItemType.DATE:
        return said_date(value, book, item.calendar)
    if item.type in _NUMBERS:
        return book.in_digits(value)
    if not item.type.has_choices:
        return value
    labels = {choice.name: choice.label.into(book.language) for choice in item.choices}
    return said_list([labels.get(name, name) for name in value.split()], book)


def sms_text(questionnaire: Questionnaire, item: Item, language: str, *, is_first: bool = True) -> str:
    """Return an asked item or a note as one SMS, with all choices listed, whatever a filter would leave.

    As the first question it says how to reply to a list, which later ones leave out. The answers that a label repeats
    are not counted.
    """
    writer = _sms_writer(questionnaire, language, is_first=is_first)
    node = questionnaire.nodes[questionnaire.positions[item.name]]
    around = (*node.repeats, item.name) if item.type is ItemType.REPEAT else node.repeats
    rounds = (1,) * len(around)
    days = offered_days(writer.ground, node, rounds) if item.type is ItemType.DATE else ()
    return writer.item(slot_of(item.name, rounds), item, item.choices, days).text


def consent_text(questionnaire: Questionnaire, language: str) -> str:
    """Return the question for consent as SMS."""
    return _sms_writer(questionnaire, language).write(AskConsent()).text


def closing_text(questionnaire: Questionnaire, language: str) -> str:
    """Return what a complete interview ends with, as SMS."""
    writer = _sms_writer(questionnaire, language)
    thanks: Effect = Show(questionnaire.thanks) if questionnaire.thanks else Tell(THANKS)
    asked = (AskReportBack(),) if questionnaire.report_back else ()
    return _together(writer, (thanks, *asked)).text


def promise_text(questionnaire: Questionnaire, language: str) -> str:
    """Return what is said, as SMS, to who wants to be told what came of the consultation."""
    writer = _sms_writer(questionnaire, language)
    return writer.write(Tell(REPORT_BACK_YES, {"stop": writer.phrasebook.shown(STOP)})).text


_SOME_DAY = datetime(2026, 9, 30, tzinfo=UTC)
"""When the messages are written whose length is counted: the day stands in the example of a date, or in its list."""


def _sms_writer(questionnaire: Questionnaire, language: str, *, is_first: bool = True) -> _Writer:
    moment = _SOME_DAY
    before = {} if is_first else {"": Answer("", AnswerStatus.SKIPPED, moment, language)}
    interview = Interview(
        questionnaire.id, questionnaire.version, 0, moment, moment, language=language, answers=before
    )
    return _Writer(questionnaire, interview, SMS, moment)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
