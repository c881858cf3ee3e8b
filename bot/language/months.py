"""The months of calendars other than the Gregorian: how each language shows them, and how people write them.

Babel has no calendar but the Gregorian. The names shown are CLDR 48's, but where those hold other months (Somali and
Urdu for Solar Hijri, three months of Oromo) or letters that SMS has not: there the usual ones stand. A spelling counts
in every language, since many people write a calendar's months in Latin letters.
"""

from collections.abc import Mapping
from functools import lru_cache

from bot.core.calendars import LATIN_MONTHS, Calendar, MonthNames
from bot.core.folding import fold

_SHOWN: Mapping[Calendar, Mapping[str, str]] = {
    Calendar.ETHIOPIAN: {
        "am": "መስከረም ጥቅምት ኅዳር ታኅሣሥ ጥር የካቲት መጋቢት ሚያዝያ ግንቦት ሰኔ ሐምሌ ነሐሴ ጳጉሜን",
        "ti": "መስከረም ጥቅምቲ ሕዳር ታሕሳስ ጥሪ ለካቲት መጋቢት ሚያዝያ ግንቦት ሰነ ሓምለ ነሓሰ ጳጉሜ",
        "om": "Fulbaana Onkololeessa Sadaasa Muddee Amajjii Guraandhala Bitootessa Eebila Caamsaa Waxabajjii "
        "Adoolessa Hagayya Qaammee",
        "ar": "مسكريم تكمت هدار تهساس تر يكتت مجابيت ميازيا جنبت سين هامل نهاس باجمن",
        "hi": "मस्केरेम टेकेम्ट हेदर तहसास टर येकाटिट मेगाबिट मियाज़िया गनबोट सेन हम्ले नेहासे पागूमन",
        "bn": "মাস্কেরেম টেকেমট হিডার তাহসাস টের ইয়েকাটিট মেগাবিট মিয়াজিয়া গেনবট সিনি হ্যামলি নেহাসে পাগুমেন",
        "ur": "مسکرم تیکیمت ہیدر تہساس تیر یکاتیت میگابت میازیا گیمبوٹ سینے ہیملے نیہاسے پیگیومین",
        "uk": "мескерема текемта хедара тахсаса тера єкатіта мегабіта міязія генбота сене хамле нехасе пагумена",
        "ru": "мескерем текемт хедар тахсас тер якатит магабит миазия генбот сэнэ хамлэ нахасэ эпагомен",
        "fa": "مسکرم تکیمت هیدار طهساز تر یکوتیت مگابیت میازیا گینبوت سنه حمله نحسه پاگومه",
    },
    Calendar.HIJRI: {
        "ar": "محرم/صفر/ربيع الأول/ربيع الآخر/جمادى الأولى/جمادى الآخرة/رجب/شعبان/رمضان/شوال/ذو القعدة/ذو الحجة",
        "ur": "محرم/صفر/ربیع الاول/ربیع الثانی/جمادی الاول/جمادی الثانی/رجب/شعبان/رمضان/شوال/ذوالقعدہ/ذوالحجہ",
        "fa": "محرم/صفر/ربیع‌الاول/ربیع‌الثانی/جمادی‌الاول/جمادی‌الثانی/رجب/شعبان/رمضان/شوال/ذیقعده/ذیحجه",
        "ps": "محرم/صفر/ربيع الاول/ربيع الثاني/جمادي الاول/جمادي الثاني/رجب/شعبان/رمضان/شوال/ذي القعده/ذي الحجه",
        "am": "ሙሀረም/ሳፈር/ረቢዑል አወል/ረቢዑል አኺር/ጀማደል አወል/ጀማደል አኺር/ረጀብ/ሻእባን/ረመዳን/ሸዋል/ዙልቂዳህ/ዙልሂጃህ",
        "hi": "मुहर्रम/सफ़र/रबी उल अव्वल/रबी उस सानी/जुमादा उल अव्वल/जुमादा उस सानी/रजब/शाबान/रमज़ान/शव्वाल/ज़ुल क़ादा/"
        "ज़ुल हिज्जा",
        "bn": "মুহররম/সফর/রবিউল আউয়াল/রবিউস সানি/জমাদিউল আউয়াল/জমাদিউস সানি/রজব/শা‘বান/রমজান/শাওয়াল/জ্বিলকদ/জ্বিলহজ্জ",
        "so": "Muxarram/Safar/Rabiicul Awal/Rabiicul Thani/Jumaadal Uula/Jumaadal Thani/Rajab/Shacbaan/Ramadaan/"
        "Shawaal/Dulqacda/Dulxijja",
        "ha": "Muharram/Safar/Rabi'ul Awwal/Rabi'ul Thani/Jumada Ula/Jumada Thani/Rajab/Sha'aban/Ramadan/Shawwal/"
        "Zulkida/Zulhajji",
        "sw": "Muharram/Safar/Rabiul Awwal/Rabiul Akhir/Jumadal Ula/Jumadal Akhir/Rajabu/Shaabani/Ramadhani/"
        "Shawwal/Dhul Qaada/Dhul Hijja",
        "fr": "mouharram/safar/rabia al awal/rabia ath-thani/joumada al oula/joumada ath-thania/rajab/chaabane/ramadan/"
        "chawwal/dhou al qida/dhou al-hijja",
        "ru": "мухаррам/сафар/раби-уль-авваль/раби-уль-ахир/джумад-уль-авваль/джумад-уль-ахир/раджаб/шаабан/рамадан/"
        "шавваль/зуль-каада/зуль-хиджжа",
        "uk": "мухаррам/сафар/рабі-уль-авваль/рабі-уль-ахір/джумада-ль-уля/джумада-ль-ахіра/раджаб/шаабан/рамадан/"
        "шавваль/зу-ль-каада/зу-ль-хіджа",
    },
    Calendar.SOLAR_HIJRI: {
        "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "fa-AF": "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
        "ps": "وری غویی غبرګولی چنګاښ زمری وږی تله لړم لیندۍ مرغومی سلواغه کب",
        "ar": "فروردين أرديبهشت خرداد تير مرداد شهريور مهر آبان آذر دي بهمن إسفند",
        "ur": "فروردین اردیبہشت خرداد تیر مرداد شہریور مہر آبان آذر دی بہمن اسفند",
        "hi": "फ़रवरदीन ओर्दिबेहेश्त ख़ोरदाद तीर मोरदाद शहरीवर मेहर आबान आज़र दे बहमन इस्फ़ंद",
        "bn": "ফারভার্দিন অরডিবেহেশ্ত খোর্দাদ তির মোরদাদ শাহরিভার মেহের আবান আজার দেই বাহমান এসফান্দ",
        "fr": "farvardin ordibehecht khordad tir mordad chahrivar mehr aban azar dey bahman esfand",
        "ru": "фарвардин ордибехешт хордад тир мордад шахривер мехр абан азер дей бахман эсфанд",
        "uk": "фарвардін ордібехешт хордад тір мордад шахрівер мехр абан азер дей бахман есфанд",
    },
}

_ALSO_WRITTEN: Mapping[Calendar, tuple[str, ...]] = {
    Calendar.ETHIOPIAN: (
        "meskerem/maskaram/meskeram/mesqerem/mäskäräm",
        "tikimt/tekemt/tikemt/teqemt/tiqimt/ṭəqəmt/ጥቅምት/ጥቅመት",
        "hidar/hedar/hidaar/ህዳር/ሕዳር",
        "tahsas/tahisas/tahesas/tahsās/tahsass/ታህሳስ/ታሕሣሥ",
        "tir/ter/tirr/ጥሪ",
        "yekatit/yakatit/yekatitt/yäkatit/lekatit/የካቲት/ለካቲት",
        "megabit/magabit/megabitt/mägabit",
        "miyazya/miazia/miyaziya/miazya/miyazia/miyazya/ሚያዚያ/ማዝያ",
        "ginbot/genbot/ginbott/guenbot/ጉንበት",
        "sene/senie/sane/säné/sené/ሠኔ",
        "hamle/hamlie/hamlé/ሃምሌ/ሀምሌ",
        "nehase/nehasse/nahase/nehasie/nehassie/nähasé/ነሃሴ/ነሀሴ",
        "pagume/pagumen/pagumé/paguemen/pagumien/pwagume/pagumene/ጳጉሜ/ጳጉሜን/ጳጉሜና/ጷጉሜ/ጷጉሜን",
    ),
    Calendar.HIJRI: (
        "muharram/moharram/muharam/mouharam/المحرم/محرم الحرام/মহররম/মুহাররম/muharrom",
        "safar/saffar/sefer/صفر المظفر/सफर",
        "rabi al-awwal/rabi al awal/rabi ul awal/rabi ul awwal/rabiul awal/rabiulawal/rabbi ul awal/rabi i/"
        "rabi' i/ربيع اول/ربيع الاول/রবিউল আওয়াল",
        "rabi al-thani/rabi al thani/rabi ath-thani/rabi us sani/rabi ul sani/rabiul sani/rabi al-akhir/rabi ul akhir/"
        "rabiul akhir/rabi ii/rabi' ii/ربيع الثاني/ربيع الآخر/ربیع الآخر",
        "jumada al-ula/jumada al ula/jumada al-awwal/jumada al awwal/jumadi ul awal/jumada i/jumadil awal/"
        "جمادى الأول/جمادى الأولى/جمادی الاولی",
        "jumada al-thania/jumada al thani/jumada al-thani/jumada al-akhirah/jumada al-akhira/jumada ath-thaniyah/"
        "jumadi us sani/jumadi ul sani/jumada ii/jumadil akhir/جمادى الثانية/جمادى الآخر/جمادی الآخرہ/جمادی الثانیہ",
        "rajab/rajjab/rejeb/রজব",
        "shaban/sha'ban/shaaban/shabaan/sha'baan/chaban/শাবান/शबान",
        "ramadan/ramadhan/ramzan/ramazan/ramadaan/ramazaan/رمضان المبارك/রমযান/রমজান/रमजान/रमदान",
        "shawwal/shawal/chawal/shawaal/শাওয়াল/शव्वल",
        "dhu al-qadah/dhul qadah/dhu al-qi'dah/dhul qidah/dhul qaadah/zul qadah/zulqadah/zilqad/zulqada/zul qada/"
        "dzulqa'dah/ذي القعدة/ذوالقعده/ذیقعد/ذوالقعدۃ/জিলকদ/জিলক্বদ",
        "dhu al-hijjah/dhul hijjah/dhul hijja/zul hijjah/zulhijjah/zil hajj/zilhajj/zul hijja/zulhijja/dhou al hijja/"
        "ذي الحجة/ذوالحجه/ذی الحج/ذوالحج/ذوالحجۃ/জিলহজ/জিলহজ্জ",
    ),
    Calendar.SOLAR_HIJRI: (
        "farvardin/farwardin/hamal/حمل",
        "ordibehesht/ardibehesht/urdibihisht/sawr/saur/thawr",
        "khordad/khurdad/jawza/jauza/jowza",
        "tir/saratan/sartan",
        "mordad/amordad/murdad/asad",
        "shahrivar/shahriwar/shahrivār/sonbola/sunbula/sonbula/sunbola",
        "mehr/mihr/mizan",
        "aban/aqrab",
        "azar/qaws/qaus/qows",
        "dey/dei/jadi/jady",
        "bahman/dalw/dalv/dalva/dalwa",
        "esfand/isfand/hut/hoot",
    ),
}


@lru_cache(maxsize=128)
def months_of(calendar: Calendar, language: str) -> MonthNames:
    """Return a calendar's months as a language (BCP 47) shows them, in Latin letters where it has none of its own."""
    shown = _SHOWN[calendar]
    own = shown.get(language) or shown.get(language.partition("-")[0])
    names = _split(own) if own else LATIN_MONTHS[calendar].shown
    return MonthNames(names, _meanings(calendar))


@lru_cache(maxsize=8)
def _meanings(calendar: Calendar) -> Mapping[str, int]:
    """Return the month of every spelling in any language."""
    lists = [LATIN_MONTHS[calendar].shown, *map(_split, _SHOWN[calendar].values())]
    written = [(number, name) for names in lists for number, name in enumerate(names, 1)]
    written += [
        (number, name) for number, names in enumerate(_ALSO_WRITTEN[calendar], 1) for name in names.split("/")
    ]
    found: dict[str, set[int]] = {}
    for number, name in written:
        found.setdefault(fold(name), set()).add(number)
    return {name: numbers.pop() for name, numbers in found.items() if len(numbers) == 1}


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split("/") if "/" in names else names.split())
