"""A row of a list: a recipient to be stored, or everything that is wrong with it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec

from bot.channels import Channel
from bot.core.folding import digits, fold
from bot.core.outreach.hours import Hours
from bot.core.problems import Problem
from bot.core.spoken import listed_language
from bot.outreach.recipients.columns import Columns, Field
from bot.outreach.recipients.faults import fault, quoted
from bot.outreach.recipients.numbers import Number, Reading, read_number
from bot.outreach.zones import clocks, named_zones
from bot.store.outreach.recipients import Listed
from bot.store.vault import AddressPepper, AddressSeal

LONGEST_VALUE = 100
LONGEST_SOURCE = 200
_OLDEST = date(2000, 1, 1)
# A bare yes says as little of where and how somebody agreed as a no.
_NO_SOURCE = frozenset(
    {
        *("", "no", "none", "na", "n a", "nil", "null", "unknown", "false", "0", "x", "tbd"),
        *(
            "yes",
            "y",
            "true",
            "1",
            "ok",
            "given",
            "consent",
            "consented",
            "agreed",
            "oui",
            "si",
            "sim",
            "ndiyo",
            "نعم",
        ),
    }
)
_ERRORS = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
_PERSONAL = re.compile(r"\S@\S|\+?(?:\d[ .\-()/]{0,2}){7,}")
_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?")
_DAY_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T, ].*)?")
_KEPT = 10_000

_Read = TypeVar("_Read")
_encode = msgspec.json.Encoder(order="sorted").encode


class DateOrder(StrEnum):
    """Which of day and month comes first."""

    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a list is held to: that of its consultation, and what its organiser says of the whole of it.

    `languages` are codes by what may stand for them, folded; `country` is whose numbers are written without its
    code, `countries` which are written to, None for all. `latest` is the last day on which it is today somewhere.
    """

    channel: Channel
    languages: Mapping[str, str]
    hours: Hours
    at: datetime
    latest: date
    country: str | None = None
    countries: frozenset[str] | None = None
    dates: DateOrder | None = None
    consent_source: str | None = None
    consented_on: date | None = None


class Reader:
    """Reads the rows of one list."""

    def __init__(self, columns: Columns, rules: Rules, pepper: AddressPepper, seal: AddressSeal) -> None:
        self.columns = columns
        self.readings: Counter[Reading] = Counter()
        """How the numbers of rows so far were read."""
        self._given = (columns, rules, pepper, seal)
        self._rules = rules
        self._pepper, self._seal = pepper, seal
        self._languages = Remembered(self._language_of)
        self._zones = Remembered(named_zones)
        self._opened = Remembered(self._opens)
        self._days = Remembered(self._day_of)
        self._sources = Remembered(source_fault)
        self._values = Remembered(value_fault)

    def __reduce__(self) -> tuple[type["Reader"], tuple[Columns, Rules, AddressPepper, AddressSeal]]:
        return Reader, self._given

    def read(self, row: int, cells: Sequence[str]) -> Listed | list[Problem]:
        """Return a row's recipient, or every problem of it."""
        problems: list[Problem] = []
        number = self._number(row, cells, problems)
        language = self._language(row, cells, problems)
        zone = self._zone(row, cells, number, problems)
        source, day = self._consent(row, cells, problems)
        attributes = self._attributes(row, cells, problems)
        if problems or number is None:
            return problems
        channel, other = self._rules.channel, OTHER[self._rules.channel]
        return Listed(
            row=row,
            address_hash=self._pepper.hash(channel, number.address),
            other_hash=self._pepper.hash(other, number.address),
            address_sealed=self._seal.seal(number.address),
            language=language,
            country=number.country,
            time_zone=zone,
            attributes=_encode(attributes).decode(),
            consent_source=source,
            consented_on=day.isoformat() if day else "",
        )

    def _cell(self, cells: Sequence[str], which: Field) -> str:
        place = self.columns.fields.get(which)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def _fault(self, code: str, which: Field, row: int, **told: object) -> Problem:
        return fault(code, self.columns.heading(which), row, **told)

    def _number(self, row: int, cells: Sequence[str], problems: list[Problem]) -> Number | None:
        number = read_number(self._cell(cells, Field.PHONE), self._rules.country)
        if isinstance(number, str):
            problems.append(self._fault(number, Field.PHONE, row))
            return None
        self.readings[number.reading] += 1
        if self._rules.countries is not None and number.country not in self._rules.countries:
            problems.append(self._fault("recipient-country", Field.PHONE, row, country=number.country))
        return number

    def _language(self, row: int, cells: Sequence[str], problems: list[Problem]) -> str | None:
        written = self._cell(cells, Field.LANGUAGE)
        if not written:
            return None
        language = self._languages[written]
        if language is None:
            offered = ", ".join(dict.fromkeys(self._rules.languages.values()))
            told = {"quoted": quoted(written), "languages": offered}
            problems.append(self._fault("recipient-language", Field.LANGUAGE, row, **told))
        return language

    def _language_of(self, written: str) -> str | None:
        return listed_language(self._rules.languages, written)

    def _zone(self, row: int, cells: Sequence[str], number: Number | None, problems: list[Problem]) -> str:
        written = self._cell(cells, Field.TIME_ZONE)
        zones = self._zones[written] if written else " ".join(number.zones) if number else ""
        if zones is None:
            told = quoted(written)
            problems.append(self._fault("recipient-time-zone", Field.TIME_ZONE, row, quoted=told))
            return ""
        if (written or number) and not self._opened[zones]:
            problems.append(self._fault("recipient-no-hours", Field.TIME_ZONE, row))
        return zones

    def _opens(self, zones: str) -> bool:
        return self._rules.hours.opening_in_all(self._rules.at, clocks(zones)) is not None

    def _consent(self, row: int, cells: Sequence[str], problems: list[Problem]) -> tuple[str, date | None]:
        source, day = self._rules.consent_source or "", self._rules.consented_on
        if Field.CONSENT_SOURCE in self.columns.fields:
            source = " ".join(self._cell(cells, Field.CONSENT_SOURCE).split())
            if wrong := self._sources[source]:
                problems.append(self._fault(wrong, Field.CONSENT_SOURCE, row, most=LONGEST_SOURCE))
        if Field.CONSENT_DATE in self.columns.fields:
            read = self._days[self._cell(cells, Field.CONSENT_DATE)]
            if isinstance(read, str):
                problems.append(self._fault(read, Field.CONSENT_DATE, row))
            else:
                day = read
        return source, day

    def _day_of(self, written: str) -> date | str:
        return day_of_consent(written, self._rules.dates, self._rules.latest)

    def _attributes(self, row: int, cells: Sequence[str], problems: list[Problem]) -> Mapping[str, str]:
        held: dict[str, str] = {}
        for place, name in self.columns.attributes:
            written = cells[place].strip() if place < len(cells) else ""
            if not written:
                continue
            if wrong := self._values[written]:
                problems.append(fault(wrong, self.columns.headings[place], row, most=LONGEST_VALUE))
            else:
                held[name] = " ".join(written.split())
        for place in self.columns.unnamed:
            if place < len(cells) and cells[place].strip():
                problems.append(fault("recipient-no-name", self.columns.headings[place], row))
        if any(map(str.strip, cells[len(self.columns.headings) :])):
            problems.append(fault("recipient-cells", row=row))
        return held


OTHER = {Channel.SMS: Channel.WHATSAPP, Channel.WHATSAPP: Channel.SMS}
"""The channel on which the same number may be known, too."""


def day_of_consent(written: str, order: DateOrder | None, latest: date) -> date | str:
    """Return the day of a cell, or the code of what is wrong with it."""
    if not written:
        return "recipient-consent-date"
    day = read_day(written, order)
    if isinstance(day, str):
        return day
    if day > latest:
        return "recipient-consent-future"
    return "recipient-consent-old" if day < _OLDEST else day


def read_day(written: str, order: DateOrder | None) -> date | str:
    """Return the day that a cell holds, or the code of why it is not clear which."""
    text = digits(written)
    if found := _DAY.fullmatch(text):
        year, month, day = (int(found[place]) for place in (1, 3, 4))
    elif found := _DAY_LAST.fullmatch(text):
        first, second, year = (int(found[place]) for place in (1, 3, 4))
        if order is None and first <= 12 and second <= 12 and first != second:
            return "recipient-consent-order"
        month_first = order is DateOrder.MDY or (order is None and second > 12)
        month, day = (first, second) if month_first else (second, first)
    else:
        return "recipient-consent-day"
    try:
        return date(year, month, day)
    except ValueError:
        return "recipient-consent-day"


def value_fault(written: str) -> str:
    """Return the code of what is wrong with an attribute's value, "" where it can be kept."""
    if len(written) > LONGEST_VALUE or not written.isprintable() or _ERRORS.fullmatch(written):
        return "recipient-attribute"
    text = digits(written)
    return "recipient-personal" if _PERSONAL.search(text) and not _DAY.fullmatch(text) else ""


def source_fault(source: str) -> str:
    """Return the code of what is wrong with a source of consent, "" where it says how people agreed."""
    if fold(source) in _NO_SOURCE:
        return "recipient-consent-source"
    if len(source) > LONGEST_SOURCE or not source.isprintable():
        return "recipient-attribute"
    return "recipient-personal" if _PERSONAL.search(digits(source)) else ""


class Remembered(dict[str, _Read], Generic[_Read]):
    """What the texts of cells were read as: most columns hold few different ones."""

    def __init__(self, read: Callable[[str], _Read]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> _Read:
        if len(self) >= _KEPT:
            self.clear()
        self[text] = read = self._read(text)
        return read
