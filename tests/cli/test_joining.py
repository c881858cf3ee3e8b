"""`heard links`, `heard poster`, `heard referral` and `heard results --rds`, as an organiser uses them."""

import asyncio
import csv
import re
from itertools import count
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.core.reception import consultations, receive
from bot.errors import HeardError
from bot.flowfiles.folder import load_flows
from bot.store.database import connect
from bot.store.migrating import migrate
from bot.store.versions import Publication, publish
from tests.support.intake import NOON, intake_on, message
from tests.support.pango import pango

LOCALES = Path(__file__).parents[2] / "locales"
SUN = """\
consultation: sun
title: Light from the sun
languages: [en]
keywords: {en: [SUN]}
consent: We ask 2 short questions. Send STOP to end. Do you agree?
items:
  - {name: knows, type: integer, label: How many people here do you know?}
  - name: lamp
    type: select_one
    label: What gives you light?
    choices: [{name: solar, label: A solar lamp}, {name: fire, label: The fire}]
"""
BESIDE = """\
sources: [{name: radio-citizen, code: CITIZEN}]
poster: {asked_by: The village council, number: "20880", telegram: sun_bot, free: true}
referral: {coupons: 3, text: Do you know others who live here?, degree_item: knows}
"""
ids = count()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows/sun.yaml").write_text(SUN)
    (tmp_path / "flows/sun.outreach.yaml").write_text(BESIDE)
    monkeypatch.setenv("HEARD_FLOWS", str(tmp_path / "flows"))
    monkeypatch.setenv("HEARD_LOCALES", str(LOCALES))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/heard.db")
    for name in ("TWILIO_FROM", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path


def heard(*arguments: str) -> Result:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exception is None or isinstance(done.exception, HeardError | SystemExit), done.exception
    return done


def told(*arguments: str) -> str:
    done = heard(*arguments)
    assert done.exit_code == 0, (done.output, done.exception)
    return " ".join(done.output.split())


def test_links_are_listed_for_each_source_and_never_folded(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    said = told("links", "sun")
    assert "SUN CITIZEN" in said
    assert "https://t.me/sun_bot?start=sun_CITIZEN" in said
    told("links", "sun", "--output", str(home / "links.csv"))
    with (home / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["source"], row["send"], row["to"]) for row in rows] == [
        ("", "SUN", "20880"),
        ("radio-citizen", "SUN CITIZEN", "20880"),
    ]


def test_what_is_not_there_is_said_with_what_is(home: Path) -> None:
    assert "is it sun?" in str(heard("links", "sum").exception)
    assert "is it radio-citizen?" in str(heard("poster", "sun", "--source", "radio-citizn").exception)
    assert "It is in: en" in str(heard("poster", "sun", "--language", "am").exception)
    (home / "flows/sun.outreach.yaml").write_text("sources: []\n")
    assert "TWILIO_FROM" in str(heard("poster", "sun", "--output", str(home)).exception)
    assert "degree_item" in str(fill_and(home, "results", "sun", "--rds").exception)


def test_a_number_on_a_poster_that_is_none_of_ours_is_warned_of(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pango()
    file = str(home / "sun.pdf")
    unheard = "20880 is none of the senders in TWILIO_FROM: what people send there may reach nobody.\n"
    for senders, warned in (
        ("+12025550100", unheard),
        # A name takes no replies, and a WhatsApp number no SMS.
        ("US:SUN,whatsapp:+12025550100", unheard),
        (f"MG{'0' * 32}", f"{unheard.strip()} Look whether your Messaging Service holds it.\n"),
        ("+12025550100, KE:20880", ""),
    ):
        monkeypatch.setenv("TWILIO_FROM", senders)
        assert heard("poster", "sun", "--output", file).stderr == warned


def test_a_poster_is_one_tagged_page_with_the_sources_words(home: Path) -> None:
    pango()
    assert told("poster", "sun", "--source", "radio-citizen", "--output", str(home / "out"), "--strips") == (
        f"{home}/out/sun.en.radio-citizen.pdf"
    )
    pdf = PdfReader(home / "out/sun.en.radio-citizen.pdf")
    text = " ".join(re.sub("[\u2066-\u2069]", "", pdf.pages[0].extract_text()).split())
    assert len(pdf.pages) == 1
    for words in (
        "Light from the sun",
        "The village council",
        "SUN CITIZEN",
        "20880",
        "t.me/sun_bot",
        "STOP",
    ):
        assert words in text
    assert "It is free." in text


def fill_and(home: Path, *arguments: str) -> Result:
    """Run a command once somebody has recruited two others, and one of those another."""

    async def fill() -> None:
        engine = connect(f"sqlite:///{home}/heard.db")
        await migrate(engine)
        flow = load_flows(home / "flows", LOCALES).flows["sun"]
        await publish(engine, [Publication(flow.questionnaire.version, "sun", flow.document)], NOON)
        seeds = count(99)
        wired = {
            "consultations": consultations([flow.questionnaire]),
            "decide": receive,
            "seed": lambda: next(seeds),
        }
        async with intake_on(engine, **wired) as intake:

            async def say(person: int, *texts: str) -> str:
                said = ""
                for text in texts:
                    answered = await intake.receive(message(person, text, f"S{next(ids)}"))
                    said = " ".join(prompt.text for prompt in answered)
                return said

            codes = ["", *_codes(await say(1, "sun", "1", "40", "1", "SHARE"))]
            if len(codes) > 1:
                further = _codes(await say(2, codes[1], "1", "2", "2", "SHARE"))
                await say(3, codes[2], "1", "4", "1")
                await say(4, further[0], "1", "4", "2")
        await engine.dispose()

    asyncio.run(fill())
    return heard(*arguments)


def _codes(said: str) -> list[str]:
    return re.findall("[0-9A-Z]{3}-[0-9A-Z]{4}", said)


def test_chains_are_shown_weighed_and_forgotten(home: Path) -> None:
    said = " ".join(fill_and(home, "referral", "show", "sun").output.split())
    assert "6 codes were given, and 3 people came by one." in said
    assert "1 who came by themselves recruited somebody; 2 in wave 1, 1 in wave 2." in said
    weighed = told("results", "sun", "--rds")
    assert "Came by began agreed complete completed referral 3 3 3" in weighed
    # 1/2, 1/4 and 1/4: the one with the solar lamp knows four.
    assert "A solar lamp 1 33% 25%" in weighed
    assert "There is no interval" in weighed

    assert "coupons: 0" in str(heard("referral", "close", "sun", "--yes").exception)
    outreach = home / "flows/sun.outreach.yaml"
    outreach.write_text(outreach.read_text().replace("coupons: 3", "coupons: 0"))
    assert "Forgotten." in told("referral", "close", "sun", "--yes")
    assert "Who recruited whom was forgotten on" in told("referral", "show", "sun")
    assert "A solar lamp 1 33% 25%" in told("results", "sun", "--rds")
    assert "2 in wave 1, 1 in wave 2." in told("results", "sun", "--rds")
    assert "already" in str(heard("referral", "close", "sun", "--yes").exception)
