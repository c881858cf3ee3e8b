"""A picture without what it says of who took it: its pixels, drawn anew.

Where it was taken, when and with which device is in EXIF, XMP, IPTC, comments, a maker's notes, thumbnails and pictures
behind the picture, and each make of phone has its own. Nothing of that is looked for and taken out; a new file is
written that never had it. That costs a photo of 12 megapixels a fifth of a second, 95 MB of memory meanwhile, and
a little of its sharpness; pixels are kept as they are where the format loses nothing (PNG, GIF).
"""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.media.kinds import GIF, JPEG, PNG, WEBP, Kind

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 50_000_000
"""What a picture may have: it takes 3 or 4 bytes each while it is drawn, however few it was sent as."""

QUALITY = 90
FORMATS = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP"}


class Unusable(Exception):
    """A file that is not what it begins as; `code` says how, in a word."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def draw_anew(source: Path, kind: Kind, into: Path) -> Kind:
    """Write the picture of a file of this kind into another, which is made by the caller. Return what it is now.

    JPEG stays JPEG, upright; WebP becomes JPEG, or PNG where it is transparent; what moves, its first picture.

    Raises:
        Unusable: it is no picture, or too large a one.
    """
    # Memory and time that a process which only talks can do without.
    from PIL import Image, ImageFile, ImageOps  # noqa: PLC0415

    # What draws reports has half a picture be taken for a whole one, for all of a process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

    try:
        # Of this one format: the others' readers are never let near what a stranger sends.
        with Image.open(source, formats=[FORMATS[kind]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unusable("too many pixels")
            # In place: each copy is as large as all of its pixels.
            ImageOps.exif_transpose(image, in_place=True)
            image.load()
            is_transparent = image.has_transparency_data
            new = JPEG if kind is JPEG or (kind is WEBP and not is_transparent) else PNG
            bare = _bare(image, "RGBA" if is_transparent and new is PNG else "RGB")
    except Unusable:
        raise
    except Image.DecompressionBombError as error:
        raise Unusable("too many pixels") from error
    except Exception as error:
        # Whatever its reader stumbles over: a fault in what a stranger sent is not one of ours.
        raise Unusable("unreadable") from error
    bare.save(into, format=FORMATS[new], **({"quality": QUALITY} if new is JPEG else {}))
    return new


def _bare(image: "Image", mode: str) -> "Image":
    bare = image if image.mode == mode else image.convert(mode)
    # Some writers put in what they find here, without being asked to.
    bare.info.clear()
    return bare
