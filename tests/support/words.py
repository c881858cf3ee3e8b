"""Answers in people's own words, made up from a seed: each about one thing, among words that everybody says."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from bot.results.words.redaction import redact
from bot.results.words.rules import Rules
from bot.results.words.said import Said

ABOUT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "water": "water borehole well pump dirty clean drink fetch tap tank river pipes",
        "jobs": "jobs work youth unemployment employ salary business skills training income hire young",
        "road": "road bridge transport mud cars market tar potholes bus travel rain taxi",
    },
    "sw": {
        "water": "maji kisima safi machafu bomba mto kunywa kuchota tangi mabomba",
        "jobs": "kazi ajira vijana mshahara biashara mafunzo kipato kuajiri ujuzi",
    },
    "am": {
        "water": "ውሃ ጉድጓድ ንጹህ ቆሻሻ ወንዝ መቅዳት ቧንቧ መጠጥ ታንከር",
        "road": "መንገድ ድልድይ ጭቃ መኪና ገበያ ትራንስፖርት አውቶቡስ ዝናብ",
    },
    "ar": {
        "water": "ماء بئر نظيف ملوث نهر مضخة أنابيب خزان",
        "jobs": "عمل وظائف شباب راتب تدريب مهارات دخل بطالة",
    },
    "hi": {
        "water": "पानी कुआँ साफ गंदा नल नदी टंकी पीने",
        "road": "सड़क पुल कीचड़ बाजार बारिश गाड़ी गड्ढे यात्रा",
    },
}
EVERYBODYS = {
    "en": "we need the in our and is for no are please there to of with a very not they",
    "sw": "na ya wa kwa ni sisi hapa sana katika la hakuna tafadhali",
    "am": "እኛ እና በጣም ነው እዚህ ለ ከ አለ",
    "ar": "نحن في من هنا جدا على و لا",
    "hi": "हम और में है बहुत यहाँ का के नहीं",
}


class Made(NamedTuple):
    said: tuple[Said, ...]
    about: Mapping[str, str]


def said_by(number: int, text: str, language: str | None = "en", item: str = "wish") -> Said:
    return Said(f"r{number}", item, item, language, redact(text, Rules()), datetime(2026, 3, 2, tzinfo=UTC))


def made(language: str, many: int, seed: int = 1, odd: int = 0) -> Made:
    """Return answers with what each is about; `odd` more are about something that nobody else speaks of."""
    rng = random.Random(seed)
    everybodys = EVERYBODYS[language].split()
    texts: list[tuple[str, str]] = []
    for _ in range(many):
        about = rng.choice(list(ABOUT[language]))
        words = rng.sample(ABOUT[language][about].split(), rng.randint(2, 4))
        texts.append((about, _mixed(rng, [*words, *rng.choices(everybodys, k=4)])))
    for _ in range(odd):
        words = ["".join(rng.choice("bcdfgjkz") + rng.choice("aeiou") for _ in range(3)) for _ in range(3)]
        texts.append(("odd", _mixed(rng, [*words, *rng.choices(everybodys, k=4)])))
    said = tuple(said_by(number, text, language) for number, (_, text) in enumerate(texts))
    return Made(said, {f"r{number}": about for number, (about, _) in enumerate(texts)})


def _mixed(rng: random.Random, words: Sequence[str]) -> str:
    return " ".join(rng.sample(words, len(words)))
