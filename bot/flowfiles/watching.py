"""Noticing that consultation files or catalogues have changed, without being caught in the middle of a save."""

from collections.abc import Mapping
from pathlib import Path

from bot.flowfiles.folder import flow_files
from bot.flowfiles.outreach import OUTREACH_SUFFIX
from bot.flowfiles.population import SUFFIX as POPULATION_SUFFIX

Stamps = Mapping[Path, tuple[int, int, int]]
"""By file: when it was last written (ns), its size (bytes), and its number on the disk, which is another for a file
put in its place."""


def stamps(flows: Path, locales: Path) -> Stamps:
    """Return the stamps of every consultation file, outreach file, population and catalogue.

    A file that is gone has none.
    """
    found = {}
    try:
        suffixes = (OUTREACH_SUFFIX, POPULATION_SUFFIX) if flows.is_dir() else ()
        beside = (file for suffix in suffixes for file in flows.glob(f"*{suffix}"))
        files = [*flow_files(flows), *beside, *locales.glob("*/LC_MESSAGES/*.po")]
    except OSError:
        # A folder that cannot be read: reading it tells why.
        files = []
    for file in files:
        try:
            status = file.stat()
        except OSError:
            continue
        found[file] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


class Watch:
    """Compares the files with what they were when they were last taken. Its methods touch the disk."""

    def __init__(self, flows: Path, locales: Path) -> None:
        """Take the files as they are now; to be made before they are read."""
        self._places = flows, locales
        self._taken = self._seen = stamps(*self._places)

    def settled(self) -> bool:
        """Return whether the files differ from those taken, and have not changed since this was asked before.

        Editors and copies write a file in steps, and several files one after the other.
        """
        seen, self._seen = self._seen, stamps(*self._places)
        return self._seen == seen and self._seen != self._taken

    def take(self) -> bool:
        """Take the files as they were last seen; return false, and take nothing, where they have changed since."""
        if stamps(*self._places) != self._seen:
            return False
        self._taken = self._seen
        return True
