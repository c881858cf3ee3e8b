"""Every transcript of this folder and of those below still goes as it is written.

After a change of wording: `heard chat --replay tests/transcripts/NAME.txt` writes one anew; read it aloud then.
"""

from functools import cache
from pathlib import Path

import pytest

from bot.core.reception import Consultations, consultations
from bot.flowfiles.folder import load_flows
from bot.flowfiles.transcripts import Transcript, differences, parse, play

HERE = Path(__file__).parent
TRANSCRIPTS = sorted(HERE.rglob("*.txt"))


@cache
def known_in(folder: Path) -> Consultations:
    return consultations(load_flows(folder, folder).questionnaires)


def test_there_are_transcripts() -> None:
    assert TRANSCRIPTS


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_it_goes_as_written(file: Path) -> None:
    transcript = parse(file.read_text(encoding="utf-8"))
    assert isinstance(transcript, Transcript), transcript
    told = differences(transcript, play(known_in(file.parent), transcript))
    assert not told, f"line {told[0].line}: {told[0].message}"
