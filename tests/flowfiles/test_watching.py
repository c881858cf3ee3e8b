"""When files count as changed: not before they have come to rest."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.flowfiles.watching import Watch, stamps


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    folder = tmp_path / "flows"
    folder.mkdir()
    (folder / "water.yaml").write_text("consultation: water")
    return folder


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    folder = tmp_path / "locales"
    (folder / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (folder / "fr" / "LC_MESSAGES" / "bot.po").write_text('msgid ""')
    return folder


def rewritten(flows: Path, locales: Path) -> None:
    (flows / "water.yaml").write_text("consultation: water, and more")


def reached_out(flows: Path, locales: Path) -> None:
    (flows / "water.outreach.yaml").write_text("help: {}")


def touched(flows: Path, locales: Path) -> None:
    os.utime(flows / "water.yaml", ns=(1, 1))


def replaced(flows: Path, locales: Path) -> None:
    """As editors save: another file in its place, which may have the same size and time."""
    file, other = flows / "water.yaml", flows / "water.new"
    shutil.copy2(file, other)
    other.replace(file)


def added(flows: Path, locales: Path) -> None:
    (flows / "roads.yml").write_text("consultation: roads")


def removed(flows: Path, locales: Path) -> None:
    (flows / "water.yaml").unlink()


def translated(flows: Path, locales: Path) -> None:
    (locales / "fr" / "LC_MESSAGES" / "water.po").write_text('msgid ""')


def gone(flows: Path, locales: Path) -> None:
    shutil.rmtree(flows)


Change = Callable[[Path, Path], None]


@pytest.mark.parametrize(
    "change", [rewritten, reached_out, touched, replaced, added, removed, translated, gone]
)
def test_a_change_counts_once_it_has_come_to_rest(flows: Path, locales: Path, change: Change) -> None:
    watch = Watch(flows, locales)
    assert not watch.settled()
    change(flows, locales)
    assert [watch.settled(), watch.settled(), watch.settled()] == [False, True, True]
    assert watch.take()
    assert not watch.settled()


def test_while_a_file_is_being_written_nothing_counts(flows: Path, locales: Path) -> None:
    watch = Watch(flows, locales)
    for size in range(5):
        (flows / "water.yaml").write_text("x" * size)
        assert not watch.settled()
    assert watch.settled()


def test_what_changes_while_it_is_read_is_not_taken(flows: Path, locales: Path) -> None:
    watch = Watch(flows, locales)
    rewritten(flows, locales)
    assert [watch.settled(), watch.settled()] == [False, True]
    added(flows, locales)
    assert not watch.take()
    assert [watch.settled(), watch.settled()] == [False, True]
    assert watch.take()


def test_what_is_not_a_consultation_or_a_catalogue_does_not_count(flows: Path, locales: Path) -> None:
    watch = Watch(flows, locales)
    (flows / "water.yaml~").write_text("a copy of an editor's")
    (flows / "water.full.txt").write_text("a transcript")
    (locales / "notes.txt").write_text("of a translator")
    assert not any(watch.settled() for _ in range(3))


def test_a_single_file_is_watched_too(flows: Path, locales: Path) -> None:
    assert set(stamps(flows / "water.yaml", locales)) == {
        flows / "water.yaml",
        locales / "fr" / "LC_MESSAGES" / "bot.po",
    }
