"""The codes that people pass on to people they know: made, written and read.

A code has six letters drawn by chance and a seventh that is computed from them. The alphabet has 29 signs, a prime
number, and the weights differ: so every single wrong letter, and every two letters that change places, make something
that is no code (the weighted sum modulo a prime, as in ISBN-10; J. Verhoeff, Error Detecting Decimal Codes, 1969). No
vowels are in it, so that no code is a word; no 0, O, 1 and I, which look alike.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from bot.core.folding import digits
from bot.core.limits import LIMITS

ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
LENGTH = 7
"""Letters of a code, the last of them computed."""
FIRST_PART = 3
"""It is shown as `K7Q-M2XB`: three letters are read at a glance, and four are kept in mind."""
_WEIGHTS = range(1, LENGTH)
_MOST_DRAWS = 100
_SEEN_AS = str.maketrans({"1": "L", "I": "L"})
"""What people take a letter for that has no such sign beside it in the alphabet."""
_CODE = re.compile(
    rf"(?<![0-9A-Z])[{ALPHABET}]{{{FIRST_PART}}}[ \-–.]?[{ALPHABET}]{{{LENGTH - FIRST_PART}}}(?![0-9A-Z])"
)


def make_coupons(seed: int, count: int) -> tuple[str, ...]:
    """Return so many codes, all different, that follow from a random number nobody else knows."""
    made: dict[str, None] = {}
    for draw in range(_MOST_DRAWS):
        if len(made) == count:
            break
        digest = int.from_bytes(sha256(f"coupon {draw} of {seed}".encode()).digest(), "big")
        drawn = "".join(
            ALPHABET[digest // len(ALPHABET) ** place % len(ALPHABET)] for place in range(LENGTH - 1)
        )
        code = f"{drawn}{_check(drawn)}"
        # A number of seven digits is a phone number to people, and an answer to a questionnaire.
        if not code.isdigit():
            made[code] = None
    return tuple(made)


def shown_coupon(code: str) -> str:
    """Return a code as it is written for people: `K7Q-M2XB`."""
    return f"{code[:FIRST_PART]}-{code[FIRST_PART:]}"


def read_coupon(text: str) -> str | None:
    """Return the one code in a text, in capitals and without its hyphen; None where there is none, or two.

    Case, digits of any script and a blank or hyphen in the middle make no difference. What is not quite a code is none.
    """
    found = {code for _, code in _found(text)}
    return found.pop() if len(found) == 1 else None


def is_coupon(text: str) -> bool:
    """Return whether a text is a code and nothing else."""
    plain = _plain(text).strip(" .!\n\r\t")
    return any(written == plain for written, _ in _found(text))


def without_coupons(text: str) -> str:
    """Return a text with a mark in place of every code in it: for what is kept of a message."""
    plain = _plain(text)
    if len(plain) != len(text):
        # Letters that are written as several hide where they stood; the plain text says as much.
        text = plain
    for written, _ in _found(text):
        place = plain.index(written)
        text = f"{text[:place]}{MARK}{text[place + len(written) :]}"
        plain = f"{plain[:place]}{MARK}{plain[place + len(written) :]}"
    return text


MARK = "[code]"


def _found(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands for each code in a text, as it is written there and as the code is."""
    for match in _CODE.finditer(_plain(text).translate(_SEEN_AS)):
        written = match[0]
        code = re.sub(r"[ \-–.]", "", written)
        if not code.isdigit() and _check(code[:-1]) == code[-1]:
            yield _plain(text)[match.start() : match.end()], code


def _plain(text: str) -> str:
    return digits(text[: LIMITS.text_length]).upper()


def _check(drawn: str) -> str:
    total = sum(weight * ALPHABET.index(letter) for weight, letter in zip(_WEIGHTS, drawn, strict=True))
    return ALPHABET[total % len(ALPHABET)]
