"""What is free is offered first to those who wait for it, in legal order (45 CFR 96.131).

Nobody is offered an opening that is gone, and who has ruled a facility out since they joined waits there no more.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, exists, or_, select

from . import seats, waitlist
from .change import Change
from .errors import Erased, Taken, Unfit
from .gone import GONE
from .pages import Place, page
from .placements import Placement, Wanted, promise
from .referrals import ruled_out
from .tables import pools, waits
from .tables import waitlist as entries
from .waitlist import ORDER, PLACED, ROW, Entry
from .words import PlacementState, WaitState

AT_ONCE = 50
"""Entries read at a time."""
_needed, _needed_of = waits.alias(), pools.alias()
FULL = exists().where(
    _needed.c.entry_id == entries.c.entry_id,
    _needed_of.c.pool_id == _needed.c.pool_id,
    or_(_needed_of.c.reported.is_(None), _needed_of.c.reported - _needed_of.c.claims < _needed.c.draws),
)
"""Some pool that an entry draws on has no room for it."""
OFFERABLE = (entries.c.state == WaitState.WAITING, ~PLACED, ~GONE, ~FULL)


def offer(change: Change, freed: Iterable[str], besides: str | None = None) -> list[Placement]:
    """Offer what is free in these pools to those who wait for it; ``besides``: a referral passed over this time.

    An entry whose facilities' chains are not taken is passed over: somebody joined in between, and the next run of the
    job that offers finds them.
    """
    wanted, offered = sorted(set(freed)), []
    for entry in _waiting_on(change.connection, wanted):
        if entry.referral_id == besides:
            continue
        if not any(pool.free for pool in seats.of(change.connection, wanted)):
            break
        placement = _offered(change, entry)
        if placement is not None:
            offered.append(placement)
    return offered


def to_be_offered(connection: Connection) -> list[tuple[str, str]]:
    """Return the pools of all who wait and for whom there is room, each with its facility."""
    found = (
        select(pools.c.pool_id, pools.c.facility_id)
        .join(waits, waits.c.pool_id == pools.c.pool_id)
        .join(entries, entries.c.entry_id == waits.c.entry_id)
        .where(*OFFERABLE)
    )
    return [(row.pool_id, row.facility_id) for row in connection.execute(found.distinct().order_by(pools.c.pool_id))]


def facilities_waiting(connection: Connection, pool_ids: Iterable[str]) -> set[str]:
    """Return the facilities of everybody who waits for something in these pools: whose chains an offer may touch."""
    own = (
        select(waits.c.entry_id)
        .join(entries)
        .where(waits.c.pool_id.in_(sorted(pool_ids)), entries.c.state == WaitState.WAITING)
    )
    found = select(pools.c.facility_id).join(waits).where(waits.c.entry_id.in_(own)).distinct()
    return {name for (name,) in connection.execute(found)}


def _waiting_on(connection: Connection, pool_ids: list[str]) -> Iterator[Entry]:
    """Those who wait for something in these pools and for whom there is room, next first, so many read at a time."""
    on = select(waits.c.entry_id).where(waits.c.pool_id.in_(pool_ids))
    after: Place | None = None
    while True:
        found = page(connection, ROW.where(entries.c.entry_id.in_(on), *OFFERABLE), ORDER, after, AT_ONCE)
        yield from map(waitlist.read_entry, found.rows)
        after = found.last
        if after is None:
            return


def _offered(change: Change, entry: Entry) -> Placement | None:
    """Offer an entry its opening, if every pool it needs still has room; else leave all as it was."""
    facilities = waitlist.facilities_of(change.connection, entry)
    if not change.journal.has(facilities):
        return None
    if not _may_be_sent(change, entry, facilities):
        waitlist.take_off(change, entry)
        return None
    wanted = Wanted(
        entry.referral_id, entry.caller_id, facilities, entry.opening_id,
        waitlist.draws_of(change.connection, entry.entry_id),
        waitlist.decision_of(change.connection, entry.entry_id), entry.given_id, entry_id=entry.entry_id,
    )  # fmt: skip
    try:
        with change.connection.begin_nested():
            placement = promise(change, wanted, PlacementState.OFFERED)
    except (Taken, Unfit):
        return None
    waitlist.offered(change, entry.entry_id)
    return placement


def _may_be_sent(change: Change, entry: Entry, facilities: Iterable[str]) -> bool:
    """Whether the caller is still known, and has ruled out none of these facilities."""
    try:
        return ruled_out(change.connection, change.keys, entry.referral_id).isdisjoint(facilities)
    except Erased:
        return False
