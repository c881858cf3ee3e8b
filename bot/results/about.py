"""What every export says of itself, wherever its format can."""

from collections.abc import Mapping

from bot.results.dataset import Dataset

NOT_SAFE = "Not safe to publish."
"""Where there is room for no more."""

NOTE = (
    "Written for analysis by people who are trusted with it. Open answers stand as people wrote them, and small "
    "groups are shown: this file is not safe to publish."
)


def about(dataset: Dataset, respondents: int) -> Mapping[str, str]:
    """Return what an export is, by name; `respondents` says how many are in it."""
    return {
        "consultation": dataset.consultation,
        "title": dataset.newest.title.source,
        "languages": ", ".join(dataset.newest.languages),
        "versions": ", ".join(dataset.versions),
        "respondents": str(respondents),
        "written_at": dataset.at.strftime("%Y-%m-%d %H:%M UTC"),
        "note": NOTE,
    }
