"""Numbers that a translation loses, and letters that only look right."""

import pytest

from bot.core.review.letters import disguised_words, numbers_lost


@pytest.mark.parametrize(
    ("source", "wording", "lost"),
    [
        ("12 to 20", "de 12 a 20", ()),
        ("12 to 20", "20 na 12", ()),
        ("12 to 20", "١٢ إلى ٢٠", ()),
        ("12 to 20", "१२ से २०", ()),
        ("12 to 20", "፲፪ እስከ ፳", ()),
        ("12 to 20", "de 12 a 30", ("20",)),
        ("12 to 20", "de doce a veinte", ("12", "20")),
        ("2 or 2", "2", ("2",)),
        ("More than 10,000", "Más de 10.000", ()),
        ("More than 10,000", "Plus de 10\u202f000", ()),
        ("More than 100,000", "१,००,००० से अधिक", ()),
        ("At 9:30", "À 9h30", ()),
        ("1.5 litres", "1,5 litre", ()),
        ("Under five", "Moins de 5", ()),
        ("Wood", "Bois", ()),
    ],
)
def test_numbers_that_are_lost(source: str, wording: str, lost: tuple[str, ...]) -> None:
    assert numbers_lost(source, wording) == lost


@pytest.mark.parametrize(
    ("text", "script", "found"),
    [
        ("Wаter and fire", "LATIN", ("Wаter",)),  # a Cyrillic а
        ("Пожалуйcта, ждите", "CYRILLIC", ("Пожалуйcта",)),  # a Latin c
        ("СМС us", "LATIN", ("СМС",)),  # all of it Cyrillic
        ("Νο, thanks", "LATIN", ("Νο",)),  # Greek
        ("Отправьте OK или SMS", "CYRILLIC", ()),
        ("Отправьте СМС", "CYRILLIC", ()),
        ("SMSка пришла, SMS-а нет", "CYRILLIC", ()),
        ("በSMS ይላኩ, الـSMS", "ETHIOPIC", ()),
        ("Speak Русский or Ελληνικά", "LATIN", ()),
        ("Send {сommand} for ${аge}", "LATIN", ()),
        ("Ọ dị mma, àwọ̀n", "LATIN", ()),
        ("", "LATIN", ()),
    ],
)
def test_words_that_are_not_what_they_look_like(text: str, script: str, found: tuple[str, ...]) -> None:
    assert disguised_words(text, script) == found
