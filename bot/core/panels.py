"""What fits a channel that shows buttons only in sets of its own: so many, each with a label so long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """A set of buttons that a channel can show at once.

    `buttons` is how many there are, no more and no fewer; `label` and `text` are how many UTF-16 code units the label
    of one and the text above them may have. One that `opens` is a list behind a button with a label of its own.
    """

    buttons: int
    label: int
    text: int
    opens: bool = False


def fits(panel: Panel, text: str, labels: Sequence[str]) -> bool:
    """Return whether a panel can show a text with these buttons below it; two of the same label it cannot."""
    words = {" ".join(label.split()) for label in labels}
    return (
        len(labels) == panel.buttons
        and len(words) == len(labels)
        and "" not in words
        and bool(text.strip())
        and _longest([text]) <= panel.text
        and _longest(labels) <= panel.label
    )


def _longest(texts: Iterable[str]) -> int:
    return max((len(text.encode("utf-16-le", "surrogatepass")) // 2 for text in texts), default=0)
