"""Moves of a reassignment: old placements end and new ones begin in one transaction, all of them or none.

Mostly it is one move; where each needs what others give up (see ``together``) there are several.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from . import life, tasks, waitlist
from .change import Change
from .errors import Unfit
from .placements import Placement, Wanted, facilities_of, placement, promise
from .reassignments import Move, carried_out, chosen
from .tables import waitlist as entries
from .words import PlacementState, TaskKind, WaitState


def take(change: Change, moves: Sequence[Move], facilities: Iterable[str]) -> None:
    """Lock the chains of all facilities that moves touch, those of the old placements and these."""
    old: set[str] = set()
    for move in moves:
        if move.placement_id is not None:
            old |= set(facilities_of(change.connection, placement(change.connection, move.placement_id)))
    change.take(*old, *facilities)


def carry_out(change: Change, wanted: Sequence[tuple[Move, Wanted]]) -> list[Placement]:
    """Move people to what they are to be promised, each in the state they had; who waited is offered it.

    All give up what they have before any is promised another place. The chains of both must be taken. Raises ``Unfit``
    and ``Stale`` where a move holds no more, and ``Taken`` where there is no room; then nothing was changed.
    """
    before = [_given_up(change, move) for move, _ in wanted]
    return [_taken_up(change, *each, old) for each, old in zip(wanted, before, strict=True)]


def _given_up(change: Change, move: Move) -> Placement | None:
    """End what somebody has; None where they have nothing, and wait."""
    if not chosen(change, move):
        raise Unfit("done", f"the move of {move.referral_id} was carried out or refused before")
    return None if move.placement_id is None else life.give_up(change, move.placement_id, move.version)


def _taken_up(change: Change, move: Move, wanted: Wanted, before: Placement | None) -> Placement:
    if before is None:
        made = _offered(change, move, wanted)
    else:
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
