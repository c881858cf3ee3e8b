"""What an operator may read of a message that failed: what went wrong and where, and nothing anybody wrote."""

from pathlib import Path
from traceback import extract_tb

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import MessageFailed

_PACKAGE = Path(__file__).resolve().parents[1]


def failed(error: Exception) -> MessageFailed:
    """Return what a message's sender and the log are told of an error.

    Never the error's own text: a driver's quotes the row that it could not store, and a ValueError the value.
    """
    if isinstance(error, MessageFailed):
        return error
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    what = f"{type(cause).__name__} ({state})" if state else type(cause).__name__
    return MessageFailed(f"{what} {_place(error)}")


def is_unreachable(error: Exception) -> bool:
    """Return whether the database itself does not serve, so that trying its messages one by one is no use."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OSError | PoolTimeout | OperationalError | InterfaceError)


def _place(error: Exception) -> str:
    """Return the last place of ours on the way to an error, like `at bot/core/interview/step.py:120 in step`."""
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).parents]
    if not ours:
        return "outside of Heard"
    last = ours[-1]
    return f"at {Path(last.filename).relative_to(_PACKAGE.parent)}:{last.lineno} in {last.name}"
