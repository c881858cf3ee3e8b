"""Who is never asked what, as whoever reads the file can tell."""

from bot.core.review.routing import PassedOver, passed_over
from tests.support.consultations import questionnaire

CLINIC = questionnaire(
    """
    - {name: district, type: text, label: Where do you live?}
    - name: gender
      type: select_one
      label: You are?
      required: false
      choices: [{name: woman, label: A woman}, {name: man, label: A man}, {name: other, label: Neither}]
    - {name: age, type: integer, label: How old are you?, eligible: ". >= 16"}
    - name: has_given_birth
      type: select_one
      label: Have you given birth?
      relevant: "${gender} = 'woman' and ${age} < 50"
      choices: [{name: yes_here, label: Here}, {name: yes_elsewhere, label: Elsewhere}, {name: no, label: No}]
    - name: birth
      type: group
      label: About the birth
      relevant: "${has_given_birth} = 'yes_here'"
      items:
        - {name: midwife, type: text, label: How was the midwife?}
    - {name: wait, type: integer, label: How long did you wait?, relevant: "string-length(${district}) > 3"}
    - name: paid
      type: select_one
      label: What did you pay for?
      relevant: "${gender} != 'man' or ${age} > 30"
      choices: [{name: drugs, label: Drugs}, {name: nothing, label: Nothing}]
    """,
    "groups: [gender, {name: age, bands: [16, 50]}]",
)


def test_who_is_never_asked_follows_from_answers_bands_and_what_was_not_asked_itself() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for one in passed_over(CLINIC):
        found.setdefault((one.name, one.category), set()).add(one.item)
    # A group has no answers of its own, and does no harm.
    told = {of: items - {"birth"} for of, items in found.items()}
    assert told == {
        **{("gender", other): {"has_given_birth", "midwife"} for other in ("man", "other", "")},
        # Not eligible: the interview ends.
        ("age", "<16"): {"has_given_birth", "midwife", "wait", "paid"},
        ("age", "50+"): {"has_given_birth", "midwife"},
        # No answer is no number, and so not below one.
        ("age", ""): {"has_given_birth", "midwife"},
        **{("has_given_birth", other): {"midwife"} for other in ("yes_elsewhere", "no", "")},
    }


def test_what_cannot_be_tried_is_not_told() -> None:
    assert not [one for one in passed_over(CLINIC) if one.item == "wait" and one.category != "<16"]
    assert PassedOver("paid", "gender", "man") not in set(passed_over(CLINIC))
