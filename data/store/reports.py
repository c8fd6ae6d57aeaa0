"""A facility reports its seats; what is free by it is offered to those who wait, in the same transaction."""

from . import seats, waitlist
from .change import Change
from .seats import Seats


def report(change: Change, pool_id: str, number: int | None, version: int | None = None) -> Seats:
    """Write how many are free or held in a pool; ``number`` None is "same as last time".

    ``version``: the one the reporter saw. Raises ``Missing``, and ``Stale`` where the pool has changed since then.
    """
    seen = seats.seats(change.connection, pool_id)
    change.take(seen.facility_id, *waitlist.facilities_waiting(change.connection, [pool_id]))
    seats.write_report(change, pool_id, number, version)
    waitlist.offer(change, [pool_id])
    return seats.seats(change.connection, pool_id)
