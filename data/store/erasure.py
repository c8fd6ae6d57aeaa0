"""A caller is erased: their key is gone, and with it all that is sealed under it, in whatever copy it stands.

What remains are ids, codes and moments: that somebody was placed, and when; never who.
"""

from sqlalchemy import Connection, delete, select, update

from . import tasks, waitlist
from .change import Change
from .errors import Busy, Unfit
from .seals import locked
from .tables import caller_keys, callers, consents, contacts, identities, identity_marks, placements
from .tables import waitlist as entries
from .words import CLAIMING, WaitState


def erase(change: Change, caller_id: str) -> None:
    """Erase a caller, take them off every waitlist, and end their consents and follow-up.

    Raises ``Missing``; ``Erased`` where that was done before; ``Unfit`` while a placement of theirs is active, since
    somebody expects them: release it first; ``Busy`` where they joined a waitlist at this moment.
    """
    facilities = {facility for _, facility in _waiting(change.connection, caller_id)}
    change.take_own(*facilities)
    locked(change, caller_id)
    _refuse_while_expected(change.connection, caller_id)
    for entry_id, facility in _waiting(change.connection, caller_id):
        if not change.journal.has([facility]):
            raise Busy("busy", f"caller {caller_id} joined a waitlist just now; erase them again")
        waitlist.leave(change, entry_id)
    _end_follow_up(change, caller_id)
    for table in (caller_keys, identities, identity_marks, contacts):
        change.connection.execute(delete(table).where(table.c.caller_id == caller_id))
        change.passed("deleted")
    change.connection.execute(update(callers).where(callers.c.caller_id == caller_id).values(erased_at=change.now))
    change.tell_own("erased", caller_id)


def _waiting(connection: Connection, caller_id: str) -> list[tuple[str, str]]:
    """Entry and facility of every opening the caller waits for."""
    found = select(entries.c.entry_id, entries.c.facility_id).where(
        entries.c.caller_id == caller_id, entries.c.state == WaitState.WAITING
    )
    return [(row.entry_id, row.facility_id) for row in connection.execute(found.order_by(entries.c.entry_id))]


def _refuse_while_expected(connection: Connection, caller_id: str) -> None:
    active = select(placements.c.placement_id).where(
        placements.c.caller_id == caller_id, placements.c.state.in_(CLAIMING)
    )
    row = connection.execute(active).first()
    if row is not None:
        raise Unfit("active", f"placement {row.placement_id} is active; release it before its caller is erased")


def _end_follow_up(change: Change, caller_id: str) -> None:
    """End consents, and the tasks of calling somebody whose number nobody has any more."""
    mine = update(consents).where(consents.c.caller_id == caller_id, consents.c.revoked_at.is_(None))
    change.connection.execute(mine.values(revoked_at=change.now))
    tasks.close_follow_ups(change, caller_id, "erased")
