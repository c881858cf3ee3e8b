"""What an operator asks first: what is configured, what is missing, and what to do about it.

Nothing here shows a secret, a phone number or what anybody said.
"""

import os
import shutil
import stat
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from rich.filesize import decimal

from bot.channels import Channel
from bot.channels.twilio import PATH
from bot.core.problems import Severity
from bot.demo_keys import DEMO_KEYS
from bot.errors import SettingsError, VaultError
from bot.flowfiles.folder import check_files, flow_files
from bot.flowfiles.outreach import OUTREACH_SUFFIX
from bot.flowfiles.reading import Source, read
from bot.outreach.caps import told as told_of_caps
from bot.outreach.rewards import told as told_of_rewards
from bot.settings import REMEDIES, Settings
from bot.store.backup import database_file
from bot.store.condition import Condition, examine, named
from bot.store.database import Database, connect, reach
from bot.store.failures import name_of
from bot.store.inbox import waiting
from bot.store.letters import count_open, count_waiting
from bot.store.outreach.caps import standing
from bot.store.outreach.countries import Countries
from bot.store.outreach.rewards import overview, running_rewards
from bot.store.schema import NOT_MIGRATED
from bot.store.vault import AddressSeal
from bot.wiring import sender_names

LEAST_FREE = 100_000_000
"""Bytes on the disk below which answers may soon not be stored any more."""
APART = timedelta(seconds=5)
"""How far two clocks may be apart before it is worth a word: links and receipts are compared by their times."""

IN_DEMO = "Run: make run, or heard serve --demo. It makes what is missing."


class Mark(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` says what to do, where there is something to do."""

    group: str
    mark: Mark
    text: str
    remedy: str = ""


async def check_up(settings: Settings, *, demo: bool = False) -> AsyncIterator[Finding]:
    """Yield what there is to say, group by group."""
    for finding in _of_settings(settings, demo):
        yield finding
    for finding in _of_consultations(settings):
        yield finding
    file = database_file(settings.database_url.get_secret_value())
    condition: Condition | None = None
    if file is not None and not file.is_file():
        told = f"there is no database at {file} yet"
        yield Finding("Database", Mark.PROBLEM, told, IN_DEMO if demo else "Run: heard migrate")
    else:
        async for found in _of_database(settings, file):
            if isinstance(found, Condition):
                condition = found
            else:
                yield found
    for finding in _of_keys(settings, condition, demo):
        yield finding
    channels = (*_of_twilio(settings, demo), *_of_telegram(settings))
    for finding in (*channels, *_of_clock(condition), *_of_files(file, demo)):
        yield finding


def _of_settings(settings: Settings, demo: bool) -> Iterator[Finding]:
    group = "Settings"
    if demo:
        if not DEMO_KEYS.is_file():
            yield Finding(group, Mark.PROBLEM, f"there are no keys for trials in {DEMO_KEYS}", IN_DEMO)
        else:
            yield Finding(group, Mark.OK, f"for trials on this machine, with the keys of {DEMO_KEYS}")
    place = named(settings.database_url.get_secret_value())
    yield Finding(group, Mark.OK, f"DATABASE_URL: {place}")
    for name, folder in (("HEARD_FLOWS", settings.flows), ("HEARD_LOCALES", settings.locales)):
        if folder.exists():
            yield Finding(group, Mark.OK, f"{name}: {folder}")
        else:
            yield Finding(group, Mark.PROBLEM, f"{name}: there is no {folder}", REMEDIES[name])
    yield Finding(group, Mark.OK, f"PORT: {settings.port}")


def _of_consultations(settings: Settings) -> Iterator[Finding]:
    group = "Consultations"
    try:
        files = flow_files(settings.flows)
    except OSError as error:
        yield Finding(
            group, Mark.PROBLEM, f"{settings.flows} cannot be read: {error.strerror}", "Check its rights."
        )
        return
    if not files:
        told = f"there is no consultation file (*.yaml) in {settings.flows}"
        yield Finding(group, Mark.PROBLEM, told, "Write one: docs/consultation-file.md tells how.")
        return
    checked = check_files(files, settings.locales)
    for one in sorted(checked.questionnaires, key=lambda questionnaire: questionnaire.id):
        yield Finding(group, Mark.OK, f"{one.id}, in {', '.join(one.languages)}")
    see = f"Run: heard check {settings.flows}"
    counted = Counter((Path(problem.file).name, problem.severity) for problem in checked.problems)
    for (name, severity), count in sorted(counted.items()):
        if severity is Severity.ERROR:
            told = f"{name}: {_count(count, 'problem')}, so that heard serve would not start"
            yield Finding(group, Mark.PROBLEM, told, see)
        else:
            yield Finding(group, Mark.WARNING, f"{name}: {_count(count, 'warning')}", see)


async def _of_database(settings: Settings, file: Path | None) -> AsyncIterator[Finding | Condition]:
    """Yield what there is to say of the database, and its condition where it has told that."""
    group = "Database"
    engine = connect(settings.database_url.get_secret_value())
    try:
        await reach(engine)
        condition = await examine(engine)
        yield condition
        kind = "SQLite" if file else "PostgreSQL"
        yield Finding(
            group, Mark.OK, f"{kind} {condition.version} answers; it holds {decimal(condition.size)}"
        )
        if file is not None:
            yield _of_disk(group, file, condition.size)
        if not condition.is_migrated:
            yield Finding(group, Mark.PROBLEM, NOT_MIGRATED.partition(":")[0], "Run: heard migrate")
            return
        yield Finding(group, Mark.OK, "its tables are those of this version of Heard")
        async for finding in _of_outbox(engine, settings):
            yield finding
        async for finding in _of_caps(engine, settings):
            yield finding
        async for finding in _of_rewards(engine):
            yield finding
        async for finding in _of_inbox(engine, settings):
            yield finding
    except SettingsError as error:
        yield Finding(group, Mark.PROBLEM, str(error), "Check DATABASE_URL, and that the database runs.")
    except Exception as error:
        # Whatever the driver raises: what else there is to say is worth more than its traceback.
        told = f"it does not answer as a database of Heard's does: {name_of(error)}"
        yield Finding(
            group, Mark.PROBLEM, told, "Check DATABASE_URL, and restore the last back-up if it is damaged."
        )
    finally:
        await engine.dispose()


def _of_disk(group: str, file: Path, size: int) -> Finding:
    free = shutil.disk_usage(file.parent).free
    told = f"{decimal(free)} are free on its disk"
    if free < LEAST_FREE:
        return Finding(group, Mark.PROBLEM, told, "Make room: without any, no answer can be stored.")
    if free < 2 * size:
        return Finding(
            group, Mark.WARNING, told, "Make room: a back-up on this disk takes as much as the database."
        )
    return Finding(group, Mark.OK, told)


async def _of_outbox(engine: Database, settings: Settings) -> AsyncIterator[Finding]:
    group = "Messages to send"
    counts = await count_open(engine)
    waiting = counts["queued"] + counts["sending"]
    yield Finding(group, Mark.OK, f"{waiting:,} wait or are on their way")
    for sender, count in (await count_waiting(engine)).items():
        if sender not in sender_names(settings):
            told = f"{count:,} wait for {sender}, which nothing is sent from"
            yield Finding(group, Mark.WARNING, told, f"Add it again: {REMEDIES['TWILIO_FROM']}")
    for state, meaning in (
        ("uncertain", "may have been sent; the provider will be asked"),
        ("failed", "could not be sent, and are not tried again"),
        ("undelivered", "were sent, and did not arrive"),
    ):
        if counts[state]:
            see = f"Run: heard outbox list --state {state}"
            yield Finding(group, Mark.WARNING, f"{counts[state]:,} {meaning}", see)


async def _of_caps(engine: Database, settings: Settings) -> AsyncIterator[Finding]:
    group = "Limits against harm"
    keys, now = settings.sealing_keys, datetime.now(UTC)
    countries = Countries(AddressSeal(keys.get_secret_value()) if keys else None)
    found = list(told_of_caps(await standing(engine, now, countries.if_known), now))
    for said, remedy in found:
        yield Finding(group, Mark.WARNING, said, remedy)
    if not found:
        yield Finding(group, Mark.OK, "no message is held back; heard caps shows what holds")


async def _of_rewards(engine: Database) -> AsyncIterator[Finding]:
    group = "Rewards"
    for one in await running_rewards(engine):
        found = list(told_of_rewards(one.consultation, await overview(engine, one.consultation)))
        for said, remedy in found:
            yield Finding(group, Mark.WARNING, said, remedy)
        if not found:
            yield Finding(group, Mark.OK, f"{one.consultation}: paid as people complete")


async def _of_inbox(engine: Database, settings: Settings) -> AsyncIterator[Finding]:
    group = "Messages for a person"
    promised = {one.name.removesuffix(OUTREACH_SUFFIX) for one in _helping(settings.flows)}
    stands = await waiting(engine, datetime.now(UTC), promised)
    yield Finding(group, Mark.OK, f"{_count(stands.open, 'case')} open")
    see = "Run: heard inbox list"
    if stands.overdue_urgent:
        told = f"{_count(stands.overdue_urgent, 'urgent case')} that nobody has looked at in time"
        yield Finding(group, Mark.PROBLEM, told, see)
    if late := stands.overdue - stands.overdue_urgent:
        yield Finding(
            group, Mark.WARNING, f"{_count(late, 'other case')} that nobody has looked at in time", see
        )
    for consultation in stands.unattended:
        told = f"{consultation} tells people that somebody reads what they write, and nobody may"
        remedy = f"Let somebody in: heard inbox people add NAME --consultation {consultation} --expires DAY"
        yield Finding(group, Mark.PROBLEM, told, remedy)


def _helping(flows: Path) -> Iterator[Path]:
    """Yield the outreach files that have people told of somebody who reads."""
    for file in sorted(flows.glob(f"*{OUTREACH_SUFFIX}")) if flows.is_dir() else ():
        source = read(file.read_bytes())
        if isinstance(source, Source) and source.mapping.get("help"):
            yield file


def _of_keys(settings: Settings, condition: Condition | None, demo: bool) -> Iterator[Finding]:
    group = "Keys"
    for name, key in (
        ("HEARD_SEALING_KEYS", settings.sealing_keys),
        ("HEARD_ADDRESS_PEPPER", settings.address_pepper),
    ):
        if key is None:
            yield Finding(group, Mark.PROBLEM, f"{name} is missing", IN_DEMO if demo else REMEDIES[name])
        else:
            yield Finding(group, Mark.OK, f"{name} is there")
    if settings.sealing_keys is None or condition is None or not condition.is_migrated:
        return
    if not condition.sealed:
        yield Finding(group, Mark.OK, "nobody has written yet, so there is no phone number to open")
        return
    seal = AddressSeal(settings.sealing_keys.get_secret_value())
    try:
        for sealed in condition.sealed:
            seal.open(sealed)
    except VaultError:
        yield Finding(
            group,
            Mark.PROBLEM,
            "HEARD_SEALING_KEYS does not open phone numbers that are stored: nobody of these can be written to",
            "Add the key that was used before, after a comma. It is in the copy that was kept of the keys.",
        )
    else:
        yield Finding(
            group, Mark.OK, "HEARD_SEALING_KEYS opens the phone numbers that were stored first and last"
        )


def _of_twilio(settings: Settings, demo: bool) -> Iterator[Finding]:
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


def _of_telegram(settings: Settings) -> Iterator[Finding]:
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
        yield Finding(group, Mark.OK, f"messages leave from {_count(len(settings.senders), 'sender')}")
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
        count = _count(len(settings.contents), "template")
        yield Finding(group, Mark.OK, f"WhatsApp has buttons, from {count}")
    elif settings.contents:
        told = "TWILIO_CONTENT is set, and no sender is on WhatsApp"
        yield Finding(group, Mark.WARNING, told, "Add one to TWILIO_FROM, like whatsapp:+12025550100.")
    elif any(one.channel is Channel.WHATSAPP for one in settings.senders):
        yield Finding(group, Mark.OK, "WhatsApp asks in plain text, without TWILIO_CONTENT")


def _of_clock(condition: Condition | None) -> Iterator[Finding]:
    group = "Clock"
    now = datetime.now(UTC)
    yield Finding(group, Mark.OK, f"this machine has {now:%Y-%m-%d %H:%M} UTC")
    if condition is None:
        return
    remedy = "Have both set by NTP (timedatectl shows whether it is on)."
    if condition.clock is not None and abs(condition.clock - now) > APART:
        seconds = abs((condition.clock - now).total_seconds())
        told = f"the database's clock is {seconds:,.0f} s away from this machine's"
        yield Finding(group, Mark.WARNING, told, remedy)
    if condition.newest is not None and condition.newest > now + APART:
        told = "the newest message is stored with a time that has not come yet: a clock went backwards"
        yield Finding(group, Mark.WARNING, told, remedy)


def _of_files(file: Path | None, demo: bool) -> Iterator[Finding]:
    group = "Files"
    private: Sequence[Path] = [DEMO_KEYS] if demo else []
    if file is not None:
        private = [*private, file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]
    present = [one for one in private if one.exists()]
    if not present:
        return
    # Whoever cannot enter the folder reads no file in it.
    open_ones = [one for one in present if _is_open(one.parent) and _is_open(one)]
    if not open_ones:
        yield Finding(group, Mark.OK, f"nobody else on this machine can read {present[0].parent}/")
    for folder in dict.fromkeys(one.parent for one in open_ones):
        names = ", ".join(one.name for one in open_ones if one.parent == folder)
        told = f"others on this machine can read what people answered: {names} in {folder}/"
        yield Finding(group, Mark.WARNING, told, f"Run: chmod 700 {folder}")


def _is_open(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
