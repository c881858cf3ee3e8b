"""What chains of referral come to."""

import pytest

from bot.core.outreach.chains import Chains, chains_of


@pytest.mark.parametrize(
    ("links", "chains"),
    [
        ([], Chains(9, 0)),
        ([(1, 2)], Chains(9, 1, {1: 1}, 1)),
        # 1 recruits 2 and 3, 2 recruits 4, 4 recruits 5; 10 recruits 11.
        ([(1, 2), (1, 3), (2, 4), (4, 5), (10, 11)], Chains(9, 2, {1: 3, 2: 1, 3: 1}, 4)),
        # The order in which they are read makes no difference.
        ([(4, 5), (10, 11), (2, 4), (1, 3), (1, 2)], Chains(9, 2, {1: 3, 2: 1, 3: 1}, 4)),
        # A circle has no beginning.
        ([(1, 2), (2, 1), (7, 8)], Chains(9, 1, {1: 1}, 1)),
    ],
)
def test_waves_seeds_and_the_largest_chain(links: list[tuple[int, int]], chains: Chains) -> None:
    assert chains_of(9, links) == chains
    assert chains.recruited == sum(chains.waves.values())
    assert chains.largest_share == (chains.largest / chains.recruited if chains.recruited else None)
