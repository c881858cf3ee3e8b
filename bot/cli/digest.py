"""`heard digest`: who is told what is new in a consultation, when, and how that goes."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opened import opened_database
from bot.errors import DigestError
from bot.store.subscribing import Every, Schedule

if TYPE_CHECKING:
    from bot.digests.rendering import Rendered
    from bot.store.database import Database
    from bot.store.subscribing import DigestStatus, LastDigest, Subscription

digest = typer.Typer(
    help="Tell policy teams what is new, by e-mail or webhook; see docs/digest.md.", no_args_is_help=True
)

LanguageOption = Annotated[str, typer.Option(help="The language that it is in, such as fr.")]
ConsultationArgument = Annotated[str, typer.Argument(help="The consultation's id.")]


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@digest.command()
def subscribe(
    consultation: ConsultationArgument,
    email: Annotated[str | None, typer.Option(help="The address that gets it.", show_default=False)] = None,
    webhook: Annotated[
        str | None, typer.Option(help="The address that it is posted to, by https.", show_default=False)
    ] = None,
    every: Annotated[Every, typer.Option(help="How often.")] = Every.WEEK,
    on: Annotated[Weekday, typer.Option(help="By the week, on which day.")] = Weekday.MONDAY,
    at: Annotated[
        datetime, typer.Option(formats=["%H:%M"], help="At what time of day.", show_default="08:00")
    ] = datetime(2000, 1, 1, 8),
    zone: Annotated[str, typer.Option(help="In which time zone, like Africa/Lagos.")] = "UTC",
    language: LanguageOption = "en",
) -> None:
    """Have digests of a consultation sent. A webhook's secret is shown, this once."""
    if (email is None) is (webhook is None):
        raise typer.BadParameter("give an --email or a --webhook")
    schedule = _schedule(every, on, at.time(), zone)
    number, due_at, secret = asyncio.run(_subscribe(consultation, email, webhook, schedule, language))
    typer.echo(f"Subscription {number}: the first digest comes {_shown(due_at, zone)}.", err=True)
    if secret is not None:
        typer.echo(
            "The secret by which the receiver knows that it is from you; it is not shown again:", err=True
        )
        typer.echo(secret)


@digest.command(name="list")
def list_(
    reveal: Annotated[bool, typer.Option("--addresses", help="Show the addresses in full.")] = False,
) -> None:
    """List who gets digests, when the next comes, and what became of the last."""
    listed = asyncio.run(_list(reveal))
    if not listed:
        typer.echo("Nobody gets digests. heard digest subscribe begins it.")
        return
    for one, to, last in listed:
        schedule = one.schedule
        day = "" if schedule.every is Every.DAY else f", {list(Weekday)[schedule.weekday]}"
        typer.echo(f"{one.id}  {one.consultation}  {to}")
        typer.echo(
            f"   every {schedule.every}{day} {schedule.at:%H:%M} {schedule.zone}, in {one.language}; "
            f"next {one.due_at:%Y-%m-%d %H:%M} UTC; last: {_last(last)}"
        )
    if any(last is not None and last.status == "uncertain" for _, _, last in listed):
        typer.echo(
            "\nuncertain: the mail server may have taken it. It is not sent again; the next digest tells the same."
        )


@digest.command()
def remove(
    subscription: Annotated[int, typer.Argument(metavar="ID", help="The subscription's number, as listed.")],
) -> None:
    """Send no more digests there, and delete the address."""
    if not asyncio.run(_remove(subscription)):
        raise DigestError(f"there is no subscription {subscription}; heard digest list shows them")
    typer.echo(f"Subscription {subscription} is deleted.")


@digest.command()
def send(
    consultation: Annotated[str | None, typer.Argument(help="Of which alone.", show_default=False)] = None,
    now: Annotated[bool, typer.Option("--now", help="Yes, send it to everybody subscribed, now.")] = False,
) -> None:
    """Send what is new since the last digest, without waiting for its time. That time stays as it is."""
    if not now:
        raise typer.BadParameter(
            "say --now: it goes out to everybody who is subscribed; heard digest show only shows it"
        )
    sent = asyncio.run(_send(consultation))
    if not sent:
        raise DigestError("nobody is subscribed; heard digest subscribe begins it")
    for number, status in sent:
        typer.echo(f"Subscription {number}: {status or 'one is on its way already'}.")
    if any(status != "sent" for _, status in sent):
        raise typer.Exit(1)


@digest.command()
def show(
    consultation: ConsultationArgument,
    days: Annotated[int, typer.Option(min=1, max=366, help="What is new in so many days.")] = 7,
    language: LanguageOption = "en",
    html: Annotated[
        Path | None, typer.Option(help="Write it as a page to this file.", show_default=False)
    ] = None,
) -> None:
    """Show what a digest would say now. Nothing is sent."""
    rendered = asyncio.run(_show(consultation, timedelta(days=days), language))
    if html is None:
        typer.echo(f"{rendered.subject}\n\n{rendered.text}")
        return
    try:
        html.write_text(rendered.html, encoding="utf-8")
    except OSError as error:
        raise DigestError(f"{html} cannot be written: {error.strerror}") from None


def _schedule(every: Every, on: Weekday, at: time, zone: str) -> Schedule:
    from bot.digests.schedule import zone_of

    zone_of(zone)
    return Schedule(every, at, zone, list(Weekday).index(on))


async def _subscribe(
    consultation: str, email: str | None, webhook: str | None, schedule: Schedule, language: str
) -> tuple[int, datetime, str | None]:
    from bot.channels import Address
    from bot.digests.mail import is_address
    from bot.digests.schedule import next_after
    from bot.digests.webhooks import Reach, addresses_of, new_secret, read_networks
    from bot.digests.wordings import load_voice
    from bot.settings import mailing, read_settings, vault
    from bot.store.subscribing import Carrier
    from bot.store.subscriptions import subscribe

    settings = read_settings()
    seal, pepper = vault(settings)
    load_voice(settings.locales, language)
    if email is not None:
        if mailing(settings) is None:
            raise DigestError("mail needs HEARD_SMTP_URL and HEARD_MAIL_FROM; docs/digest.md tells of them")
        if not is_address(email):
            raise DigestError("that is not an e-mail address")
    else:
        try:
            await addresses_of(webhook or "", Reach(read_networks(settings.webhook_networks)))
        except OSError:
            raise DigestError("nobody knows the name in that address; look at how it is written") from None
    carrier = Carrier.EMAIL if email is not None else Carrier.WEBHOOK
    target, secret = Address(email or webhook or ""), None if email is not None else new_secret()
    now = datetime.now(UTC)
    async with opened_database() as engine:
        await _require(engine, consultation)
        due_at = next_after(schedule, now)
        number = await subscribe(
            engine,
            consultation,
            carrier,
            (pepper.hash(carrier, target), seal.seal(target)),
            seal.seal(Address(secret)) if secret else None,
            schedule,
            now,
            due_at,
            language,
        )
    return number, due_at, secret


async def _require(engine: "Database", consultation: str) -> None:
    from bot.errors import UnknownConsultation
    from bot.store.reading import consultations

    known = await consultations(engine)
    if consultation not in known:
        there = f"there are: {', '.join(known)}" if known else "none was offered here yet"
        raise UnknownConsultation(f"there is no consultation '{consultation}'; {there}")


async def _list(reveal: bool) -> Sequence[tuple["Subscription", str, "LastDigest | None"]]:
    from bot.settings import read_settings, vault
    from bot.store.digests import last_digests
    from bot.store.subscriptions import subscriptions

    seal, _ = vault(read_settings())
    async with opened_database() as engine:
        last = await last_digests(engine)
        return [
            (one, _named(seal.open(one.target_sealed).reveal(), reveal), last.get(one.id))
            for one in await subscriptions(engine)
        ]


def _named(address: str, reveal: bool) -> str:
    """Return an address so that who made it knows which it is."""
    if reveal:
        return address
    if "://" in address:
        return "/".join(address.split("/")[:3]) + "/…"
    return f"{address[0]}…@{address.rpartition('@')[2]}"


async def _remove(subscription: int) -> bool:
    from bot.store.subscriptions import unsubscribe

    async with opened_database() as engine:
        return await unsubscribe(engine, subscription)


async def _send(consultation: str | None) -> Sequence[tuple[int, "DigestStatus | None"]]:
    from bot.settings import read_settings
    from bot.store.subscriptions import subscriptions
    from bot.working import build_digests

    sent: list[tuple[int, DigestStatus | None]] = []
    async with opened_database() as engine:
        worker = build_digests(read_settings(), engine)
        for one in await subscriptions(engine, consultation):
            made = await worker.add(one, f"now {datetime.now(UTC).isoformat()}", None)
            sent.append((one.id, await worker.send([made]) if made is not None else None))
        await worker.close()
    return sent


async def _show(consultation: str, span: timedelta, language: str) -> "Rendered":
    from bot.digests.rendering import Leaving, render
    from bot.digests.wordings import load_voice
    from bot.digests.working import digest_of
    from bot.settings import read_settings

    voice = load_voice(read_settings().locales, language)
    now = datetime.now(UTC)
    async with opened_database() as engine:
        await _require(engine, consultation)
        made = await digest_of(engine, consultation, now - span, now, "UTC", language)
    return render(made, voice, Leaving("you@example.org", None))


def _shown(moment: datetime, zone: str) -> str:
    from bot.digests.schedule import zone_of

    return f"{moment.astimezone(zone_of(zone)):%A, %d %B %Y at %H:%M} ({zone})"


def _last(last: "LastDigest | None") -> str:
    if last is None:
        return "none yet"
    why = f" ({last.error})" if last.error else ""
    return f"{last.until:%Y-%m-%d %H:%M} {last.status}{why}"
