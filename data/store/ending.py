"""What ends by itself: offers and holds whose time has run out, each in a transaction of its own that checks anew."""

from functools import partial

from sqlalchemy import Connection, select

from . import offering
from .change import Change, Store
from .errors import Busy, Refused
from .life import act
from .placements import Placement
from .tables import placements
from .words import Act

AT_ONCE = 500
"""Placements that one run ends; the next run ends the others."""


def due(connection: Connection, now: int) -> list[str]:
    """Return the placements whose time has run out, the longest first."""
    ended = select(placements.c.placement_id).where(placements.c.expires_at <= now)
    return list(connection.execute(ended.order_by(placements.c.expires_at).limit(AT_ONCE)).scalars())


def end_due(store: Store, by: str = "clock") -> list[Placement]:
    """End every offer and hold whose time has run out; what they free is offered to those who wait.

    One that was confirmed or extended in between is left alone. Raises ``Busy``.
    """
    with store.database.read() as connection:
        found = due(connection, store.clock())
    ended = []
    for placement_id in found:
        try:
            ended.append(store.write(by, partial(act, placement_id=placement_id, what=Act.EXPIRE)))
        except Busy:
            raise
        except Refused:
            continue
    return ended


def offer_free(store: Store, by: str = "clock") -> list[Placement]:
    """Offer what is free to those who wait for it: whoever joined while it was freed, or was passed over then."""
    with store.database.read() as connection:
        found = offering.to_be_offered(connection)
    offered: list[Placement] = []
    for pool_id, facility_id in found:
        offered += store.write(by, partial(_offer, pool_id=pool_id, facility_id=facility_id))
    return offered


def _offer(change: Change, pool_id: str, facility_id: str) -> list[Placement]:
    change.take(facility_id, *offering.facilities_waiting(change.connection, [pool_id]))
    return offering.offer(change, [pool_id])
