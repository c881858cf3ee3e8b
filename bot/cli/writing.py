"""Files that hold what people said: whole or not at all, and for their owner alone."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import ExportError


@contextmanager
def written_whole(output: Path) -> Iterator[Path]:
    """Yield a file to write beside the output, which takes its name only when all of it is written.

    It is readable by its owner alone: it holds what people said.
    """
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        try:
            part.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise ExportError(f"{output} cannot be written: {error.strerror}") from None
        yield part
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def written_folder(output: Path) -> Iterator[Path]:
    """Yield a folder to write into beside the output, which takes its name only when all of it is written.

    Raises:
        ExportError: there is something of that name already, or none can be made.
    """
    if output.exists():
        raise ExportError(
            f"{output} is there already, and files of another export in it would be read with these"
        )
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        try:
            part.mkdir(mode=0o700)
        except OSError as error:
            raise ExportError(f"{output} cannot be written: {error.strerror}") from None
        yield part
        part.replace(output)
    finally:
        shutil.rmtree(part, ignore_errors=True)
