"""Catalogues as translators' tools write them: brought up to date, they keep all that was written in them."""

from datetime import UTC, datetime
from pathlib import Path

import polib
import pytest
from babel.messages.catalog import Catalog

from bot.language.pofiles import finished, read_catalogue
from bot.language.templates import consultation_template
from bot.language.updating import updated

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GARDEN = """\
consultation: garden
title: A garden for all
items:
  - {name: size, type: text, label: How big should it be?}
  - {name: wish, type: text, label: What else?}
thanks: Thank you
"""
POEDIT = """\
# Heard: garden, in Swahili.
# Reviewed by a native speaker: Asha Juma, 2026-05-04
#
#   Indented, as its translator wanted it.
msgid ""
msgstr ""
"Project-Id-Version: Heard 0.1\\n"
"POT-Creation-Date: 2026-03-02 09:00+0000\\n"
"PO-Revision-Date: 2026-05-04 10:11+0300\\n"
"Last-Translator: Asha Juma\\n"
"Language-Team: Kiswahili\\n"
"Language: sw\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"X-Generator: Poedit 3.4.2\\n"
"X-Poedit-Basepath: ../../..\\n"
"X-Poedit-SearchPath-0: flows\\n"

# "bustani" is what people say here
#. Title of the consultation
#: garden.yaml:2
msgctxt "title"
msgid "A garden for all"
msgstr "Bustani ya wote"

#: garden.yaml:4
#, fuzzy, no-wrap
#| msgctxt "size.label"
#| msgid "How large should it be?"
msgctxt "size.label"
msgid "How big should it be?"
msgstr "Iwe kubwa kiasi gani, kwa maoni yako na ya majirani zako wote wanaoishi karibu na bustani hii yetu?"

#: garden.yaml:6
msgctxt "thanks"
msgid "Thank you"
msgstr "Asante"

# kept for next year
#, fuzzy
#~| msgctxt "old.label"
#~| msgid "Older?"
#~ msgctxt "old.label"
#~ msgid "Old?"
#~ msgstr "Ya zamani?"
"""
WEBLATE = """\
# SOME DESCRIPTIVE TITLE.
# Asha Juma <asha@example.org>, 2026.
msgid ""
msgstr ""
"Project-Id-Version: Heard 0.1\\n"
"Report-Msgid-Bugs-To: \\n"
"POT-Creation-Date: 2026-03-02 09:00+0000\\n"
"PO-Revision-Date: 2026-05-04 07:11+0000\\n"
"Last-Translator: Asha Juma <asha@example.org>\\n"
"Language-Team: Swahili <https://weblate.example.org/projects/heard/garden/sw/>"
"\\n"
"Language: sw\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=n != 1;\\n"
"X-Generator: Weblate 5.10\\n"

#. Title of the consultation
#: garden.yaml
#, max-length:40
msgctxt "title"
msgid "A garden for all"
msgstr "Bustani ya wote"

#. Question size
#: garden.yaml
msgctxt "size.label"
msgid "How big should it be?"
msgstr ""
"Iwe kubwa kiasi gani, kwa maoni yako na ya majirani zako wote wanaoishi karibu "
"na bustani hii?"

#~ msgctxt "old.label"
#~ msgid "Old?"
#~ msgstr "Ya zamani?"
"""


@pytest.fixture
def template(tmp_path: Path) -> Catalog:
    path = tmp_path / "garden.yaml"
    path.write_text(GARDEN, encoding="utf-8")
    return consultation_template(path, AT)


def written_by_people(text: str) -> dict[tuple[str | None, str], tuple[object, ...]]:
    """Return all that a translator or a tool of theirs wrote of each entry, whatever is obsolete in it now."""
    return {
        (one.msgctxt, one.msgid): (
            one.msgstr,
            one.tcomment,
            tuple(sorted(one.flags)),
            one.previous_msgctxt,
            one.previous_msgid,
        )
        for one in polib.pofile(text)
    }


@pytest.mark.parametrize("before", [POEDIT, WEBLATE], ids=["poedit", "weblate"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
def test_what_translators_wrote_stays(template: Catalog, before: str, ends: str) -> None:
    after = updated(template, before.replace("\n", ends).encode()).decode()
    kept, had = written_by_people(after), written_by_people(before)
    assert {place: kept[place] for place in had} == had
    assert kept.keys() - had.keys() <= {("wish.label", "What else?"), ("thanks", "Thank you")}
    assert polib.pofile(after).metadata == polib.pofile(before).metadata
    assert polib.pofile(after).header == polib.pofile(before).header
    assert [one.msgid for one in polib.pofile(after).obsolete_entries()] == ["Old?"]


@pytest.mark.parametrize("before", [POEDIT, WEBLATE], ids=["poedit", "weblate"])
def test_a_second_time_changes_nothing(template: Catalog, before: str) -> None:
    once = updated(template, before.encode())
    assert updated(template, once) == once


def test_what_did_not_change_keeps_its_lines(template: Catalog) -> None:
    before = WEBLATE.split("\n\n")
    after = updated(template, WEBLATE.encode()).decode().split("\n\n")
    head, title, _, old = before
    assert after[0] == head
    assert after[-1] == old
    assert [block for block in after if "max-length" in block] == [title]


def test_only_the_changed_entry_is_written_anew(template: Catalog, tmp_path: Path) -> None:
    narrow = (
        updated(template, WEBLATE.encode()).decode().replace("majirani zako wote ", 'majirani zako "\n"wote ')
    )
    assert updated(template, narrow.encode()).decode() == narrow
    path = tmp_path / "garden.yaml"
    path.write_text(GARDEN.replace("A garden for all", "A garden"), encoding="utf-8")
    after = updated(consultation_template(path, AT), narrow.encode()).decode()
    lines = set(narrow.splitlines())
    new = [line for line in after.splitlines() if line not in lines]
    assert new == ['msgid "A garden"', *(f"#~ {line}" for line in _lines_of(narrow, "A garden for all"))]


def _lines_of(catalogue: str, source: str) -> list[str]:
    block = next(block for block in catalogue.split("\n\n") if f'msgid "{source}"' in block)
    return [line for line in block.splitlines() if line.startswith("msg")]


@pytest.mark.parametrize(
    "last", ["# nothing follows", '#~ msgid "Old"\n#~ msgstr "Zamani"'], ids=["a-comment", "obsolete"]
)
def test_what_stands_at_the_end_is_not_lost(template: Catalog, last: str) -> None:
    once = updated(template, f"{WEBLATE}\n{last}\n".encode())
    assert last in once.decode()
    assert updated(template, once) == once


def test_the_lines_that_tools_write_are_there_as_they_were(template: Catalog) -> None:
    after = updated(template, POEDIT.encode()).decode().splitlines()
    for line in (
        "#   Indented, as its translator wanted it.",
        '"X-Poedit-SearchPath-0: flows\\n"',
        '# "bustani" is what people say here',
        "#, fuzzy, no-wrap",
        '#| msgid "How large should it be?"',
        "# kept for next year",
        '#~ msgstr "Ya zamani?"',
    ):
        assert line in after, line


def test_a_text_that_comes_back_brings_its_translation(template: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "garden.yaml"
    path.write_text(GARDEN.replace("Thank you", "Many thanks"), encoding="utf-8")
    without = updated(consultation_template(path, AT), POEDIT.encode())
    assert b'#~ msgstr "Asante"' in without
    again = polib.pofile(updated(template, without).decode())
    assert [one.msgstr for one in again if one.msgctxt == "thanks" and not one.obsolete] == ["Asante"]


@pytest.mark.parametrize("content", [POEDIT, WEBLATE], ids=["poedit", "weblate"])
def test_heard_reads_them_as_they_are(content: str, tmp_path: Path) -> None:
    path = tmp_path / "garden.po"
    path.write_text(content, encoding="utf-8")
    wordings = finished(read_catalogue(path))
    assert wordings["title", "A garden for all"] == "Bustani ya wote"
    assert ("old.label", "Old?") not in wordings
    assert (("size.label", "How big should it be?") in wordings) is (content is WEBLATE)
