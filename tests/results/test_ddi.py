"""The codebook for archives: well-formed, in the structure of DDI-Codebook 2.5, and without an answer."""

from dataclasses import replace
from pathlib import Path

from lxml import etree
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.flowfiles.folder import check_files
from bot.results.about import NOTE
from tests.support.answers import dataset_of, talk
from tests.support.exports import HARVEST, TALKS, exported

HERE = Path(__file__).parent
TOWN = HERE.parent / "benchmarks" / "neighbourhood"
STRUCTURE = etree.RelaxNG(etree.parse(HERE / "ddi.rng"))
NAMES = {"d": "ddi:codebook:2_5", "xml": "http://www.w3.org/XML/1998/namespace"}


async def test_the_structure_and_no_answers(engine: AsyncEngine, tmp_path: Path) -> None:
    await talk(engine, [HARVEST], TALKS)
    dataset = await dataset_of(engine, [HARVEST.questionnaire], with_status=True)
    read = etree.parse(await exported(dataset, tmp_path / "a.xml", "ddi"))
    STRUCTURE.assertValid(read)
    assert read.xpath("string(//d:restrctn)", namespaces=NAMES) == NOTE
    (people,) = read.xpath("//d:var[@name='home/people' or @name='people']", namespaces=NAMES)
    assert people.xpath("string(d:qstn/d:qstnLit)", namespaces=NAMES) == "How many of you?"
    assert people.xpath("d:catgry[@missing='Y']/d:catValu/text()", namespaces=NAMES) == [
        *("-99", "-98", "-97", "-96", "-95", "-94", "-93")
    ]
    assert read.xpath("string(//d:var[@name='share']/d:universe)", namespaces=NAMES).endswith(
        "${kind} != 'no'"
    )
    (members,) = read.xpath("//d:varGrp[d:labl='What is missing?']/@var", namespaces=NAMES)
    assert members == "needs_water needs_seed needs_road"
    text = etree.tostring(read, encoding="unicode")
    assert "catStat" not in text
    assert "שלום" not in text


async def test_questions_in_every_language(engine: AsyncEngine, tmp_path: Path) -> None:
    flow = check_files([TOWN / "neighbourhood.yaml"], TOWN / "locales").flows["neighbourhood"]
    await talk(engine, [flow], [["TOWN", "1"]])
    dataset = await dataset_of(engine, [flow.questionnaire])
    read = etree.parse(await exported(dataset, tmp_path / "a.xml", "ddi"))
    STRUCTURE.assertValid(read)
    asked = read.xpath("//d:var[@name='gender']/d:qstn/d:qstnLit/@xml:lang", namespaces=NAMES)
    assert asked == ["en", "fr", "sw"]
    label = read.xpath("string(//d:var[@name='gender']/d:catgry[1]/d:labl[@xml:lang='fr'])", namespaces=NAMES)
    assert label == "Femme"


async def test_what_xml_cannot_hold_is_left_out(engine: AsyncEngine, tmp_path: Path) -> None:
    title = replace(HARVEST.questionnaire.title, source="The\x07 <harvest> & more")
    flow = replace(HARVEST, questionnaire=replace(HARVEST.questionnaire, title=title))
    await talk(engine, [HARVEST], [])
    dataset = await dataset_of(engine, [flow.questionnaire])
    read = etree.parse(await exported(dataset, tmp_path / "a.xml", "ddi"))
    assert read.xpath("string(//d:titl)", namespaces=NAMES) == "The <harvest> & more"
