"""`heard backup`: a copy of the database, taken while Heard serves."""

from pathlib import Path
from typing import Annotated

import typer

FileArgument = Annotated[Path, typer.Argument(help="The file to make; one that exists is never overwritten.")]


def backup(file: FileArgument) -> None:
    """Copy an SQLite database into a file, while Heard serves; for PostgreSQL, show the command that does.

    Only you can read the file. It does not hold the keys: see docs/operating.md for how to keep those, and how to
    restore.
    """
    from bot.errors import BackupError
    from bot.settings import read_settings
    from bot.store.backup import database_file, dump_command
    from bot.store.database import connect

    address = read_settings().database_url.get_secret_value()
    # An address of neither database is told here.
    connect(address)
    database = database_file(address)
    if database is None:
        raise BackupError(
            "PostgreSQL has a program of its own for this, which works while Heard serves:\n\n"
            f"    {dump_command(address, file)}\n\n"
            "It asks for the password, or takes it from ~/.pgpass. docs/operating.md tells how to restore."
        )
    _back_up(database, file)


def _back_up(database: Path, file: Path) -> None:
    from rich.console import Console
    from rich.filesize import decimal
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from bot.store.backup import back_up

    columns = (
        TextColumn("Copying"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        made = back_up(
            database, file, lambda done, of: progress.update(task, completed=min(done, of), total=of)
        )
    typer.echo(f"{file}: {decimal(made.size)}, revision {made.revision}, checked. Only you can read it.")
    typer.echo(
        "It opens no phone number without HEARD_SEALING_KEYS: keep a copy of the keys in another place."
    )
