"""What a consultation that can be read still gets wrong: in its logic, for its readers, on their phones."""

from bot.core.review.everything import review, review_all, review_all_sources

__all__ = ["review", "review_all", "review_all_sources"]
