"""`heard report`: what a consultation came to, as pages."""

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot.cli.faults import problems_told
from bot.cli.opened import opened_dataset
from bot.cli.opened_words import opened_words
from bot.cli.options import FlowsOption
from bot.cli.population import read_margins
from bot.cli.writing import written_whole
from bot.errors import ReportError

if TYPE_CHECKING:
    from bot.results.dataset import Dataset
    from bot.results.publication.records import Publication
    from bot.results.report.model import Document

NOTE = "It is a preview for organisers: small groups are shown as they are. Do not publish it or pass it on."


class ReportFormat(StrEnum):
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


@problems_told()
def report(
    consultation: Annotated[str, typer.Argument(help="The consultation's id.")],
    output: Annotated[Path, typer.Option(help="The file to write, or - for standard output.")],
    kind: Annotated[ReportFormat, typer.Option("--format", help="What to write.")] = ReportFormat.HTML,
    language: Annotated[
        str, typer.Option(help="The language of the report. Default: the consultation's first.")
    ] = "",
    population: Annotated[
        Path | None, typer.Option(help="CSV of the population: shows who was heard, and weights answers.")
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Results as they are, nothing withheld, for organisers alone.")
    ] = False,
    release: Annotated[
        int | None, typer.Option("--release", metavar="N", help="Which release. Default: the newest.")
    ] = None,
    flows: FlowsOption = Path("flows"),
) -> None:
    """Write a report: what was asked, who answered, who is missing, and what they said. docs/reports.md tells more."""
    if not preview:
        if population is not None:
            raise ReportError("a release has its own population; give --population to heard publish")
        number = asyncio.run(_published(consultation, release, output, kind, language))
        typer.echo(f"Report of release {number} written to {output}.", err=True)
        return
    if release is not None:
        raise ReportError("a preview is of the answers as they stand; leave out --release or --preview")
    asyncio.run(_report(consultation, output, kind, language, population, flows))
    typer.echo(f"Report written to {output}. {NOTE}", err=True)


async def _published(
    consultation: str, wanted: int | None, output: Path, kind: ReportFormat, language: str
) -> int:
    """Write the report of a release, the newest where none is named; return its number."""
    import msgspec

    from bot.results.publication.records import Publication
    from bot.results.report.building import build
    from bot.results.report.wordings import load_voice
    from bot.store import releases

    async with opened_words(consultation) as opened:
        if wanted is None:
            stored = await releases.latest(opened.engine, consultation)
        else:
            stored = await releases.release(opened.engine, consultation, wanted)
        if stored is None or stored.listed.withdrawn_at is not None:
            what = "nothing of it is published" if wanted is None else f"there is no release {wanted} to show"
            raise ReportError(
                f"{what}; heard publish {consultation} makes a release (--list shows those there are). "
                "For a look of your own, add --preview"
            )
        publication = msgspec.json.decode(stored.document, type=Publication)
        source = publication.languages[0]
        voice = load_voice(opened.settings.locales, language or source, source)
    with Console(stderr=True).status("Writing the report"):
        write(build(publication, voice), output, kind)
    return stored.listed.number


async def _report(
    consultation: str,
    output: Path,
    kind: ReportFormat,
    language: str,
    population: Path | None,
    flows: Path,
) -> None:
    from bot.results.report.building import build
    from bot.results.report.wordings import load_voice
    from bot.settings import read_settings

    async with opened_dataset(consultation, with_status=True) as dataset:
        source = dataset.newest.languages[0]
        # Before anything is read: a language that there is not is told at once.
        voice = load_voice(read_settings().locales, language or source, source)
        with Console(stderr=True).status(f"Reading {dataset.size} interviews"):
            publication = await _preview(dataset, population, flows)
    with Console(stderr=True).status("Writing the report"):
        write(build(publication, voice), output, kind)


async def _preview(dataset: "Dataset", population: Path | None, flows: Path) -> "Publication":
    from bot.cli.codes import frame_of
    from bot.flowfiles.codes import codes_file
    from bot.results.publication.publishing import Beside, preview
    from bot.store.findings import findings

    has_codes = codes_file(flows, dataset.consultation).is_file()
    beside = Beside(
        read_margins(population, dataset.newest),
        frame_of(flows, dataset.newest) if has_codes else None,
        await findings(dataset.engine, dataset.consultation),
    )
    return await preview(dataset, beside)


def write(document: "Document", output: Path, kind: ReportFormat) -> None:
    """Write a report whole, or not at all; to be read by its owner alone."""
    made = made_of(document, kind)
    if str(output) == "-":
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
        return
    with written_whole(output) as part:
        part.write_bytes(made)


def made_of(document: "Document", kind: ReportFormat) -> bytes:
    """Return the bytes of a report in a format; what only one of them needs is loaded for that one alone."""
    match kind:
        case ReportFormat.HTML:
            from bot.results.report.html import render

            return render(document).encode()
        case ReportFormat.PDF:
            from bot.results.report.pdf import write_pdf

            return write_pdf(document)
        case ReportFormat.DOCX:
            from bot.results.report.docx import write_docx

            return write_docx(document)
