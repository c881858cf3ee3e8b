"""Amounts of money as whole millionths, so that sums are exact; in which currency, their owner knows."""

import re
from decimal import Decimal

MILLIONTHS = 1_000_000
_WRITTEN = re.compile(r"[0-9]{1,10}(\.[0-9]{1,6})?")


def read_money(written: str) -> int | None:
    """Return the millionths of an amount like `0.045` or `1000`; None for anything else."""
    if not _WRITTEN.fullmatch(written.strip()):
        return None
    return int(Decimal(written.strip()) * MILLIONTHS)


def written_money(millionths: int) -> str:
    """Return an amount as it is read back, with two decimals or as many as it has: `0.045`, `1000.00`."""
    whole, rest = divmod(millionths, MILLIONTHS)
    decimals = f"{rest:06d}".rstrip("0")
    return f"{whole}.{decimals:0<2}"


def shown_money(millionths: int) -> str:
    """Return an amount for people, with commas between thousands."""
    whole, _, decimals = written_money(millionths).partition(".")
    return f"{int(whole):,}.{decimals}"
