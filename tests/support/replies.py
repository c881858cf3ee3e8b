"""Items and choices to reply to, and readings written so that a table can hold them."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.core.phrases import ENGLISH, Phrasebook
from bot.core.questionnaire import Choice, Item, ItemType, Text
from bot.core.replies import Reading, read_reply

TODAY = date(2026, 11, 23)


def choice(
    name: str,
    label: str,
    *,
    sms_label: str | None = None,
    aliases: Mapping[str, tuple[str, ...]] | None = None,
    stays_last: bool = False,
    **translations: str,
) -> Choice:
    """Return a choice; keyword arguments named as languages hold the label's translations."""
    return Choice(
        name,
        Text(f"q.{name}.label", label, translations),
        Text(f"q.{name}.sms_label", sms_label) if sms_label else None,
        aliases or {},
        stays_last=stays_last,
    )


FUELS = (
    choice("wood", "Firewood", es="Leña", sw="Kuni", aliases={"": ("wood",), "en": ("sticks",)}),
    choice("charcoal", "Charcoal", es="Carbón", sw="Mkaa"),
    choice("kerosene", "Kerosene", es="Queroseno", sw="Mafuta ya taa"),
    choice("gas", "Gas", es="Gas", sw="Gesi", sms_label="LPG"),
    choice("electric", "Electricity", es="Electricidad", sw="Umeme"),
    choice("dung", "Animal dung", es="Estiércol", sw="Samadi"),
    choice("none", "None of these", es="Ninguno", sw="Hakuna", stays_last=True),
    choice("other", "Other", es="Otro", sw="Nyingine", stays_last=True),
)


def item(kind: ItemType, choices: Sequence[Choice] = (), *, lists_choices: bool = True) -> Item:
    return Item("q", kind, choices=tuple(choices), lists_choices=lists_choices)


def read(
    asked: Item, text: str, *, book: Phrasebook = ENGLISH, offered: Sequence[Choice] | None = None
) -> Reading:
    """Return the reading of a reply by someone who uses the phrasebook's language."""
    shown = asked.choices if offered is None else tuple(offered)
    return read_reply(asked, shown, text, book, book.language, TODAY)
