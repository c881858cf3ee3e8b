"""What the caps will make of many messages, so that nobody waits in vain for those that are held back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.outreach.caps import Cap, Footing, Limits


class Going(NamedTuple):
    """What goes to a country: to how many people, and in how many parts of SMS or messages of WhatsApp."""

    people: int
    parts: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """The countries to which nothing may be sent, and the days that caps spread the rest over.

    `forbidden` has how many people are in each of them, those with most first; `""` are numbers of which no country can
    be told. `home` is the one of them in which whoever asks works, as far as that can be told. `days` has the caps by
    which it takes longer than one day; None where a cap lets nothing through at all.
    """

    forbidden: Mapping[str, int]
    days: Mapping[Cap, int | None]
    home: str | None = None


def outlook(
    limits: Limits, going: Mapping[str, Going], unnumbered: int = 0, own: str | None = None
) -> Outlook:
    """Return what caps make of what goes to each country.

    `own` is the country that an organiser has named theirs. Where none is named, and none is allowed as home yet, it is
    taken to be the one that most go to. `unnumbered` are further people, who have no phone number: Telegram has neither
    borders nor a price. It reckons with no other message on those days: it takes no fewer days than that.
    """
    wanted = {
        Cap.MESSAGES_A_DAY: unnumbered + sum(one.people for one in going.values()),
        Cap.ABROAD_A_DAY: sum(
            one.people for country, one in going.items() if limits.footing(country) is Footing.ABROAD
        ),
        Cap.SPEND_A_DAY: sum(one.parts * limits.price(country) for country, one in going.items()),
    }
    days = {cap: _days(amount, limits.caps[cap]) for cap, amount in wanted.items()}
    by_people = sorted(going, key=lambda country: (-going[country].people, country))
    forbidden = {one: going[one].people for one in by_people if limits.footing(one) is Footing.FORBIDDEN}
    if own is None and Footing.HOME not in limits.countries.values():
        own = next(filter(None, by_people), None)
    return Outlook(
        forbidden,
        {cap: count for cap, count in days.items() if count != 1},
        own if own in forbidden else None,
    )


def _days(amount: int, a_day: int) -> int | None:
    if amount <= a_day:
        return 1
    return -(-amount // a_day) if a_day else None
