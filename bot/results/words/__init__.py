"""What people said in their own words: redacted, quoted, sorted into themes, counted by codes.

What other parts need of it stands here. Words leave as `Redacted` alone. Analysis loads scikit-learn, and only when it
is asked for.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.core.codes import CodeFrame
from bot.core.questionnaire import Questionnaire
from bot.results.words.quotes import Quote, quote_of
from bot.results.words.redaction import Redacted, redact
from bot.results.words.said import Said, rules_of, said, text_items
from bot.store.database import Database
from bot.store.quotes import reviewed

if TYPE_CHECKING:
    from bot.results.words.coding import CodeCounts
    from bot.results.words.themes import Themes


async def approved_quotes(
    engine: Database, questionnaire: Questionnaire, *, item: str | None = None, language: str | None = None
) -> tuple[Quote, ...]:
    """Return the quotes of a consultation that may be published, with their translations, as interviews began.

    Only of an item, and only in a language, where these are given. Each was found verbatim in its answer just now.
    """
    rules = await rules_of(engine, questionnaire)
    quotes = [quote_of(one, rules) for one in await reviewed(engine, questionnaire.id)]
    return tuple(
        one
        for one in quotes
        if one is not None and item in (None, one.item) and language in (None, one.language)
    )


async def themes_in(
    engine: Database,
    versions: Sequence[Questionnaire],
    item: str,
    *,
    seed: int = 0,
    said_by: int = 0,
) -> "tuple[Themes, ...]":
    """Return the themes of an item's answers in each language; `versions` are all of it, the newest first.

    Their words are those that `said_by` answers in the language have, or more. Typical answers are redacted and were
    read by nobody: publish approved quotes instead.
    """
    from bot.results.words.themes import find_themes  # noqa: PLC0415

    return find_themes(item, [one async for one in said(engine, versions, [item])], seed, said_by)


async def coded(
    engine: Database, versions: Sequence[Questionnaire], frame: CodeFrame, item: str
) -> "CodeCounts":
    """Return how many answers to an item have each of the organiser's codes, over all languages and in each."""
    from bot.results.words.coding import count_codes  # noqa: PLC0415

    return count_codes(frame, item, [one async for one in said(engine, versions, [item])])


__all__ = [
    "Quote",
    "Redacted",
    "Said",
    "approved_quotes",
    "coded",
    "redact",
    "rules_of",
    "said",
    "text_items",
    "themes_in",
]
