"""Whether the secret in the settings is this ledger's: with another, old callers cannot be read, nor new ones later."""

from base64 import b64decode, b64encode

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from .database import Database
from .keys import Keys, Unreadable
from .tables import caller_keys, meta

CHECK = "secret"
"""The entry of ``meta`` that only the ledger's own secret opens."""
KEPT = select(meta.c.value).where(meta.c.name == CHECK)
OLDEST = select(caller_keys.c.caller_id, caller_keys.c.wrapped).order_by(caller_keys.c.caller_id).limit(1)
KEEP = {
    "postgresql": postgresql.insert(meta).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(meta).on_conflict_do_nothing(),
}
"""Of two who open a new ledger at once, the first decides."""


def is_of(database: Database, keys: Keys) -> bool:
    """Whether these keys are the ledger's; the first ever used become so, unless a caller is sealed by others."""
    with database.read() as connection:
        checked = connection.execute(KEPT).scalar()
        first = connection.execute(OLDEST).first() if checked is None else None
    try:
        if first is not None:
            keys.unwrap(first.caller_id, first.wrapped)
        if checked is None:
            checked = database.write(lambda connection: _kept(connection, keys))
        keys.unseal(b64decode(checked), CHECK)
    except Unreadable:
        return False
    return True


def _kept(connection: Connection, keys: Keys) -> str:
    made = b64encode(keys.seal(b"", CHECK)).decode()
    connection.execute(KEEP[connection.dialect.name], {"name": CHECK, "value": made})
    return str(connection.execute(KEPT).scalar_one())
