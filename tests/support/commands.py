"""The `heard` command within the tests' own process: what it says where, and how it ends.

What only a process shows (that it starts, stops by a signal, loads little) is tested with processes. What is said to a
person is the same here, in a tenth of the time; an exception that would be a traceback fails the test.
"""

import io
import os
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bot.cli import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Told:
    """What a command wrote, as bytes, and the code it ended with."""

    returncode: int
    output: bytes
    errors: bytes

    @property
    def stdout(self) -> str:
        return self.output.decode()

    @property
    def stderr(self) -> str:
        return self.errors.decode()


def heard(*arguments: str, folder: Path = ROOT, **variables: str) -> Told:
    """Run a command to its end in a folder, with these variables and no others in its environment."""
    settings: Mapping[str, str] = {"PATH": os.environ["PATH"], **variables}
    output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code: object = 0
    with (
        patch.dict(os.environ, settings, clear=True),
        patch.object(sys, "argv", ["heard", *arguments]),
        chdir(folder),
        redirect_stdout(output),
        redirect_stderr(errors),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code
    assert code is None or isinstance(code, int), code
    return Told(code or 0, _written(output), _written(errors))


def _written(stream: io.TextIOWrapper) -> bytes:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue()
