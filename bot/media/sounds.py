"""A sound without the words that stand in its file beside it: titles, places, times, names of devices.

A phone names a recording after the street that it was made in. The sound itself is not touched: bytes are left out
where a format allows it, else made blank in place, so that nothing has to be decoded. What identifies a person best,
their voice, is the answer, and stays.
"""

from collections.abc import Iterator

from bot.media.kinds import AAC, MP3, MP4, OGG, THREE_GP, WAV, Kind
from bot.media.pictures import Unusable

_UNREADABLE = "unreadable"


def without_words(sound: bytes, kind: Kind) -> bytes:
    """Return a sound file of this kind without what is written in it.

    Raises:
        Unusable: it is not built as its kind is, or it is a film.
    """
    try:
        if kind in (MP3, AAC):
            return _bare_frames(sound)
        blank = bytearray(sound)
        if kind in (MP4, THREE_GP):
            _blank_boxes(blank, 0, len(blank))
        elif kind is WAV:
            _blank_chunks(blank)
        elif kind is OGG:
            _blank_comments(blank)
    except IndexError:
        raise Unusable(_UNREADABLE) from None
    return bytes(blank)


# --- MP3 and AAC: tags before and behind the frames (https://id3.org/id3v2.4.0-structure)


def _bare_frames(sound: bytes) -> bytes:
    start, end = 0, len(sound)
    while sound[start : start + 3] == b"ID3":
        sizes = sound[start + 6 : start + 10]
        size = sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3]
        start += 10 + size + (10 if sound[start + 5] & 0x10 else 0)
    while True:
        if sound[end - 128 : end - 125] == b"TAG":
            end -= 128
        elif sound[end - 32 : end - 24] == b"APETAGEX":
            has_header = sound[end - 9] & 0x80
            end -= int.from_bytes(sound[end - 20 : end - 16], "little") + (32 if has_header else 0)
        else:
            break
    frames = sound[max(start, 0) : max(end, 0)]
    if len(frames) < 4 or frames[0] != 0xFF:
        raise Unusable(_UNREADABLE)
    return frames


# --- MP4 and 3GP: boxes in boxes (ISO/IEC 14496-12)

_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf"})
_WORDS = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip", b"loci"})
_DATED = frozenset({b"mvhd", b"tkhd", b"mdhd"})


def _blank_boxes(sound: bytearray, start: int, end: int) -> None:
    while start < end:
        size, name, head = int.from_bytes(sound[start : start + 4]), bytes(sound[start + 4 : start + 8]), 8
        if size == 1:
            size, head = int.from_bytes(sound[start + 8 : start + 16]), 16
        elif size == 0:
            size = end - start
        body, after = start + head, start + size
        if size < head or after > end:
            raise Unusable(_UNREADABLE)
        if name in _WORDS:
            # Blank and as long, for the places of the sound are counted from the beginning of the file.
            sound[start + 4 : start + 8] = b"free"
            sound[body:after] = bytes(after - body)
        elif name in _DATED:
            width = 16 if sound[body] == 1 else 8
            sound[body + 4 : body + 4 + width] = bytes(width)
        elif name == b"hdlr" and sound[body + 8 : body + 12] == b"vide":
            raise Unusable("type")
        elif name in _HOLDERS:
            _blank_boxes(sound, body, after)
        start = after


# --- WAV: chunks one after the other

_SOUND = frozenset({b"fmt ", b"fact", b"data"})


def _blank_chunks(sound: bytearray) -> None:
    start = 12
    while start + 8 <= len(sound):
        size = int.from_bytes(sound[start + 4 : start + 8], "little")
        body, after = start + 8, min(start + 8 + size, len(sound))
        if bytes(sound[start : start + 4]) not in _SOUND:
            sound[start : start + 4] = b"JUNK"
            sound[body:after] = bytes(after - body)
        start = after + size % 2
    if b"data" not in sound[12:]:
        raise Unusable(_UNREADABLE)


# --- Ogg: the second packet has the comments (RFC 3533; RFC 7845, section 5.2; the Vorbis I specification, section 5)

_COMMENTS = {b"OpusTags": b"", b"\x03vorbis": b"\x01"}
"""What a packet of comments begins with, and what has to follow the comments."""


def _blank_comments(sound: bytearray) -> None:
    pages = list(_pages(sound))
    pieces = _second_packet(pages)
    packet = b"".join(bytes(sound[start:end]) for start, end in pieces)
    head = next((one for one in _COMMENTS if packet.startswith(one)), None)
    if head is None:
        raise Unusable(_UNREADABLE)
    # No name of the program that wrote it, no comments; what is left of the packet is padding.
    blank = head + bytes(8) + _COMMENTS[head]
    if len(blank) > len(packet):
        raise Unusable(_UNREADABLE)
    blank = blank.ljust(len(packet), b"\0")
    for start, end in pieces:
        sound[start:end], blank = blank[: end - start], blank[end - start :]
    for page, segments in pages:
        if any(page <= start < page + 27 + len(segments) + sum(segments) for start, _ in pieces):
            _sign(sound, page, page + 27 + len(segments) + sum(segments))


def _pages(sound: bytearray) -> Iterator[tuple[int, bytes]]:
    start = 0
    while start < len(sound):
        if sound[start : start + 4] != b"OggS":
            raise Unusable(_UNREADABLE)
        segments = bytes(sound[start + 27 : start + 27 + sound[start + 26]])
        yield start, segments
        start += 27 + len(segments) + sum(segments)


def _second_packet(pages: list[tuple[int, bytes]]) -> list[tuple[int, int]]:
    """Return where the second packet of a stream stands: it may go on over several pages."""
    packet, pieces = 0, []
    for page, segments in pages:
        start = page + 27 + len(segments)
        for size in segments:
            if packet == 1:
                pieces.append((start, start + size))
            start += size
            # A segment that is not full ends its packet.
            packet += size < 255
            if packet == 2:
                return pieces
    raise Unusable(_UNREADABLE)


def _sign(sound: bytearray, start: int, end: int) -> None:
    """Write a page's checksum: a CRC of 32 bits, 0x04c11db7, over the page with 0 in its place."""
    sound[start + 22 : start + 26] = bytes(4)
    crc = 0
    for byte in sound[start:end]:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    sound[start + 22 : start + 26] = crc.to_bytes(4, "little")
