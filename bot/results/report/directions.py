"""Words of both directions on one line, for files that have no element to keep them apart."""

import re
import unicodedata
from collections.abc import Iterator

from bot.results.report.model import Line, Span
from bot.results.report.voice import is_right_to_left

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"
_LATIN = re.compile(
    r"([A-Za-z\u00c0-\u024f](?:[A-Za-z\u00c0-\u024f0-9 .'\u2019-]*[A-Za-z\u00c0-\u024f0-9])?)"
)


def turns(span: Span, language: str) -> bool:
    """Return whether a span is written from right to left; `language` is that of the document.

    Words of a language that nobody knows run as their first letter does, and as the document where they have none.
    """
    if span.language != "":
        return is_right_to_left(language if span.language is None else span.language)
    strong = next(
        (kind for kind in map(unicodedata.bidirectional, span.text) if kind in ("L", "R", "AL")), None
    )
    return is_right_to_left(language) if strong is None else strong != "L"


def direction(said: Line, language: str) -> bool:
    """Return whether a line of its own runs from right to left: as the document, or as the one foreign text in it."""
    turned = {turns(span, language) for span in said}
    is_foreign = bool(said) and all(span.language is not None for span in said)
    return turned.pop() if is_foreign and len(turned) == 1 else is_right_to_left(language)


def runs(span: Span, language: str, *, in_right_to_left: bool) -> Iterator[tuple[str, bool]]:
    """Yield the words of a span in pieces, each with whether it runs from right to left.

    Where a span is of the other direction than its line, Unicode's marks (UAX 9) stand around it, so that its stops
    stay with it and what follows is not drawn into it. Latin letters among Arabic ones are pieces of their own: they
    have another font.
    """
    turned = turns(span, language)
    if span.language is not None and turned is not in_right_to_left:
        own, other = (_RIGHT_TO_LEFT, _LEFT_TO_RIGHT) if turned else (_LEFT_TO_RIGHT, _RIGHT_TO_LEFT)
        yield f"{own}{span.text}{own}", turned
        yield other, in_right_to_left
    elif turned:
        for place, piece in enumerate(_LATIN.split(span.text)):
            if piece:
                yield piece, place % 2 == 0
    else:
        yield span.text, False
