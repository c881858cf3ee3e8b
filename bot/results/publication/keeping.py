"""Releases as they are kept for the audits of those that follow: JSON, without anything that was not published."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from bot.results.disclosure.records import Cell, MeanOf, Parts, Relation, Release, Rule

Conditions = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptRelation:
    """A relation of cells, by their places in `Kept.cells`."""

    whole: int
    parts: tuple[int, ...]
    how: Parts


@dataclass(frozen=True, slots=True)
class KeptMean:
    """A mean that is told, with the fingerprint of its numbers."""

    of: MeanOf
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A release with its cells in a list. `means` are None of one that was kept before means were compared.

    `changed_before` is how many people were taken to be erased or changed between the release before it and this one.
    """

    name: str
    threshold: int
    rounding: int
    changed_before: int
    cells: tuple[Conditions, ...]
    counts: tuple[int | None, ...]
    course: tuple[int, ...]
    relations: tuple[KeptRelation, ...]
    means: tuple[KeptMean, ...] | None = None
    somebody: tuple[int, ...] = ()
    nobody: tuple[int, ...] = ()


def kept(release: Release, before: Sequence[Release]) -> str:
    """Return a release as JSON, to be read by `releases_of`."""
    place = {cell: number for number, cell in enumerate(release.counts)}
    relations = tuple(
        KeptRelation(place[one.whole], tuple(place[part] for part in one.parts), one.how)
        for one in release.relations
    )
    made = Kept(
        release.name,
        release.rule.threshold,
        release.rule.rounding,
        before[-1].changed if before else 0,
        tuple(cell.conditions for cell in place),
        tuple(release.counts.values()),
        tuple(sorted(place[cell] for cell in release.course)),
        relations,
        tuple(KeptMean(of, mark) for of, mark in release.means.items())
        if release.means is not None
        else None,
        tuple(sorted(place[cell] for cell in release.somebody)),
        tuple(sorted(place[cell] for cell in release.nobody)),
    )
    return msgspec.json.encode(made).decode()


def releases_of(documents: Sequence[str]) -> tuple[Release, ...]:
    """Return the releases that were kept, the oldest first."""
    read = [msgspec.json.decode(one, type=Kept) for one in documents]
    changed = [*(one.changed_before for one in read[1:]), 0]
    return tuple(replace(_release(one), changed=many) for one, many in zip(read, changed, strict=False))


def _release(one: Kept) -> Release:
    cells = [Cell(conditions) for conditions in one.cells]
    return Release(
        one.name,
        Rule(one.threshold, one.rounding),
        tuple(
            Relation(cells[relation.whole], tuple(cells[part] for part in relation.parts), relation.how)
            for relation in one.relations
        ),
        dict(zip(cells, one.counts, strict=True)),
        course=frozenset(cells[number] for number in one.course),
        means={mean.of: mean.fingerprint for mean in one.means} if one.means is not None else None,
        somebody=frozenset(cells[number] for number in one.somebody),
        nobody=frozenset(cells[number] for number in one.nobody),
    )
