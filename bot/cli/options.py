"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

FlowsOption = Annotated[
    Path, typer.Option("--flows", envvar="HEARD_FLOWS", help="The folder of consultation files.")
]
LocalesOption = Annotated[
    Path, typer.Option("--locales", envvar="HEARD_LOCALES", help="The folder of translations.")
]
DetectorOption = Annotated[
    str,
    typer.Option(
        "--detector", envvar="HEARD_DETECTOR", help="What tells languages: py3langid or langdetect."
    ),
]
