"""Which language somebody is written to in."""

from collections.abc import Collection


def language_for(own: str | None, listed: str | None, spoken: Collection[str]) -> str | None:
    """Return somebody's language: the one they chose themselves, where there are words in it, else the organiser's.

    Where there are words in neither, one of them is returned all the same: nobody is written to in a third. None where
    none is known.
    """
    for language in (own, listed):
        if language in spoken:
            return language
    return own or listed
