"""What can be wrong with a list of recipients, in words: a code, what it is, what helps.

A cell is quoted only where it cannot hold a number or an address: columns shift, and then any cell may hold one.
"""

import re
from collections.abc import Mapping

from bot.core.problems import Problem

_TELLING = re.compile(r"@|(?:\d\D?){5}")
_LONGEST_QUOTED = 40

WORDS: Mapping[str, tuple[str, str]] = {
    # The file
    "list-unreadable": (
        "The file cannot be read as a spreadsheet: {reason}.",
        "Save it as XLSX or as CSV UTF-8.",
    ),
    "list-encoding": (
        "The letters of the file cannot be told from its bytes.",
        "Save it as CSV UTF-8, or name its code page: --encoding cp1252.",
    ),
    "list-too-large": (
        "The file is larger than {most}.",
        "Split it, and import the parts one after the other.",
    ),
    "list-sheets": (
        "There are several sheets: {sheets}.",
        "Say which one holds the list: --sheet NAME.",
    ),
    "list-no-sheet": ("There is no sheet of that name.", "Name one of: {sheets}."),
    "list-empty": ("There is no row below the heading.", "Add the people, one a row."),
    "list-no-heading": (
        "The first row holds a phone number, where the names of the columns should be.",
        "Put a row of names above it: phone, language, consent source, consent date.",
    ),
    "list-no-phone": (
        "There is no column of phone numbers.",
        'Call it phone, or say which one it is: --column phone="Mobile no.".',
    ),
    "list-no-consent": (
        "There is no column that says {what}.",
        "Add a column '{called}', or say it for everybody: {option}. Whoever did not agree is not written to.",
    ),
    "list-two-columns": (
        "This and '{other}' both look like the column '{field}'.",
        'Say which one it is: --column "{field}={other}"; and leave one out: --drop NAME.',
    ),
    "list-unknown-column": ("There is no column {name}.", "Write its name as the first row has it."),
    "list-unknown-field": ("There is no field {name}.", "A column can be: {fields}."),
    "list-same-heading": ("Two columns have this name.", "Rename one, or leave it out: --drop NAME."),
    "list-mixed": (
        "{foreign:,} numbers have lost their +, so that {either:,} others, which can be of two countries, may have.",
        "Format the column as text, and write + and the country code before the numbers of other countries.",
    ),
    "list-too-many-columns": (
        "There are {count} columns of attributes.",
        "Keep what quotas need, {most} at most.",
    ),
    "list-identifying": (
        "The name of this column sounds as if it told who people are.",
        'Heard keeps no names, mail addresses or identity numbers. Take it out, or leave it out: --drop "{name}".',
    ),
    "list-telling": (
        "Nearly every row has a value of its own here, so that it tells who people are.",
        'Write groups (a district, an age group), or leave it out: --drop "{name}".',
    ),
    # The number
    "recipient-no-number": ("There is no number.", "Write it, or take the row out."),
    "recipient-not-a-number": (
        "This is not a phone number.",
        "Write it in digits with + and the country code, or take the row out.",
    ),
    "recipient-rounded": (
        "The spreadsheet shortened this number, and digits are lost.",
        "Format the column as text or as a number without decimals, take the numbers from where they are whole, and "
        "save it again. A number that does end in so many noughts is written with + and the country code.",
    ),
    "recipient-several-numbers": ("There are several numbers in one cell.", "Keep one of them."),
    "recipient-no-country": (
        "The number does not say of which country it is.",
        "Write + and the country code before it, or say of which it is: --country KE.",
    ),
    "recipient-invalid": (
        "No such number is given out: its length or its first digits are wrong.",
        "Correct it, or take the row out.",
    ),
    "recipient-unclear": (
        "Without its first 0 or its + this number can be two different ones.",
        "Write + and the country code before it, or the 0.",
    ),
    "recipient-landline": (
        "This is a landline, which takes no messages.",
        "Write a mobile number, or take the row out.",
    ),
    "recipient-special": (
        "This is no mobile number, but one of a service: toll-free, shared-cost, premium, internet or the like.",
        "Write a mobile number, or take the row out.",
    ),
    "recipient-country": (
        "The number is of a country that is not written to: {country}.",
        "Add the country to --only-countries, or a sender for it to TWILIO_FROM; or take the row out.",
    ),
    "recipient-twice": ("The same number stands in row {first}.", "Take one of the two rows out."),
    # What stands beside it
    "recipient-cells": (
        "The row has more cells than there are columns.",
        "Put quotes around what holds the sign between cells, or look whether columns are shifted.",
    ),
    "recipient-no-name": (
        "There is a value in a column without a name.",
        "Name the column in the first row, or empty it.",
    ),
    "recipient-language": (
        "{quoted} is none of the languages of this consultation.",
        "Write one of: {languages}. Leave it empty where it is not known.",
    ),
    "recipient-time-zone": (
        "{quoted} is not a time zone.",
        "Write its name, like Africa/Nairobi, or leave it empty: it is taken from the number.",
    ),
    "recipient-no-hours": (
        "The number does not tell well enough where this person is: no allowed hour is common to all its time zones.",
        "Add a column 'time zone', like Asia/Yakutsk.",
    ),
    "recipient-consent-source": (
        "It does not say how this person agreed to be written to.",
        "Write where and how, like: registered at the clinic. Whoever did not agree is not written to.",
    ),
    "recipient-consent-date": (
        "It does not say when this person agreed to be written to.",
        "Write the day, like 2026-03-31.",
    ),
    "recipient-consent-day": ("This is not a day.", "Write it like 2026-03-31."),
    "recipient-consent-order": (
        "This can be read as two days, by the order of day and month.",
        "Write it like 2026-03-31, or say the order: --dates dmy or --dates mdy.",
    ),
    "recipient-consent-future": ("The day of consent is yet to come.", "Correct it."),
    "recipient-consent-old": ("The day of consent is long before anybody sent an SMS.", "Correct it."),
    "recipient-attribute": (
        "The value is too long, has several lines, or is an error of a formula.",
        "Keep it to {most} letters in one line. Where it holds further rows, a quotation mark is not closed.",
    ),
    "recipient-personal": (
        "The value holds a number or a mail address.",
        "Heard keeps no way to a person but the number written to. Empty it, or leave the column out: --drop NAME.",
    ),
}
"""By code: what is wrong and what helps."""


def fault(code: str, column: str = "", row: int | None = None, **told: object) -> Problem:
    """Return a problem with its words; `row` is the spreadsheet's own, in which the heading is 1."""
    message, remedy = WORDS[code]
    path = (column,) if column else ()
    return Problem(code, path, message.format(**told), remedy.format(**told), line=row)


def quoted(cell: str) -> str:
    """Return a cell in quotes, or words that stand for one which could hold a number or an address, or is long."""
    if _TELLING.search(cell) or len(cell) > _LONGEST_QUOTED or not cell.isprintable():
        return "The value"
    return f"'{cell}'"


def shown(heading: str, place: int) -> str:
    """Return the name of a column as it may be shown; `place` from 0 stands for one that could hold a number."""
    safe = heading and not _TELLING.search(heading) and heading.isprintable()
    return heading[:_LONGEST_QUOTED] if safe else f"column {place + 1}"
