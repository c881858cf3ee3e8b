"""Properties of Word documents that python-docx has no names for (ECMA-376)."""

from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

_OF_A_PARAGRAPH = (
    *(
        "w:shd",
        "w:tabs",
        "w:suppressAutoHyphens",
        "w:bidi",
        "w:adjustRightInd",
        "w:snapToGrid",
        "w:spacing",
        "w:ind",
    ),
    *(
        "w:contextualSpacing",
        "w:mirrorIndents",
        "w:jc",
        "w:textDirection",
        "w:outlineLvl",
        "w:rPr",
        "w:sectPr",
    ),
)
_OF_A_RUN = (
    *("w:rFonts", "w:b"),
    *(
        "w:bCs",
        "w:i",
        "w:iCs",
        "w:color",
        "w:spacing",
        "w:kern",
        "w:sz",
        "w:szCs",
        "w:highlight",
        "w:u",
        "w:vertAlign",
    ),
    *("w:rtl", "w:cs", "w:em", "w:lang", "w:eastAsianLayout"),
)
"""The order of properties in ECMA-376, 17.3.1.26 and 17.3.2.28, as far as these documents have them."""

AFTER_RULES = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
"""What stands behind a table's borders, 17.4.59."""

_SIDES = {
    **{"top": "nil", "left": "nil", "bottom": "single"},
    **{"right": "nil", "insideH": "single", "insideV": "nil"},
}


def rules(color: str) -> Any:
    """Return the borders of a table: thin lines beneath its rows and none beside them."""
    borders = OxmlElement("w:tblBorders")
    for side, value in _SIDES.items():
        rule = OxmlElement(f"w:{side}")
        for name, said in {"val": value, "sz": "4", "space": "0", "color": color}.items():
            rule.set(qn(f"w:{name}"), said)
        borders.append(rule)
    return borders


def put(properties: Any, name: str, **values: str) -> None:
    """Set a property that python-docx has no name for, at the place that the schema has for it.

    Word calls a document damaged in which properties stand in another order.
    """
    for old in properties.findall(qn(name)):
        properties.remove(old)
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    order = _OF_A_RUN if name in _OF_A_RUN else _OF_A_PARAGRAPH
    properties.insert_element_before(element, *order[order.index(name) + 1 :])
