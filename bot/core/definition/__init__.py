"""From the mapping that a consultation file holds to a `Questionnaire`, or to every problem in it at once."""

from bot.core.definition.building import Examined, define, examine
from bot.core.definition.mending import believed

__all__ = ["Examined", "believed", "define", "examine"]
