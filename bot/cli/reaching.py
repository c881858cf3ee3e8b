"""What the commands share that write to people: a plan by default, and the consultation with its outreach file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from bot.errors import InviteError, UnknownConsultation

if TYPE_CHECKING:
    from bot.core.outreach.records import Outreach
    from bot.core.questionnaire import Questionnaire
    from bot.store.database import Database

ConsultationArgument = Annotated[str, typer.Argument(help="The consultation's id.")]

PLAN = "plan"


class PlanUnlessNamed(TyperGroup):
    """Has `heard invite water` be `heard invite plan water`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        return super().resolve_command(ctx, args if args[0] in self.commands else [PLAN, *args])


def read_consultation(consultation: str, flows: Path, locales: Path) -> "tuple[Questionnaire, Outreach]":
    """Return a consultation and what its outreach file says, in every language that it is translated into.

    Raises:
        UnknownConsultation: there is none of that id.
        InviteError: there is no outreach file.
        FlowsError: there are problems in the files.
    """
    from bot.flowfiles.folder import load_flows
    from bot.flowfiles.outreach import outreach_file

    loaded = load_flows(flows, locales).flows
    if consultation not in loaded:
        raise UnknownConsultation(
            f"there is no consultation '{consultation}' in {flows}. There are: {', '.join(sorted(loaded))}"
        )
    questionnaire = loaded[consultation].questionnaire
    if questionnaire.outreach is None:
        file = outreach_file(flows, consultation)
        raise InviteError(f"there is no {file.name}: docs/outreach.md tells what to write there")
    return questionnaire, questionnaire.outreach


async def require_served(engine: "Database", consultation: str) -> None:
    """Raise InviteError where nobody could answer: the consultation was never served from this database."""
    from bot.store.reading import documents

    if not await documents(engine, consultation):
        raise InviteError(
            f"{consultation} was not served from this database yet: whoever answered would reach nobody. Start heard "
            "serve first"
        )
