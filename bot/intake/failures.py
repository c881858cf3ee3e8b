"""What an operator may read of a message that failed: what went wrong and where, and nothing anybody wrote."""

from pathlib import Path
from traceback import extract_tb

from bot.errors import MessageFailed
from bot.store.failures import name_of

_PACKAGE = Path(__file__).resolve().parents[1]


def failed(error: Exception) -> MessageFailed:
    """Return what a message's sender and the log are told of an error.

    Never the error's own text: a driver's quotes the row that it could not store, and a ValueError the value.
    """
    return error if isinstance(error, MessageFailed) else MessageFailed(f"{name_of(error)} {_place(error)}")


def _place(error: Exception) -> str:
    """Return the last place of ours on the way to an error, like `at bot/core/interview/step.py:120 in step`."""
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).parents]
    if not ours:
        return "outside of Heard"
    last = ours[-1]
    return f"at {Path(last.filename).relative_to(_PACKAGE.parent)}:{last.lineno} in {last.name}"
