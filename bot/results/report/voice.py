"""How a report speaks: its sentences in one language, and numbers, dates and names as that language writes them."""

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from babel import Locale
from babel.dates import format_skeleton, format_time, get_datetime_format
from babel.numbers import format_decimal, format_percent

from bot.core.phrases import PLAIN_DIGITS, Phrase
from bot.core.questionnaire import Text
from bot.language.cldr import Conventions, conventions, locale_of
from bot.results.report import phrases
from bot.results.report.model import Line, Span

Said = str | Span | Line

CHANNELS = {"sms": "SMS", "whatsapp": "WhatsApp", "telegram": "Telegram"}


@dataclass(frozen=True)
class Voice:
    """`sentences` are those of the catalogue by context; English has none. `source` is the consultation's language.

    Digits are those that CLDR has as the language's own. Dates are of the Gregorian calendar.
    """

    language: str
    source: str
    sentences: Mapping[str, str]

    @cached_property
    def locale(self) -> Locale:
        """CLDR's conventions; English ones of a language that CLDR lacks."""
        return locale_of(self.language) or Locale("en", "GB")

    @cached_property
    def _conventions(self) -> Conventions | None:
        return conventions(self.language)

    @property
    def is_right_to_left(self) -> bool:
        return is_right_to_left(self.language)

    @cached_property
    def _digits(self) -> dict[int, str]:
        own = (self._conventions or _ENGLISH).digits
        return {} if own == PLAIN_DIGITS else dict(zip(map(ord, PLAIN_DIGITS), own, strict=True))

    def say(self, phrase: Phrase, **values: Said) -> Line:
        """Return a sentence with its placeholders filled; what is in another language stays so."""
        wording = self.word(phrase)
        spans: list[Span] = []
        for literal, name, _, _ in string.Formatter().parse(wording):
            if literal:
                spans.append(Span(literal))
            if name is not None:
                spans.extend(line(values[name]))
        return tuple(spans)

    def term(self, term: Said, value: Said) -> Line:
        """Return what is said of a term, behind the colon that the language sets."""
        return self.say(phrases.TERM, term=term, value=value)

    def word(self, phrase: Phrase) -> str:
        """Return a sentence as it stands, in the digits of the language."""
        return self.sentences.get(phrase.context, phrase.english).translate(self._digits)

    # --- the consultation's own words

    def label(self, text: Text, *, strong: bool = False) -> Span:
        """Return a text of the consultation, in its source language where it has no translation."""
        if self.language == self.source:
            return Span(text.source.strip(), strong=strong)
        if (wording := text.translations.get(self.language)) is not None:
            return Span(wording.strip(), strong=strong)
        return Span(text.source.strip(), self.source, strong)

    def foreign(self, words: str, language: str | None) -> Span:
        """Return somebody's words; None is a language that nobody knows."""
        return Span(words, None if language == self.language else language or "")

    def knows(self, text: Text) -> bool:
        return self.language in (self.source, *text.translations)

    def name_of_language(self, code: str) -> str:
        """Return a language's name; its code where neither CLDR nor the language itself has one."""
        known = self.locale.languages.get(code) or self.locale.languages.get(code.partition("-")[0])
        other = locale_of(code)
        named = known or (other.get_display_name() if other else None) or code
        return named[0].upper() + named[1:]

    def name_of_channel(self, channel: str) -> Span:
        worded = {"paper": phrases.PAPER, "terminal": phrases.TERMINAL}
        if channel in worded:
            return Span(self.word(worded[channel]))
        # Among words of the other direction, a figure behind such a name would be taken for a part of it.
        return Span(CHANNELS.get(channel, channel), "" if self.is_right_to_left else None)

    # --- figures

    def number(self, value: float, decimals: int = 0) -> str:
        whole = self.locale.decimal_formats[None].pattern.partition(".")[0]
        form = f"{whole}.{'0' * decimals}" if decimals else whole
        return format_decimal(value, format=form, locale=self.locale).translate(self._digits)

    def figure(self, value: float) -> str:
        """Return a number of unknown size with as many places as say something."""
        if value == int(value):
            return self.number(value)
        return self.number(value, 1 if abs(value) >= 10 else 2)

    def percent(self, share: float) -> str:
        """Return a share from 0 to 1; a whole percent, since no more is known of so few."""
        return format_percent(share, locale=self.locale).translate(self._digits)

    def digits(self, text: str) -> str:
        """Return a text with the language's own digits: of a band of ages, `18-24`."""
        return text.replace("-", "–").translate(self._digits)

    def day(self, value: date) -> str:
        known = self._conventions or _ENGLISH
        month = known.month_names[value.month - 1]
        return known.dated.format(day=value.day, month=month, year=value.year).translate(self._digits)

    def month(self, value: date) -> str:
        return format_skeleton("yMMMM", value, locale=self.locale).translate(self._digits)

    def year(self, value: int) -> str:
        return str(value).translate(self._digits)

    def hour(self, hour: int) -> str:
        return format_time(time(hour), "HH:mm", locale=self.locale).translate(self._digits)

    def moment(self, value: datetime) -> str:
        """Return a day with the time of day, in the zone that the moment is in."""
        clock = format_time(value.time(), "HH:mm", locale=self.locale).translate(self._digits)
        return str(get_datetime_format("medium", locale=self.locale)).format(clock, self.day(value.date()))

    def span(self, low: str, high: str) -> str:
        return f"{low} – {high}"

    # --- lists

    def listed(self, things: Iterable[Said]) -> Line:
        """Return things as the language lists them, each in its own language."""
        items = [line(thing) for thing in things]
        if not items:
            return ()
        two, start, middle, end = (self._conventions or _ENGLISH).lists
        if len(items) == 1:
            return items[0]
        if len(items) == 2:
            return _filled(two, *items)
        rest = _filled(end, items[-2], items[-1])
        for item in reversed(items[1:-2]):
            rest = _filled(middle, item, rest)
        return _filled(start, items[0], rest)


_ENGLISH = Conventions("English", right_to_left=False, date_order="dmy", months={})


def is_right_to_left(language: str) -> bool:
    """Return whether a language is written from right to left; False of one that CLDR lacks."""
    known = locale_of(language)
    return known is not None and known.character_order == "right-to-left"


def _filled(pattern: str, *lines: Line) -> Line:
    spans: list[Span] = []
    for literal, name, _, _ in string.Formatter().parse(pattern):
        if literal:
            spans.append(Span(literal))
        if name is not None:
            spans.extend(lines[int(name)])
    return tuple(spans)


def line(said: Said) -> Line:
    """Return what is said as a line."""
    if isinstance(said, str):
        return (Span(said),)
    return (said,) if isinstance(said, Span) else said


def joined(*parts: Said, by: str = " ") -> Line:
    """Return several lines as one, with blanks between."""
    spans: list[Span] = []
    for part in parts:
        if spans:
            spans.append(Span(by))
        spans.extend(line(part))
    return tuple(spans)
