"""Which letters the bytes of a CSV stand for: Unicode by its marks, UTF-8 where it is valid, else a code page."""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
"""Bytes of lines with letters beyond ASCII that a code page is told by."""
_CLOSE = 0.1
"""How much worse a reading may look than the best one, and be taken for its code page is that of a language offered."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf_32"),
    (codecs.BOM_UTF32_BE, "utf_32"),
    (codecs.BOM_UTF8, "utf_8_sig"),
    (codecs.BOM_UTF16_LE, "utf_16"),
    (codecs.BOM_UTF16_BE, "utf_16"),
)
_PAGES = {
    "cp1250": "pl cs sk hu ro hr sl sq bs",
    "cp1251": "ru uk be bg mk sr kk ky tg mn",
    "cp1252": "fr es pt de it nl sv da nb no fi is ga sq wo ln",
    "cp1253": "el",
    "cp1254": "tr az uz ku",
    "cp1255": "he yi",
    "cp1256": "ar fa ur ps",
    "cp1257": "lt lv et",
    "cp1258": "vi",
    "cp874": "th",
    "cp932": "ja",
    "cp949": "ko",
    "gb18030": "zh",
    "big5": "",
}
"""The code pages in which Windows saves CSV, with the languages that need each: those in plain letters need none."""
_BEYOND = re.compile(rb"[^\n]*[\x80-\xff][^\n]*\n?")


def encoding_of(file: BinaryIO, languages: Iterable[str]) -> str | None:
    """Return Python's name of a file's encoding, which is read from its beginning; None where nothing fits.

    Of code pages that fit about as well, that of a language of the consultation is taken.
    """
    file.seek(0)
    first = file.read(4_096)
    for mark, name in _MARKS:
        if first.startswith(mark):
            return name
    if unmarked := _unmarked(first):
        return unmarked
    if b"\0" in first:
        return None
    return "utf_8" if _is_utf8(file) else _code_page(_sample(file), languages)


def _unmarked(first: bytes) -> str | None:
    """Return which UTF-16 bytes are that have no mark: half of those of digits, commas and ASCII letters are zero."""
    even, odd = first[::2].count(0), first[1::2].count(0)
    if max(even, odd) < len(first) / 8 or min(even, odd) > max(even, odd) / 8:
        return None
    return "utf_16_be" if even > odd else "utf_16_le"


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf_8")()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(file: BinaryIO) -> bytes:
    sample = b""
    for chunk in _chunks(file):
        for line in _BEYOND.finditer(chunk):
            sample += line[0]
            if len(sample) >= _SAMPLE:
                return sample
    return sample


def _code_page(sample: bytes, languages: Iterable[str]) -> str | None:
    # Not at the top: only who has such a file needs it.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    found = list(from_bytes(sample, cp_isolation=list(_PAGES), threshold=0.5))
    if not found:
        return None
    spoken = {one.partition("-")[0] for one in languages}
    near = [one for one in found if one.chaos <= found[0].chaos + _CLOSE]
    fitting = [page for one in near for page in (one.encoding, *one.could_be_from_charset)]
    expected = (page for page in fitting if spoken & set(_PAGES.get(page, "").split()))
    return next(expected, "cp1252" if "cp1252" in fitting else found[0].encoding)
