"""From a frame of interviews to estimates of everything that was asked."""

from bot.results.estimates.whole import LEAST_RESPONDENTS, estimate

__all__ = ["LEAST_RESPONDENTS", "estimate"]
