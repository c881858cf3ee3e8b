"""What the database's errors mean, without the words and rows that they quote."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout


def name_of(error: Exception) -> str:
    """Return an error's kind, with the state that the database gave: `NotNullViolationError (23502)`."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{type(cause).__name__} ({state})" if state else type(cause).__name__


_OF_THE_SERVER = ("08", "25006", "28", "3D", "40", "53", "55", "57", "58", "XX")
"""SQLSTATEs, by how they begin, that speak of the server and not of what it was given: connections (08, 28, 3D), a
standby that only reads (25006), deadlocks (40), a full disk or memory (53), locks (55), shutdowns (57), its files (58).
https://www.postgresql.org/docs/current/errcodes-appendix.html
"""


def is_unreachable(error: Exception) -> bool:
    """Return whether the database itself does not serve, so that trying its messages one by one is no use."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    # asyncpg has no class for these that SQLAlchemy would know as an OperationalError.
    if str(getattr(cause, "sqlstate", None) or "").startswith(_OF_THE_SERVER):
        return True
    return isinstance(error, OSError | PoolTimeout | OperationalError | InterfaceError)
