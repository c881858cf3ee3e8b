"""Words from elsewhere on a terminal: they neither steer it nor turn round what stands beside them."""

import unicodedata

ISOLATES = "\u2068\u2069"


def visible(text: str) -> str:
    """Return a text without the characters by which a file from elsewhere could steer the terminal."""
    return "".join(one if one.isprintable() or one == "\n" else "\N{REPLACEMENT CHARACTER}" for one in text)


def isolated(text: str) -> str:
    """Return a text that keeps its own direction, so that an Arabic label does not turn the numbers beside it round."""
    turned = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    return f"{ISOLATES[0]}{text}{ISOLATES[1]}" if turned else text


def told(text: str) -> str:
    """Return what a person wrote as a terminal may show it; the joiners within words of many scripts stay."""
    kept = "".join(one if one in "\u200c\u200d" else visible(one) for one in text)
    return isolated(kept)
