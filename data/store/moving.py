"""One move of a reassignment: the old placement ends and the new one begins in one transaction, or neither does."""

from sqlalchemy import select

from . import life, tasks, waitlist
from .change import Change
from .errors import Unfit
from .placements import Placement, Wanted, facilities_of, placement, promise
from .reassignments import Move, carried_out, chosen
from .tables import waitlist as entries
from .words import PlacementState, TaskKind, WaitState


def take(change: Change, move: Move, facilities: tuple[str, ...]) -> None:
    """Lock the chains of all facilities that a move touches, those of the old placement and these."""
    old: tuple[str, ...] = ()
    if move.placement_id is not None:
        old = facilities_of(change.connection, placement(change.connection, move.placement_id))
    change.take(*old, *facilities)


def carry_out(change: Change, move: Move, wanted: Wanted) -> Placement:
    """Move somebody to what they are to be promised, in the state they had; who waited is offered it.

    The chains of both must be taken. Raises ``Unfit`` and ``Stale`` where the move holds no more, and ``Taken`` where
    there is no room; then nothing was changed.
    """
    if not chosen(change, move):
        raise Unfit("done", f"the move of {move.referral_id} was carried out or refused before")
    if move.placement_id is None:
        made = _offered(change, move, wanted)
    else:
        before = life.give_up(change, move.placement_id, move.version)
        made = promise(change, wanted._replace(entry_id=before.entry_id), before.state)
    carried_out(change, move, made.placement_id)
    tasks.open_once(change, TaskKind.MOVED, made.placement_id, made.facility_id)
    change.passed("carried out")
    return made


def _offered(change: Change, move: Move, wanted: Wanted) -> Placement:
    waits = select(entries.c.entry_id, entries.c.opening_id).where(
        entries.c.referral_id == move.referral_id, entries.c.state == WaitState.WAITING
    )
    waiting = {row.opening_id: row.entry_id for row in change.connection.execute(waits)}
    if not waiting:
        raise Unfit("left", f"referral {move.referral_id} waits no more")
    entry = waiting.get(wanted.opening_id)
    made = promise(change, wanted._replace(entry_id=entry), PlacementState.OFFERED)
    if entry is not None:
        waitlist.offered(change, entry)
    return made
