"""What the database's errors mean, without the words and rows that they quote."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


def name_of(error: Exception) -> str:
    """Return an error's kind, with the state that the database gave: `NotNullViolationError (23502)`."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{type(cause).__name__} ({state})" if state else type(cause).__name__


def is_unreachable(error: Exception) -> bool:
    """Return whether the database itself does not serve, so that trying its messages one by one is no use."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OSError | PoolTimeout | OperationalError | InterfaceError)
