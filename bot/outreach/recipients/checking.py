"""A whole list, read once from its first row to its last: the people in it, kept aside, and everything that is wrong.

Nothing is stored while a list is checked, for its last row can be wrong. What was read waits in a file without a name,
with each number hashed and sealed already; it is gone when it is closed.
"""

import os
import signal
import threading
import zlib
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from typing import BinaryIO

import msgspec
import numpy as np

from bot.core.problems import Problem
from bot.errors import RecipientsError
from bot.outreach.recipients.columns import Field
from bot.outreach.recipients.duplicates import Seen
from bot.outreach.recipients.faults import fault
from bot.outreach.recipients.numbers import Reading
from bot.outreach.recipients.rows import Reader
from bot.outreach.recipients.sheets import Row
from bot.store.outreach.recipients import PAGE, Listed

AHEAD = 2
"""Blocks a process that are read ahead of the one whose turn it is."""
MOST_VALUES = 2_000
"""Different values of an attribute: more make no groups."""
FEW_ROWS = 50
TELLING = 0.9
"""Share of rows with a value of their own from which on a column tells who people are, if it has not few rows."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Listed]).decode


@dataclass(frozen=True, slots=True)
class Read:
    """A block of rows as read: the people as packed bytes, the first eight bytes of their hashes, their rows.

    `values` are the different ones of each attribute in the block, `filled` how many rows have one; `counts` has how
    many of the people have each. `countries` are those of the people's numbers, one a person.
    """

    people: bytes
    keys: bytes
    rows: bytes
    problems: Sequence[Problem]
    bad: int
    values: Sequence[frozenset[str]]
    counts: Sequence[Counter[str]]
    filled: Sequence[int]
    readings: Counter[Reading]
    countries: Sequence[str]


def read_block(reader: Reader, block: Sequence[Row]) -> Read:
    """Return what the rows of a block hold."""
    people: list[Listed] = []
    problems: list[Problem] = []
    bad = 0
    reader.readings.clear()
    places = [place for place, _ in reader.columns.attributes]
    columns: list[list[str]] = [[] for _ in places]
    counts: list[Counter[str]] = [Counter() for _ in places]
    for row, cells in block:
        read = reader.read(row, cells)
        if isinstance(read, Listed):
            people.append(read)
        else:
            problems += read
            bad += 1
        for held, count, place in zip(columns, counts, places, strict=True):
            if place < len(cells) and (value := cells[place].strip()):
                held.append(value)
                if isinstance(read, Listed):
                    count[value] += 1
    # Two of a million rows are taken for the same number by chance once in forty million lists.
    keys = np.array([int(one.address_hash[:16], 16) for one in people], np.uint64)
    rows = np.array([one.row for one in people], np.uint32)
    return Read(
        zlib.compress(_encode(people), 1),
        keys.tobytes(),
        rows.tobytes(),
        problems,
        bad,
        [frozenset(held) for held in columns],
        counts,
        [len(held) for held in columns],
        reader.readings.copy(),
        [one.country for one in people],
    )


class Waiting:
    """The people of a list who wait to be stored, a page at a time, in a file of the caller's.

    `countries` has how many of them have a number of each; `values` how many rows without a problem have each value of
    an attribute, as long as its values make groups.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.people = 0
        self.countries: Counter[str] = Counter()
        self.values: dict[str, Counter[str]] = {}

    def add(self, people: bytes, countries: Collection[str]) -> None:
        self.people += len(countries)
        self.countries.update(countries)
        self._file.write(len(people).to_bytes(8, "big"))
        self._file.write(people)

    def pages(self) -> Iterator[Sequence[Listed]]:
        """Yield them in the order of the list."""
        self._file.seek(0)
        while size := self._file.read(8):
            yield _unpacked(self._file.read(int.from_bytes(size, "big")))


def check(
    reader: Reader,
    rows: Iterator[Row],
    waiting: Waiting,
    found: Callable[[Problem], object],
    told: Callable[[int], object],
    processes: int | None = None,
) -> int:
    """Read a list to its end, and return how many rows have problems.

    Who can be stored waits then; every problem has been `found`, in the order of rows.

    `told` takes how many more rows are read. A long list is read by as many `processes` as there are cores.

    Raises:
        SheetError: the file cannot be read to its end.
        RecipientsError: one of the processes was ended by somebody.
    """
    seen, values = Seen(), _Values(len(reader.columns.attributes))
    bad, readings = 0, Counter[Reading]()
    for block in _read_all(reader, rows, processes or os.cpu_count() or 1):
        keys, numbers = np.frombuffer(block.keys, np.uint64), np.frombuffer(block.rows, np.uint32)
        twice = seen.add(keys, numbers)
        phone = reader.columns.heading(Field.PHONE)
        same = (
            fault("recipient-twice", phone, int(numbers[place]), first=first)
            for place, first in twice.items()
        )
        for problem in sorted(chain(block.problems, same), key=lambda one: one.line or 0):
            found(problem)
        if len(keys) > len(twice):
            kept = _without(block.people, twice) if twice else block.people
            waiting.add(kept, [one for place, one in enumerate(block.countries) if place not in twice])
        bad += block.bad + len(twice)
        values.add(block)
        for (_, name), counts in zip(reader.columns.attributes, block.counts, strict=True):
            held = waiting.values.setdefault(name, Counter())
            if len(held) <= MOST_VALUES:
                held.update(counts)
        readings += block.readings
        told(len(keys) + block.bad)
    if not waiting.people + bad:
        found(fault("list-empty"))
    if readings[Reading.FOREIGN] and readings[Reading.EITHER]:
        foreign, either = readings[Reading.FOREIGN], readings[Reading.EITHER]
        found(fault("list-mixed", reader.columns.heading(Field.PHONE), 1, foreign=foreign, either=either))
    for place in values.telling():
        heading = reader.columns.headings[reader.columns.attributes[place][0]]
        found(fault("list-telling", heading, 1, name=heading))
    return bad


def _unpacked(people: bytes) -> list[Listed]:
    return _decode(zlib.decompress(people))


def _without(people: bytes, places: Collection[int]) -> bytes:
    kept = [one for place, one in enumerate(_unpacked(people)) if place not in places]
    return zlib.compress(_encode(kept), 1)


class _Values:
    """Which values each attribute has, as far as it matters."""

    def __init__(self, attributes: int) -> None:
        self._values: list[set[str]] = [set() for _ in range(attributes)]
        self._filled = [0] * attributes

    def add(self, block: Read) -> None:
        for place, (more, filled) in enumerate(zip(block.values, block.filled, strict=True)):
            self._filled[place] += filled
            if len(self._values[place]) <= MOST_VALUES:
                self._values[place] |= more

    def telling(self) -> Iterator[int]:
        """Yield the attributes that tell who people are."""
        for place, (values, filled) in enumerate(zip(self._values, self._filled, strict=True)):
            if len(values) > MOST_VALUES or (filled >= FEW_ROWS and len(values) > TELLING * filled):
                yield place


# --- one process or several


def _read_all(reader: Reader, rows: Iterator[Row], processes: int) -> Iterator[Read]:
    blocks = iter(lambda: list(islice(rows, PAGE)), [])
    first = list(islice(blocks, 2))
    if processes == 1 or len(first) < 2:
        for block in chain(first, blocks):
            yield read_block(reader, block)
        return
    # Anew, and not as copies of this process, which may have threads.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (reader,))
    try:
        waiting: deque[Future[Read]] = deque()
        for block in chain(first, blocks):
            waiting.append(pool.submit(_read_there, block))
            if len(waiting) > AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise RecipientsError("a process that read the list was ended; nothing was stored") from None
    finally:
        pool.shutdown(cancel_futures=True)


_reader: list[Reader] = []
"""In a process of its own: what reads there."""


def _begin(reader: Reader) -> None:
    # Ctrl-C ends the command, and that ends us; so does whatever else ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _reader.append(reader)


def _end_with_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
    os._exit(1)


def _read_there(block: Sequence[Row]) -> Read:
    return read_block(_reader[0], block)
