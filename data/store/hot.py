"""Statements of a hold: written in SQLAlchemy as all others, compiled once, and then given to the driver as they are.

A hold runs a dozen statements; what SQLAlchemy does about each takes three times as long as SQLite. Errors are told as
SQLAlchemy tells them, so that whoever catches them need not know.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

Values = Mapping[str, Any]


class Compiled(NamedTuple):
    """A statement as one driver takes it: its text, the order of its values, and those that are always the same."""

    text: str
    order: list[str] | None
    fixed: Values

    def given(self, values: Values) -> Any:
        """Return values as the driver takes them: by position, or by name."""
        every = {**self.fixed, **values} if self.fixed else values
        return every if self.order is None else [every[name] for name in self.order]


class Hot:
    """One statement; its values are named as its bound parameters, and are whole numbers, texts and bytes alone."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: ClauseElement) -> None:
        self._statement, self._compiled = statement, dict[str, Compiled]()

    def __call__(self, connection: Connection, values: Values | Sequence[Values]) -> Any:
        """Run it, for one row of values or for many; the driver's cursor, from which rows come as tuples."""
        made = self._compiled.get(connection.dialect.name) or self._made(connection)
        cursor = connection.connection.cursor()
        try:
            if isinstance(values, Mapping):
                cursor.execute(made.text, made.given(values))
            else:
                cursor.executemany(made.text, [made.given(row) for row in values])
        except connection.dialect.loaded_dbapi.Error as error:
            raise _told(connection, made.text, error) from error
        return cursor

    def _made(self, connection: Connection) -> Compiled:
        dialect: Any = connection.dialect
        made: Any = self._statement.compile(dialect=dialect)
        fixed = {name: value for name, value in made.params.items() if value is not None}
        compiled = Compiled(str(made), made.positiontup if made.positional else None, fixed)
        self._compiled[dialect.name] = compiled
        return compiled


def _told(connection: Connection, text: str, error: Any) -> BaseException:
    dialect: Any = connection.dialect
    told: BaseException = DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, dialect=dialect)
    return told
