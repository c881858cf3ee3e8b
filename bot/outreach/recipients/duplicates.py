"""Numbers that stand twice in a list, told in a few bytes a row: a million rows take 12 MB."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Rows = NDArray[np.uint32]


class Seen:
    """The keys of the rows so far, sorted in runs; each run is about twice as long as the next."""

    def __init__(self) -> None:
        self._runs: list[tuple[Keys, Rows]] = []

    def add(self, keys: Keys, rows: Rows) -> Mapping[int, int]:
        """Add a block of rows; return the positions in it whose key stood there before, each with its first row."""
        # Stable, so that of equal keys the first row comes first.
        order = np.argsort(keys, kind="stable")
        keys_sorted, rows_sorted = keys[order], rows[order]
        first = np.searchsorted(keys_sorted, keys_sorted)
        earliest = rows_sorted[first]
        is_new = first == np.arange(len(keys))
        for known, known_rows in self._runs:
            place = np.minimum(np.searchsorted(known, keys_sorted), len(known) - 1)
            found = known[place] == keys_sorted
            earliest = np.where(found, known_rows[place], earliest)
            is_new &= ~found
        self._keep(keys_sorted[is_new], rows_sorted[is_new])
        twice = np.flatnonzero(~is_new)
        return dict(zip(order[twice].tolist(), earliest[twice].tolist(), strict=True))

    def _keep(self, keys: Keys, rows: Rows) -> None:
        if not len(keys):
            return
        while self._runs and len(self._runs[-1][0]) < 2 * len(keys):
            known, known_rows = self._runs.pop()
            keys, rows = np.concatenate((known, keys)), np.concatenate((known_rows, rows))
            order = np.argsort(keys, kind="stable")
            keys, rows = keys[order], rows[order]
        self._runs.append((keys, rows))
