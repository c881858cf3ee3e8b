"""What is told of what `heard caps` will make of many messages, beside the plan of them."""

from collections.abc import Iterator

from bot.core.outreach.outlook import Outlook


def told(of: Outlook) -> Iterator[str]:
    """Yield what an organiser has to do or to know before the first message can leave."""
    known = {country: people for country, people in of.forbidden.items() if country}
    if known:
        told = (
            f"{country} ({count:,} {'person' if count == 1 else 'people'})"
            for country, count in known.items()
        )
        yield (
            f"\nMessages to {', '.join(told)} are held back until somebody allows that, for each country that is "
            "meant:"
        )
    for country in known:
        home = " --home" if country == of.home else ""
        yield f'  heard caps allow-country {country}{home} --as "Your name"'
    if "" in of.forbidden:
        yield "\nOf some numbers no country can be told: messages to them are held back."
    for cap, days in of.days.items():
        yield (
            f"\nThe limit {cap} lets nothing through; see heard caps"
            if days is None
            else f"\nThe limit {cap} spreads them over {days:,} days; see heard caps"
        )
