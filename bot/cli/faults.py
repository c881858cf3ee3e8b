"""Faults of files, told in the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.errors import FlowsError


@contextmanager
def problems_told() -> Iterator[None]:
    """Tell every problem of files a line, and end with 1, where the block raises them."""
    try:
        yield
    except FlowsError as fault:
        for problem in fault.problems:
            line = f":{problem.line}" if problem.line else ""
            typer.echo(f"{problem.file}{line}: {problem.message} {problem.remedy}", err=True)
        raise typer.Exit(1) from None
