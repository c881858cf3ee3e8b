"""Which column of a list holds what, told by its name; and which columns must not be there at all."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.folding import digits, fold
from bot.core.outreach.attributes import attribute_name
from bot.core.problems import Problem
from bot.outreach.recipients.faults import fault, quoted, shown

MOST_ATTRIBUTES = 30
_DIGITS_OF_A_NUMBER = 7


class Field(StrEnum):
    """What Heard knows of a recipient; every other column is an attribute."""

    PHONE = "phone"
    LANGUAGE = "language"
    TIME_ZONE = "time zone"
    CONSENT_SOURCE = "consent source"
    CONSENT_DATE = "consent date"


def _words(*lines: str) -> frozenset[str]:
    return frozenset(fold(one).replace(" ", "") for line in lines for one in line.split(","))


NAMES: Mapping[Field, frozenset[str]] = {
    Field.PHONE: _words(
        "phone,phone number,phone no,mobile,mobile number,mobile no,mobile phone,cell,cell phone,cell number,msisdn",
        "telephone,telephone number,tel,tel no,contact number,contact no,whatsapp,whatsapp number,sms number,number",
        "téléphone,numéro,numéro de téléphone,portable,teléfono,móvil,celular,número,número de teléfono",
        "telefone,telemóvel,número de telefone,telefon,telefonnummer,handy,handynummer,mobil,simu,namba ya simu",
        "nambari ya simu,lambar waya,هاتف,رقم الهاتف,جوال,موبايل,فون,फ़ोन,मोबाइल,मोबाइल नंबर,телефон,номер телефона",
        "ফোন,মোবাইল,ስልክ,ስልክ ቁጥር,电话,手机,手机号,電話,携帯電話,telepon,nomor hp,no hp,điện thoại",
    ),
    Field.LANGUAGE: _words(
        "language,lang,language code,preferred language,locale,langue,idioma,lengua,língua,sprache,lugha,harshe",
        "اللغة,لغة,भाषा,язык,ভাষা,ቋንቋ,语言,言語,bahasa,wika,ngôn ngữ,dil",
    ),
    Field.TIME_ZONE: _words(
        "time zone,timezone,tz,tz name,fuseau horaire,zona horaria,huso horario,fuso horário,zeitzone,часовой пояс",
        "المنطقة الزمنية,समय क्षेत्र,时区,zona waktu",
    ),
    Field.CONSENT_SOURCE: _words(
        "consent source,source of consent,consent,consent from,consent given at,how consent was given,opt in source",
        "source du consentement,consentement,fuente del consentimiento,consentimiento,consentimento,einwilligung",
        "chanzo cha idhini,idhini,مصدر الموافقة,согласие,источник согласия",
    ),
    Field.CONSENT_DATE: _words(
        "consent date,date of consent,consent day,consented on,consented at,consent given on,opt in date",
        "date du consentement,fecha de consentimiento,fecha del consentimiento,data do consentimento",
        "datum der einwilligung,tarehe ya idhini,تاريخ الموافقة,дата согласия",
    ),
}
"""How columns are called that hold a field; compared without case, accents, blanks and underscores."""

_IDENTIFYING = _words(
    "name,names,surname,firstname,first,lastname,last,fullname,forename,nickname,initials,contact person",
    "email,e-mail,mail,id,ids,uuid,ssn,nin,bvn,nid,passport,aadhaar,licence,account,iban,dob,birthdate,birthday,born",
    "birth,address,street,gps,latitude,longitude,coordinates,photo,facebook,telegram,username,handle,signature",
    "nom,prénom,courriel,adresse,naissance,nombre,nombres,apellido,apellidos,correo,dirección,cédula,dni,curp",
    "nacimiento,nome,sobrenome,apelido,cpf,endereço,nascimento,vorname,nachname,ausweis,anschrift,geburtsdatum",
    "jina,majina,kitambulisho,anwani,suna,sunaye,adireshi,magaca,pangalan,apelyido,nama,alamat,nik,isim,soyad",
    "اسم,الاسم,لقب,اللقب,عنوان,العنوان,الهوية,بريد,ميلاد,नाम,पता,ईमेल,जन्मतिथि,имя,фамилия,отчество,фио,адрес",
    "почта,паспорт,рождения,নাম,ঠিকানা,ስም,አድራሻ,姓名,名字,地址,身份证,名前,氏名,住所,họ tên,địa chỉ",
)
"""Words in the name of a column that tells who a person is."""

_OF_PLACES = _words(
    "district,village,region,county,subcounty,ward,province,state,school,clinic,facility,town,city,country,parish",
    "settlement,camp,zone,area,division,municipality,department,language,project,programme,program,group,market",
    "station,constituency,lga,commune,quartier,école,distrito,municipio,barrio,escuela,wilaya,kata,shule",
)
"""Words beside those that make them the name of a place or group: district name, facility id."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row each field stands, from 0, and the attributes by their name.

    `headings` are the names of the columns as they may be shown; `unnamed` those without one.
    """

    headings: tuple[str, ...]
    fields: Mapping[Field, int]
    attributes: tuple[tuple[int, str], ...]
    unnamed: tuple[int, ...] = ()

    def heading(self, field: Field) -> str:
        """Return how the list calls a field."""
        place = self.fields.get(field)
        return field.value if place is None else self.headings[place]


def read_columns(
    headings: Sequence[str],
    chosen: Mapping[str, str],
    dropped: Collection[str],
    given: Collection[Field] = (),
) -> Columns | tuple[Problem, ...]:
    """Return where everything stands in a list with these headings, or all that is wrong with them.

    `chosen` are columns by field, `dropped` columns that are passed over, as an organiser wrote both; `given` are
    the fields that need no column, for they are said for the whole list.
    """
    folded = [fold(one) for one in headings]
    if unknown := tuple(_unknown(folded, chosen, dropped)):
        return unknown
    labels = [shown(one.strip(), place) for place, one in enumerate(headings)]
    passed_over = {folded.index(fold(one)) for one in dropped}
    said = {field: folded.index(fold(heading)) for name, heading in chosen.items() if (field := _field(name))}
    open_places = [place for place in range(len(folded)) if place not in {*passed_over, *said.values()}]
    alike = {field: [place for place in open_places if _is_called(folded[place], field)] for field in Field}
    fields = {field: places[0] for field, places in alike.items() if places} | said
    if Field.PHONE not in fields and any(map(_holds_a_number, headings)):
        return (fault("list-no-heading", row=1),)
    rivals = {place: field for field, places in alike.items() for place in places if place != fields[field]}
    attributes = [
        place for place in open_places if folded[place] and place not in {*fields.values(), *rivals}
    ]
    problems = [
        *(
            fault("list-two-columns", labels[place], 1, other=labels[fields[field]], field=field)
            for place, field in rivals.items()
        ),
        *_missing(fields, given),
        *_unfit(attributes, folded, labels),
    ]
    if problems:
        return tuple(problems)
    unnamed = tuple(place for place in open_places if not folded[place])
    named = tuple((place, attribute_name(headings[place])) for place in attributes)
    return Columns(tuple(labels), fields, named, unnamed)


def phone_column(headings: Sequence[str], chosen: str | None) -> int | Problem:
    """Return where the numbers of a list stand of which nothing else is read."""
    folded = [fold(one) for one in headings]
    if chosen is not None and fold(chosen) not in folded:
        return fault("list-unknown-column", row=1, name=quoted(chosen))
    wanted = [folded.index(fold(chosen))] if chosen is not None else []
    wanted += [place for place, name in enumerate(folded) if not wanted and _is_called(name, Field.PHONE)]
    if wanted and (chosen is not None or len(wanted) == 1):
        return wanted[0]
    if wanted:
        first, second = (shown(headings[place], place) for place in wanted[:2])
        return fault("list-two-columns", second, 1, other=first, field=Field.PHONE)
    return fault("list-no-heading" if any(map(_holds_a_number, headings)) else "list-no-phone", row=1)


def _field(written: str) -> Field | None:
    return next((one for one in Field if _joined(one) == _joined(written)), None)


def _joined(text: str) -> str:
    return fold(text).replace(" ", "")


def _is_called(folded: str, field: Field) -> bool:
    return folded.replace(" ", "") in NAMES[field]


def _holds_a_number(heading: str) -> bool:
    return sum(map(str.isdigit, digits(heading))) >= _DIGITS_OF_A_NUMBER


def _unknown(folded: Sequence[str], chosen: Mapping[str, str], dropped: Collection[str]) -> Iterator[Problem]:
    for name in (*chosen.values(), *dropped):
        if fold(name) not in folded:
            yield fault("list-unknown-column", row=1, name=quoted(name))
    for name in chosen:
        if _field(name) is None:
            yield fault("list-unknown-field", name=quoted(name), fields=", ".join(Field))


def _missing(fields: Mapping[Field, int], given: Collection[Field]) -> Iterator[Problem]:
    if Field.PHONE not in fields:
        yield fault("list-no-phone", row=1)
    for field, what, option in (
        (Field.CONSENT_SOURCE, "how people agreed to be written to", '--consent-source "..."'),
        (Field.CONSENT_DATE, "when people agreed to be written to", "--consent-date 2026-03-31"),
    ):
        if field not in fields and field not in given:
            yield fault("list-no-consent", row=1, what=what, called=field, option=option)


def _unfit(attributes: Sequence[int], folded: Sequence[str], labels: Sequence[str]) -> Iterator[Problem]:
    """Yield the attributes that no list may have."""
    if len(attributes) > MOST_ATTRIBUTES:
        yield fault("list-too-many-columns", row=1, count=len(attributes), most=MOST_ATTRIBUTES)
    seen = Counter(attribute_name(folded[place]) for place in attributes)
    for place in attributes:
        if _is_identifying(folded[place]):
            yield fault("list-identifying", labels[place], 1, name=labels[place])
        if seen[attribute_name(folded[place])] > 1:
            yield fault("list-same-heading", labels[place], 1)


def _is_identifying(folded: str) -> bool:
    words = {folded.replace(" ", ""), *folded.split()}
    return not words.isdisjoint(_IDENTIFYING) and words.isdisjoint(_OF_PLACES)
