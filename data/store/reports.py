"""A facility reports its seats; what is free by it is offered to those who wait, in the same transaction."""

from collections.abc import Sequence
from typing import NamedTuple

from . import nearly_full, offering, seats
from .change import Change
from .errors import Refused
from .seats import Seats


class Said(NamedTuple):
    """What is said of one pool; ``number`` None is "same as last time". ``version``: the one the reporter saw."""

    pool_id: str
    number: int | None
    version: int | None = None


def report(change: Change, pool_id: str, number: int | None, version: int | None = None) -> Seats:
    """Write how many are free or held in a pool.

    Raises ``Missing``, and ``Stale`` where the pool has changed since, or there is no last time.
    """
    return report_all(change, [Said(pool_id, number, version)])[0]


def report_all(change: Change, said: Sequence[Said]) -> list[Seats]:
    """Write many reports, all or none; a refusal of several names the row, the first is 1. Raises as ``report``."""
    names = [one.pool_id for one in said]
    sites = {pool.facility_id for pool in seats.of(change.connection, names)}
    change.take(*sites, *offering.facilities_waiting(change.connection, names))
    for row, one in enumerate(said, 1):
        try:
            seats.write_report(change, *one)
        except Refused as refused:
            if len(said) == 1:
                raise
            raise type(refused)(refused.code, f"row {row}: {refused}") from refused
    nearly_full.watch(change, names)
    offering.offer(change, names)
    return [seats.seats(change.connection, name) for name in names]
