"""`heard doctor`: what an operator is told, of everything that can be missing or wrong."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.checkup import check_up
from bot.checkup.findings import Finding, Mark
from bot.settings import DemoSettings, Settings, read_settings
from bot.store import tables
from bot.store.migrating import migrate
from tests.support.databases import Databases
from tests.support.intake import PEPPER, SEALING_KEY, intake_on, message
from tests.support.letters import SENDER, contact, letter, put
from tests.support.webhooks import NUMBER, TOKEN
from tests.test_app import LOCALES, WATER

Configure = Callable[..., Settings]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Configure:
    """Sets the environment of a server that lacks nothing, and reads it; an empty variable is absent."""
    folder = tmp_path / "flows"
    folder.mkdir()
    (folder / "water.yaml").write_text(WATER)
    monkeypatch.chdir(tmp_path)

    def configured(source: type[Settings] = Settings, **changed: str) -> Settings:
        environment = {
            "DATABASE_URL": database_url,
            "HEARD_PUBLIC_URL": "https://heard.example.org",
            "HEARD_FLOWS": str(folder),
            "HEARD_LOCALES": str(LOCALES),
            "HEARD_SEALING_KEYS": SEALING_KEY,
            "HEARD_ADDRESS_PEPPER": PEPPER,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_FROM": "+12025550100",
            "PORT": "",
            **changed,
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return read_settings(source)

    return configured


async def findings(settings: Settings, *, demo: bool = False) -> list[Finding]:
    return [finding async for finding in check_up(settings, demo=demo)]


async def told(settings: Settings, *, demo: bool = False) -> list[str]:
    """Return all that is wrong, with what to do about it; what depends on this machine's own disk is left out."""
    return [
        f"{one.group} {one.mark}: {one.text} → {one.remedy}"
        for one in await findings(settings, demo=demo)
        if one.mark is not Mark.OK and "free on its disk" not in one.text and one.group != "Files"
    ]


async def test_where_nothing_is_wrong_it_says_what_there_is(
    configure: Configure, engine: AsyncEngine
) -> None:
    settings = configure()
    assert await told(settings) == []
    said = {(one.group, one.text) for one in await findings(settings)}
    for expected in (
        ("Consultations", "water, in en"),
        ("Database", "its tables are those of this version of Heard"),
        ("Keys", "nobody has written yet, so there is no phone number to open"),
        (
            "Twilio",
            'in Twilio\'s console, "a message comes in" has to be https://heard.example.org/webhooks/twilio',
        ),
        ("Twilio", "messages leave from 1 sender"),
        ("Messages to send", "0 wait or are on their way"),
    ):
        assert expected in said


MISSING = {
    "HEARD_SEALING_KEYS": "Keys problem: HEARD_SEALING_KEYS is missing",
    "HEARD_ADDRESS_PEPPER": "Keys problem: HEARD_ADDRESS_PEPPER is missing",
    "HEARD_PUBLIC_URL": "Twilio problem: HEARD_PUBLIC_URL is missing",
    "TWILIO_AUTH_TOKEN": "Twilio problem: TWILIO_AUTH_TOKEN is missing",
    "TWILIO_FROM": "Twilio problem: TWILIO_FROM is missing",
}


@pytest.mark.parametrize(("name", "expected"), MISSING.items(), ids=MISSING)
async def test_what_is_missing(configure: Configure, name: str, expected: str) -> None:
    (one,) = await told(configure(**{name: ""}))
    assert one.startswith(expected)
    assert not one.endswith("→ ")


async def test_who_only_answers_needs_no_sender(configure: Configure) -> None:
    assert await told(configure(TWILIO_FROM="", TWILIO_ACCOUNT_SID="")) == []


async def test_a_name_that_nobody_can_answer_to(configure: Configure) -> None:
    (one,) = await told(configure(TWILIO_FROM="+12025550100,KE:HEARD"))
    assert one.startswith("Twilio warning: HEARD is a name: people cannot answer to it")


async def test_messages_of_a_number_that_is_no_longer_ours(configure: Configure, engine: AsyncEngine) -> None:
    people = [await contact(engine, person) for person in range(3)]
    await put(engine, *map(letter, people))
    (one,) = await told(configure(TWILIO_FROM="+12025550177"))
    assert one.startswith(f"Messages to send warning: 3 wait for {SENDER}, which nothing is sent from")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://heard.example.org", "HEARD_PUBLIC_URL, http://heard.example.org, is not https"),
        ("https://localhost:8000", "Twilio cannot reach HEARD_PUBLIC_URL, https://localhost:8000"),
        ("https://127.0.0.1", "Twilio cannot reach HEARD_PUBLIC_URL, https://127.0.0.1"),
        ("https://[::1]:8000", "Twilio cannot reach HEARD_PUBLIC_URL, https://[::1]:8000"),
        ("https://192.168.1.4", "Twilio cannot reach HEARD_PUBLIC_URL, https://192.168.1.4"),
        ("https://office.local", "Twilio cannot reach HEARD_PUBLIC_URL, https://office.local"),
        (
            "http://me:a-password@heard.example.org",
            "HEARD_PUBLIC_URL, http://heard.example.org, is not https",
        ),
    ],
)
async def test_an_address_that_will_not_do(configure: Configure, url: str, expected: str) -> None:
    (one,) = await told(configure(HEARD_PUBLIC_URL=url))
    assert expected in one
    assert "a-password" not in one


async def test_consultations_with_problems(configure: Configure, tmp_path: Path) -> None:
    settings = configure()
    see = f"Run: heard check {tmp_path}/flows"
    (tmp_path / "flows" / "water.yaml").write_text(WATER.replace("type: text", "type: words"))
    assert await told(settings) == [
        f"Consultations problem: water.yaml: 1 problem, so that heard serve would not start → {see}"
    ]
    (tmp_path / "flows" / "water.yaml").unlink()
    (one,) = await told(settings)
    assert one.startswith("Consultations problem: there is no consultation file (*.yaml) in ")


async def test_keys_that_do_not_open_what_is_stored(configure: Configure, engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
    settings = configure()
    opened = "HEARD_SEALING_KEYS opens the phone numbers that were stored first and last"
    assert opened in [one.text for one in await findings(settings)]
    other = Fernet.generate_key().decode()
    assert await told(configure(HEARD_SEALING_KEYS=f"{other},{SEALING_KEY}")) == []
    (one,) = await told(configure(HEARD_SEALING_KEYS=other))
    assert "HEARD_SEALING_KEYS does not open phone numbers that are stored" in one


async def test_a_clock_that_went_backwards(configure: Configure, engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        ahead = datetime.now(UTC) + timedelta(days=1)
        await intake.receive(message(1, "JOIN", "m1", at=ahead))
    (one,) = await told(configure())
    assert "the newest message is stored with a time that has not come yet" in one


async def test_messages_that_are_stuck(configure: Configure, engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(1, "JOIN", "m1"))
    async with engine.begin() as connection:
        await connection.execute(tables.outbound.update().values(status="failed"))
    assert await told(configure()) == [
        "Messages to send warning: 1 could not be sent, and are not tried again → Run: heard outbox list --state failed"
    ]


async def test_tables_of_another_version(configure: Configure, engine: AsyncEngine) -> None:
    await migrate(engine, "0001")
    assert await told(configure()) == [
        "Database problem: the database has other tables than this version of Heard needs → Run: heard migrate"
    ]


async def test_a_database_that_is_not_there(configure: Configure, tmp_path: Path) -> None:
    missing = await told(configure(DATABASE_URL=f"sqlite:///{tmp_path}/elsewhere/heard.db"))
    assert missing == [
        f"Database problem: there is no database at {tmp_path}/elsewhere/heard.db yet → Run: heard migrate"
    ]
    assert not (tmp_path / "elsewhere").exists()
    (away,) = await told(configure(DATABASE_URL="postgresql://heard:a-password@127.0.0.1:1/heard"))
    assert away.startswith("Database problem: the database of DATABASE_URL does not answer")
    assert "a-password" not in away


async def test_a_database_that_is_none(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "heard.db").write_bytes(b"a letter to the mayor" * 1000)
    (one,) = await told(configure(DATABASE_URL=f"sqlite:///{tmp_path}/heard.db"))
    assert one.startswith("Database problem: ")
    assert "mayor" not in one


async def test_neither_secrets_nor_numbers_are_shown(configure: Configure, engine: AsyncEngine) -> None:
    async with intake_on(engine) as intake:
        await intake.receive(message(43, "JOIN", "m1"))
    shown = repr(await findings(configure()))
    for private in (SEALING_KEY, PEPPER, TOKEN, NUMBER, "+12025550100", "JOIN"):
        assert private not in shown


# --- files, which SQLite alone has


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    address = await Databases("sqlite", str(folder)).migrated()
    return Path(address.removeprefix("sqlite:///"))


async def files(settings: Settings) -> list[tuple[Mark, str, str]]:
    return [(one.mark, one.text, one.remedy) for one in await findings(settings) if one.group == "Files"]


def modes(database: Path, folder: int, file: int) -> None:
    database.parent.chmod(folder)
    database.chmod(file)


async def test_files_that_others_can_read(configure: Configure, database: Path) -> None:
    settings = configure(DATABASE_URL=f"sqlite:///{database}")
    modes(database, 0o755, 0o644)
    ((mark, text, remedy),) = await files(settings)
    assert (mark, remedy) == (Mark.WARNING, f"Run: chmod 700 {database.parent}")
    assert text.startswith("others on this machine can read what people answered")
    modes(database, 0o700, 0o644)
    expected = [(Mark.OK, f"nobody else on this machine can read {database.parent}/", "")]
    assert await files(settings) == expected


# --- as a command


def doctor(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "doctor", *arguments],
        check=False,
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(LOCALES.parent),
            "HEARD_FLOWS": str(LOCALES.parent / "flows"),
            "HEARD_LOCALES": str(LOCALES),
            **variables,
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_ends_with_1_where_there_is_a_problem_and_makes_nothing(tmp_path: Path) -> None:
    ended = doctor(tmp_path)
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    assert lines[0] == "Settings"
    assert "  problem  HEARD_SEALING_KEYS is missing" in lines
    assert "  problem  there is no database at var/heard.db yet" in lines
    assert lines[-1].startswith("5 problems, ")
    assert list(tmp_path.iterdir()) == []


def test_variables_that_cannot_be_used_are_told_together(tmp_path: Path) -> None:
    ended = doctor(tmp_path, PORT="many", HEARD_ADDRESS_PEPPER="short")
    assert ended.returncode == 1
    assert "PORT: It cannot be used" in ended.stdout
    assert "HEARD_ADDRESS_PEPPER: has to have at least 16 characters" in ended.stdout
    assert "short" not in ended.stdout


def test_for_trials_it_says_how_to_get_what_is_missing(tmp_path: Path) -> None:
    ended = doctor(tmp_path, "--demo")
    assert ended.returncode == 1
    assert "there are no keys for trials in var/demo-keys.env" in ended.stdout
    assert ended.stdout.count("Run: make run, or heard serve --demo. It makes what is missing.") == 4
    assert list(tmp_path.iterdir()) == []


async def test_for_trials_it_finds_the_keys(configure: Configure, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir(mode=0o700)
    (tmp_path / "var" / "demo-keys.env").write_text(
        f"HEARD_SEALING_KEYS={SEALING_KEY}\nHEARD_ADDRESS_PEPPER={PEPPER}\nTWILIO_AUTH_TOKEN={TOKEN}\n"
    )
    absent = dict.fromkeys(("HEARD_SEALING_KEYS", "HEARD_ADDRESS_PEPPER", "HEARD_PUBLIC_URL"), "")
    assert await told(configure(DemoSettings, **absent), demo=True) == []


async def test_telegram_alone_will_do(configure: Configure) -> None:
    token = {"TELEGRAM_TOKEN": "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqq1"}
    alone = {"TWILIO_AUTH_TOKEN": "", "TWILIO_ACCOUNT_SID": "", "TWILIO_FROM": "", **token}
    assert await told(configure(**alone, TELEGRAM_SECRET="a-secret-of-sixteen-and-more")) == []
    (warning,) = await told(configure(**alone, TELEGRAM_SECRET=""))
    assert "TELEGRAM_SECRET is missing" in warning
    assert "heard serve --telegram polling" in warning


@pytest.mark.parametrize(
    ("senders", "content", "expected"),
    [
        pytest.param("+12025550100", "", [], id="no WhatsApp"),
        pytest.param(
            "whatsapp:+12025550100", "", ["WhatsApp asks in plain text, without TWILIO_CONTENT"], id="plain"
        ),
        pytest.param(
            "whatsapp:+12025550100",
            f"list-4=HX{'0' * 32}",
            ["WhatsApp has buttons, from 1 template"],
            id="buttons",
        ),
        pytest.param(
            "+12025550100",
            f"list-4=HX{'0' * 32}",
            ["TWILIO_CONTENT is set, and no sender is on WhatsApp"],
            id="buttons for nobody",
        ),
    ],
)
async def test_whether_whatsapp_has_buttons(
    configure: Configure, senders: str, content: str, expected: list[str]
) -> None:
    settings = configure(TWILIO_FROM=senders, TWILIO_CONTENT=content)
    assert [
        one.text for one in await findings(settings) if "WhatsApp" in one.text and one.group == "Twilio"
    ] == expected


async def test_a_language_that_is_left_out_is_a_warning(configure: Configure, engine: AsyncEngine) -> None:
    settings = configure()
    partly = WATER.replace("languages: [en]", "languages: [en, nah]\ntranslated_share: 0.9")
    assert partly != WATER
    (settings.flows / "water.yaml").write_text(partly)
    assert await told(settings) == [
        f"Consultations warning: water.yaml: 1 warning → Run: heard check {settings.flows}"
    ]
    said = {one.text for one in await findings(settings)}
    assert "water, in en" in said
