"""Rows as one parameter, so that a statement reads or writes any number of them and stays the same text.

The database unpacks a JSON array of objects. One parse, one plan and one round trip serve a whole batch, whatever
its size; a list of parameters would make another statement of every size, for each driver to prepare anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql import Executable

Rows = Sequence[Mapping[str, object]]
"""Plain values by column name; a moment as `bot.store.tables.written` has it."""

_PARAMETER = "rows"
_encode = msgspec.json.Encoder().encode


def given(dialect: str, *columns: Column[Any]) -> FromClause:
    """Return the rows of the parameter as something to select from, with the names and types of these columns."""
    parameter = bindparam(_PARAMETER, type_=Text)
    if dialect == "sqlite":
        each = func.json_each(parameter).table_valued(column("value", Text), name="row")
        return select(*(_extracted(each.c.value, one) for one in columns)).subquery("given")
    recordset = func.json_to_recordset(cast(parameter, JSON))
    typed = [column(one.name, one.type) for one in columns]
    return recordset.table_valued(*typed).render_derived(name="given", with_types=True)


def insertion(dialect: str, *columns: Column[Any]) -> postgresql.Insert | sqlite.Insert:
    """Return the statement that inserts given rows into the table of these columns.

    It is the dialect's own, for what is to follow on a conflict; both have the same words for that.
    """
    table = columns[0].table
    rows = given(dialect, *columns)
    names = [one.name for one in columns]
    # SQLite reads the ON of ON CONFLICT as that of a join, unless a WHERE stands before it.
    chosen = select(*(rows.c[name] for name in names)).where(true())
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(table).from_select(names, chosen)


def run(connection: Connection, statement: Executable, rows: Rows) -> CursorResult[*tuple[Any, ...]]:
    """Return the result of a statement over given rows."""
    return connection.execute(statement, {_PARAMETER: _encode(rows).decode()})


def _extracted(value: ColumnElement[str], one: Column[Any]) -> ColumnElement[Any]:
    return func.json_extract(value, literal_column(f"'$.{one.name}'"), type_=one.type).label(one.name)
