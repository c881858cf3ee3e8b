"""Trying invitations on the organiser's own phone: every wording in every language, and nobody else gets anything."""

import sys
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import typer
from rich.console import Console

from bot.channels import Address, Channel
from bot.cli.opened import opened_database
from bot.errors import InviteError, SettingsError

if TYPE_CHECKING:
    from bot.core.outreach.records import Outreach
    from bot.core.questionnaire import Questionnaire

WITHIN = timedelta(hours=1)
"""Somebody who tries something waits for it; what comes later would only surprise them."""


async def try_on_own_phone(
    console: Console, questionnaire: "Questionnaire", outreach: "Outreach", languages: Collection[str]
) -> None:
    """Put every wording into the outbox for the number that is typed in, whatever the hour; in `languages`, if any.

    The limits against harm hold for it as for everybody's, and what they will hold is told.

    Raises:
        InviteError: it is no number, nothing may be sent to it, or there are no words in a language.
        SettingsError: there is no sender, or there are no keys for the vault.
    """
    from bot.channels.senders import choose_sender, country_of
    from bot.core.outreach.caps import Request
    from bot.outreach.plan import said_in, spoken_in
    from bot.settings import read_settings, sealing
    from bot.store.outbox import enqueue
    from bot.store.outreach.caps import foreseen
    from bot.store.outreach.organisers import contact_for
    from bot.store.sending import Letter, Priority
    from bot.store.turns import Sender
    from bot.store.vault import AddressPepper, AddressSeal

    settings, now = read_settings(), datetime.now(UTC)
    said = said_in(outreach, questionnaire)
    spoken = spoken_in(said)
    if unknown := [one for one in languages if one not in spoken]:
        raise InviteError(f"there is no wording in '{unknown[0]}'. There are: {', '.join(sorted(spoken))}")
    if settings.address_pepper is None:
        raise SettingsError("HEARD_ADDRESS_PEPPER is missing")
    seal = AddressSeal(sealing(settings).get_secret_value())
    pepper = AddressPepper(settings.address_pepper.get_secret_value())
    address = read_number(_asked(), outreach.country)
    async with opened_database() as engine:
        known = Sender(Channel.SMS, pepper.hash(Channel.SMS, address))
        contact, wrote_to, has_stopped = await contact_for(engine, known, seal.seal(address), now)
        if has_stopped:
            raise InviteError("this number has sent STOP: nothing is sent to it before it sends START")
        sender = choose_sender(settings.senders, Channel.SMS, address.reveal(), wrote_to, answerable=True)
        if sender is None:
            raise InviteError("no sender of yours that takes replies writes to this number's country")
        letters = [
            Letter(
                contact,
                sender.name,
                Priority.INVITATION,
                words.text,
                due_at=now,
                expires_at=now + WITHIN,
                language=language,
                segments=words.segments,
            )
            for wording in said.values()
            for language, words in wording.items()
            if not languages or language in languages
        ]
        country = country_of(address.reveal())
        requests = [
            Request(place, contact, False, country, letter.segments) for place, letter in enumerate(letters)
        ]
        grant = await foreseen(engine, requests, now)
        await enqueue(engine, letters, now)
    _tell(console, len(letters), Counter(one.code for one in grant.held.values()))


def _tell(console: Console, count: int, held: Mapping[str, int]) -> None:
    """Print how many messages go to the phone, and how many do not, with what to do; `held` is by their error."""
    from bot.core.outreach.caps import HELD, Cap
    from bot.outreach.caps import remedy, told_of_held

    going = count - sum(held.values())
    if going or not held:
        of = f" of {count}" if held else ""
        messages = f"message{'' if count == 1 else 's'} {'is' if going == 1 else 'are'}"
        console.print(f"{going}{of} {messages} on the way to your phone.")
    for code, (said, _) in zip(held, told_of_held(held), strict=True):
        cap = code.removeprefix(HELD)
        what_to_do = remedy(code)
        if cap in (Cap.PERSON_A_DAY, Cap.PERSON_IN_ALL):
            what_to_do = (
                "It holds for your own phone too. Name the languages that you want to see, with --language, or raise "
                f"it: heard caps set {cap} VALUE --as NAME --reason WHY"
            )
        console.print(f"{said}.\n→ {what_to_do}", soft_wrap=True)
    if held:
        console.print("What is held is sent if that is done within an hour, and not later.")


def _asked() -> str:
    """Return the number that is typed in, unseen; or the first line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt("Your phone number", hide_input=True))
    return sys.stdin.readline()


def read_number(written: str, country: str | None) -> Address:
    """Return the address of a number, which may be written as in its country where that is known.

    Raises:
        InviteError: it is none; the text does not quote it.
    """
    import phonenumbers

    try:
        parsed = phonenumbers.parse(written.strip(), country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise InviteError("this is no phone number: write it with its country's code, like +254...")
    return Address(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
