"""Reading QR codes as a phone does (ISO/IEC 18004), from their SVG: up to version 10, level Q, undamaged."""

import re
from collections.abc import Iterator

BORDER = 4
ALIGNMENT = {1: (), 2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34)} | {
    7: (6, 22, 38),
    8: (6, 24, 42),
    9: (6, 26, 46),
    10: (6, 28, 50),
}
BLOCKS = {1: (13,), 2: (22,), 3: (17, 17), 4: (24, 24), 5: (15, 15, 16, 16), 6: (19,) * 4} | {
    7: (14, 14, *(15,) * 4),
    8: (*(18,) * 4, 19, 19),
    9: (*(16,) * 4, *(17,) * 4),
    10: (*(19,) * 6, 20, 20),
}
"""Bytes of data in each block at level Q."""
LEVEL_Q = 0b11
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS = (
    lambda row, column: (row + column) % 2,
    lambda row, column: row % 2,
    lambda row, column: column % 3,
    lambda row, column: (row + column) % 3,
    lambda row, column: (row // 2 + column // 3) % 2,
    lambda row, column: row * column % 2 + row * column % 3,
    lambda row, column: (row * column % 2 + row * column % 3) % 2,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2,
)
Modules = set[tuple[int, int]]


def read_qr_code(svg: str) -> str:
    """Return what stands in a code."""
    dark, size = _modules(svg)
    version = (size - 17) // 4
    level, mask = _format(dark)
    assert level == LEVEL_Q
    bits = [((row, column) in dark) != (MASKS[mask](row, column) == 0) for row, column in _way(size, version)]
    codewords = [int("".join("01"[bit] for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    return _text("".join(f"{one:08b}" for one in _in_order(codewords, BLOCKS[version])), version)


def _modules(svg: str) -> tuple[Modules, int]:
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)
    assert box
    assert path
    dark: Modules = set()
    column = row = 0.0
    for kind, numbers in re.findall(r"([Mmh])([^Mmh]*)", path[1]):
        values = [float(one) for one in re.findall(r"-?[\d.]+", numbers)]
        if kind == "M":
            column, row = values
        elif kind == "m":
            column, row = column + values[0], row + values[1]
        else:
            dark |= {(int(row) - BORDER, int(column) - BORDER + step) for step in range(int(values[0]))}
            column += values[0]
    return dark, int(box[1]) - 2 * BORDER


def _format(dark: Modules) -> tuple[int, int]:
    """Return the level of correction and the number of the mask, as they stand around the first finder."""
    places = [(8, column) for column in (0, 1, 2, 3, 4, 5, 7, 8)] + [
        (row, 8) for row in (7, 5, 4, 3, 2, 1, 0)
    ]
    value = int("".join("01"[place in dark] for place in places), 2) ^ 0b101010000010010
    return value >> 13, value >> 10 & 0b111


def _way(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Yield the places of data, two columns at a time from the right, up and down."""
    taken = _taken(size, version)
    rows = range(size - 1, -1, -1)
    right = size - 1
    while right > 0:
        if right == 6:
            right -= 1
        for row in rows:
            for column in (right, right - 1):
                if (row, column) not in taken:
                    yield row, column
        rows = rows[::-1]
        right -= 2


def _taken(size: int, version: int) -> Modules:
    taken = {(6, one) for one in range(size)} | {(one, 6) for one in range(size)}
    for rows, columns in ((9, 9), (9, -8), (-8, 9)):
        taken |= {
            (row % size, column % size)
            for row in (range(rows) if rows > 0 else range(rows, 0))
            for column in (range(columns) if columns > 0 else range(columns, 0))
        }
    centres = ALIGNMENT[version]
    for row in centres:
        for column in centres:
            if (row, column) not in {(6, 6), (6, centres[-1]), (centres[-1], 6)}:
                taken |= {(row + down, column + along) for down in range(-2, 3) for along in range(-2, 3)}
    if version >= 7:
        corner = {(row, size - 11 + step) for row in range(6) for step in range(3)}
        taken |= corner | {(column, row) for row, column in corner}
    return taken


def _in_order(codewords: list[int], lengths: tuple[int, ...]) -> Iterator[int]:
    blocks: list[list[int]] = [[] for _ in lengths]
    coming = iter(codewords)
    for place in range(max(lengths)):
        for block, length in zip(blocks, lengths, strict=True):
            if place < length:
                block.append(next(coming))
    for block in blocks:
        yield from block


def _text(bits: str, version: int) -> str:
    at, read = 0, ""

    def take(count: int) -> int:
        nonlocal at
        at += count
        return int(bits[at - count : at], 2)

    encoding = "iso-8859-1"
    while at + 4 <= len(bits) and (mode := take(4)):
        if mode == 0b0111:
            encoding = {26: "utf-8", 3: "iso-8859-1"}[take(8)]
        elif mode == 0b0100:
            content = bytes(take(8) for _ in range(take(8 if version < 10 else 16)))
            # Phones take bytes for UTF-8 where they can be, whatever the standard says.
            try:
                read += content.decode()
            except UnicodeDecodeError:
                read += content.decode(encoding)
        elif mode == 0b0010:
            count = take(9 if version < 10 else 11)
            for _ in range(count // 2):
                pair = take(11)
                read += ALPHANUMERIC[pair // 45] + ALPHANUMERIC[pair % 45]
            read += ALPHANUMERIC[take(6)] if count % 2 else ""
        else:
            raise AssertionError(f"mode {mode:04b}")
    return read
