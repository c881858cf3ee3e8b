"""Publications to make reports of: a village of invented people, with translations, quotes and findings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import polars as pl

from bot.core.findings import FindingState
from bot.core.questionnaire import Text
from bot.flowfiles.population import Margin, Population
from bot.results.estimate import estimate
from bot.results.publication.records import (
    Group,
    Organiser,
    Protection,
    Publication,
    PublishedFinding,
    PublishedQuote,
    Theme,
)
from bot.results.records.figures import Interval, Share
from bot.results.records.results import Results
from bot.results.report.phrases import PHRASES
from bot.results.report.voice import Voice
from tests.support.frames import BEGAN, COLUMNS, VILLAGE, Draw, drawn

POPULATION = Population(
    (
        Margin("gender", {"woman": 0.51, "man": 0.49}, "National census", 2019),
        Margin("age", {"18-39": 0.6, "40+": 0.4}, "National census", 2019),
    )
)
WORDS: Mapping[str, Mapping[str, str]] = {
    "You are?": {"fr": "Vous êtes ?", "ar": "هل أنت؟", "am": "እርስዎ ማን ነዎት?"},
    "A woman": {"fr": "Une femme", "ar": "امرأة", "am": "ሴት"},
    "A man": {"fr": "Un homme", "ar": "رجل", "am": "ወንድ"},
    "I'd rather not say": {"fr": "Je préfère ne pas le dire", "ar": "أفضّل ألا أقول", "am": "መናገር አልፈልግም"},
    "How old are you?": {"fr": "Quel âge avez-vous ?", "ar": "كم عمرك؟", "am": "ዕድሜዎ ስንት ነው?"},
    "What do you cook with?": {"fr": "Avec quoi cuisinez-vous ?", "ar": "بماذا تطبخ؟", "am": "በምን ያበስላሉ?"},
    "Wood": {"fr": "Le bois", "ar": "الحطب", "am": "እንጨት"},
    "Gas": {"fr": "Le gaz", "ar": "الغاز", "am": "ጋዝ"},
    "Power": {"fr": "L’électricité", "ar": "الكهرباء", "am": "ኤሌክትሪክ"},
    "What is needed?": {"fr": "De quoi a-t-on besoin ?", "ar": "ما الذي نحتاجه؟", "am": "ምን ያስፈልጋል?"},
    "Water": {"fr": "L’eau", "ar": "الماء", "am": "ውሃ"},
    "Roads": {"fr": "Les routes", "ar": "الطرق", "am": "መንገዶች"},
    "Light": {"fr": "La lumière", "ar": "الإنارة", "am": "መብራት"},
    "What comes first?": {
        "fr": "Qu’est-ce qui passe en premier ?",
        "ar": "ما الأهم أولاً؟",
        "am": "ቅድሚያ ለምን?",
    },
    "School": {"fr": "L’école", "ar": "المدرسة", "am": "ትምህርት ቤት"},
    "Clinic": {"fr": "Le centre de santé", "ar": "العيادة", "am": "ክሊኒክ"},
    "Market": {"fr": "Le marché", "ar": "السوق", "am": "ገበያ"},
    "How many hours a day?": {
        "fr": "Combien d’heures par jour ?",
        "ar": "كم ساعة في اليوم؟",
        "am": "በቀን ስንት ሰዓት?",
    },
    "How good is it?": {"fr": "Est-ce bien ?", "ar": "ما مدى جودته؟", "am": "ምን ያህል ጥሩ ነው?"},
    "Since when?": {"fr": "Depuis quand ?", "ar": "منذ متى؟", "am": "ከመቼ ጀምሮ?"},
    "When do you get up?": {"fr": "Quand vous levez-vous ?", "ar": "متى تستيقظ؟", "am": "መቼ ይነሳሉ?"},
    "What do you wish?": {"fr": "Que souhaitez-vous ?", "ar": "ماذا تتمنى؟", "am": "ምን ይመኛሉ?"},
    "How the village cooks": {
        "fr": "Comment le village cuisine",
        "ar": "كيف تطبخ القرية",
        "am": "መንደሩ እንዴት ያበስላል",
    },
}
QUOTES = (
    PublishedQuote(
        "wish",
        "en",
        "The road to the clinic, before the rains. Last year my sister had to be carried.",
        {"ar": "الطريق إلى العيادة قبل الأمطار.", "fr": "La route du centre de santé, avant les pluies."},
        Group("gender", "woman", Text("gender.woman", "A woman", WORDS["A woman"])),
    ),
    PublishedQuote("wish", "sw", "Maji safi karibu na nyumbani.", {"en": "Clean water near home."}),
    PublishedQuote(
        "wish", "ar", "نريد مدرسة قريبة لبناتنا.", {"en": "We want a school nearby for our girls."}
    ),
    PublishedQuote("wish", None, "Light light light"),
)
FINDINGS = (
    PublishedFinding(
        Text("finding.1", "The road to the clinic cannot be used in the rains."),
        FindingState.PARTLY,
        "Ministry of Works, roads department",
        date(2026, 5, 4),
        Text("finding.1.reason", "The first 6 km are paid for; the bridge is not."),
        due=date(2026, 9, 1),
    ),
    PublishedFinding(
        Text("finding.2", "Women spend hours on firewood."),
        FindingState.HEARD,
        "Energy office",
        date(2026, 3, 20),
        due=date(2026, 5, 1),
        is_overdue=True,
    ),
    PublishedFinding(
        Text("finding.3", "Buses are too dear."),
        FindingState.REFERRED,
        "Ministry of Works",
        date(2026, 4, 1),
        referred_to="Regional council",
    ),
    PublishedFinding(
        Text("finding.4", "Two taps are broken."),
        FindingState.DONE,
        "Water board",
        date(2026, 4, 20),
        done_on=date(2026, 4, 18),
    ),
)
PROTECTION = Protection(10, 5, 12, 1, datetime(2026, 5, 20, 9, tzinfo=UTC), audited=True)
INTRODUCTION = Text(
    "consent",
    "Hello. The village council asks 10 short questions. We do not ask your name. You may stop at any time: send STOP.",
)


def village(n: int) -> Results:
    """Return what so many people of the village answered."""
    frame = drawn(Draw(n)) if n else drawn(Draw(1)).clear()
    return results_of(frame)


def results_of(frame: pl.DataFrame) -> Results:
    found = estimate(frame, VILLAGE, COLUMNS, at=BEGAN, population=POPULATION)
    return replace(found, title=Text("title", "How the village cooks"))


def translated(results: Results, languages: Sequence[str] = ("fr", "ar", "am")) -> Results:
    """Return results whose labels have their wording in these languages."""

    def within(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [within(one) for one in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"context", "source", "translations"}:
            known = WORDS.get(value["source"], {})
            return {**value, "translations": {one: known[one] for one in languages if one in known}}
        return {key: within(one) for key, one in value.items()}

    return msgspec.convert(within(msgspec.to_builtins(results)), Results)


def publication(
    n: int = 900, *, languages: Sequence[str] = ("fr", "ar", "am"), **changes: Any
) -> Publication:
    """Return a publication of so many people's answers, with translations into these languages."""
    told = Publication(
        results=translated(village(n), languages),
        languages=("en", *languages),
        protection=PROTECTION,
        introduction=INTRODUCTION,
        began=date(2026, 3, 2),
        ended=date(2026, 4, 12),
        organiser=Organiser("Village council", "council@village.example"),
        quotes=QUOTES if n else (),
        themes=(
            Theme(
                "wish", None, ("road", "rain", "bridge"), "en", Share(120, 700, 0.171, Interval(0.14, 0.2))
            ),
            Theme("wish", Text("code.water", "Clean water"), (), None, Share(None, 700, None, None)),
        )
        if n
        else (),
        findings=FINDINGS if n else (),
    )
    return replace(told, **changes)


def voice(language: str = "en", sentences: Mapping[str, str] | None = None) -> Voice:
    return Voice(language, "en", sentences or {})


def marked(language: str) -> Voice:
    """Return a voice whose every sentence is told apart from English by marks, its placeholders kept."""
    return Voice(language, "en", {one.context: f"‹{one.english}›" for one in PHRASES})
