"""What a file is, by its first bytes: what a header or a name says of it counts for nothing."""

from dataclasses import dataclass

FIRST_BYTES = 32


@dataclass(frozen=True, slots=True)
class Kind:
    """A format that is taken in. `answers` is the item type that it is an answer to."""

    answers: str
    content_type: str
    ending: str


JPEG = Kind("image", "image/jpeg", "jpg")
PNG = Kind("image", "image/png", "png")
GIF = Kind("image", "image/gif", "gif")
WEBP = Kind("image", "image/webp", "webp")
OGG = Kind("audio", "audio/ogg", "ogg")
MP3 = Kind("audio", "audio/mpeg", "mp3")
AAC = Kind("audio", "audio/aac", "aac")
MP4 = Kind("audio", "audio/mp4", "m4a")
THREE_GP = Kind("audio", "audio/3gpp", "3gp")
AMR = Kind("audio", "audio/amr", "amr")
WAV = Kind("audio", "audio/wav", "wav")

_BRANDS = {b"M4A ": MP4, b"M4B ": MP4, b"mp42": MP4, b"mp41": MP4, b"isom": MP4, b"iso2": MP4, b"iso6": MP4}


def kind_of(first: bytes) -> Kind | None:
    """Return what begins with these bytes, `FIRST_BYTES` of them if there are so many; None if it is not taken in."""
    for start, kind in (
        (b"\xff\xd8\xff", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"GIF87a", GIF),
        (b"GIF89a", GIF),
        (b"OggS", OGG),
        (b"ID3", MP3),
        (b"#!AMR", AMR),
    ):
        if first.startswith(start):
            return kind
    if first[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(first[8:12])
    if first[4:8] == b"ftyp":
        return THREE_GP if first[8:11] == b"3gp" else _BRANDS.get(first[8:12])
    return _framed(first)


def _framed(first: bytes) -> Kind | None:
    """Return which of MPEG's bare streams of frames it is: eleven bits set, then the version and the layer."""
    if len(first) < 3 or first[0] != 0xFF or first[1] & 0xE0 != 0xE0:
        return None
    layer = first[1] >> 1 & 3
    if layer == 0:
        return AAC if first[1] & 0xF0 == 0xF0 else None
    is_possible = first[1] >> 3 & 3 != 1 and first[2] >> 4 != 15 and first[2] >> 2 & 3 != 3
    return MP3 if is_possible else None
