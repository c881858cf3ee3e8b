"""Whether the settings, the consultations and the keys are there and fit."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot.checkup.findings import IN_DEMO, Finding, Mark, how_many
from bot.core.problems import Severity
from bot.demo_keys import DEMO_KEYS
from bot.errors import VaultError
from bot.flowfiles.folder import check_files, flow_files
from bot.settings import REMEDIES, Settings
from bot.store.condition import Condition, named
from bot.store.vault import AddressSeal


def of_settings(settings: Settings, demo: bool) -> Iterator[Finding]:
    """Yield which settings hold."""
    group = "Settings"
    if demo:
        if not DEMO_KEYS.is_file():
            yield Finding(group, Mark.PROBLEM, f"there are no keys for trials in {DEMO_KEYS}", IN_DEMO)
        else:
            yield Finding(group, Mark.OK, f"for trials on this machine, with the keys of {DEMO_KEYS}")
    place = named(settings.database_url.get_secret_value())
    yield Finding(group, Mark.OK, f"DATABASE_URL: {place}")
    for name, folder in (("HEARD_FLOWS", settings.flows), ("HEARD_LOCALES", settings.locales)):
        if folder.exists():
            yield Finding(group, Mark.OK, f"{name}: {folder}")
        else:
            yield Finding(group, Mark.PROBLEM, f"{name}: there is no {folder}", REMEDIES[name])
    yield Finding(group, Mark.OK, f"PORT: {settings.port}")


def of_consultations(settings: Settings) -> Iterator[Finding]:
    """Yield which consultations are offered, and what is wrong in their files."""
    group = "Consultations"
    try:
        files = flow_files(settings.flows)
    except OSError as error:
        yield Finding(
            group, Mark.PROBLEM, f"{settings.flows} cannot be read: {error.strerror}", "Check its rights."
        )
        return
    if not files:
        told = f"there is no consultation file (*.yaml) in {settings.flows}"
        yield Finding(group, Mark.PROBLEM, told, "Write one: docs/consultation-file.md tells how.")
        return
    checked = check_files(files, settings.locales)
    for one in sorted(checked.questionnaires, key=lambda questionnaire: questionnaire.id):
        yield Finding(group, Mark.OK, f"{one.id}, in {', '.join(one.languages)}")
    see = f"Run: heard check {settings.flows}"
    counted = Counter((Path(problem.file).name, problem.severity) for problem in checked.problems)
    for (name, severity), count in sorted(counted.items()):
        if severity is Severity.ERROR:
            told = f"{name}: {how_many(count, 'problem')}, so that heard serve would not start"
            yield Finding(group, Mark.PROBLEM, told, see)
        else:
            yield Finding(group, Mark.WARNING, f"{name}: {how_many(count, 'warning')}", see)


def of_keys(settings: Settings, condition: Condition | None, demo: bool) -> Iterator[Finding]:
    """Yield whether the keys are there, and open what is stored."""
    group = "Keys"
    for name, key in (
        ("HEARD_SEALING_KEYS", settings.sealing_keys),
        ("HEARD_ADDRESS_PEPPER", settings.address_pepper),
    ):
        if key is None:
            yield Finding(group, Mark.PROBLEM, f"{name} is missing", IN_DEMO if demo else REMEDIES[name])
        else:
            yield Finding(group, Mark.OK, f"{name} is there")
    if settings.sealing_keys is None or condition is None or not condition.is_migrated:
        return
    if not condition.sealed:
        yield Finding(group, Mark.OK, "nobody has written yet, so there is no phone number to open")
        return
    seal = AddressSeal(settings.sealing_keys.get_secret_value())
    try:
        for sealed in condition.sealed:
            seal.open(sealed)
    except VaultError:
        yield Finding(
            group,
            Mark.PROBLEM,
            "HEARD_SEALING_KEYS does not open phone numbers that are stored: nobody of these can be written to",
            "Add the key that was used before, after a comma. It is in the copy that was kept of the keys.",
        )
    else:
        yield Finding(
            group, Mark.OK, "HEARD_SEALING_KEYS opens the phone numbers that were stored first and last"
        )
