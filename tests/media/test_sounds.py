"""Sounds lose what is written in their files, and nothing of what is heard."""

import struct

import pytest

from bot.media.kinds import AAC, AMR, MP3, MP4, OGG, THREE_GP, WAV, Kind, kind_of
from bot.media.pictures import Unusable
from bot.media.sounds import without_words

WORDS = b"12 Garden Street, 2026-03-02"
FRAMES = b"\xff\xfb\x90\x64" + bytes(range(256)) * 2
ID3 = b"ID3\x04\x00\x00\x00\x00\x00" + bytes([len(WORDS)]) + WORDS
ID3V1 = b"TAG" + WORDS.ljust(125, b"\0")
APE = (
    b"APETAGEX"
    + struct.pack("<IIII", 2000, 32 + len(WORDS), 1, 0xA0000000)
    + bytes(8)
    + WORDS
    + b"APETAGEX"
    + struct.pack("<IIII", 2000, 32 + len(WORDS), 1, 0x80000000)
    + bytes(8)
)


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + name + body


def film(handler: bytes, words: bytes = WORDS, moment: int = 3_800_000_000) -> bytes:
    """Return a file of MPEG-4 with one track."""
    dates = struct.pack(">BxxxII", 0, moment, moment) + b"REST"
    long_dates = struct.pack(">BxxxQQ", 1, moment, moment) + b"REST"
    media = box(
        b"mdia", box(b"mdhd", long_dates) + box(b"hdlr", bytes(8) + handler) + box(b"minf", b"") + b""
    )
    track = box(b"trak", box(b"tkhd", dates) + media + box(b"udta", words))
    movie = box(b"moov", box(b"mvhd", dates) + track + box(b"meta", words) + box(b"udta", words))
    return box(b"ftyp", b"M4A isom") + movie + box(b"uuid", words) + box(b"mdat", FRAMES)


def wav(words: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)

    body = chunk(b"fmt ", bytes(16)) + chunk(b"LIST", words + b"!") + chunk(b"data", FRAMES)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


def crc(page: bytes) -> int:
    """Return the checksum of a page of Ogg, bit by bit as RFC 3533 tells it."""
    value = 0
    for bit in range(len(page) * 8):
        top = value >> 31 & 1
        value = value << 1 & 0xFFFFFFFF
        if top ^ (page[bit // 8] >> 7 - bit % 8 & 1):
            value ^= 0x04C11DB7
    return value


def page(number: int, segments: bytes, body: bytes, flags: int = 0) -> bytes:
    head = b"OggS\0" + bytes([flags]) + bytes(8) + b"TALK" + struct.pack("<I", number)
    unsigned = head + bytes(4) + bytes([len(segments)]) + segments + body
    return head + struct.pack("<I", crc(unsigned)) + unsigned[26:]


def ogg(comments: bytes) -> bytes:
    """Return a file of Ogg; comments of more than 255 bytes go on in a second page."""
    first = page(0, bytes([19]), b"OpusHead" + bytes(11), 2)
    if len(comments) < 255:
        second = page(1, bytes([len(comments)]), comments)
    else:
        rest = comments[255:]
        second = page(1, b"\xff", comments[:255]) + page(2, bytes([len(rest)]), rest, 1)
    return first + second + page(3, b"\xc8", FRAMES[:200])


def tags(words: bytes) -> bytes:
    lengths = struct.pack("<I", 4) + b"lavf" + struct.pack("<II", 1, len(words))
    return b"OpusTags" + lengths + words


def pages(sound: bytes) -> list[tuple[int, bytes]]:
    """Return the checksum that each page says, and the page without it."""
    found = []
    while sound:
        size = 27 + sound[26] + sum(sound[27 : 27 + sound[26]])
        told = int.from_bytes(sound[22:26], "little")
        found.append((told, sound[:22] + bytes(4) + sound[26:size]))
        sound = sound[size:]
    return found


@pytest.mark.parametrize(
    ("sound", "kind"),
    [
        pytest.param(ID3 + FRAMES, MP3, id="a tag before"),
        pytest.param(ID3 + ID3 + FRAMES + ID3V1, MP3, id="tags before and behind"),
        pytest.param(FRAMES + APE + ID3V1, MP3, id="two kinds of tags behind"),
    ],
)
def test_mp3_is_its_frames(sound: bytes, kind: Kind) -> None:
    assert kind_of(sound) is kind
    assert without_words(sound, kind) == FRAMES


def test_mp4_keeps_its_places_and_loses_its_words_and_dates() -> None:
    sound = film(b"soun")
    assert kind_of(sound) is MP4
    kept = without_words(sound, MP4)
    assert len(kept) == len(sound)
    assert WORDS in sound
    assert WORDS not in kept
    assert struct.pack(">I", 3_800_000_000) not in kept
    assert kept.count(b"REST") == 3
    assert kept.index(b"mdat") == sound.index(b"mdat")
    assert kept.endswith(FRAMES)
    assert without_words(kept, MP4) == kept


def test_a_film_is_no_sound() -> None:
    with pytest.raises(Unusable) as refused:
        without_words(film(b"vide"), MP4)
    assert refused.value.code == "type"


def test_wav_keeps_its_sound() -> None:
    sound = wav(WORDS)
    assert kind_of(sound) is WAV
    kept = without_words(sound, WAV)
    assert (len(kept), WORDS in sound, WORDS in kept) == (len(sound), True, False)
    assert kept.endswith(FRAMES)
    assert b"JUNK" in kept


@pytest.mark.parametrize("words", [WORDS, WORDS * 12], ids=["on a page", "over two pages"])
def test_ogg_has_no_comments_and_good_checksums(words: bytes) -> None:
    sound = ogg(tags(words))
    assert kind_of(sound) is OGG
    kept = without_words(sound, OGG)
    assert len(kept) == len(sound)
    assert WORDS[:20] not in kept
    assert b"lavf" not in kept
    assert b"OpusTags" + bytes(8) in kept
    for told, unsigned in pages(kept):
        assert told == crc(unsigned)
    assert pages(kept)[0] == pages(sound)[0]
    assert pages(kept)[-1] == pages(sound)[-1]


def test_amr_has_no_place_for_words() -> None:
    sound = b"#!AMR\n" + FRAMES
    assert kind_of(sound) is AMR
    assert without_words(sound, AMR) == sound


BROKEN = [
    pytest.param(ID3, MP3, id="a tag and no sound"),
    pytest.param(b"ID3\x04", MP3, id="half a tag"),
    pytest.param(ID3 + b"<html>", MP3, id="a tag before something else"),
    pytest.param(film(b"soun")[:-600], MP4, id="half an MP4"),
    pytest.param(b"\0\0\0\x02ftypM4A ", MP4, id="a box smaller than its head"),
    pytest.param(b"\0\0\0\x01ftyp", THREE_GP, id="a long box without its length"),
    pytest.param(wav(WORDS)[:40], WAV, id="a WAV without sound"),
    pytest.param(ogg(tags(WORDS))[:60], OGG, id="half an Ogg"),
    pytest.param(ogg(b"SpeexTags" + bytes(30)), OGG, id="an Ogg of another sort"),
    pytest.param(ogg(b"OpusTags"), OGG, id="comments without room"),
    pytest.param(b"\xff\xf1", AAC, id="two bytes"),
]


@pytest.mark.parametrize(("sound", "kind"), BROKEN)
def test_what_is_broken_is_refused(sound: bytes, kind: Kind) -> None:
    with pytest.raises(Unusable) as refused:
        without_words(sound, kind)
    assert refused.value.code == "unreadable"
