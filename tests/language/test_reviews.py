"""The line by which a native speaker signs a catalogue."""

from datetime import date

import pytest

from bot.language.reviews import FORM, UNREVIEWED, Review, is_review_unclear, review_of

ADA = Review("Ada Obi (Nsukka, teacher)", date(2026, 5, 4))


@pytest.mark.parametrize(
    ("head", "review", "unclear"),
    [
        ("# Heard: garden.", None, False),
        (f"# {UNREVIEWED}", None, False),
        ("# Drafted by machine, and not yet reviewed by a native speaker.", None, False),
        ("# Reviewed by a native speaker: Ada Obi (Nsukka, teacher), 2026-05-04", ADA, False),
        ("# Reviewed by a native speaker: Ada Obi (Nsukka, teacher), 2026-05-04.", ADA, False),
        (
            "# Reviewed by a native speaker: Ada Obi (Nsukka, teacher), 2026-05-04\n"
            "# Reviewed by a native speaker: Uche, 2026-04-01",
            ADA,
            False,
        ),
        ("# Reviewed by a native speaker: Ada, 4 May 2026", None, True),
        ("# Reviewed by a native speaker: Ada, 2026-02-30", None, True),
        ("# reviewed by Ada", None, True),
        (FORM, None, True),
        (f"# {UNREVIEWED}\n# Reviewed by a native speaker: Ada, 2026-05-04", None, True),
    ],
)
def test_who_signed_and_when(head: str, review: Review | None, unclear: bool) -> None:
    assert (review_of(head), is_review_unclear(head)) == (review, unclear)
