"""One consultation of the folder of files, by its id."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UnknownConsultation

if TYPE_CHECKING:
    from bot.flowfiles.folder import Flow


def offered_flow(consultation: str, flows: Path, locales: Path) -> "Flow":
    """Return a consultation's file as it is now.

    Raises:
        FlowsError: a file of the folder has faults.
        UnknownConsultation: none of them has this id.
    """
    from bot.core.problems import nearest
    from bot.flowfiles.folder import load_flows

    offered = load_flows(flows, locales).flows
    if consultation not in offered:
        meant = nearest(consultation, list(offered))
        raise UnknownConsultation(
            f"there is no consultation '{consultation}'{f'; is it {meant}?' if meant else '.'}"
            f" There are: {', '.join(offered)}"
        )
    return offered[consultation]
