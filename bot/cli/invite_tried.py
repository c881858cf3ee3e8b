"""Trying invitations on the organiser's own phone: every wording in every language, and nobody else gets anything."""

import sys
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


async def try_on_own_phone(console: Console, questionnaire: "Questionnaire", outreach: "Outreach") -> None:
    """Put every wording into the outbox for the number that is typed in, whatever the hour.

    Raises:
        InviteError: it is no number, or nothing may be sent to it.
        SettingsError: there is no sender, or there are no keys for the vault.
    """
    from bot.channels.senders import choose_sender
    from bot.outreach.plan import said_in
    from bot.settings import read_settings, sealing
    from bot.store.outbox import enqueue
    from bot.store.outreach.organisers import contact_for
    from bot.store.sending import Letter, Priority
    from bot.store.turns import Sender
    from bot.store.vault import AddressPepper, AddressSeal

    settings, now = read_settings(), datetime.now(UTC)
    said = said_in(outreach, questionnaire)
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
        ]
        count = await enqueue(engine, letters, now)
    console.print(f"{count} {'message is' if count == 1 else 'messages are'} on the way to your phone.")


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
