"""`heard quotas`, as an organiser meets it."""

import asyncio
import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.core.outreach.records import Outreach
from bot.errors import QuotasError
from bot.flowfiles.folder import load_flows
from bot.flowfiles.outreach import read_outreach
from bot.outreach.quotas.choosing import choose, remember
from bot.store.outreach.batches import keep_batch
from tests.support.databases import Databases, opened
from tests.support.recruited import interview, invite, people

LOCALES = Path(__file__).parents[2] / "locales"
FLOW = """
consultation: trial
title: A trial
languages: [en]
keywords: {en: [TRIAL]}
consent: May we ask you a question?
groups: [gender]
items:
  - name: gender
    type: select_one
    label: What are you?
    choices: [{name: woman, label: Woman}, {name: man, label: Man}, {name: private, label: I keep it to me}]
"""
OUTREACH = """
quotas:
  total: 100
  cells: [{by: gender, targets: population}]
  adaptive: {batch: 40}
"""
POPULATION = "variable,category,share,source,year\ngender,woman,0.6,Census,2019\ngender,man,0.4,Census,2019\n"


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    flows = tmp_path / "flows"
    flows.mkdir()
    for name, text in {".yaml": FLOW, ".outreach.yaml": OUTREACH, ".population.csv": POPULATION}.items():
        (flows / f"trial{name}").write_text(text, encoding="utf-8")
    monkeypatch.setenv("HEARD_FLOWS", str(flows))
    monkeypatch.setenv("HEARD_LOCALES", str(LOCALES))

    async def make() -> str:
        now = datetime.now(UTC)
        url = await Databases("sqlite", str(tmp_path)).migrated()
        async with opened(url) as engine:
            listed = await people(engine, [{"gender": "woman"}] * 120 + [{"gender": "man"}] * 120)
            await invite(engine, [*listed[:40], *listed[120:130]], now - timedelta(days=2))
            for one in listed[:20]:
                await interview(engine, one, {"gender": "woman"}, updated_at=now)
            for one in listed[130:169]:
                await interview(engine, one, {"gender": "man"}, updated_at=now)
            await interview(engine, listed[120], {"gender": "man"}, ending=None, updated_at=now)
            await keep(engine, flows, now)
        return url

    async def keep(engine: Any, flows: Path, now: datetime) -> None:
        outreach = read_outreach(flows / "trial.outreach.yaml", load_flows(flows, LOCALES).questionnaires[0])
        assert isinstance(outreach, Outreach)
        assert outreach.quotas is not None
        chosen = await choose(engine, "trial", outreach.quotas, 7, now)
        await keep_batch(
            engine,
            "trial",
            campaign_id=None,
            seed=7,
            chosen_at=now,
            size=chosen.batch.size,
            last_recipient=chosen.last_recipient,
            digest=chosen.digest,
            document=remember(chosen),
        )

    monkeypatch.setenv("DATABASE_URL", asyncio.run(make()))
    return flows


def heard(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["quotas", *arguments], catch_exceptions=False)


@pytest.mark.usefixtures("flows")
def test_it_shows_where_each_cell_stands() -> None:
    told = {
        line.split("  ")[0].strip() or line.split()[0]: line.split()
        for line in heard("trial").output.splitlines()
    }
    # Of 40 women invited 20 have completed, of ten men none: what is told of women lies between theirs and all's.
    assert told["everybody"][1:] == ["100", "59", "1", "50", "115", "59%"]
    assert told["woman"][1:] == ["60", "20", "0", "40", "86", "33%"]
    assert told["man"][1:] == ["40", "39", "1", "10", "0", "98%"]
    assert told["private"][1:] == ["open", "0", "0", "0"]


def test_it_says_by_what_it_counts_that_the_list_tells_of_nobody(flows: Path) -> None:
    assert "The list says of nobody" not in heard("trial").output
    file = flows / "trial.outreach.yaml"
    file.write_text(
        "quotas:\n  attributes: {district: [N, S]}\n  cells: [{by: [gender, district], targets: "
        "{woman: {N: 1, S: 1}, man: {N: 1, S: 1}, private: {N: open, S: open}}}]\n"
    )
    for said in ((), ("--next",)):
        told = heard("trial", *said).output
        assert "The list says of nobody: district. Until people answer, they are in no cell of these" in told
        assert "The list has: gender." in told
        assert "The list says" not in heard("trial", "--format", "csv", *said).output


@pytest.mark.usefixtures("flows")
def test_programs_get_the_same() -> None:
    listed = json.loads(heard("trial", "--format", "json").stdout)
    assert [one["cell"] for one in listed] == ["everybody", "woman", "man", "private"]
    assert listed[2] == {
        **{"quota": "gender", "cell": "man", "target": 40, "reached": 39, "in_progress": 1, "invited": 10},
        **{"still_to_invite": 0, "share": 0.975, "full": True},
    }
    rows = list(csv.DictReader(StringIO(heard("trial", "--format", "csv").stdout)))
    assert [one["still_to_invite"] for one in rows] == ["115", "86", "0", ""]


@pytest.mark.usefixtures("flows")
def test_the_next_batch_is_explained_and_invites_nobody() -> None:
    told = heard("trial", "--next", "--seed", "7").stdout
    assert "Nobody is invited by this." in told
    assert heard("trial", "--next", "--seed", "7").stdout == told
    listed = {one["cell"]: one for one in json.loads(heard("trial", "--next", "--format", "json").stdout)}
    assert (listed["woman"]["invited_now"], listed["man"]["invited_now"]) == (40, 0)
    assert listed["man"]["why"] == "full"
    assert listed["woman"]["expected"] == 0


@pytest.mark.usefixtures("flows")
def test_a_batch_that_was_kept_is_chosen_again() -> None:
    told = heard("trial", "--batch", "1")
    assert told.exit_code == 0
    assert "it is the same list" in told.output


@pytest.mark.usefixtures("flows")
def test_it_is_shown_again_until_somebody_has_seen_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(asyncio, "sleep", sleep)
    told = heard("trial", "--watch", "5")
    assert (told.exit_code, waits) == (0, [5, 5, 5])
    assert "of target" in told.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["trail"], "is it trial?"),
        (["trial", "--batch", "2"], "there is no batch 2 of trial; there are: 1"),
    ],
)
@pytest.mark.usefixtures("flows")
def test_what_is_not_there_is_said(arguments: list[str], said: str) -> None:
    with pytest.raises(QuotasError, match=said):
        heard(*arguments)


def test_faults_of_the_file_are_told(flows: Path) -> None:
    (flows / "trial.population.csv").unlink()
    told = CliRunner().invoke(app, ["quotas", "trial", "--flows", str(flows)])
    assert told.exit_code == 1
    assert "trial.outreach.yaml:4: The population does not say" in told.output
    (flows / "trial.outreach.yaml").write_text("sending: {country: KE}", encoding="utf-8")
    with pytest.raises(QuotasError, match="there are no quotas"):
        heard("trial")
