"""The folder of pictures and sounds: each is there whole or not at all, and for its owner's eyes alone.

A file's name is random: nothing in it says who sent it, when, or in which talk. Its stem is known before it is written,
so that whatever a crash leaves of it is found again.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.media.kinds import FIRST_BYTES, Kind, kind_of
from bot.media.pictures import Unusable, draw_anew
from bot.media.sounds import without_words


class Folder:
    """Where pictures and sounds are kept; it is made when the first one comes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def part(self, stem: str, attempt: int) -> Iterator[Path]:
        """Yield an empty file for what is fetched in this attempt, and remove it in the end.

        What attempts before have left, whose workers died, is removed now.
        """
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self._path.glob(f"{stem}.*.part"):
            left.unlink(missing_ok=True)
        part = self._path / f"{stem}.{attempt}.part"
        try:
            _private(part).close()
            yield part
        finally:
            part.unlink(missing_ok=True)

    def keep(self, part: Path, stem: str, answers: str) -> tuple[str, Kind, int]:
        """Store what was fetched, without what it says of who sent it. Return its file's name, its kind and its size.

        `answers` is the item type that it has to be an answer to.

        Raises:
            Unusable: it is nothing of that type.
        """
        with part.open("rb") as opened:
            kind = kind_of(opened.read(FIRST_BYTES))
        if kind is None or kind.answers != answers:
            raise Unusable("type")
        cleaned = part.with_name(f"{part.name}.clean.part")
        try:
            with _private(cleaned) as opened:
                if kind.answers == "image":
                    kind = draw_anew(part, kind, cleaned)
                else:
                    opened.write(without_words(part.read_bytes(), kind))
                opened.flush()
                os.fsync(opened.fileno())
            size = cleaned.stat().st_size
            file = f"{stem}.{kind.ending}"
            cleaned.replace(self._path / file)
        finally:
            cleaned.unlink(missing_ok=True)
        return file, kind, size

    def delete(self, names: Iterable[str]) -> int:
        """Delete these files, given with or without their endings, and what is left of attempts. Return how many."""
        found = [file for name in names for file in self._path.glob(f"{name.partition('.')[0]}.*")]
        for file in found:
            file.unlink(missing_ok=True)
        return len(found)


def _private(file: Path) -> BinaryIO:
    """Return a new file that nobody else can read, whatever the process' umask is."""
    file.unlink(missing_ok=True)
    return os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
