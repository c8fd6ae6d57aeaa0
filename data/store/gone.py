"""Openings that are gone, and who still waits for one: nothing is offered to them, and somebody phones them.

They keep their place on the list: a folder loaded again may bring the opening back, and then their turn comes as ever.
"""

from sqlalchemy import exists, select

from . import tasks
from .change import Change
from .tables import openings, pools, waitlist, waits
from .tables import tasks as kept
from .words import TaskKind, WaitState

_awaited, _pool = waits.alias(), pools.alias()
GONE = exists().where(
    _awaited.c.entry_id == waitlist.c.entry_id,
    _pool.c.pool_id == _awaited.c.pool_id,
    _pool.c.opening_id.is_not(None),
    ~exists().where(openings.c.opening_id == _pool.c.opening_id),
)
"""An entry waits for an opening that is not in the directory any more; of a bundle, for one of its parts."""


def watch(change: Change) -> None:
    """Open a task for each who waits for an opening that is gone, and close it where the opening is back."""
    lost = select(waitlist.c.entry_id, waitlist.c.facility_id).where(
        waitlist.c.state.in_((WaitState.WAITING, WaitState.OFFERED)), GONE
    )
    found = {row.entry_id: row.facility_id for row in change.connection.execute(lost.order_by(waitlist.c.entry_id))}
    told = select(kept.c.subject).where(kept.c.kind == TaskKind.OPENING_GONE, kept.c.done_at.is_(None))
    for entry_id, facility_id in found.items():
        tasks.open_once(change, TaskKind.OPENING_GONE, entry_id, facility_id)
    for entry_id in set(change.connection.execute(told).scalars()) - found.keys():
        tasks.close(change, TaskKind.OPENING_GONE, entry_id, "back")
