"""What an export holds, as DDI-Codebook 2.5 XML for data archives: variables, questions, categories, and no answers.

There are no counts: a category that one person chose would tell of that person. Elements and their order are those of
the DDI Alliance's schema (ddialliance.org/Specification/DDI-Codebook/2.5).
"""

from collections.abc import Mapping, Sequence

from lxml import etree

from bot.core.questionnaire import Questionnaire, Text
from bot.results.about import NOTE
from bot.results.dataset import Dataset
from bot.results.formats.missing import REASONS, is_coded
from bot.results.formats.names import accepted
from bot.results.layout import Part
from bot.results.variables import Kind, Measure, Variable, questionnaire_of

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_WHERE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_CONTINUOUS = frozenset({Kind.NUMBER, Kind.DATE, Kind.TIME, Kind.MOMENT})
_NATURE = {Measure.NOMINAL: "nominal", Measure.ORDINAL: "ordinal", Measure.SCALE: "interval"}
_FORMATS = {
    Kind.DATE: ("numeric", "date"),
    Kind.TIME: ("numeric", "time"),
    Kind.MOMENT: ("numeric", "date"),
    Kind.TEXT: ("character", "other"),
    Kind.SEVERAL: ("character", "other"),
    Kind.CATEGORY: ("character", "other"),
}
_CHANNELS = "Conversation by text message (SMS, WhatsApp or Telegram)"


def codebook_xml(
    dataset: Dataset, variables: Sequence[Variable], about: Mapping[str, str], respondents: int
) -> bytes:
    """Return the codebook; texts stand in every language of the consultation."""
    newest = dataset.newest
    root = etree.Element(
        f"{{{NAMESPACE}}}codeBook",
        {"version": "2.5", _LANGUAGE: newest.languages[0], _WHERE: f"{NAMESPACE} {SCHEMA}"},
        nsmap={
            None: NAMESPACE,  # type: ignore[dict-item]
            "xsi": "http://www.w3.org/2001/XMLSchema-instance",
        },
    )
    _citation(_under(root, "docDscr"), newest, about)
    _study(_under(root, "stdyDscr"), newest, about)
    described = _under(root, "fileDscr", ID="F1")
    sizes = _under(_under(described, "fileTxt"), "dimensns")
    _under(sizes, "caseQnty", str(respondents))
    _under(sizes, "varQnty", str(len(variables)))
    _under(described, "notes", NOTE)
    ids = accepted([one.name for one in variables], 60, ())
    data = _under(root, "dataDscr")
    _sets(data, variables, ids, newest)
    for variable in variables:
        _variable(data, variable, ids[variable.name], dataset)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _citation(parent: etree._Element, newest: Questionnaire, about: Mapping[str, str]) -> None:
    citation = _under(parent, "citation")
    titles = _under(citation, "titlStmt")
    _under(titles, "titl", newest.title.source)
    for language in newest.languages[1:]:
        _under(titles, "parTitl", newest.title.into(language), language)
    _under(titles, "IDNo", about["consultation"], agency="Heard")
    made = _under(citation, "prodStmt")
    _under(made, "prodDate", about["written_at"], date=about["written_at"][:10])
    _under(made, "software", "Heard")
    _under(_under(citation, "verStmt"), "version", about["versions"])


def _study(study: etree._Element, newest: Questionnaire, about: Mapping[str, str]) -> None:
    _citation(study, newest, about)
    summary = _under(_under(study, "stdyInfo"), "sumDscr")
    _under(summary, "anlyUnit", "Individual")
    _under(summary, "universe", "People who took part by themselves or were invited; no random sample.")
    _under(summary, "dataKind", "Consultation data")
    collected = _under(_under(study, "method"), "dataColl")
    _under(collected, "collMode", _CHANNELS)
    use = _under(_under(study, "dataAccs"), "useStmt")
    _under(use, "restrctn", NOTE)
    for language in newest.languages:
        _under(study, "notes", newest.consent.ask.into(language), language, type="consent")


def _sets(
    data: etree._Element, variables: Sequence[Variable], ids: Mapping[str, str], newest: Questionnaire
) -> None:
    """Write which variables are answers to one question."""
    for variable in variables:
        if variable.kind is not Kind.SEVERAL or variable.column is None:
            continue
        column = variable.column
        members = [
            ids[one.name]
            for one in variables
            if one.column is not None
            and (one.column.slot, one.column.versions) == (column.slot, column.versions)
            and one.column.part is Part.CHOICE
        ]
        if members:
            group = _under(
                data, "varGrp", ID=f"G_{ids[variable.name]}", type="multipleResp", var=" ".join(members)
            )
            _under(group, "labl", variable.label(newest.languages[0]), newest.languages[0])


def _variable(data: etree._Element, variable: Variable, identifier: str, dataset: Dataset) -> None:
    column = variable.column
    asked = questionnaire_of(dataset, column) if column else dataset.newest
    said = {"name": variable.name, "files": "F1", "nature": _NATURE[variable.measure]}
    said["intrvl"] = "contin" if variable.kind in _CONTINUOUS else "discrete"
    described = _under(data, "var", ID=identifier, **said)
    languages = asked.languages if variable.texts else asked.languages[:1]
    for language in languages:
        _under(described, "labl", variable.label(language), language if variable.texts else "en")
    if column and column.item.label and column.item.type.is_asked:
        question = _under(described, "qstn")
        _everywhere(question, "qstnLit", column.item.label, asked)
        if column.item.hint:
            _everywhere(question, "ivuInstr", column.item.hint, asked)
    if column and column.item.relevant:
        _under(described, "universe", f"Those for whom holds: {column.item.relevant.source}", clusion="I")
    for name, label in variable.categories.items():
        category = _under(described, "catgry")
        _under(category, "catValu", name)
        if isinstance(label, Text):
            _everywhere(category, "labl", label, asked)
        else:
            _under(category, "labl", label or name, "en" if label else None)
    if variable.kind is Kind.FLAG:
        for value, label in (("0", "Not chosen"), ("1", "Chosen")):
            category = _under(described, "catgry")
            _under(category, "catValu", value)
            _under(category, "labl", label, "en")
    if is_coded(variable):
        for reason in REASONS:
            category = _under(described, "catgry", missing="Y", missType=reason.status)
            _under(category, "catValu", str(reason.code))
            _under(category, "labl", reason.label, "en")
    kind, shown = _FORMATS.get(variable.kind, ("numeric", "other"))
    _under(described, "varFormat", type=kind, category=shown)


def _everywhere(parent: etree._Element, tag: str, text: Text, asked: Questionnaire) -> None:
    for language in asked.languages:
        _under(parent, tag, text.into(language), language)


def _under(
    parent: etree._Element, tag: str, text: str = "", language: str | None = None, **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
    if language:
        element.set(_LANGUAGE, language)
    if text:
        # XML 1.0 has no control characters.
        element.text = "".join(one for one in text if one >= " " or one in "\t\n")
    return element
