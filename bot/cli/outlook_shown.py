"""What is told of what `heard caps` will make of many messages, beside the plan of them."""

from collections.abc import Iterator

from bot.core.outreach.outlook import Outlook


def told(of: Outlook) -> Iterator[str]:
    """Yield what an organiser has to do or to know before the first message can leave."""
    known = [country for country in of.forbidden if country]
    if known:
        yield (
            f"\nMessages to {', '.join(known)} are held back until somebody allows that:\n"
            f'  heard caps allow-country {known[0]} --home --as "Your name"'
        )
    if "" in of.forbidden:
        yield "\nOf some numbers no country can be told: messages to them are held back."
    for cap, days in of.days.items():
        yield (
            f"\nThe limit {cap} lets nothing through; see heard caps"
            if days is None
            else f"\nThe limit {cap} spreads them over {days:,} days; see heard caps"
        )
