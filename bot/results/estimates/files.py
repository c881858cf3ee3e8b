"""What has become of pictures and sounds."""

from collections import Counter
from collections.abc import Iterable, Mapping

import polars as pl

from bot.results.layout import NO_FILE
from bot.results.records.items import FileState
from bot.store.fetching import MediaStatus

STATES = {
    f"{NO_FILE} {MediaStatus.WAITING.value}": FileState.WAITING,
    f"{NO_FILE} {MediaStatus.DELETED.value}": FileState.DELETED,
}


def files(rounds: Iterable[pl.Series]) -> Mapping[FileState, int]:
    """Return how many files are in which state, from the columns that name them."""
    counted: Counter[FileState] = Counter()
    for series in rounds:
        lacking = series.drop_nulls().filter(series.drop_nulls().str.starts_with(NO_FILE))
        counted[FileState.KEPT] += len(series) - series.null_count() - len(lacking)
        for told, count in lacking.value_counts().iter_rows():
            counted[STATES.get(told, FileState.NOT_KEPT)] += count
    return {state: counted[state] for state in FileState if counted[state]}
