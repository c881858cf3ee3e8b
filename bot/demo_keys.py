"""Keys for trying Heard on one's own machine, made once and kept beside the trial's database."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from bot.errors import SettingsError

DEMO_KEYS = Path("var/demo-keys.env")
TRIAL_NUMBER = "+12025550199"
"""The number that Heard writes from in trials; nobody has it (it is among those kept for fiction)."""


def make_demo_keys(file: Path = DEMO_KEYS) -> bool:
    """Make the file of keys, readable by its owner alone, where there is none; return whether it was made.

    It is written as environment variables, for `bot.settings.DemoSettings`. A database is of no use without the
    keys it was filled with: that is why they are kept.

    Raises:
        SettingsError: the folder or the file cannot be made.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Folder and file may stand already, and open to everybody: made by the database, or copied.
        file.parent.chmod(0o700)
        if file.exists():
            file.chmod(0o600)
            return False
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="ascii") as keys:
            keys.write(_new_keys())
    except OSError as error:
        raise SettingsError(f"the keys for trials cannot be kept in {file}: {error.strerror}") from None
    return True


def _new_keys() -> str:
    return (
        "# Made by `heard serve --demo`, for trials on this machine only.\n"
        f"HEARD_SEALING_KEYS={Fernet.generate_key().decode()}\n"
        f"HEARD_ADDRESS_PEPPER={secrets.token_urlsafe(32)}\n"
        f"TWILIO_AUTH_TOKEN={secrets.token_hex(16)}\n"
        "# Nobody has this number. Without an account at Twilio, what is sent from it goes to the chat page.\n"
        f"TWILIO_FROM={TRIAL_NUMBER}\n"
    )
