"""What made-up people write in their own words, in a few languages.

Numbers are of ranges that are given to nobody, for use in fiction: 202-555-0100 to 0199 in North America (NANPA),
07700 900000 to 900999 in Britain (Ofcom), 01 99 00 00 00 to 01 99 00 99 99 in France (Arcep).
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """How people who write a language say things.

    `pleas` and `praise` are whole sentences, of who is discontent and who is content; `reasons` follow either.
    `contacts` ask to be reached, at `{number}` or `{mail}`. `puzzled` is what is no answer to anything. `number` is a
    telephone number, with a `#` for each digit that may be any.
    """

    pleas: tuple[str, ...]
    praise: tuple[str, ...]
    reasons: tuple[str, ...]
    contacts: tuple[str, ...]
    puzzled: tuple[str, ...]
    number: str
    digits: str = "0123456789"


VOICES: Mapping[str, Voice] = {
    "en": Voice(
        pleas=(
            "The waiting is too long",
            "We need more staff in the mornings",
            "They ask for money that we do not have",
            "There is no clean water",
            "The road is bad when it rains",
            "It is too far for old people",
            "Medicine is often finished",
            "Nobody tells us what is decided",
            "They should speak our language",
            "Please open on market days too",
            "There should be light at night",
            "Women are not listened to",
        ),
        praise=(
            "It is better than last year",
            "The people there are kind",
            "I was helped quickly",
            "Keep it as it is",
            "Thank you for asking us",
        ),
        reasons=(
            "I have said so before",
            "my neighbours say the same",
            "mostly for mothers with small children",
            "especially in the rainy season",
            "we come on foot",
            "last week I waited from 7 until noon",
            "the young ones leave because of it",
        ),
        contacts=("Call me on {number}", "My number is {number}", "Write to me at {mail}"),
        puzzled=("what do you mean", "??", "hmm", "who is this", "I will ask my brother"),
        number="+1 202 555 01##",
    ),
    "es": Voice(
        pleas=(
            "Se espera demasiado",
            "Falta personal por la mañana",
            "Piden dinero que no tenemos",
            "No hay agua limpia",
            "El camino es malo cuando llueve",
            "Queda muy lejos para los mayores",
            "Las medicinas se acaban pronto",
            "Nadie nos dice qué se decide",
            "Deberían hablar nuestra lengua",
            "Debería haber luz por la noche",
        ),
        praise=(
            "Está mejor que el año pasado",
            "La gente allí es amable",
            "Me atendieron rápido",
            "Gracias por preguntarnos",
        ),
        reasons=(
            "ya lo dije antes",
            "mis vecinos dicen lo mismo",
            "sobre todo para madres con niños",
            "más en tiempo de lluvias",
            "venimos a pie",
        ),
        contacts=("Llámenme al {number}", "Escríbanme a {mail}"),
        puzzled=("no entiendo", "??", "quién es", "cómo dice"),
        number="+1 202 555 01##",
    ),
    "fr": Voice(
        pleas=(
            "On attend trop longtemps",
            "Il manque du personnel le matin",
            "On nous demande de l'argent que nous n'avons pas",
            "Il n'y a pas d'eau propre",
            "La route est mauvaise quand il pleut",
            "C'est trop loin pour les vieux",
            "Il n'y a souvent plus de médicaments",
            "Personne ne nous dit ce qui est décidé",
            "Il faudrait parler notre langue",
            "Il faudrait de la lumière la nuit",
        ),
        praise=(
            "C'est mieux que l'an dernier",
            "Les gens là-bas sont gentils",
            "On m'a aidé vite",
            "Merci de nous demander",
        ),
        reasons=(
            "je l'ai déjà dit",
            "mes voisins disent pareil",
            "surtout pour les mères avec des petits",
            "surtout à la saison des pluies",
            "nous venons à pied",
        ),
        contacts=("Appelez-moi au {number}", "Mon adresse est {mail}"),
        puzzled=("je ne comprends pas", "??", "qui est-ce", "comment ça"),
        number="01 99 00 ## ##",
    ),
    "sw": Voice(
        pleas=(
            "Tunasubiri muda mrefu mno",
            "Wafanyakazi ni wachache asubuhi",
            "Wanaomba pesa ambazo hatuna",
            "Hakuna maji safi",
            "Barabara ni mbaya mvua ikinyesha",
            "Ni mbali sana kwa wazee",
            "Dawa zinaisha mapema",
            "Hakuna anayetuambia kilichoamuliwa",
            "Waongee lugha yetu",
            "Kuwe na taa usiku",
        ),
        praise=(
            "Ni bora kuliko mwaka jana",
            "Watu wa pale ni wema",
            "Nilisaidiwa haraka",
            "Asante kwa kutuuliza",
        ),
        reasons=(
            "nilisema hivyo kabla",
            "majirani wangu wanasema hivyo pia",
            "hasa kwa mama wenye watoto wadogo",
            "hasa wakati wa mvua",
            "tunakuja kwa miguu",
        ),
        contacts=("Nipigieni {number}", "Niandikieni {mail}"),
        puzzled=("sielewi", "??", "wewe ni nani", "unasemaje"),
        number="+44 7700 900###",
    ),
    "ar": Voice(
        pleas=(
            "الانتظار طويل جدا",
            "نحتاج موظفين أكثر في الصباح",
            "يطلبون مالا ليس عندنا",
            "لا يوجد ماء نظيف",
            "الطريق سيئ عندما تمطر",
            "المكان بعيد على كبار السن",
            "الدواء ينفد دائما",
            "لا أحد يخبرنا بما تقرر",
            "نريد نورا في الليل",
        ),
        praise=("أفضل من السنة الماضية", "الناس هناك طيبون", "ساعدوني بسرعة", "شكرا لأنكم سألتمونا"),
        reasons=(
            "قلت هذا من قبل",
            "جيراني يقولون ذلك أيضا",
            "خاصة للأمهات مع الصغار",
            "نأتي مشيا على الأقدام",
        ),
        contacts=("اتصلوا بي على {number}", "اكتبوا لي على {mail}"),
        puzzled=("لم أفهم", "؟؟", "من أنت", "ماذا تقصد"),
        number="+44 7700 900###",
        digits="٠١٢٣٤٥٦٧٨٩",
    ),
    "ig": Voice(
        pleas=(
            "Anyị na-eche ogologo oge",
            "Ndị ọrụ ezughị ezu n'ụtụtụ",
            "Ha na-arịọ ego anyị enweghị",
            "Enweghị mmiri dị ọcha",
            "Okporo ụzọ dị njọ mgbe mmiri na-ezo",
            "Ọ dị anya nke ukwuu",
            "Ọkụ anaghị adị n'abalị",
        ),
        praise=("Ọ ka mma karịa afọ gara aga", "Ndị ebe ahụ dị mma", "Daalụ maka ịjụ anyị"),
        reasons=("ekwuru m ya mbụ", "ndị agbata obi m na-ekwu otu ihe ahụ", "anyị ji ụkwụ abịa"),
        contacts=("Kpọọ m na {number}", "Degara m akwụkwọ na {mail}"),
        puzzled=("aghọtaghị m", "??", "onye bụ gị"),
        number="+44 7700 900###",
    ),
}

_NAMES = ("amina", "joseph", "grace", "omar", "lucia", "chidi", "fatou", "tomas")


def voice_of(language: str | None) -> Voice:
    """Return how people write a language; where none is listed here, English: who calls has said so."""
    return VOICES.get(language or "en", VOICES["en"])


def opinion(voice: Voice, content: float, random_: random.Random) -> str:
    """Return what somebody thinks; `content` is the chance that they are."""
    sentence = random_.choice(voice.praise if random_.random() < content else voice.pleas)
    return f"{sentence}, {random_.choice(voice.reasons)}" if random_.random() < 0.6 else sentence


def contact(voice: Voice, random_: random.Random) -> str:
    """Return where somebody who is not wants to be reached, as they would write it."""
    number = "".join(str(random_.randrange(10)) if one == "#" else one for one in voice.number)
    mail = f"{random_.choice(_NAMES)}{random_.randrange(100)}@example.org"
    native = number.translate(str.maketrans("0123456789", voice.digits))
    return random_.choice(voice.contacts).format(number=native, mail=mail)
