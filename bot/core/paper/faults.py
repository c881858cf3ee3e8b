"""What can be wrong with forms that were typed in, in words: a code, what it is, what helps.

No cell is quoted: it may hold anything that somebody wrote.
"""

from bot.core.problems import Problem

WORDS = {
    # The file
    "paper-no-column": ("There is no column '{column}'.", "Add it: heard paper template writes all of them."),
    "paper-unknown-column": (
        "No question has the name '{column}'.",
        "{remedy}",
    ),
    "paper-same-column": ("Two columns are called '{column}'.", "Take one of them out."),
    # Whose form it is
    "paper-form": ("The form has no number.", "Number the forms, and write the number here."),
    "paper-form-length": ("The number of the form is too long.", "Keep it to {most} letters and digits."),
    "paper-form-twice": (
        "This form stands in row {row} too.",
        "Take one of the two rows out, or mend its number.",
    ),
    "paper-changed": (
        "A form of this number was taken in before, with other answers.",
        "Mend the number where it is another form. What was taken in is not changed.",
    ),
    "paper-date": ("This is not the day on which the form was filled in.", "Write it like 2026-11-23."),
    "paper-date-late": ("This day has not come yet.", "Write the day on which the form was filled in."),
    "paper-language": ("This is no language of the consultation.", "Write one of: {languages}."),
    "paper-consent": (
        "It does not say whether the person agreed to take part.",
        "Write yes or no. Without a yes, nothing of the form is taken in but that they were asked.",
    ),
    "paper-no-consent": (
        "The person did not agree, and here is an answer.",
        "Take the answers of this form out.",
    ),
    # Answers
    "paper-no-answer": ("There is no answer, and one is needed.", "Look at the form, or take the form out."),
    "paper-choice": ("This is none of the choices.", "Write one of: {choices}."),
    "paper-choices": ("These are not choices of the question.", "Write some of: {choices}; commas between."),
    "paper-rank": (
        "Not all choices are in this order, each once.",
        "Write all of: {choices}; the best first.",
    ),
    "paper-number": ("This is not {kind}.", "Write it like {example}."),
    "paper-moment": ("This is not {kind}.", "Write it like {example}."),
    "paper-place": ("This is no place.", "Write latitude and longitude, like 6.52, 3.38, or leave it empty."),
    "paper-unclear": ("This is no answer to the question.", "Look at the form, or leave it empty."),
    "paper-constraint": ("This answer does not fit: {why}", "Look at the form, and write what stands there."),
    "paper-not-asked": (
        "This is not asked of who answered so before.",
        "Take it out, or mend the answer before it: {when}.",
    ),
}


OF_THE_FILE = frozenset({"paper-no-column", "paper-unknown-column", "paper-same-column"})
"""What is wrong with a whole file: no form of it can be taken in."""


def fault(code: str, where: str, *, line: int | None = None, **values: object) -> Problem:
    """Return a problem with its words; `where` is the column that it is in, "" for none, `line` its row."""
    message, remedy = WORDS[code]
    path = (where,) if where else ()
    return Problem(code, path, message.format(**values), remedy.format(**values), line=line)
