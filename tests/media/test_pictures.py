"""Pictures are drawn anew: their pixels stay, and nothing else."""

import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFile, PngImagePlugin

from bot.media.kinds import GIF, JPEG, PNG, WEBP, Kind, kind_of
from bot.media.pictures import Unusable, draw_anew

WORDS = "made by Ada at home"


def sent(form: str, mode: str = "RGB", **saved: object) -> bytes:
    output = BytesIO()
    Image.new(mode, (4, 3), "orange" if mode.startswith("RGB") else 0).save(output, form, **saved)
    return output.getvalue()


def text() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", WORDS)
    return info


def exif() -> Image.Exif:
    found = Image.Exif()
    found[0x010F] = WORDS
    return found


@pytest.mark.parametrize(
    ("picture", "kind", "new"),
    [
        pytest.param(sent("JPEG", exif=exif(), comment=WORDS.encode()), JPEG, JPEG, id="JPEG"),
        pytest.param(sent("JPEG", "CMYK"), JPEG, JPEG, id="JPEG for print"),
        pytest.param(sent("PNG", pnginfo=text(), exif=exif()), PNG, PNG, id="PNG"),
        pytest.param(sent("PNG", "RGBA"), PNG, PNG, id="PNG with transparency"),
        pytest.param(sent("GIF", "P", comment=WORDS), GIF, PNG, id="GIF"),
        pytest.param(sent("WEBP", exif=exif()), WEBP, JPEG, id="WebP"),
        pytest.param(
            sent("JPEG", icc_profile=WORDS.encode() * 20, xmp=WORDS.encode()), JPEG, JPEG, id="profiles"
        ),
    ],
)
def test_words_go_and_pixels_stay(picture: bytes, kind: Kind, new: Kind, tmp_path: Path) -> None:
    source, into = tmp_path / "sent", tmp_path / "kept"
    source.write_bytes(picture)
    assert kind_of(picture[:32]) is kind
    assert draw_anew(source, kind, into) is new
    kept = into.read_bytes()
    assert kind_of(kept[:32]) is new
    assert WORDS.encode() not in kept
    with Image.open(into) as image, Image.open(source) as before:
        assert image.size == (4, 3)
        assert not image.getexif()
        assert not set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        as_sent = before.convert("RGBA").getpixel((1, 1))
        as_kept = image.convert("RGBA").getpixel((1, 1))
        assert isinstance(as_sent, tuple)
        assert isinstance(as_kept, tuple)
        assert all(abs(one - other) <= 6 for one, other in zip(as_sent, as_kept, strict=True))


@pytest.mark.parametrize(
    ("picture", "kind", "code"),
    [
        pytest.param(sent("PNG"), JPEG, "unreadable", id="another format than it begins as"),
        pytest.param(b"\xff\xd8\xff" + bytes(99), JPEG, "unreadable", id="a beginning and no picture"),
        pytest.param(sent("PNG")[:-30], PNG, "unreadable", id="no end"),
        pytest.param(b"", WEBP, "unreadable", id="nothing"),
    ],
)
def test_what_is_no_picture_is_refused(
    picture: bytes, kind: Kind, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As it is in a process that has drawn a report.
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    source = tmp_path / "sent"
    source.write_bytes(picture)
    with pytest.raises(Unusable) as refused:
        draw_anew(source, kind, tmp_path / "kept")
    assert refused.value.code == code


def test_a_bomb_is_not_drawn(tmp_path: Path) -> None:
    """A picture of 900 million pixels in a few hundred bytes: only its head is looked at."""
    head = bytearray(sent("PNG"))
    head[16:24] = (30_000).to_bytes(4) * 2
    head[29:33] = zlib.crc32(head[12:29]).to_bytes(4)
    source = tmp_path / "sent"
    source.write_bytes(head)
    with pytest.raises(Unusable) as refused:
        draw_anew(source, PNG, tmp_path / "kept")
    assert refused.value.code == "too many pixels"


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"\xff",
        b"<html>",
        b"%PDF-1.7",
        b"\0\0\0\x18ftypheic",
        b"\0\0\0\x18ftypqt  ",
        b"MZ",
        b"RIFF\0\0\0\0AVI ",
    ],
)
def test_what_is_not_taken_in(first: bytes) -> None:
    assert kind_of(first) is None
