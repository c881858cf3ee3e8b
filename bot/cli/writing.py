"""Files that hold what people said: whole or not at all, and for their owner alone."""

import os
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
