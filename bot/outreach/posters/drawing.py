"""Posters as PDFs: tagged (PDF/UA-1), in black and white, all on one page, whatever the language."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bot.core.phrases import STOP, Phrase, Phrasebook
from bot.core.questionnaire import Questionnaire, Text
from bot.core.saying import END, ISOLATE
from bot.errors import PosterError
from bot.outreach.posters import phrases
from bot.outreach.posters.links import Addresses, Link

INSTALL = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-core"
_HERE = Path(__file__).parent / "templates"
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT ISOLATE}"
MOST_SCALE, SHRINKS_BY = 1.2, 0.95
LEAST_SCALE = 0.5
"""Smaller words are read by nobody who passes by: then there are too many of them."""
STRIPS = 8


class Size(StrEnum):
    """Sizes of paper, by ISO 216."""

    A3 = "a3"
    A4 = "a4"
    A5 = "a5"


@dataclass(frozen=True, slots=True)
class Paper:
    """Width and height in millimetres, and how large words are on it, against A4."""

    width: int
    height: int
    factor: float


PAPERS = {Size.A3: Paper(297, 420, 1.414), Size.A4: Paper(210, 297, 1.0), Size.A5: Paper(148, 210, 0.705)}


@dataclass(frozen=True, slots=True)
class Wall:
    """What a poster is made of. `book` has the bot's own words and `sentences` the posters', in the link's language.

    `number` and `whatsapp` are the addresses as people read them, with blanks.
    """

    questionnaire: Questionnaire
    link: Link
    addresses: Addresses
    book: Phrasebook
    sentences: dict[str, str]
    number: str = ""
    whatsapp: str = ""


def write_poster(wall: Wall, size: Size = Size.A4, *, strips: bool = False) -> bytes:
    """Return the bytes of a PDF of one page.

    Raises:
        PosterError: there is nowhere to write to, there are too many words for one page, or Pango is not here.
    """
    if wall.link.sms is None and wall.link.telegram is None and wall.link.whatsapp is None:
        raise PosterError(
            "a poster has to say where to write to: give number, telegram or whatsapp under poster: in the outreach "
            "file, or set TWILIO_FROM"
        )
    try:
        from weasyprint import HTML  # noqa: PLC0415 (it loads Pango, which a machine may lack)
        from weasyprint.urls import URLFetcher  # noqa: PLC0415
    except OSError:
        raise PosterError(f"a PDF needs Pango and fonts: {INSTALL}") from None
    nothing = URLFetcher(allowed_protocols=[], fail_on_errors=True)
    scale = MOST_SCALE
    while scale >= LEAST_SCALE:
        source = HTML(string=render(wall, size, scale, strips=strips), url_fetcher=nothing)
        pages = source.render(pdf_variant="pdf/ua-1")
        if len(pages.pages) == 1:
            written: bytes = pages.write_pdf(pdf_variant="pdf/ua-1")
            return written
        scale *= SHRINKS_BY
    raise PosterError("there are too many words for one page: give a shorter headline under poster:")


def render(wall: Wall, size: Size, scale: float = 1.0, *, strips: bool = False) -> str:
    """Return a poster as HTML for pages of a size, its words as large as `scale` says."""
    paper, language = PAPERS[size], wall.link.language
    points = 10 * paper.factor * scale
    # In the unit of the page, rem; 12 mm are its margin on A4.
    width = (paper.width - 24 * paper.factor) * 72 / 25.4 / points
    said = _Saying(wall)
    outreach = wall.questionnaire.outreach
    poster = outreach.poster if outreach else None
    notes = [
        *([said.say(phrases.FREE)] if poster and poster.is_free else []),
        *([said.own(poster.cost)] if poster and poster.cost else []),
        said.say(phrases.NO_NAME),
        said.say(phrases.STOP_WORD, stop=wall.book.shown(STOP)),
        *([said.languages()] if len(wall.questionnaire.languages) > 1 else []),
    ]
    return _template().render(
        language=language,
        direction="rtl" if wall.book.right_to_left else "ltr",
        paper=paper,
        points=round(points, 2),
        title=wall.questionnaire.title.into(language),
        said=said,
        phrases=phrases,
        asked_by=said.own(poster.asked_by) if poster and poster.asked_by else None,
        headline=said.own((poster and poster.headline) or wall.questionnaire.title),
        words=said.plain(wall.link.words),
        word_size=word_size(wall.link.words, width - BESIDE_WORD),
        ways=said.ways(width),
        notes=notes,
        strips=range(STRIPS) if strips else (),
        strip_height=round(48 * paper.factor, 1),
        strip_size=word_size(wall.link.words, 12, 1.8),
        address=said.plain(wall.number or wall.whatsapp or f"t.me/{wall.addresses.telegram}"),
        number=wall.number,
        number_size=word_size(wall.number, width - BESIDE_WORD, 4, DIGIT),
        style=Markup((_HERE / "poster.css").read_text("utf-8")),  # noqa: S704 (a file of ours)
    )


BESIDE_WORD = 21.5
"""What stands beside the word to send, and around it, in rem: as the style sheet has it."""
BESIDE_ADDRESS = 10.5
CAPITAL, DIGIT = 0.78, 0.62
"""How wide a letter is against its height: a capital of a broad script, a digit or small letter, in bold."""


def word_size(words: str, width: float, most: float = 6.5, letter: float = CAPITAL) -> float:
    """Return how large words are written that have so much width, in the same unit.

    They stay on one line where that leaves them large enough; else the longest of them fits.
    """
    if not words:
        return most
    whole = width / (letter * len(words))
    if whole >= most / 2:
        return round(min(most, whole), 2)
    return round(min(most / 1.5, width / (letter * max(map(len, words.split())))), 2)


@dataclass(frozen=True, slots=True)
class Way:
    """One address of a chat, as it stands on a poster, with its code."""

    heading: str
    shown: Markup
    size: float
    code: Markup


class _Saying:
    """A poster's sentences and codes in one language."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall

    def say(self, phrase: Phrase, **values: str) -> Markup:
        """Return a sentence; what is filled in stays as it is, in its own direction."""
        wording = self._wall.sentences.get(phrase.context, phrase.english)
        isolated = Markup(f"{ISOLATE}{{}}{END}")  # noqa: S704 (two marks of direction)
        return escape(wording).format(**{name: isolated.format(value) for name, value in values.items()})

    def own(self, text: Text) -> Markup:
        """Return a text of the consultation, marked where it has no translation."""
        language = self._wall.link.language
        first = self._wall.questionnaire.languages[0]
        if language == first or language in text.translations:
            return escape(text.into(language).strip())
        shown = f"{ISOLATE}{text.source.strip()}{END}"
        return Markup('<span lang="{}">{}</span>').format(first, shown)

    def plain(self, words: str) -> Markup:
        """Return what has to be typed as it stands: from left to right where it is of Latin letters and digits."""
        mark = _LEFT_TO_RIGHT if words.isascii() else ISOLATE
        return escape(f"{mark}{words}{END}")

    def languages(self) -> Markup:
        books = self._wall.questionnaire.phrasebooks
        names = (
            f"{ISOLATE}{books[one].autonym}{END}"
            for one in self._wall.questionnaire.languages
            if one in books
        )
        return self.say(phrases.LANGUAGES, languages=", ".join(names))

    @property
    def sms_code(self) -> Markup | None:
        link, shown = self._wall.link, self._wall.number
        if link.sms is None:
            return None
        return qr_code(link.sms, self.say(phrases.QR_SMS, word=link.words, number=shown).unescape())

    def ways(self, width: float) -> list[Way]:
        """Return the addresses of chats, beside each other in so much width."""
        link, addresses = self._wall.link, self._wall.addresses
        found: list[Way] = []
        each = width / max(1, sum(one is not None for one in (link.telegram, link.whatsapp)))
        for phrase, address, shown in (
            (phrases.TELEGRAM, link.telegram, f"t.me/{addresses.telegram}"),
            (phrases.WHATSAPP, link.whatsapp, self._wall.whatsapp),
        ):
            if address is not None:
                alternative = self.say(phrases.QR_LINK, link=address).unescape()
                size = word_size(shown, each - BESIDE_ADDRESS, 2.4, DIGIT)
                found.append(Way(self.say(phrase), self.plain(shown), size, qr_code(address, alternative)))
        return found


def qr_code(content: str, alternative: str) -> Markup:
    """Return a QR code (ISO/IEC 18004) as SVG, with what it is for those who do not see it.

    A quarter of it may be torn or dirty: a poster hangs in the rain.
    """
    code = segno.make_qr(content, error="q", boost_error=False)
    drawn: str = code.svg_inline(border=4, omitsize=True, title=alternative, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 (made by segno, which escapes the title)


@lru_cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("poster.html")
