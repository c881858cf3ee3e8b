"""Chance in a campaign: who comes when, and who gets which wording. The same seed draws the same, in any order.

Each draw is a hash of the campaign's seed and of whom it is for (BLAKE2b, RFC 7693): no list has to be held or sorted
to shuffle a million people, a page of them can be drawn by itself, and drawing again after a crash gives what stands.
"""

from collections.abc import Sequence
from hashlib import blake2b

SEEDS = 2**32
"""A seed is a number below this: short enough to be copied from a plan to a command."""


def draw(seed: int, recipient_id: int) -> tuple[int, int]:
    """Return somebody's turn in a campaign and what their wording is drawn by, each from 0 to below 2**63."""
    drawn = blake2b(f"{seed}/{recipient_id}".encode(), digest_size=16).digest()
    return int.from_bytes(drawn[:8]) >> 1, int.from_bytes(drawn[8:]) >> 1


def turn_of(seed: int, recipient_id: int) -> int:
    """Return somebody's turn in a campaign, from 0 to below 2**63: the lower goes first."""
    return draw(seed, recipient_id)[0]


def wording_of(seed: int, recipient_id: int, names: Sequence[str]) -> str:
    """Return which of the wordings somebody gets: each with the same chance, whatever their turn is."""
    return names[draw(seed, recipient_id)[1] % len(names)]
