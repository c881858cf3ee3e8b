"""Whether people can be heard and answered: Twilio, WhatsApp, Telegram."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from bot.channels import Channel
from bot.channels.twilio import PATH
from bot.checkup.findings import Finding, Mark, how_many
from bot.settings import REMEDIES, Settings


def of_twilio(settings: Settings, demo: bool) -> Iterator[Finding]:
    """Yield whether Twilio can reach Heard, and Heard send by it."""
    group = "Twilio"
    if demo and settings.public_url is None:
        yield Finding(group, Mark.OK, "not used for trials: the chat page is at /try")
        return
    if settings.twilio_auth_token is None and settings.telegram_token is not None:
        yield Finding(group, Mark.OK, "not used: people write on Telegram")
        return
    if settings.twilio_auth_token is None:
        yield Finding(group, Mark.PROBLEM, "TWILIO_AUTH_TOKEN is missing", REMEDIES["TWILIO_AUTH_TOKEN"])
    else:
        yield Finding(group, Mark.OK, "TWILIO_AUTH_TOKEN is there")
    if settings.public_url is None:
        yield Finding(group, Mark.PROBLEM, "HEARD_PUBLIC_URL is missing", REMEDIES["HEARD_PUBLIC_URL"])
    else:
        yield _of_address(group, urlsplit(settings.public_url))
    yield from _of_sending(group, settings)


def of_telegram(settings: Settings) -> Iterator[Finding]:
    """Yield whether Telegram is used, and what it needs."""
    group = "Telegram"
    if settings.telegram_token is None:
        yield Finding(group, Mark.OK, "not used: there is no TELEGRAM_TOKEN")
        return
    yield Finding(
        group, Mark.OK, "TELEGRAM_TOKEN is there; heard channels show asks Telegram whether it is right"
    )
    missing = [
        name
        for name, value in (
            ("TELEGRAM_SECRET", settings.telegram_secret),
            ("HEARD_PUBLIC_URL", settings.public_url),
        )
        if value is None
    ]
    for name in missing:
        told = f"{name} is missing: messages come only while heard serve --telegram polling asks for them"
        yield Finding(group, Mark.WARNING, told, REMEDIES[name])


def _of_address(group: str, url: SplitResult) -> Finding:
    # Without what may stand before an @: a password.
    shown = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path.rstrip('/')}"
    if _is_private(url.hostname or ""):
        told = f"Twilio cannot reach HEARD_PUBLIC_URL, {shown}: it is an address within your own network"
        return Finding(group, Mark.PROBLEM, told, REMEDIES["HEARD_PUBLIC_URL"])
    if url.scheme != "https":
        told = f"HEARD_PUBLIC_URL, {shown}, is not https: messages would travel for everybody to read"
        return Finding(group, Mark.PROBLEM, told, REMEDIES["HEARD_PUBLIC_URL"])
    return Finding(group, Mark.OK, f'in Twilio\'s console, "a message comes in" has to be {shown}{PATH}')


def _is_private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".localhost", ".internal"))


def _of_sending(group: str, settings: Settings) -> Iterator[Finding]:
    wanted = {"TWILIO_ACCOUNT_SID": settings.twilio_account_sid, "TWILIO_FROM": settings.twilio_from}
    missing = [name for name, value in wanted.items() if value is None]
    if len(missing) == len(wanted):
        yield Finding(
            group, Mark.OK, "replies are sent; nothing else is, without TWILIO_ACCOUNT_SID and TWILIO_FROM"
        )
        return
    for name in missing:
        yield Finding(group, Mark.PROBLEM, f"{name} is missing", REMEDIES[name])
    if settings.senders:
        yield Finding(group, Mark.OK, f"messages leave from {how_many(len(settings.senders), 'sender')}")
    for sender in settings.senders:
        if not sender.takes_replies:
            yield Finding(
                group,
                Mark.WARNING,
                f"{sender.name} is a name: people cannot answer to it, nor send STOP",
                "Nothing is asked from it. Have a number beside it, or a short code, for whatever awaits an answer.",
            )
    yield from _of_whatsapp(group, settings)


def _of_whatsapp(group: str, settings: Settings) -> Iterator[Finding]:
    is_on_whatsapp = any(one.carries(Channel.WHATSAPP) for one in settings.senders)
    if settings.contents and is_on_whatsapp:
        count = how_many(len(settings.contents), "template")
        yield Finding(group, Mark.OK, f"WhatsApp has buttons, from {count}")
    elif settings.contents:
        told = "TWILIO_CONTENT is set, and no sender is on WhatsApp"
        yield Finding(group, Mark.WARNING, told, "Add one to TWILIO_FROM, like whatsapp:+12025550100.")
    elif any(one.channel is Channel.WHATSAPP for one in settings.senders):
        yield Finding(group, Mark.OK, "WhatsApp asks in plain text, without TWILIO_CONTENT")
