"""Seats: what facilities report, what is claimed of it, and what is therefore free.

Reported are the seats without an admitted person, those held for us included. ``free = max(0, reported - claims)``. A
report may fall below what is claimed: then somebody was promised too much, and a task says so; it is new claims that
are refused.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, literal, select, update

from . import directory, nearly_full, reported
from .change import Change
from .errors import Missing, Stale, Taken, Unfit
from .hot import Hot
from .nearly_full import SEATS
from .tables import pools


class Seats(NamedTuple):
    """A pool as the ledger knows it. ``reported`` None: not reported. ``version`` rises with every change."""

    pool_id: str
    facility_id: str
    reported: int | None
    reported_at: int | None
    simulated: int
    claims: int
    version: int

    @property
    def free(self) -> int | None:
        """What can still be promised; None where nothing is reported."""
        return None if self.reported is None else max(0, self.reported - self.claims)


POOL = select(*(pools.c[name] for name in Seats._fields))
ONE = POOL.where(pools.c.pool_id == bindparam("pool"))
LOCK = ONE.with_for_update()
SINCE = Hot(POOL.where(pools.c.changed_at >= bindparam("since")))
CLAIM = Hot(
    update(pools)
    .where(pools.c.pool_id == bindparam("pool"), pools.c.reported - pools.c.claims >= bindparam("draws"))
    .values(claims=pools.c.claims + bindparam("draws"), version=pools.c.version + 1, changed_at=bindparam("at"))
)
"""The guard: a row changes only where there is room, whatever was read before."""
RELEASE = (
    update(pools)
    .where(pools.c.pool_id == bindparam("pool"))
    .values(claims=pools.c.claims - bindparam("draws"), version=pools.c.version + 1, changed_at=bindparam("at"))
)
_LEFT: ColumnElement[int] = pools.c.reported - bindparam("draws")
ADMIT = (
    update(pools)
    .where(pools.c.pool_id == bindparam("pool"))
    .values(
        claims=pools.c.claims - bindparam("draws"),
        reported=case((_LEFT < 0, 0), else_=_LEFT),
        version=pools.c.version + 1,
        changed_at=bindparam("at"),
    )
)
REPORT = (
    update(pools)
    .where(pools.c.pool_id == bindparam("pool"))
    .values(
        reported=bindparam("number"),
        reported_at=bindparam("at"),
        simulated=0,
        version=pools.c.version + 1,
        changed_at=bindparam("at"),
    )
)


def seats(connection: Connection, pool_id: str, lock: bool = False) -> Seats:
    """Return one pool. Raises ``Missing``."""
    row = connection.execute(LOCK if lock else ONE, {"pool": pool_id}).first()
    if row is None:
        raise Missing("pool", f"no pool {pool_id}")
    return Seats(*row)


def claim(change: Change, draws: Mapping[str, int]) -> None:
    """Claim from every pool, in the order of their ids. Raises ``Taken`` where one has no room, or ``Missing``."""
    for pool_id, number in sorted(draws.items()):
        found = CLAIM(change.connection, {"pool": pool_id, "draws": number, "at": change.now})
        if found.rowcount != 1:
            raise _refused(seats(change.connection, pool_id), number)
        change.passed("claimed")


def _refused(pool: Seats, draws: int) -> Taken:
    if pool.reported is None:
        return Taken("unreported", f"{pool.pool_id} is not reported; ask the facility, and report it first")
    return Taken("taken", f"{pool.pool_id} has {pool.free} free, {draws} needed")


def release(change: Change, draws: Mapping[str, int], admitted: bool = False) -> None:
    """End claims, in the order of their pools' ids; of an admitted person the seat is no longer reported either."""
    for pool_id, number in sorted(draws.items()):
        change.connection.execute(ADMIT if admitted else RELEASE, {"pool": pool_id, "draws": number, "at": change.now})
        after = seats(change.connection, pool_id)
        if admitted:
            _record(change, after, "admission")
        _watch(change, after)
        change.passed("unclaimed")
    if admitted:
        nearly_full.watch(change, draws)


def write_report(
    change: Change, pool_id: str, number: int | None, version: int | None = None, kind: str = "report"
) -> Seats:
    """Write what a facility reports of a pool whose chain is taken; None is "same as last time".

    ``version``: the one the reporter saw. Raises ``Missing``; ``Stale`` when the pool has changed since; ``Unfit``
    when there is no last time.
    """
    before = seats(change.connection, pool_id, lock=True)
    if version is not None and version != before.version:
        raise Stale("changed", f"{pool_id} is at version {before.version}; the report was made on version {version}")
    said = before.reported if number is None else number
    if said is None:
        raise Unfit("unreported", f"{pool_id} was never reported; say how many")
    change.connection.execute(REPORT, {"pool": pool_id, "number": said, "at": change.now})
    after = before._replace(reported=said, reported_at=change.now, simulated=0, version=before.version + 1)
    if before.reported is None and not pool_id.startswith(SEATS):
        directory.moved(change.connection)  # a pool that was unknown has no place in a directory read before
    _record(change, after, "same" if number is None else kind)
    change.passed("reported")
    change.tell(before.facility_id, "reported", pool_id, number=said, before=before.reported, claims=before.claims)
    _watch(change, after)
    return after


def _watch(change: Change, pool: Seats) -> None:
    reported.watch(change, pool.pool_id, pool.facility_id, pool.claims - (pool.reported or 0))


def report_full(change: Change, pool_id: str) -> None:
    """Write that a facility said it has none free: what is claimed of the pool is all there is."""
    pool = seats(change.connection, pool_id, lock=True)
    write_report(change, pool_id, min(pool.claims, pool.reported or 0), kind="decline")
    nearly_full.watch(change, [pool_id])


def _record(change: Change, pool: Seats, kind: str) -> None:
    reported.record(change, {pool.pool_id: pool.reported or 0}, kind)


def changed(connection: Connection, since: int) -> list[Seats]:
    """Return the pools that changed at or after a moment: what a worker's directory has to follow."""
    return [Seats(*row) for row in SINCE(connection, {"since": since}).fetchall()]


def of(connection: Connection, pool_ids: Iterable[str]) -> list[Seats]:
    """Return these pools, in the order of their ids."""
    return [
        Seats(*row) for row in connection.execute(POOL.where(pools.c.pool_id.in_(list(pool_ids))).order_by("pool_id"))
    ]


def overpromised(connection: Connection) -> list[Seats]:
    """Return the pools of which more is claimed than is reported."""
    return [
        Seats(*row)
        for row in connection.execute(POOL.where(pools.c.claims > func.coalesce(pools.c.reported, literal(0))))
    ]
