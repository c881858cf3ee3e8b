"""The environment is read once; everything wrong in it is told at once, and no secret is."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.demo_keys import DEMO_KEYS, TRIAL_NUMBER, make_demo_keys
from bot.errors import SettingsError
from bot.settings import REMEDIES, DemoSettings, Settings, read_settings, sending, serving

GOOD = {
    "DATABASE_URL": "postgresql://heard:a-password@db.example/heard",
    "HEARD_PUBLIC_URL": "https://heard.example",
    "HEARD_FLOWS": "elsewhere/flows",
    "HEARD_LOCALES": "elsewhere/locales",
    "HEARD_MEDIA": "elsewhere/media",
    "HEARD_SEALING_KEYS": "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3MDE=",
    "HEARD_ADDRESS_PEPPER": "a pepper of sixteen and more",
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_ACCOUNT_SID": "ACfedcba9876543210fedcba9876543210",
    "TWILIO_FROM": "+12025550100, MGfedcba9876543210fedcba9876543210,+12025550100",
    "TWILIO_API_URL": "http://127.0.0.1:4010",
    "HEARD_SMS_PER_SECOND": "2.5",
    "TELEGRAM_TOKEN": "123456789:AAbbccddeeffgghhiijjkkllmmnnooppqq1",
    "TELEGRAM_SECRET": "a-secret-of-sixteen-and-more",
    "TELEGRAM_API_URL": "http://127.0.0.1:8081",
    "PORT": "8080",
}
SECRETS = (
    "a-password",
    GOOD["HEARD_SEALING_KEYS"],
    GOOD["HEARD_ADDRESS_PEPPER"],
    GOOD["TWILIO_AUTH_TOKEN"],
    GOOD["TELEGRAM_TOKEN"],
    GOOD["TELEGRAM_SECRET"],
)


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def set_environment(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    for name, value in {**GOOD, **changed}.items():
        monkeypatch.setenv(name, value)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch)
    settings = read_settings()
    assert settings.database_url.get_secret_value() == GOOD["DATABASE_URL"]
    assert (settings.flows, settings.locales) == (Path("elsewhere/flows"), Path("elsewhere/locales"))
    assert settings.media == Path("elsewhere/media")
    assert settings.port == 8080
    to_send = sending(settings)
    assert to_send is not None
    assert to_send.twilio_account_sid == GOOD["TWILIO_ACCOUNT_SID"]
    assert tuple(one.name for one in to_send.senders) == (
        "+12025550100",
        "MGfedcba9876543210fedcba9876543210",
    )
    assert (settings.twilio_api_url, settings.sms_per_second) == ("http://127.0.0.1:4010", 2.5)
    needed = serving(settings)
    assert needed.twilio is not None
    assert needed.twilio.public_url == "https://heard.example"
    assert needed.sealing_keys.get_secret_value() == GOOD["HEARD_SEALING_KEYS"]
    assert needed.address_pepper.get_secret_value() == GOOD["HEARD_ADDRESS_PEPPER"]
    assert needed.twilio.auth_token.get_secret_value() == GOOD["TWILIO_AUTH_TOKEN"]


def test_no_secret_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch)
    settings = read_settings()
    for shown in (repr(settings), str(settings), repr(serving(settings)), settings.model_dump_json()):
        assert not [secret for secret in SECRETS if secret in shown]


def test_an_empty_environment_is_enough_for_what_does_not_serve() -> None:
    settings = read_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/heard.db"
    assert (settings.flows, settings.locales, settings.port) == (Path("flows"), Path("locales"), 8000)
    assert settings.media == Path("var/media")


def test_everything_that_serving_misses_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARD_ADDRESS_PEPPER", "")
    with pytest.raises(SettingsError) as missing:
        serving(read_settings())
    heading, *lines = str(missing.value).splitlines()
    assert heading == "These environment variables need your attention:"
    names = ("HEARD_PUBLIC_URL", "HEARD_SEALING_KEYS", "HEARD_ADDRESS_PEPPER", "TWILIO_AUTH_TOKEN")
    assert lines == [f"  {name}: It is missing. {REMEDIES[name]}" for name in names]


def test_everything_that_sending_misses_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_FROM", "+12025550100")
    with pytest.raises(SettingsError) as missing:
        sending(read_settings())
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    assert str(missing.value).splitlines()[1:] == [
        f"  {name}: It is missing. {REMEDIES[name]}" for name in names
    ]


def test_one_channel_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, TWILIO_AUTH_TOKEN="", HEARD_PUBLIC_URL="")
    needed = serving(read_settings())
    assert needed.twilio is None
    assert needed.telegram_token is not None
    set_environment(monkeypatch, TELEGRAM_TOKEN="", TWILIO_ACCOUNT_SID="", TWILIO_FROM="")
    assert serving(read_settings()).telegram_token is None
    assert sending(read_settings()) is None


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HEARD_PUBLIC_URL", "sms.invalid", "is not an address"),
        ("HEARD_PUBLIC_URL", "https:///sms", "is not an address"),
        ("HEARD_PUBLIC_URL", "https://sms.invalid/?a=b", "is not an address"),
        ("HEARD_PUBLIC_URL", "https://[heard", "is not an address"),
        ("HEARD_SEALING_KEYS", "no-key-at-all", "has to hold Fernet keys"),
        ("HEARD_SEALING_KEYS", f"{GOOD['HEARD_SEALING_KEYS']},no-key", "has to hold Fernet keys"),
        ("HEARD_SEALING_KEYS", " , ", "at least one key"),
        ("HEARD_ADDRESS_PEPPER", "too-short", "at least 16 characters"),
        ("TWILIO_ACCOUNT_SID", "AC123", "32 hexadecimal digits"),
        ("TWILIO_FROM", "12025550177", "Sender 1 is no number like +12025550100"),
        ("TWILIO_FROM", "+12025550177,HE.ARD", "Sender 2 is no number like +12025550100"),
        ("TWILIO_API_URL", "twilio.invalid", "is not an address"),
        ("TELEGRAM_TOKEN", "123:abc", "a number, a colon"),
        ("TELEGRAM_SECRET", "too-short", "16 to 256"),
        ("TELEGRAM_API_URL", "telegram.invalid", "is not an address"),
        ("HEARD_SMS_PER_SECOND", "0", "cannot be used"),
        ("PORT", "99999", "cannot be used"),
        ("PORT", "eighty", "cannot be used"),
    ],
)
def test_a_value_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    set_environment(monkeypatch, **{name: value})
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    _, line = str(wrong.value).splitlines()
    assert line.startswith(f"  {name}: ")
    assert said in line
    assert line.endswith(REMEDIES[name])
    assert value not in line


def test_all_values_that_cannot_be_used_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {"HEARD_PUBLIC_URL": "x", "HEARD_SEALING_KEYS": "x", "HEARD_ADDRESS_PEPPER": "x", "PORT": "x"}
    set_environment(monkeypatch, **bad)
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    assert [line.split(":")[0].strip() for line in str(wrong.value).splitlines()[1:]] == list(bad)


def test_the_public_address_stays_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch, HEARD_PUBLIC_URL="https://Heard.Example:8443/sms")
    twilio = serving(read_settings()).twilio
    assert twilio is not None
    assert twilio.public_url == "https://Heard.Example:8443/sms"


# --- keys for trials


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_demo_keys_are_made_once_for_the_owner_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_demo_keys()
    assert (mode(DEMO_KEYS), mode(DEMO_KEYS.parent)) == (0o600, 0o700)
    monkeypatch.setenv("HEARD_PUBLIC_URL", "http://127.0.0.1:8000")
    first = serving(read_settings(DemoSettings))
    assert read_settings(DemoSettings).twilio_from == TRIAL_NUMBER
    Fernet(first.sealing_keys.get_secret_value())
    assert not make_demo_keys()
    assert serving(read_settings(DemoSettings)) == first
    assert [path.name for path in DEMO_KEYS.parent.iterdir()] == ["demo-keys.env"]


def test_demo_keys_are_closed_again_where_they_stand_open() -> None:
    make_demo_keys()
    DEMO_KEYS.chmod(0o644)
    DEMO_KEYS.parent.chmod(0o755)
    assert not make_demo_keys()
    assert (mode(DEMO_KEYS), mode(DEMO_KEYS.parent)) == (0o600, 0o700)


def test_demo_keys_are_other_ones_everywhere(tmp_path: Path) -> None:
    one, other = tmp_path / "one" / "keys.env", tmp_path / "other" / "keys.env"
    assert make_demo_keys(one)
    assert make_demo_keys(other)
    same = set(one.read_text().splitlines()) & set(other.read_text().splitlines())
    assert [line for line in same if not line.startswith("#")] == [f"TWILIO_FROM={TRIAL_NUMBER}"]


def test_a_place_that_cannot_hold_demo_keys_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for place in (tmp_path / "file" / "keys.env", tmp_path / "file" / "deeper" / "keys.env"):
        with pytest.raises(SettingsError, match="the keys for trials cannot be kept in"):
            make_demo_keys(place)


def test_the_environment_goes_before_demo_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    make_demo_keys()
    set_environment(monkeypatch)
    assert serving(read_settings(DemoSettings)) == serving(read_settings(Settings))


def test_demo_keys_are_never_read_outside_demo_mode() -> None:
    make_demo_keys()
    with pytest.raises(SettingsError, match="HEARD_SEALING_KEYS: It is missing"):
        serving(read_settings())
