"""From a picture in a message to a file's name in the results, on both databases."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
from openpyxl import load_workbook
from rich.console import Console
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels import Channel, Shared
from bot.channels.twilio import Twilio
from bot.channels.twilio_media import TwilioMedia
from bot.cli.shown_results import show
from bot.flowfiles.folder import Flow
from bot.flowfiles.versions import document_of, version_of
from bot.media import Fetcher, Folder, delete_media
from bot.results.codebook import codebook
from bot.results.dataset import Dataset
from bot.results.estimate import estimate
from bot.results.frame import whole
from bot.store import tables
from bot.store.database import writer
from tests.support.answers import BEGAN, dataset_of, talk
from tests.support.consultations import questionnaire
from tests.support.exports import exported
from tests.support.fake_twilio import ACCOUNT, TOKEN
from tests.support.intake import NOON, stored
from tests.support.media_host import gives, media_host, media_url, photo, says
from tests.support.webhooks import PUBLIC_URL, form, signed

ITEMS = """
- {name: stove, type: image, label: Your stove?, required: false}
- {name: song, type: audio, label: A song?, required: false}
"""
VOICE = b"#!AMR\n" + bytes(range(200))


def flow() -> Flow:
    asked = questionnaire(ITEMS)
    document = document_of({"mark": "1"}, {}, ())
    return Flow(Path("trial.yaml"), replace(asked, version=version_of(document)), document, {})


def picture(number: int) -> Shared:
    return Shared("image", media_url(number))


async def texts_of(dataset: Dataset, folder: Path) -> dict[str, str]:
    """Return what each format says, as text."""
    said = {
        kind: (await exported(dataset, folder / f"answers.{kind}", kind)).read_text("utf-8-sig")
        for kind in ("csv", "json", "jsonl", "ddi")
    }
    book = load_workbook(await exported(dataset, folder / "answers.xlsx", "xlsx"))
    frame = pl.read_parquet(await exported(dataset, folder / "answers.parquet", "parquet"))
    return said | {
        "xlsx": repr([row for sheet in book for row in sheet.values]),
        "parquet": repr(frame.rows()),
    }


async def test_a_picture_in_a_webhook_is_one_to_fetch() -> None:
    number = {"NumMedia": "2", "MediaUrl0": media_url(1), "MediaContentType0": "image/jpeg"}
    fields = form("", **number, MediaUrl1=media_url(2), MediaContentType1="audio/amr")
    body, headers = signed(fields)
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    message = Twilio(TOKEN, PUBLIC_URL).open(body, raw, NOON)
    assert getattr(message, "shared", None) == (picture(1), Shared("audio", media_url(2)))


async def test_only_what_answers_a_question_is_fetched(engine: AsyncEngine) -> None:
    trial = flow()
    talks = [
        [picture(1), "TRIAL", picture(2), "1", Shared("audio", media_url(3)), picture(4), picture(5)],
        ["TRIAL", "1", "skip", "skip"],
    ]
    await talk(engine, [trial], talks)
    columns = ("channel", "reference", "kind", "status", "attempts", "error")
    assert await stored(engine, "media", *columns) == [("sms", media_url(4), "image", "waiting", 0, None)]
    ((file,),) = await stored(engine, "media", "file")
    assert len(file) == 32


async def test_a_second_delivery_and_the_same_picture_again_change_nothing(engine: AsyncEngine) -> None:
    trial = flow()
    talks = [["TRIAL", "1", picture(1)]]
    for _ in range(2):
        await talk(engine, [trial], talks)
    before = await stored(engine, "media", "id", "file", "due_at")
    await talk(engine, [trial], [["TRIAL", "1", picture(1)]], first_phone=1)
    assert len(before) == 1
    assert await stored(engine, "media", "id", "file", "due_at") == before


async def test_results_have_names_of_files_and_no_addresses(engine: AsyncEngine, tmp_path: Path) -> None:
    trial = flow()
    talks = [
        ["TRIAL", "1", picture(1), Shared("audio", media_url(2))],
        ["TRIAL", "1", picture(3), "skip"],
        ["TRIAL", "1", picture(4)],
        ["TRIAL", "1", picture(5), "skip"],
    ]
    await talk(engine, [trial], talks)
    folder = Folder(tmp_path / "media")
    async with media_host() as host:
        source = TwilioMedia(TOKEN, ACCOUNT, host.url)
        fetcher = Fetcher(engine, folder, {Channel.SMS: source}, lambda: BEGAN.replace(hour=23), lambda: 0.0)
        kept = {media_url(1): gives(photo(), "image/jpeg"), media_url(2): gives(VOICE, "audio/amr")}
        paths = {url.removeprefix("https://api.twilio.com"): answer for url, answer in kept.items()}
        paths[media_url(3).removeprefix("https://api.twilio.com")] = says(410)

        async def answer(writer: object) -> None:
            await paths.get(host.asked[-1].path, says(500))(writer)  # type: ignore[arg-type]

        host.usual = answer
        while await fetcher.turn():
            pass
        await source.close()
    owner = dict(await stored(engine, "media", "reference", "contact_id"))
    await delete_media(engine, folder, owner[media_url(4)])

    dataset = await dataset_of(engine, [trial.questionnaire])
    rows = [dict(zip(dataset.header, row, strict=True)) async for row in dataset.rows()]
    names = dict(await stored(engine, "media", "reference", "file"))
    assert [(row["stove"], row["song"]) for row in rows] == [
        (names[media_url(1)], names[media_url(2)]),
        ("no file: 410", None),
        ("no file: deleted", None),
        ("no file: waiting", None),
    ]
    assert str(names[media_url(1)]).endswith(".jpg")
    assert str(names[media_url(2)]).endswith(".amr")
    said = await texts_of(dataset, tmp_path)
    for kind, text in said.items():
        assert (names[media_url(1)] in text) == (kind != "ddi"), kind
        assert "twilio" not in text, kind
    assert [row["stove"] for row in csv.DictReader(io.StringIO(said["csv"]))] == [
        row["stove"] for row in rows
    ]
    assert json.loads(said["json"])["respondents"][0]["stove"] == names[media_url(1)]
    entry = next(one for one in codebook(dataset) if one.variable == "stove")
    assert (entry.type, "HEARD_MEDIA" in entry.values, "face" in entry.note) == ("file name", True, True)

    dataset = await dataset_of(engine, [trial.questionnaire], with_status=True)
    results = estimate(await whole(dataset), dataset.newest, dataset.columns, at=dataset.at)
    assert results.item("stove").files == {"kept": 1, "not_kept": 1, "deleted": 1, "waiting": 1}
    console = Console(file=io.StringIO(), width=120)
    show(console, trial.questionnaire, results)
    lines = [line.strip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert "files: 1 kept, 1 still to be fetched, 1 not kept (heard export says why), 1 deleted" in lines
    assert "files: 1 kept" in lines


async def test_a_consultation_from_before_pictures_were_fetched(engine: AsyncEngine) -> None:
    trial = flow()
    await talk(engine, [trial], [["TRIAL", "1", picture(1)]])
    async with writer(engine).begin() as connection:
        await connection.execute(delete(tables.media))
    dataset = await dataset_of(engine, [trial.questionnaire])
    rows = [dict(zip(dataset.header, row, strict=True)) async for row in dataset.rows()]
    assert [row["stove"] for row in rows] == ["no file: unknown"]
    assert "twilio" not in str(rows)
