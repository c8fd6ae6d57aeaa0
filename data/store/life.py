"""The life of a placement after it was promised: held, confirmed, admitted; or declined, expired, missed, released.

Each step is one transaction that checks anew what it stands on, ends claims where the placement ends, offers what is
freed to those who wait, and appends one event to the chain of every facility it touches.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select, update

from . import offering, seats, tasks, waitlist
from .change import Change
from .errors import Stale, Unfit
from .exclusions import exclude
from .identity import identity, reachable
from .placements import MINUTE, ROW, Placement, draws_of, facilities_of, placement, read_placement
from .reasons import By, Effect, Reason, reasons
from .referrals import ruled_out
from .tables import claims, consents, placements
from .waitlist import Entry
from .words import CLAIMING, LIFE, Act, PlacementState

FOLLOW_UP = "follow-up"
"""The purpose a consent names when the caller may be called again."""
MOVED = "moved"
"""The reason of a decline whose person has another place by a reassignment."""


def act(
    change: Change, placement_id: str, what: Act, reason: str | None = None, version: int | None = None
) -> Placement:
    """Do something to a placement, as ``LIFE`` allows. ``reason``: of a decline. ``version``: the one the asker saw.

    Raises ``Missing``, ``Stale``, and ``Unfit`` where it is in no state for it, its time has run out, it was extended
    before, a decline names no reason, or what is accepted was ruled out for the caller since it was offered.
    """
    why = _reason(what, reason)
    seen = placement(change.connection, placement_id)
    facilities = facilities_of(change.connection, seen)
    if what is Act.HOLD:
        _refuse_ruled_out(change, seen, facilities)
    draws = draws_of(change.connection, placement_id)
    left = {entry.facility_id for entry in _left_by(change, seen, why)}
    change.take(*facilities, *left, *offering.facilities_waiting(change.connection, draws))
    before = _locked(change, placement_id, version)
    following = _following(change, before, what)
    after = _moved(change, before, what, following, reason)
    for facility in facilities:
        change.tell(facility, _kind(what), placement_id, reason=reason, until=after.expires_at)
    if following not in CLAIMING:
        _end(change, after, draws_of(change.connection, placement_id), why)
    return after


def give_up(change: Change, placement_id: str, version: int) -> Placement:
    """End a held or confirmed placement whose person is moved in this same transaction; return it as it was.

    The chains of its facilities must be taken. What it frees is offered to nobody yet. Raises ``Missing``, ``Stale``,
    and ``Unfit`` where it is not held or confirmed any more, or its time has run out.
    """
    before = _locked(change, placement_id, version)
    if before.state not in (PlacementState.HELD, PlacementState.CONFIRMED):
        raise Unfit("state", f"placement {placement_id} is {before.state}, and nobody is moved from it")
    if before.expires_at is not None and before.expires_at <= change.now:
        raise Unfit("expired", f"placement {placement_id} held until {before.expires_at}")
    after = _moved(change, before, Act.DECLINE, PlacementState.DECLINED, MOVED)
    for facility in facilities_of(change.connection, before):
        change.tell(facility, Act.DECLINE.value, placement_id, reason=MOVED, until=None)
    _release(change, after, draws_of(change.connection, placement_id))
    return before


def _kind(what: Act) -> str:
    return {Act.HOLD: "accepted"}.get(what, what.value)


def _reason(what: Act, code: str | None) -> Reason | None:
    if what is not Act.DECLINE:
        if code is not None:
            raise Unfit("reason", f"{what} takes no reason; only a decline does")
        return None
    if code is None or code not in reasons():
        raise Unfit("reason", f"{code!r} is no reason for a decline; allowed: {', '.join(reasons())}")
    return reasons()[code]


def _refuse_ruled_out(change: Change, seen: Placement, facilities: Sequence[str]) -> None:
    for facility in ruled_out(change.connection, change.keys, seen.referral_id).intersection(facilities):
        raise Unfit(
            "excluded", f"{facility} was ruled out for the caller since placement {seen.placement_id} was offered"
        )


def _locked(change: Change, placement_id: str, version: int | None) -> Placement:
    row = change.connection.execute(ROW.where(placements.c.placement_id == placement_id).with_for_update()).one()
    if version is not None and version != row.version:
        raise Stale("changed", f"placement {placement_id} is at version {row.version}, not {version}")
    return read_placement(row)


def _following(change: Change, before: Placement, what: Act) -> PlacementState:
    """The state that follows; what a clock or another hand did in between counts, not what the asker saw."""
    following = LIFE.get((before.state, what))
    if following is None:
        raise Unfit("state", f"placement {before.placement_id} is {before.state}; {what} is not possible then")
    ended = before.expires_at is not None and before.expires_at <= change.now
    if what is Act.EXPIRE and not ended:
        raise Unfit("early", f"placement {before.placement_id} holds until {before.expires_at}")
    if ended and what in (Act.HOLD, Act.EXTEND, Act.CONFIRM):
        raise Unfit("expired", f"placement {before.placement_id} held until {before.expires_at}")
    if what is Act.EXTEND and before.extended >= change.terms.hold_extensions:
        raise Unfit("extended", f"placement {before.placement_id} was extended before")
    return following


def _moved(change: Change, before: Placement, what: Act, following: PlacementState, reason: str | None) -> Placement:
    hold = change.terms.hold_minutes * MINUTE
    until = {Act.HOLD: change.now + hold, Act.EXTEND: (before.expires_at or change.now) + hold}.get(what)
    after = before._replace(
        state=following,
        reason=reason,
        changed_at=change.now,
        expires_at=until,
        extended=before.extended + (what is Act.EXTEND),
        version=before.version + 1,
    )
    changed = ("state", "reason", "changed_at", "expires_at", "extended", "version")
    change.connection.execute(
        update(placements)
        .where(placements.c.placement_id == before.placement_id)
        .values({name: getattr(after, name) for name in changed})
    )
    change.passed("moved")
    return after


def _end(change: Change, ended: Placement, draws: Mapping[str, int], why: Reason | None) -> None:
    """End the claims of a placement that claims no more, and draw the consequences."""
    admitted = ended.state is PlacementState.ADMITTED
    _release(change, ended, draws, admitted)
    if why is not None and why.effect is Effect.REPORT_FULL:
        for pool in seats.of(change.connection, draws):
            if pool.facility_id == ended.facility_id:  # of a bundle, each facility speaks for itself
                seats.report_full(change, pool.pool_id)
    waitlist.settle(change, ended, leaves=why is None or why.by is By.CALLER)
    if why is not None and why.effect is Effect.EXCLUDE_FACILITY:
        _exclude(change, ended, why)
    if admitted:
        _follow_up(change, ended)
    else:
        offering.offer(change, draws, besides=ended.referral_id)


def _release(change: Change, ended: Placement, draws: Mapping[str, int], admitted: bool = False) -> None:
    change.connection.execute(
        update(claims)
        .where(claims.c.placement_id == ended.placement_id, claims.c.ended_at.is_(None))
        .values(ended_at=change.now)
    )
    seats.release(change, draws, admitted)


def _left_by(change: Change, ended: Placement, why: Reason | None) -> list[Entry]:
    """What the caller waits for and does no more, since they are not matched there again."""
    if why is None or why.effect is not Effect.EXCLUDE_FACILITY:
        return []
    return waitlist.waiting_at(change.connection, ended.caller_id, ended.facility_id)


def _exclude(change: Change, ended: Placement, why: Reason) -> None:
    """Match the caller there no more, and take them off every list of it, that of what ended too.

    An entry whose chain is not taken was joined in between; it is taken off when it would be offered something.
    """
    for entry in _left_by(change, ended, why):
        if change.journal.has([entry.facility_id]):
            waitlist.take_off(change, entry)
    exclude(change, ended.caller_id, ended.facility_id, why)


def may_be_called(connection: Connection, caller_id: str, now: int) -> bool:
    """Whether a caller consents at a moment to be called again."""
    consented = select(consents.c.consent_id).where(
        consents.c.caller_id == caller_id,
        consents.c.purpose == FOLLOW_UP,
        consents.c.revoked_at.is_(None),
        consents.c.expires_at > now,
    )
    return connection.execute(consented).first() is not None


def _follow_up(change: Change, admitted: Placement) -> None:
    """Open the follow-up tasks, where the caller consents to be called, and has said how they may be reached."""
    if not may_be_called(change.connection, admitted.caller_id, change.now):
        return
    if reachable(identity(change.connection, change.keys, admitted.caller_id)):
        for kind in tasks.FOLLOW_UPS:
            tasks.open_once(change, kind, admitted.placement_id, admitted.facility_id)
