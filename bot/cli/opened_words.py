"""What commands about people's words need: the settings, their database, every version of a consultation."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from bot.errors import SheetError

if TYPE_CHECKING:
    from bot.core.questionnaire import Questionnaire
    from bot.settings import Settings
    from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Opened:
    """A consultation's database; `versions` are all that were offered, the newest first."""

    settings: "Settings"
    engine: "Database"
    versions: "tuple[Questionnaire, ...]"


@asynccontextmanager
async def opened_words(consultation: str) -> AsyncGenerator[Opened]:
    """Open a consultation's answers in the database of the environment.

    Raises:
        SettingsError: there is no database with Heard's tables.
        UnknownConsultation: nothing of that id was ever offered from it.
    """
    from bot.results.published import published
    from bot.settings import read_settings
    from bot.store.database import connect
    from bot.store.schema import require_head

    settings = read_settings()
    engine = connect(settings.database_url.get_secret_value())
    try:
        await require_head(engine)
        yield Opened(settings, engine, await published(engine, consultation, settings.locales))
    finally:
        await engine.dispose()


@contextmanager
def sheet_problems_told() -> Iterator[None]:
    """Tell every problem of a spreadsheet that cannot be taken in, and end with 1."""
    try:
        yield
    except SheetError as error:
        for problem in error.problems:
            column = f", {problem.place}" if problem.place else ""
            typer.echo(f"line {problem.line}{column}: {problem.message} {problem.remedy}", err=True)
        typer.secho("Nothing was taken in.", fg="red", err=True)
        raise typer.Exit(1) from None
