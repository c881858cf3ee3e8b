"""What a reader of one language does not see in another: numbers that changed, letters that only look right."""

import re
import unicodedata
from collections import Counter

from bot.core.folding import digits

_NUMBER = re.compile(r"\d+(?:[.,:'’٫٬h]\d+| \d{3}(?!\d))*")
"""A number with whatever a language puts between its digits: 10,000 is 10.000, 10 000 and १०,०००; 9:30 is 9h30."""


def numbers_lost(source: str, wording: str) -> tuple[str, ...]:
    """Return the numbers of a text that a translation does not have, as the source writes them, in digits of ASCII.

    Digits of every script are the same; the order is free, and numbers that are in the translation alone are no loss.
    """
    kept = Counter(_plain(number) for number in _NUMBER.findall(digits(wording)))
    lost = []
    for number in _NUMBER.findall(digits(source)):
        if kept[_plain(number)]:
            kept[_plain(number)] -= 1
        else:
            lost.append(number)
    return tuple(lost)


def _plain(number: str) -> str:
    return re.sub(r"\D", "", number)


_LOOK_ALIKES = {
    "CYRILLIC": ("aceiopxyABCEHIKMOPTXY", "асеһіјорԛѕѵԝхуАВСЕНІЈКМОРЅТХУ"),
    "GREEK": ("avopuABEHIKMNOPTXYZ", "ανορυΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"),
}
"""By script: Latin letters that pass for its common ones, and those of its letters that pass for Latin.

After the confusables of Unicode Technical Standard 39. The rare Ѕ is left out of the first: "SMSка" is no mistake.
"""
_WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*")
_BRACES = re.compile(r"\$?\{[^}]*\}")


def disguised_words(text: str, script: str) -> tuple[str, ...]:
    """Return the words of a text that are not what they look like: letters of one script that pass for another's.

    That is a word of two scripts where the letters of one could all be taken for the other's, and in a language of
    Latin letters (`script`, as Unicode names it) a whole word of such letters. A word that is openly of another
    script is no fault: names, SMS and OK stand in many languages, and take endings in some.
    """
    words = _WORD.findall(_BRACES.sub(" ", unicodedata.normalize("NFC", text)))
    return tuple(dict.fromkeys(word for word in words if _is_disguised(word, script)))


def _is_disguised(word: str, script: str) -> bool:
    latin = {letter for letter in word if _is_of("LATIN", letter)}
    for other, (like_other, like_latin) in _LOOK_ALIKES.items():
        foreign = {letter for letter in word if _is_of(other, letter)}
        if foreign and latin:
            # "SMSка" shows both of its scripts; "Моcква" with a Latin c shows one.
            return foreign.issubset(like_latin) or latin.issubset(like_other)
        if foreign:
            return script == "LATIN" and foreign.issubset(like_latin)
    return False


def _is_of(script: str, letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(script)
