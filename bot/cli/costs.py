"""What interviews cost by SMS, as a table in the terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.core.cost import InterviewCost, cost_of
from bot.core.questionnaire import Questionnaire
from bot.core.translated import untranslated

MOST_LETTERS = 8


def print_costs(console: Console, questionnaires: Iterable[Questionnaire], price: float | None) -> None:
    """Print a row for each language of each consultation, where the bot speaks it; nothing where there is none.

    UCS-2 counts the messages whose parts have 70 letters and not 160, and names what does that.
    """
    for questionnaire in questionnaires:
        spoken = [one for one in questionnaire.languages if one in questionnaire.phrasebooks]
        if spoken:
            heading = f"{questionnaire.id}: one whole interview by SMS, every question once"
            console.print(Text(heading, style="bold"))
            console.print(_table(questionnaire, spoken, price))
            console.print()


def _table(questionnaire: Questionnaire, languages: Iterable[str], price: float | None) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("language")
    for heading in ("messages", "parts", *(("price",) if price is not None else ()), "UCS-2"):
        table.add_column(heading, justify="right")
    table.add_column("because of")
    table.add_column("dearest")
    lacking = {language: len(untranslated(questionnaire, language)) for language in languages}
    if any(lacking.values()):
        table.add_column("untranslated", justify="right")
    for language, count in lacking.items():
        lacks = [str(count)] if any(lacking.values()) else []
        table.add_row(language, *_cells(cost_of(questionnaire, language), price), *lacks)
    return table


def _cells(cost: InterviewCost, price: float | None) -> list[str]:
    paid = [f"{cost.parts * price:.2f}"] if price is not None else []
    dearest = ", ".join(f"{one.place} {one.segments.segments}" for one in cost.dearest())
    return [str(len(cost.messages)), str(cost.parts), *paid, str(cost.dear), _letters(cost), dearest or "-"]


def _letters(cost: InterviewCost) -> str:
    """Return the letters that the plain alphabet does not have; of another script that is nearly all of them."""
    if len(cost.odd) > MOST_LETTERS:
        return "its script"
    return " ".join(cost.odd) or "-"
