"""Releases stay readable: what a database has stored is read by every later Heard, with nothing lost."""

from pathlib import Path

import msgspec

from bot.core.questionnaire import ItemType
from bot.results.publication.records import Publication

STORED = Path(__file__).parents[2] / "data" / "release.json"


def lost(before: object, after: object, path: str = "") -> list[str]:
    """Return the paths of what is in the one and not, or otherwise, in the other; what it has more is no loss."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [at for name in before for at in lost(before[name], after.get(name), f"{path}.{name}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [at for one, other in zip(before, after, strict=True) for at in lost(one, other, path)]
    return [] if before == after else [path]


def test_a_release_that_was_stored_is_read_with_all_it_holds() -> None:
    stored = STORED.read_bytes()
    read = msgspec.json.decode(stored, type=Publication)
    assert lost(msgspec.json.decode(stored), msgspec.json.decode(msgspec.json.encode(read))) == []


def test_the_stored_release_has_results_of_every_kind() -> None:
    results = msgspec.json.decode(STORED.read_bytes(), type=Publication).results
    kinds = {item.type for item in results.items}
    assert kinds >= {
        ItemType.SELECT_ONE,
        ItemType.SELECT_MULTIPLE,
        ItemType.RANK,
        ItemType.RANGE,
        ItemType.DATE,
    }
    assert any(item.numbers and item.numbers.mean for item in results.items)
    assert any(item.times for item in results.items)
    assert any(breakdown.tests for breakdown in results.breakdowns)
    assert results.representation
    assert results.weighting
    assert results.weighting.applied
    assert results.equity.rates
    assert results.notices


def test_a_loss_would_be_seen() -> None:
    assert lost({"a": [{"b": 1, "c": None}]}, {"a": [{"b": 2}], "d": 1}) == [".a.b"]
    assert lost({"a": [1, 2]}, {"a": [1]}) == [".a"]
