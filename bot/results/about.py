"""What every export says of itself, wherever its format can."""

from collections.abc import Mapping

from bot.results.dataset import Dataset
from bot.results.selection import Completeness, Selection

NOT_SAFE = "Not safe to publish."
"""Where there is room for no more."""

NOTE = (
    "Written for analysis by people who are trusted with it. Open answers stand as people wrote them, and small "
    "groups are shown: this file is not safe to publish."
)


def about(dataset: Dataset, selection: Selection | None) -> Mapping[str, str]:
    """Return what an export is, by name; `selection` says whose interviews are in it, None for everybody's."""
    return {
        "consultation": dataset.consultation,
        "title": dataset.newest.title.source,
        "languages": ", ".join(dataset.newest.languages),
        "versions": ", ".join(dataset.versions),
        **({"selection": described(selection)} if selection else {"respondents": str(dataset.size)}),
        "written_at": dataset.at.strftime("%Y-%m-%d %H:%M UTC"),
        "note": NOTE,
    }


def described(selection: Selection) -> str:
    """Return whose interviews a selection lets through."""
    parts = [
        f"begun on {selection.since} or later" if selection.since else "",
        f"begun on {selection.until} or before" if selection.until else "",
        f"channel {' or '.join(selection.channels)}" if selection.channels else "",
        f"language {' or '.join(selection.languages)}" if selection.languages else "",
        *(f"{name} {' or '.join(categories)}" for name, categories in selection.where.items()),
        "" if selection.completeness is Completeness.ALL else selection.completeness.value.replace("_", " "),
    ]
    return "; ".join(filter(None, parts))
