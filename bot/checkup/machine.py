"""Whether this machine's clock is right, and its files are private."""

import os
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.checkup.findings import Finding, Mark
from bot.demo_keys import DEMO_KEYS
from bot.store.condition import Condition

APART = timedelta(seconds=5)
"""How far two clocks may be apart before it is worth a word: links and receipts are compared by their times."""


def of_clock(condition: Condition | None) -> Iterator[Finding]:
    """Yield whether this machine and the database agree on the time."""
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


def of_files(file: Path | None, demo: bool) -> Iterator[Finding]:
    """Yield whether others on this machine can read what is private."""
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
