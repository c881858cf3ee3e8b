"""What the commands for posters and links need: the consultation as its files say it now, and where people write to."""

from typing import TYPE_CHECKING

from bot.errors import PosterError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.core.outreach.sources import Source
    from bot.core.questionnaire import Questionnaire
    from bot.outreach.posters.links import Addresses
    from bot.settings import Settings


def offered(consultation: str, flows: "Path", locales: "Path") -> "Questionnaire":
    """Return a consultation of the folder.

    Raises:
        FlowsError: there are errors in the files.
        PosterError: there is none of that id.
    """
    from bot.core.problems import nearest
    from bot.flowfiles.folder import load_flows

    known = load_flows(flows, locales).flows
    if consultation not in known:
        meant = nearest(consultation, known)
        hint = f"; is it {meant}?" if meant else f". There are: {', '.join(known) or 'none'}"
        raise PosterError(f"there is no consultation '{consultation}'{hint}")
    return known[consultation].questionnaire


def addresses_of(questionnaire: "Questionnaire", settings: "Settings") -> "Addresses":
    """Return where people write to: what the outreach file says, else our first number on each channel."""
    from bot.channels import Channel
    from bot.channels.senders import Kind
    from bot.outreach.posters.links import Addresses

    poster = questionnaire.outreach.poster if questionnaire.outreach else None
    dialled = [one for one in settings.senders if one.kind in (Kind.NUMBER, Kind.SHORT_CODE)]

    def first(channel: Channel) -> str | None:
        return next((one.name for one in dialled if one.carries(channel)), None)

    return Addresses(
        (poster and poster.number) or first(Channel.SMS),
        (poster and poster.whatsapp) or first(Channel.WHATSAPP),
        poster.telegram if poster else None,
    )


def told_unheard(addresses: "Addresses", settings: "Settings") -> "Iterator[str]":
    """Yield which numbers people are asked to write to are none of ours: what they send would reach nobody here.

    Nothing where no sender is set, as on a machine that only prints.
    """
    from bot.channels import Channel
    from bot.channels.senders import Kind

    for number, channel in ((addresses.number, Channel.SMS), (addresses.whatsapp, Channel.WHATSAPP)):
        ours = [one for one in settings.senders if one.carries(channel) and one.takes_replies]
        if number is None or not settings.senders or any(one.name == number for one in ours):
            continue
        yield (
            f"{readable(number)} is none of the senders in TWILIO_FROM: what people send there may reach nobody."
            + (
                " Look whether your Messaging Service holds it."
                if any(one.kind is Kind.SERVICE for one in ours)
                else ""
            )
        )


def source_named(questionnaire: "Questionnaire", wanted: str) -> "Source":
    """Return the source of a name or code; PosterError where the outreach file lists none."""
    from bot.core.problems import nearest

    sources = questionnaire.outreach.sources if questionnaire.outreach else ()
    for one in sources:
        if wanted in (one.name, one.code) or wanted.upper() == one.code:
            return one
    names = [one.name for one in sources]
    meant = nearest(wanted, names)
    listed = f"is it {meant}?" if meant else f"the outreach file lists: {', '.join(names) or 'none'}"
    raise PosterError(f"there is no source '{wanted}'; {listed}")


def readable(number: str | None) -> str:
    """Return a number as people read it: `+1 202-555-0100`; a short code as it is."""
    import phonenumbers

    if number is None or not number.startswith("+"):
        return number or ""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
