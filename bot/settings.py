"""What the environment says: one record of it, read once, by `bot.app` and the commands."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.channels.senders import Sender, read_senders
from bot.channels.whatsapp import read_contents
from bot.demo_keys import DEMO_KEYS
from bot.digests.mail import MailServer, read_mail_server, read_sender
from bot.digests.webhooks import read_networks
from bot.errors import SettingsError
from bot.language.detection import DETECTORS
from bot.store.vault import AddressPepper, AddressSeal

REMEDIES = {
    "DATABASE_URL": "Give sqlite:///var/heard.db, or the address of a PostgreSQL database.",
    "HEARD_PUBLIC_URL": "Give the address under which Twilio reaches this server, like https://heard.example.org.",
    "HEARD_FLOWS": "Give the folder of the consultation files.",
    "HEARD_LOCALES": "Give the folder of the translations.",
    "HEARD_MEDIA": "Give the folder in which pictures and sounds that people send are kept.",
    "HEARD_SEALING_KEYS": "It seals phone numbers. Make one, and keep it outside the database: "
    'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"',
    "HEARD_ADDRESS_PEPPER": "By it, who writes again is known. Make one, and never change it: "
    'python -c "import secrets; print(secrets.token_urlsafe(32))"',
    "TWILIO_AUTH_TOKEN": "It is shown in Twilio's console, under Account Info.",
    "TWILIO_ACCOUNT_SID": "It is shown in Twilio's console, under Account Info; it begins with AC.",
    "TWILIO_FROM": "Give the numbers that Heard writes from, like +12025550100, or a Messaging Service's id, which "
    "begins with MG; commas between several. docs/sms.md tells of other kinds.",
    "TWILIO_CONTENT": "heard channels whatsapp makes the templates at Twilio, and prints what to put here.",
    "TWILIO_API_URL": "Leave it out, unless a proxy stands between Heard and Twilio.",
    "TELEGRAM_TOKEN": "BotFather gives it, in a chat on Telegram: send /newbot to @BotFather.",
    "TELEGRAM_SECRET": "By it, Telegram proves that a message is from Telegram. Make one: "
    'python -c "import secrets; print(secrets.token_urlsafe(32))"',
    "TELEGRAM_API_URL": "Leave it out, unless a Bot API server of your own stands between Heard and Telegram.",
    "HEARD_SMS_PER_SECOND": "Give how many SMS a second one number may send; 1 for a long number in the USA.",
    "HEARD_SUMMARISER_URL": "Give the address of an endpoint like OpenAI's, up to and with its /v1. docs/words.md says "
    "what is sent there. Without it, nothing is.",
    "HEARD_SUMMARISER_MODEL": "Give the model's name, as the endpoint calls it.",
    "HEARD_SUMMARISER_KEY": "The endpoint gives it; one of your own may want none.",
    "HEARD_SMTP_URL": "Give your mail server, like smtps://user:password@mail.example.org; docs/digest.md tells of it.",
    "HEARD_MAIL_FROM": "Give who digests come from, like Heard <digest@example.org>.",
    "HEARD_WEBHOOK_NETWORKS": "Leave it out, unless digests go to servers in networks of your own.",
    "PORT": "Give a number from 1 to 65535, or leave it out for 8000.",
}
"""By variable, what an operator does about it."""


_NO_ADDRESS = "It is not an address that starts with https:// and has no query"


_ACCOUNT_SID = re.compile("AC[0-9a-fA-F]{32}")
_TELEGRAM_TOKEN = re.compile("[0-9]{5,20}:[A-Za-z0-9_-]{30,60}")
_TELEGRAM_SECRET = re.compile("[A-Za-z0-9_-]{16,256}")


class Settings(BaseSettings):
    """The environment variables that Heard reads; what only serving needs may be absent. See `serving`."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    # A secret too: the address of a PostgreSQL database holds its password.
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///var/heard.db"), validation_alias="DATABASE_URL"
    )
    public_url: str | None = Field(default=None, validation_alias="HEARD_PUBLIC_URL")
    flows: Path = Field(default=Path("flows"), validation_alias="HEARD_FLOWS")
    locales: Path = Field(default=Path("locales"), validation_alias="HEARD_LOCALES")
    media: Path = Field(default=Path("var/media"), validation_alias="HEARD_MEDIA")
    sealing_keys: SecretStr | None = Field(default=None, validation_alias="HEARD_SEALING_KEYS")
    address_pepper: SecretStr | None = Field(default=None, validation_alias="HEARD_ADDRESS_PEPPER")
    twilio_auth_token: SecretStr | None = Field(default=None, validation_alias="TWILIO_AUTH_TOKEN")
    twilio_account_sid: str | None = Field(default=None, validation_alias="TWILIO_ACCOUNT_SID")
    twilio_from: str | None = Field(default=None, validation_alias="TWILIO_FROM")
    twilio_content: str | None = Field(default=None, validation_alias="TWILIO_CONTENT")
    twilio_api_url: str | None = Field(default=None, validation_alias="TWILIO_API_URL")
    telegram_token: SecretStr | None = Field(default=None, validation_alias="TELEGRAM_TOKEN")
    telegram_secret: SecretStr | None = Field(default=None, validation_alias="TELEGRAM_SECRET")
    telegram_api_url: str | None = Field(default=None, validation_alias="TELEGRAM_API_URL")
    detector: str = Field(default="py3langid", validation_alias="HEARD_DETECTOR")
    sms_per_second: float = Field(default=1.0, gt=0, le=1000, validation_alias="HEARD_SMS_PER_SECOND")
    summariser_url: str | None = Field(default=None, validation_alias="HEARD_SUMMARISER_URL")
    summariser_model: str | None = Field(default=None, validation_alias="HEARD_SUMMARISER_MODEL")
    summariser_key: SecretStr | None = Field(default=None, validation_alias="HEARD_SUMMARISER_KEY")

    # With a password in it.
    smtp_url: SecretStr | None = Field(default=None, validation_alias="HEARD_SMTP_URL")
    mail_from: str | None = Field(default=None, validation_alias="HEARD_MAIL_FROM")
    webhook_networks: str = Field(default="", validation_alias="HEARD_WEBHOOK_NETWORKS")
    port: int = Field(default=8000, ge=1, le=65535, validation_alias="PORT")

    @property
    def senders(self) -> tuple[Sender, ...]:
        """Return our senders at Twilio."""
        return read_senders(self.twilio_from) if self.twilio_from is not None else ()

    @property
    def contents(self) -> Mapping[str, str]:
        """Return the content templates for buttons on WhatsApp, by the set of buttons."""
        return read_contents(self.twilio_content) if self.twilio_content is not None else {}

    @field_validator("detector")
    @classmethod
    def _is_detector(cls, name: str) -> str:
        if name not in DETECTORS:
            raise ValueError(f"It can be: {', '.join(DETECTORS)}")
        return name

    @field_validator("twilio_account_sid")
    @classmethod
    def _is_account(cls, sid: str) -> str:
        if not _ACCOUNT_SID.fullmatch(sid):
            raise ValueError("It is not AC and 32 hexadecimal digits")
        return sid

    @field_validator("telegram_token")
    @classmethod
    def _is_token(cls, token: SecretStr) -> SecretStr:
        if not _TELEGRAM_TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("It is not a number, a colon and 35 letters or digits")
        return token

    @field_validator("telegram_secret")
    @classmethod
    def _is_secret(cls, secret: SecretStr) -> SecretStr:
        if not _TELEGRAM_SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("It is not 16 to 256 letters, digits, hyphens and underscores")
        return secret

    @field_validator("twilio_from")
    @classmethod
    def _are_senders(cls, written: str) -> str:
        read_senders(written)
        return written

    @field_validator("twilio_content")
    @classmethod
    def _are_contents(cls, written: str) -> str:
        read_contents(written)
        return written

    @field_validator("public_url", "twilio_api_url", "telegram_api_url", "summariser_url")
    @classmethod
    def _is_address(cls, address: str) -> str:
        """Check it, and leave it as it is: the signature of a webhook is over Twilio's own spelling."""
        try:
            split = urlsplit(address)
        except ValueError:
            raise ValueError(_NO_ADDRESS) from None
        if split.scheme not in ("https", "http") or not split.hostname or split.query or split.fragment:
            raise ValueError(_NO_ADDRESS)
        return address

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, url: SecretStr) -> SecretStr:
        return _accepted(read_mail_server, url)

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, written: str) -> str:
        return _told_as_value(read_sender, written)

    @field_validator("webhook_networks")
    @classmethod
    def _are_networks(cls, written: str) -> str:
        return _told_as_value(read_networks, written)

    @field_validator("sealing_keys")
    @classmethod
    def _seals(cls, keys: SecretStr) -> SecretStr:
        return _accepted(AddressSeal, keys)

    @field_validator("address_pepper")
    @classmethod
    def _peppers(cls, pepper: SecretStr) -> SecretStr:
        return _accepted(AddressPepper, pepper)


def _accepted(use: Callable[[str], object], secret: SecretStr) -> SecretStr:
    _told_as_value(use, secret.get_secret_value())
    return secret


def _told_as_value(use: Callable[[str], object], written: str) -> str:
    try:
        use(written)
    except SettingsError as fault:
        raise ValueError(str(fault)) from None
    return written


class DemoSettings(Settings):
    """The same; what the environment leaves out comes from the file of keys for trials."""

    model_config = SettingsConfigDict(env_file=DEMO_KEYS)


@dataclass(frozen=True, slots=True)
class Serving:
    """What a server cannot be without: the vault's secrets, and a channel."""

    sealing_keys: SecretStr
    address_pepper: SecretStr
    twilio: "TwilioWebhooks | None"
    telegram_token: SecretStr | None


@dataclass(frozen=True, slots=True)
class TwilioWebhooks:
    """What it takes to believe a webhook of Twilio's."""

    auth_token: SecretStr
    public_url: str


@dataclass(frozen=True, slots=True)
class Sending:
    """What sending SMS cannot be without."""

    twilio_account_sid: str
    twilio_auth_token: SecretStr
    senders: tuple[Sender, ...]


@dataclass(frozen=True, slots=True)
class Summarising:
    """Where summaries are worded."""

    url: str
    model: str
    key: SecretStr | None


def read_settings(source: type[Settings] = Settings) -> Settings:
    """Return what the environment says.

    Raises:
        SettingsError: variables have values that cannot be used; the text names all of them, and no value.
    """
    try:
        return source()
    except ValidationError as fault:
        errors = fault.errors(include_input=False)
        raise SettingsError(_told({str(error["loc"][0]): _reason(error) for error in errors})) from None


def _reason(error: ErrorDetails) -> str:
    cause = error.get("ctx", {}).get("error")
    return str(cause) if isinstance(cause, ValueError) else "It cannot be used"


def serving(settings: Settings) -> Serving:
    """Return what a server needs of the settings: of Twilio and Telegram, one will do.

    Raises:
        SettingsError: some of it is missing; the text names all of that.
    """
    needed: dict[str, object] = {
        "HEARD_SEALING_KEYS": settings.sealing_keys,
        "HEARD_ADDRESS_PEPPER": settings.address_pepper,
    }
    if settings.twilio_auth_token is not None or settings.telegram_token is None:
        needed = {
            "HEARD_PUBLIC_URL": settings.public_url,
            **needed,
            "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        }
    if any(value is None for value in needed.values()):
        raise _missing(needed)
    url, token = settings.public_url, settings.twilio_auth_token
    twilio = TwilioWebhooks(token, url) if token is not None and url is not None else None
    return Serving(
        _present(settings.sealing_keys), _present(settings.address_pepper), twilio, settings.telegram_token
    )


def _present(secret: SecretStr | None) -> SecretStr:
    assert secret is not None  # noqa: S101  the callers have told what is missing
    return secret


def sending(settings: Settings) -> Sending | None:
    """Return what sending SMS of our own accord needs of the settings, None where they are not meant for it.

    Raises:
        SettingsError: some of it is missing; the text names all of that.
    """
    # Buttons on WhatsApp are sent of our own accord, too.
    if (settings.twilio_account_sid, settings.twilio_from, settings.twilio_content) == (None, None, None):
        return None
    needed = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "TWILIO_FROM": settings.twilio_from,
    }
    match tuple(needed.values()):
        case (str(sid), SecretStr() as token, str()):
            return Sending(sid, token, settings.senders)
    raise _missing(needed)


def summarising(settings: Settings) -> Summarising:
    """Return where summaries are worded.

    Raises:
        SettingsError: that is not set, as it is not by default.
    """
    url, model = settings.summariser_url, settings.summariser_model
    if url is None or model is None:
        raise _missing({"HEARD_SUMMARISER_URL": url, "HEARD_SUMMARISER_MODEL": model})
    return Summarising(url, model, settings.summariser_key)


@dataclass(frozen=True, slots=True)
class Mailing:
    """What sending mail cannot be without."""

    server: MailServer
    sender: str


def mailing(settings: Settings) -> Mailing | None:
    """Return what sending mail needs of the settings, None where they are not meant for it.

    Raises:
        SettingsError: one of the two is missing.
    """
    if settings.smtp_url is None and settings.mail_from is None:
        return None
    if settings.smtp_url is None or settings.mail_from is None:
        raise _missing({"HEARD_SMTP_URL": settings.smtp_url, "HEARD_MAIL_FROM": settings.mail_from})
    return Mailing(read_mail_server(settings.smtp_url.get_secret_value()), settings.mail_from)


def sealing(settings: Settings) -> SecretStr:
    """Return the keys of the contact vault.

    Raises:
        SettingsError: there are none.
    """
    if settings.sealing_keys is None:
        raise _missing({"HEARD_SEALING_KEYS": None})
    return settings.sealing_keys


def vault(settings: Settings) -> tuple[AddressSeal, AddressPepper]:
    """Return what addresses are sealed with and known again by.

    Raises:
        SettingsError: one of the two is missing.
    """
    keys, pepper = settings.sealing_keys, settings.address_pepper
    if keys is None or pepper is None:
        raise _missing({"HEARD_SEALING_KEYS": keys, "HEARD_ADDRESS_PEPPER": pepper})
    return AddressSeal(keys.get_secret_value()), AddressPepper(pepper.get_secret_value())


def _missing(needed: Mapping[str, object]) -> SettingsError:
    return SettingsError(_told({name: "It is missing" for name, value in needed.items() if value is None}))


def _told(wrong: dict[str, str]) -> str:
    lines = [f"  {name}: {said.removeprefix(f'{name} ')}. {REMEDIES[name]}" for name, said in wrong.items()]
    return "\n".join(["These environment variables need your attention:", *lines])
