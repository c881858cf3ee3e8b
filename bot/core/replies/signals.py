"""Short replies that mean the same everywhere: yes and no, commands, a number of a menu, a name of a list."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.core.folding import digits
from bot.core.limits import LIMITS
from bot.core.phrases import ACKNOWLEDGE, COMMANDS, DONT_KNOW, NO, PREFER_NOT, START, YES, Phrasebook
from bot.core.replies.matching import Lexicon, both_languages, fillers, folded_words, key, lexicon
from bot.core.replies.records import Command

_ALONE = re.compile(r"[\W_]*(?:(?:no|nr|num|number|n)[\W_]*)?0{0,3}(\d{1,3})[\W_]*", re.IGNORECASE)
_SIGNS = re.compile("[👍👌✅✔☑🆗👎❌✖✗✘🚫⛔][\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]*")
_COMMANDS = tuple((Command(name), words) for name, words in {**COMMANDS, "start": START}.items())
_REFUSALS = frozenset("👎❌✖✗✘🚫⛔")


def number_alone(text: str) -> int | None:
    """Return the number that a text is, whatever stands around it ("2.", "(2)", "#2", "no. 2", "٢"), else None."""
    if text.isascii() and text.isdigit() and len(text) <= 3:
        return int(text)
    found = _ALONE.fullmatch(digits(text[: LIMITS.text_length]))
    return int(found[1]) if found else None


def read_number_in_menu(text: str, count: int) -> int | None:
    """Return the number, from 1 to `count`, that a text is, else None."""
    number = number_alone(text)
    return number if number is not None and 1 <= number <= count else None


def read_yes_no(text: str, phrasebook: Phrasebook, *, exact: bool = False) -> bool | None:
    """Return whether a text says yes (1, a yes word, a thumb up) or no (2, a no word, a cross), else None.

    With `exact`, small typing errors are not forgiven: consent is not guessed from a word that is nearly yes.

    The words are those of the phrasebook's language and of English, and where one means opposite things in the
    two, the phrasebook's holds. What says both, "yes no" or "no" with a thumb up, says neither.
    """
    text = text[: LIMITS.text_length]
    number = None if any(map(str.isalpha, text)) else number_alone(text)  # "no 1" is no number here
    if number is not None:
        return {1: True, 2: False}.get(number)
    said = {sign[0] not in _REFUSALS for sign in _SIGNS.findall(text)}
    rest = key(_SIGNS.sub(" ", text))
    if rest:
        meant = _yes_no_words(rest, phrasebook, exact)
        if meant is None:
            return None
        said.add(meant)
    return said.pop() if len(said) == 1 else None


def _yes_no_words(folded: str, phrasebook: Phrasebook, exact: bool) -> bool | None:
    yes, english_yes = both_languages(phrasebook, YES)
    no, english_no = both_languages(phrasebook, NO)
    known = lexicon(((yes, no), (english_yes, english_no), (("1",), ("2",))), fillers(phrasebook))
    words = folded.split()
    if len(words) > 1 and words[0] in ("1", "2"):
        after = _one_of(known, words[1:], exact)
        return (after == 0) if after == int(words[0]) - 1 else None
    found = _one_of(known, words, exact)
    return None if found is None else found == 0


def _one_of(known: Lexicon, words: Sequence[str], exact: bool = False) -> int | None:
    """Return the position of what the words mean, exactly or, unless that is not enough, nearly; else None."""
    phrase = " ".join(words)
    core = " ".join(known.core(words))
    found = known.meanings.get(phrase) or known.meanings.get(core) or known.said_over(words)
    if not exact:
        found = found or known.near(phrase) or known.near(core)
    found = found or ()
    return found[0] if len(found) == 1 else None


def read_named(text: str, names: Sequence[str]) -> int | None:
    """Return the position of the name that a text is, but for small typing errors, else None."""
    return _one_of(lexicon((tuple((name,) for name in names),)), key(text[: LIMITS.text_length]).split())


def read_command(text: str, phrasebook: Phrasebook) -> Command | None:
    """Return the command that a whole message is, in the phrasebook's language or in English, else None.

    Exact but for case, accents and punctuation: a near miss of STOP is a reply, not an opt-out.
    """
    if text.isdigit() or len(text) > LIMITS.text_length:
        return None
    lists = tuple((command, *both_languages(phrasebook, words)) for command, words in _COMMANDS)
    return _commands(lists).get(key(text))


@lru_cache(maxsize=64)
def _commands(lists: tuple[tuple[Command, tuple[str, ...], tuple[str, ...]], ...]) -> Mapping[str, Command]:
    english = {key(word): command for command, _, words in lists for word in words}
    return english | {key(word): command for command, words, _ in lists for word in words}


def says_unknown(text: str, phrasebook: Phrasebook) -> bool:
    """Return whether a whole text says that the person does not know."""
    return key(text[: LIMITS.text_length]) in folded_words(phrasebook, DONT_KNOW)


def says_private(text: str, phrasebook: Phrasebook) -> bool:
    """Return whether a whole text says that the person would rather not say."""
    return key(text[: LIMITS.text_length]) in folded_words(phrasebook, PREFER_NOT)


def says_ok(text: str, phrasebook: Phrasebook) -> bool:
    """Return whether a text says that the person has read what was sent."""
    words = folded_words(phrasebook, ACKNOWLEDGE)
    folded = key(text[: LIMITS.text_length])
    return folded in words or read_yes_no(text, phrasebook) is True
