"""What people send or follow to take part, from each source and in each language."""

from dataclasses import replace

from bot.core.outreach.records import Outreach
from bot.core.outreach.sources import Source
from bot.core.phrases import ENGLISH
from bot.outreach.posters.links import Addresses, links_of
from tests.support.consultations import questionnaire
from tests.support.phrasebooks import SPANISH

WATER = replace(
    questionnaire(
        "- {name: age, type: integer, label: How old are you?}",
        "consultation: water\nlanguages: [en, es]\nkeywords: {en: [water, well], es: [agua]}",
        {"en": ENGLISH, "es": SPANISH},
    ),
    outreach=Outreach("water", sources=(Source("clinic-2", "CLN2", "The second clinic"),)),
)


def test_every_source_and_language_has_its_own() -> None:
    found = [*links_of(WATER, Addresses("20880", "+12025550101", "water_bot"))]
    assert [(one.source.name if one.source else None, one.language, one.words) for one in found] == [
        (None, "en", "WATER"),
        (None, "es", "AGUA"),
        ("clinic-2", "en", "WATER CLN2"),
        ("clinic-2", "es", "AGUA CLN2"),
    ]
    assert found[0].telegram == "https://t.me/water_bot?start=water"
    assert (found[2].sms, found[2].telegram, found[2].whatsapp) == (
        "SMSTO:20880:WATER CLN2",
        "https://t.me/water_bot?start=water_CLN2",
        "https://wa.me/12025550101?text=WATER%20CLN2",
    )


def test_without_an_address_there_is_no_link() -> None:
    (first, *_) = links_of(WATER, Addresses())
    assert (first.words, first.sms, first.telegram, first.whatsapp) == ("WATER", None, None, None)
