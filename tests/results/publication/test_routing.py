"""Who was never asked: readers of the consultation file know it, so nothing is withheld to hide it."""

import pytest

from bot.core.review.routing import passed_over
from bot.results.disclosure import Cell, Rule
from bot.results.estimate import estimate
from bot.results.layout import columns
from bot.results.publication.keeping import kept, releases_of
from bot.results.publication.protecting import Protected, protect
from bot.results.publication.sums import sums_of
from tests.support.consultations import questionnaire
from tests.support.frames import BEGAN, frame_of

CLINIC = questionnaire(
    """
    - name: gender
      type: select_one
      label: You are?
      choices: [{name: woman, label: A woman}, {name: man, label: A man}]
    - name: gave_birth
      type: select_one
      label: Where did you give birth?
      relevant: "${gender} = 'woman'"
      choices: [{name: here, label: Here}, {name: elsewhere, label: Elsewhere}, {name: at_home, label: At home}]
    """,
    "groups: [gender]",
)
LAID = columns([CLINIC], {}, with_status=True)
MEN = {Cell.of(("gave_birth", one), ("gender", "man")) for one in ("*", "here", "elsewhere", "at_home")}


def released(*, known: bool, men_asked: int = 0) -> Protected:
    women = ["here"] * 40 + ["elsewhere"] * 30 + ["at_home"] * 20
    rows = [{"gender": "woman", "gave_birth": one} for one in women] + [
        {"gender": "man", "gave_birth": "here" if place < men_asked else None} for place in range(60)
    ]
    frame = frame_of(
        [{**one, **{f"{name}/status": "answered" for name, value in one.items() if value}} for one in rows],
        LAID,
    )
    results = estimate(frame, CLINIC, LAID, at=BEGAN)
    asked = passed_over(CLINIC) if known else ()
    return protect(results, sums_of(frame, CLINIC, LAID), Rule(), never_asked=asked)


def by_gender(made: Protected) -> dict[str, list[int | None]]:
    (told,) = (one for one in made.results.breakdowns if (one.item, one.variable) == ("gave_birth", "gender"))
    return {group.name: [choice.taken.count for choice in group.choices] for group in told.groups}


def test_what_men_were_not_asked_withholds_nothing_of_what_women_said() -> None:
    made = released(known=True)
    made.audited().require()
    assert made.release.nobody >= MEN
    assert by_gender(made)["woman"] == [40, 30, 20]
    assert None in by_gender(released(known=False))["woman"]


def test_where_an_older_version_asked_them_nobody_knows() -> None:
    made = released(known=True, men_asked=3)
    made.audited().require()
    assert not made.release.nobody & {
        Cell.of(("gave_birth", one), ("gender", "man")) for one in ("*", "here")
    }


@pytest.mark.parametrize("known", [True, False])
def test_it_is_kept_for_later_audits(known: bool) -> None:
    made = released(known=known)
    (read,) = releases_of([kept(made.release, ())])
    assert read.nobody == made.release.nobody
    assert bool(read.nobody) is known
