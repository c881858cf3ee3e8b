"""How an attribute is called: in what is stored of recipients, and where quotas count by it."""

from bot.core.folding import fold

LONGEST_NAME = 40


def attribute_name(heading: str) -> str:
    """Return the name of an attribute, by the heading of its column or as an organiser writes it.

    `Age group` is age_group.
    """
    return fold(heading).replace(" ", "_")[:LONGEST_NAME]
