"""Chains of referral: who came after whom, counted; nothing here names anybody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Chains:
    """What a consultation's chains come to.

    `seeds` came by themselves and recruited somebody. `waves` counts who was recruited, by wave, from 1. `largest` is
    how many of those are in the one chain that has most. `given` counts codes.
    """

    given: int
    seeds: int
    waves: Mapping[int, int] = field(default_factory=dict)
    largest: int = 0

    @property
    def recruited(self) -> int:
        return sum(self.waves.values())

    @property
    def largest_share(self) -> float | None:
        """Return the share of who was recruited that is in one chain; None where nobody was.

        Where it is large, figures tell of the acquaintances of one person.
        """
        return self.largest / self.recruited if self.recruited else None


def chains_of(given: int, links: Iterable[tuple[int, int]]) -> Chains:
    """Return what chains come to, from who recruited whom; numbers stand for people.

    Who recruited somebody, and whose own recruiter is not known, is a seed. A link that closes a circle, which no code
    can make, is left out.
    """
    recruiter: dict[int, int] = {}
    for one, other in links:
        recruiter[other] = one
    waves, sizes = Counter[int](), Counter[int]()
    for person in recruiter:
        seed, wave, passed = person, 0, set[int]()
        while seed in recruiter and seed not in passed:
            passed.add(seed)
            seed, wave = recruiter[seed], wave + 1
        if seed in recruiter:
            continue
        waves[wave] += 1
        sizes[seed] += 1
    return Chains(given, len(sizes), dict(sorted(waves.items())), max(sizes.values(), default=0))
