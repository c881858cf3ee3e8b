"""From the mapping that a consultation file holds to a `Questionnaire`, or to every problem in it at once."""

from bot.core.definition.building import define

__all__ = ["define"]
