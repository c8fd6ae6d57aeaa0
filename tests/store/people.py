"""Callers and referrals for tests, each under a key of its own; what the chains tell; and all a ledger holds."""

from data.store.callers import Caller, create
from data.store.change import Change, Store
from data.store.placements import Placement, Wanted, promise
from data.store.referrals import Referral, refer
from data.store.tables import events, metadata
from sqlalchemy import select

ASKS = {"zip": "43215", "need": "outpatient", "medications": "methadone", "ages": "34", "pregnant": "yes"}


def made(store: Store, **cells: str) -> Caller:
    return store.write("advisor", lambda change: create(change, ASKS | cells))


def referred(store: Store, caller_id: str, **cells: str) -> Referral:
    return store.write("advisor", lambda change: refer(change, caller_id, cells))


def told(store: Store, chain: str = "user:advisor") -> list[tuple[str, str, str]]:
    with store.database.read() as connection:
        found = connection.execute(select(events).where(events.c.chain == chain).order_by(events.c.seq))
        return [(row.kind, row.subject, row.body) for row in found]


def all_there_is(store: Store) -> bytes:
    """Every cell of every table, one after the other."""
    with store.database.read() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)


def wanted(one: Referral, *pool_ids: str) -> Wanted:
    draws = dict.fromkeys(pool_ids or ("seats/a/1",), 1)
    return Wanted(one.referral_id, one.caller_id, ("a",), "a/1", draws, b"sealed", "g")


def placed(store: Store, one: Referral) -> Placement:
    """Hold for this referral a seat of facility ``a``."""

    def work(change: Change) -> Placement:
        change.take("a")
        return promise(change, wanted(one))

    return store.write("advisor", work)
