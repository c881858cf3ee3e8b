"""One line of the table that `make bench` prints."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, against which limit. `holds` is None for a figure that only explains another."""

    what: str
    measured: str
    limit: str = ""
    holds: bool | None = None
