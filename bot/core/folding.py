"""What people type, made comparable: case, accents, punctuation and the digits of every script."""

import re
import unicodedata

_PLAIN_LETTERS = {
    # Letters that phone keyboards lack, so that people type the plain one; Unicode does not decompose them.
    **{
        "ɓ": "b",
        "ɗ": "d",
        "ƙ": "k",
        "ƴ": "y",
        "ɖ": "d",
        "ƒ": "f",
        "ŋ": "n",
        "ɔ": "o",
        "ɛ": "e",
        "ɩ": "i",
        "ʋ": "v",
    },
    **{"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe"},
    # Arabic letters that are written for one another, across its languages and keyboards.
    **{"ى": "ي", "ی": "ي", "ة": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك", "ٱ": "ا"},
}
# Ethiopic letters of one sound in Amharic, for each of their seven vowels: people write whichever comes to hand.
_PLAIN_LETTERS |= {
    chr(alike + vowel): chr(plain + vowel)
    for alike, plain in zip(map(ord, "ሐኀሠዐፀ"), map(ord, "ሀሀሰአጸ"), strict=True)
    for vowel in range(7)
}
# The first vowel of these sounds like the fourth, and ኋ is often written without its "w".
_PLAIN_LETTERS |= {"ሃ": "ሀ", "ሓ": "ሀ", "ኃ": "ሀ", "ኋ": "ሀ", "ኣ": "አ", "ዓ": "አ"}
# Hindi writes a nasal before a consonant of its own place as a letter or as a dot: हिन्दी and हिंदी are one word.
_NASALS = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])|\N{DEVANAGARI SIGN CANDRABINDU}")
_APOSTROPHES = "ʼʻʹʽˈ"  # letters to Unicode, apostrophes to those who type them


class _Kept(dict[int, str | None]):
    """What becomes of each character of a decomposed text, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = kept = self._look_up(chr(code))
        return kept

    @staticmethod
    def _look_up(character: str) -> str | None:
        if character in _PLAIN_LETTERS:
            return _PLAIN_LETTERS[character]
        category = unicodedata.category(character)
        if category[0] == "N" or (category[0] == "L" and character not in _APOSTROPHES):
            return None if character == "ـ" else character  # Arabic's kashida only stretches a word
        if category[0] == "M":
            # Accents, tones, short vowels and viramas combine; Indic vowel signs do not, and carry the word.
            keeps = category != "Me" and not unicodedata.combining(character) and not _is_variation(character)
            return character if keeps else None
        return None if category == "Cf" else " "


def _is_variation(character: str) -> bool:
    return (
        "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
        or character == "\u034f"
    )


_KEPT = _Kept()


def fold(text: str) -> str:
    """Return the text as it is compared: lower case, without accents, words apart by single spaces.

    Keeps the letters of every script with their Indic vowel signs, and numbers; everything else is a space. Drops
    what people leave out when they type: diacritics, Arabic vowel points, tone marks. `fold(fold(t)) == fold(t)`.
    """
    if not text.isascii():
        # Folding case after decomposing, because some capitals decompose into a capital and a mark.
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        text = _NASALS.sub("\N{DEVANAGARI SIGN ANUSVARA}", text)
        text = unicodedata.normalize("NFC", text.translate(_KEPT))
        return " ".join(map(_in_one_script, text.split()) if _CYRILLIC.search(text) else text.split())
    return " ".join(text.lower().translate(_KEPT).split())


_BELOW_HUNDRED = "[፲-፺][፩-፱]?|[፩-፱]"
_CYRILLIC = re.compile("[а-ӿ]")
_LATIN = re.compile("[a-z]")
_CYRILLIC_AS_LATIN = str.maketrans("аеорсухіјѕԛԝһвнкмт", "aeopcyxijsqwhbhkmt")
_LATIN_AS_CYRILLIC = str.maketrans("aeopcyxijsbhkmt", "аеорсухіјѕвнкмт")


def _in_one_script(word: str) -> str:
    """Return a word that has Cyrillic and Latin letters in those of most, where all the others look like some of them.

    Phones with two keyboards mix them unseen: "gаs" with a Cyrillic "а" is gas to everybody who reads it.
    """
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not (cyrillic and latin):
        return word
    if latin >= cyrillic:
        plain = word.translate(_CYRILLIC_AS_LATIN)
        return word if _CYRILLIC.search(plain) else plain
    plain = word.translate(_LATIN_AS_CYRILLIC)
    return word if _LATIN.search(plain) else plain


_ETHIOPIC = re.compile(f"({_BELOW_HUNDRED})?(፻)({_BELOW_HUNDRED})?|([፲-፺][፩-፱]?)")
_ORNAMENT = re.compile("[\u20e3\ufe0e\ufe0f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def digits(text: str) -> str:
    """Return the text in NFKC with the digits of every script as ASCII, also circled, keycaps, Ethiopic below 10000.

    Invisible marks go with them: a keycap is a digit with two of those, and phones put others around pasted numbers.
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", _ORNAMENT.sub("", text).replace("\N{KEYCAP TEN}", "10"))
    text = _ETHIOPIC.sub(_ethiopic, text)
    return "".join(map(_digit, text))


def _ethiopic(match: re.Match[str]) -> str:
    hundreds, hundred, rest, alone = match.groups()
    value = (_sum(hundreds) or 1) * 100 + _sum(rest) if hundred else _sum(alone)
    return str(value)


def _sum(letters: str | None) -> int:
    return sum(int(unicodedata.numeric(letter)) for letter in letters or "")


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
