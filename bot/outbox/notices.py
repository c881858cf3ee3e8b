"""What it comes to to tell people of a finding: who, in which words, on which channels, at what cost."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels import CARRIAGES, Channel
from bot.channels.senders import country_of
from bot.channels.twilio import segments
from bot.core.findings import Finding
from bot.core.outreach.outlook import Going, Outlook, outlook
from bot.core.segments import plain_punctuation
from bot.store.database import Database
from bot.store.findings import last_words
from bot.store.notices import Group, Standing, Wording, audience, numbers
from bot.store.outreach.caps import limits_now
from bot.store.vault import AddressSeal


@dataclass(frozen=True, slots=True)
class Telling:
    """Those who can be told of a change, those who cannot, and how it is said on each channel in each language."""

    ready: tuple[Group, ...]
    left_out: tuple[Group, ...]
    wordings: tuple[Wording, ...]

    @property
    def people(self) -> int:
        return sum(group.people for group in self.ready)

    @property
    def parts(self) -> int:
        """The parts of SMS that all messages together cost."""
        return sum(group.people * (self.wording(group).segments or 0) for group in self.ready)

    @property
    def numbered(self) -> int:
        """The people on channels with phone numbers."""
        return sum(group.people for group in self.ready if CARRIAGES[Channel(group.channel)].is_phone)

    def wording(self, group: Group) -> Wording:
        """Return how a group is told; KeyError where it cannot be."""
        said = {(one.channel, one.language): one for one in self.wordings}
        return said[group.channel, group.language or ""]


async def prepare(engine: Database, of: Finding, senders: Collection[str], due_at: datetime) -> Telling:
    """Return what it comes to to tell people of a finding's last change; `senders` are the names of ours.

    Raises:
        FindingsError: the finding was changed since it was read.
    """
    groups = await audience(engine, of, senders, due_at)
    ready = tuple(group for group in groups if group.standing is Standing.READY)
    left_out = tuple(group for group in groups if group.standing is not Standing.READY)
    return Telling(ready, left_out, _wordings(ready, await last_words(engine, of)))


async def outlook_of(
    engine: Database,
    of: Finding,
    telling: Telling,
    senders: Collection[str],
    due_at: datetime,
    seal: AddressSeal,
) -> Outlook:
    """Return what the caps that hold now make of telling people.

    Raises:
        FindingsError: the finding was changed since it was read.
        VaultError: no key opens somebody's address.
    """
    people, parts = Counter[str](), Counter[str]()
    async for each, sealed in numbers(engine, of, telling.wordings, senders, due_at):
        found = Counter(country_of(seal.open(one).reveal()) or "" for one in sealed)
        people += found
        parts.update({country: count * each for country, count in found.items()})
    going = {country: Going(count, parts[country]) for country, count in people.items()}
    return outlook(await limits_now(engine), going, telling.people - telling.numbered)


def _wordings(ready: Sequence[Group], words: Mapping[str, str]) -> tuple[Wording, ...]:
    said = ((one, words.get(one.language or "")) for one in ready)
    return tuple(
        _wording(Channel(one.channel), one.language or "", text) for one, text in said if text is not None
    )


def _wording(channel: Channel, language: str, words: str) -> Wording:
    # As the intake sends it: no curly quote makes an SMS dear.
    text = plain_punctuation(words) if CARRIAGES[channel].form.short else words
    return Wording(channel, language, text, segments(channel, text))
