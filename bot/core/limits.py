"""Every ceiling of a consultation, in one record, so that no loop and no input is without one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The ceilings that definitions and interviews are held to."""

    # A definition file
    file_bytes: int = 1_000_000
    yaml_events: int = 100_000
    yaml_depth: int = 40
    items: int = 500
    group_depth: int = 6
    choices: int = 500
    label_length: int = 2_000
    expression_length: int = 2_000
    expression_depth: int = 50
    """Brackets within brackets: libxml2 reads them by recursion."""

    # An interview
    tries: int = 3
    """Unclear replies to one item before it is accepted as text or skipped."""
    text_length: int = 1_600
    """Characters of one reply that are kept: Twilio's own ceiling for a body."""
    places_in_one_turn: int = 5_000
    """Places of the questionnaire passed between two messages (what is answered, calculated, not relevant)."""
    repeats: int = 20
    """Rounds of one repeat, whatever its own `repeat_max` says."""


LIMITS = Limits()
