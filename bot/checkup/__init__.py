"""What an operator asks first: what is configured, what is missing, and what to do about it.

Nothing here shows a secret, a phone number or what anybody said.
"""

from collections.abc import AsyncIterator

from bot.checkup.channels import of_telegram, of_twilio
from bot.checkup.database import of_database
from bot.checkup.findings import IN_DEMO, Finding, Mark
from bot.checkup.machine import of_clock, of_files
from bot.checkup.settings import of_consultations, of_keys, of_settings
from bot.settings import Settings
from bot.store.backup import database_file
from bot.store.condition import Condition


async def check_up(settings: Settings, *, demo: bool = False) -> AsyncIterator[Finding]:
    """Yield what there is to say, group by group."""
    for finding in of_settings(settings, demo):
        yield finding
    for finding in of_consultations(settings):
        yield finding
    file = database_file(settings.database_url.get_secret_value())
    condition: Condition | None = None
    if file is not None and not file.is_file():
        told = f"there is no database at {file} yet"
        yield Finding("Database", Mark.PROBLEM, told, IN_DEMO if demo else "Run: heard migrate")
    else:
        async for found in of_database(settings, file):
            if isinstance(found, Condition):
                condition = found
            else:
                yield found
    for finding in of_keys(settings, condition, demo):
        yield finding
    channels = (*of_twilio(settings, demo), *of_telegram(settings))
    for finding in (*channels, *of_clock(condition), *of_files(file, demo)):
        yield finding
