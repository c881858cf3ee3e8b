"""The bot's word lists in five languages, as small as tests of replies need them."""

from bot.core.phrases import Phrasebook, split_words

SPANISH = Phrasebook(
    "es",
    {},
    {
        "words.yes": ("sí", "claro", "de acuerdo"),
        "words.no": ("no", "para nada"),
        "words.back": ("atrás", "volver"),
        "words.stop": ("parar", "basta"),
        "words.and": ("y", "e"),
        "words.all": ("todos", "todas"),
        "words.today": ("hoy",),
        "words.yesterday": ("ayer",),
        "words.tomorrow": ("mañana",),
        "words.fillers": ("creo", "que", "la", "el", "por favor", "número", "unas", "de"),
        "words.not_so": ("no", "sin", "más", "menos"),
        "words.scales": ("mil", "millones"),
        "words.and_a_half": ("y media", "y medio"),
        "words.numbers": split_words(
            "cero, uno, dos, tres, cuatro, cinco, seis, siete, ocho, nueve, diez, once, doce"
        ),
    },
    "español",
    months={"marzo": 3, "mar": 3, "abril": 4, "mayo": 5, "diciembre": 12},
)
FRENCH = Phrasebook(
    "fr",
    {},
    {
        "words.yes": ("oui", "d'accord", "ouais"),
        "words.no": ("non", "pas du tout"),
        "words.skip": ("passer", "suivant"),
        "words.and": ("et",),
        "words.all": ("tout", "tous", "toutes"),
        "words.today": ("aujourd'hui",),
        "words.yesterday": ("hier",),
        "words.fillers": ("je", "pense", "le", "la", "du", "s'il vous plaît", "numéro", "environ"),
        "words.not_so": ("pas", "sans", "moins", "plus"),
        "words.numbers": split_words(
            "zéro, un, deux, trois, quatre, cinq, six, sept, huit, neuf, dix, onze, douze"
        ),
    },
    "français",
    months={"mars": 3, "avril": 4, "fevrier": 2, "aout": 8},
)
SWAHILI = Phrasebook(
    "sw",
    {},
    {
        "words.yes": ("ndiyo", "naam", "sawa"),
        "words.no": ("hapana", "la", "siyo"),
        "words.help": ("msaada",),
        "words.and": ("na",),
        "words.all": ("zote", "yote"),
        "words.yesterday": ("jana",),
        "words.tomorrow": ("kesho",),
        "words.fillers": ("nadhani", "ni", "tafadhali", "namba"),
        "words.not_so": ("si", "sio", "bila"),
        "words.numbers": split_words(
            "sifuri, moja, mbili, tatu, nne, tano, sita, saba, nane, tisa, kumi, kumi na moja, kumi na mbili"
        ),
    },
    "Kiswahili",
    months={"machi": 3, "mac": 3},
)
ARABIC = Phrasebook(
    "ar",
    {},
    {
        "words.yes": ("نعم", "أجل", "موافق"),
        "words.no": ("لا", "كلا"),
        "words.stop": ("توقف",),
        "words.and": ("و",),
        "words.all": ("الكل",),
        "words.yesterday": ("أمس",),
        "words.fillers": ("أظن", "من فضلك", "رقم"),
        "words.numbers": split_words("صفر, واحد, اثنان, ثلاثة, أربعة, خمسة, ستة, سبعة, ثمانية, تسعة, عشرة"),
    },
    "العربية",
    right_to_left=True,
    months={"مارس": 3, "ابريل": 4},
)
IGBO = Phrasebook(
    "ig",
    {},
    {
        "words.yes": ("ee", "eeh"),
        "words.no": ("mba",),
        "words.back": ("laghachi azụ",),
        "words.and": ("na",),
        "words.fillers": ("biko", "nọmba"),
        "words.numbers": split_words(
            "efu, otu, abụọ, atọ, anọ, ise, isii, asaa, asatọ, itoolu, iri, iri na otu, iri na abụọ"
        ),
    },
    "Igbo",
)
