"""How detectors name languages, and which of their texts they can be asked about."""

from collections.abc import Collection, Mapping, Sequence


def plain(language: str) -> str:
    """Return a language as detectors name it: without region and script, and Filipino as Tagalog."""
    code = language.partition("-")[0]
    return "tl" if code == "fil" else code


def named(text: str, among: Sequence[str], known: Collection[str]) -> Mapping[str, str]:
    """Return the languages to choose among by the names that a detector of the `known` ones has for them.

    Nothing where it cannot tell: there are no letters, it would take a language that it does not know for another, or
    two of them are one to it.
    """
    names = {plain(language): language for language in among}
    tells = len(names) == len(among) and all(name in known for name in names) and any(map(str.isalpha, text))
    return names if tells else {}


def as_in_a_sentence(text: str) -> str:
    """Return a text as it stands amid a longer one, in small letters and with blanks around it.

    Detectors have learnt from running text, where much lies in how words begin and end: without this, six in a hundred
    more texts of one to three words are taken for another language. langdetect passes over words in capitals, which
    old phones send.
    """
    return f" {text.lower()} "
