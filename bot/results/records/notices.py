"""What a reader has to know beside the figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NoticeCode(StrEnum):
    """What a reader has to know, by a stable code; `Notice.values` has what its sentence names."""

    NOBODY = "nobody"
    """Nobody is in the selection."""
    SELF_SELECTED = "self_selected"
    """People took part of themselves: figures are of them, not of the population. Always there."""
    FEW_RESPONDENTS = "few_respondents"
    """`n` consented, fewer than `least`: shares may turn with every person more; groups are not compared."""
    IN_PROGRESS = "in_progress"
    """`n` interviews are still going on."""
    TYPE_CHANGED = "type_changed"
    """Older versions asked `item` as another kind of question; those answers are in the exports alone."""
    ONLY_OLDER = "only_older"
    """Only older versions asked `item`; its answers are in the exports alone."""
    REPEATED = "repeated"
    """`item` is asked in rounds: its figures count rounds, and have no intervals."""
    GROUPS_TOO_SMALL = "groups_too_small"
    """`groups` of `variable` have fewer than `least` people, and are not tested."""
    WEIGHTED = "weighted"
    """Figures marked so are weighted to census margins of `variables`; the design effect is `design_effect`."""
    NOT_WEIGHTED_EMPTY = "not_weighted_empty"
    """Nobody is of `category` of `variable`, so nobody can stand for it."""
    NOT_WEIGHTED_DESIGN_EFFECT = "not_weighted_design_effect"
    """The weights would have a design effect of `design_effect`, over `most`, were they not held within bounds."""
    NOT_WEIGHTED_FEW = "not_weighted_few"
    """`n` consented, fewer than the `least` that weights need."""
    NOT_WEIGHTED_APART = "not_weighted_apart"
    """The weights came no nearer to the margins than `gap`."""
    COLLAPSED = "collapsed"
    """`categories` of `variable` were weighted as one."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the reader: its code, and what is filled in."""

    code: NoticeCode
    values: Mapping[str, str | int | float] = field(default_factory=dict)
