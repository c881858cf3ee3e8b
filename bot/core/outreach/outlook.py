"""What the caps will make of many messages, so that nobody waits in vain for those that are held back."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.outreach.caps import Cap, Footing, Limits


@dataclass(frozen=True, slots=True)
class Outlook:
    """The countries to which nothing may be sent, and the days that caps spread the rest over.

    `""` are numbers of which no country can be told. `days` has the caps by which it takes longer than one day; None
    where a cap lets nothing through at all.
    """

    forbidden: tuple[str, ...]
    days: Mapping[Cap, int | None]


def outlook(
    limits: Limits, people: int, parts: int, countries: Mapping[str, int], numbered: int | None = None
) -> Outlook:
    """Return what caps make of so many people, and of the parts of SMS or messages of WhatsApp to them.

    `countries` are the people with a phone number by country, those of a list where they are drawn from one. `numbered`
    are how many people have one, None where all do: Telegram has neither borders nor a price.

    It reckons with the dearest price, and with no other message on those days: it takes no fewer days than that, but
    for prices.
    """
    listed = sum(countries.values()) or 1
    abroad = sum(count for one, count in countries.items() if limits.footing(one) is Footing.ABROAD)
    dearest = max((limits.price(one) for one in countries), default=0)
    wanted = {
        Cap.MESSAGES_A_DAY: people,
        # The list has more people than the campaign, in about the same countries.
        Cap.ABROAD_A_DAY: -(-(people if numbered is None else numbered) * abroad // listed),
        Cap.SPEND_A_DAY: parts * dearest,
    }
    days = {cap: _days(amount, limits.caps[cap]) for cap, amount in wanted.items()}
    return Outlook(
        tuple(sorted(one for one in countries if limits.footing(one) is Footing.FORBIDDEN)),
        {cap: count for cap, count in days.items() if count != 1},
    )


def _days(amount: int, a_day: int) -> int | None:
    if amount <= a_day:
        return 1
    return -(-amount // a_day) if a_day else None
