"""The waitlist: who waits for which opening, and in which order (45 CFR 96.131). What is freed, ``offering`` offers.

Within a tier, who missed fewer offers comes first, then who has waited longer. Somebody with an active placement is
offered nothing.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, exists, func, insert, or_, select, update

from matcher.vocabulary import Tier

from . import seats, tasks
from .change import Change, fresh_id
from .errors import Missing, Unfit
from .pages import Place, page, up_to
from .placements import Placement, Wanted
from .tables import placements, pools, waitlist, waits
from .words import CLAIMING, PlacementState, TaskKind, WaitState

LEGAL = (TaskKind.INTERIM_SERVICES, TaskKind.ADMISSION, TaskKind.LATEST_ADMISSION)
UNTIL_OFF = (*LEGAL, TaskKind.OPENING_GONE)
"""Tasks that end where somebody waits no more."""


class Entry(NamedTuple):
    """One entry. ``since``, ``changed_at``: seconds since 1970 in UTC. ``missed``: offers that ran out unanswered."""

    entry_id: str
    referral_id: str
    caller_id: str
    given_id: str
    facility_id: str
    opening_id: str
    tier: int
    since: int
    missed: int
    state: WaitState
    changed_at: int


ROW = select(*(waitlist.c[name] for name in Entry._fields))
ORDER = (waitlist.c.tier, waitlist.c.missed, waitlist.c.since, waitlist.c.entry_id)
PLACED = exists().where(placements.c.referral_id == waitlist.c.referral_id, placements.c.state.in_(CLAIMING))


def join(change: Change, wanted: Wanted, tier: int) -> Entry:
    """Let a referral wait for an option; the chains of its facilities must be taken.

    Raises ``Unfit`` where it waits for that opening already, and ``Missing`` where a pool is unknown.
    """
    same = select(waitlist.c.entry_id).where(
        waitlist.c.referral_id == wanted.referral_id,
        waitlist.c.opening_id == wanted.opening_id,
        waitlist.c.state.in_((WaitState.WAITING, WaitState.OFFERED)),
    )
    if change.connection.execute(same).first() is not None:
        raise Unfit("waiting", f"referral {wanted.referral_id} waits for {wanted.opening_id} already")
    for pool in wanted.draws:
        seats.seats(change.connection, pool)
    now = change.now
    entry = Entry(
        fresh_id(), wanted.referral_id, wanted.caller_id, wanted.given_id, wanted.facilities[0], wanted.opening_id,
        tier, now, 0, WaitState.WAITING, now,
    )  # fmt: skip
    change.connection.execute(insert(waitlist), {**entry._asdict(), "decision": wanted.decision})
    rows = [{"entry_id": entry.entry_id, "pool_id": pool, "draws": number} for pool, number in wanted.draws.items()]
    change.connection.execute(insert(waits), rows)
    change.passed("waiting")
    for facility in wanted.facilities:
        change.tell(facility, "waiting", entry.entry_id, opening=wanted.opening_id)
    if tier != Tier.ALL_OTHERS.value:
        for kind in LEGAL:
            tasks.open_once(change, kind, entry.entry_id, entry.facility_id)
    return entry


def leave(change: Change, entry_id: str) -> Entry:
    """Take an entry off the list. Raises ``Missing``, and ``Unfit`` where it does not wait."""
    seen = entry(change.connection, entry_id)
    change.take(seen.facility_id)
    row = change.connection.execute(ROW.where(waitlist.c.entry_id == entry_id).with_for_update()).one()
    if row.state != WaitState.WAITING:
        raise Unfit("state", f"entry {entry_id} is {row.state}, and does not wait")
    return take_off(change, read_entry(row))


def take_off(change: Change, entry: Entry) -> Entry:
    """Take an entry that waits off the list; the chain of its facility must be taken."""
    _set(change, [entry.entry_id], WaitState.LEFT)
    change.tell(entry.facility_id, "left", entry.entry_id)
    return entry._replace(state=WaitState.LEFT, changed_at=change.now)


def waiting_at(connection: Connection, caller_id: str, facility_id: str) -> list[Entry]:
    """Return what a caller waits for at a facility, or in a bundle of which it is a part."""
    part = select(waits.c.entry_id).join(pools).where(pools.c.facility_id == facility_id)
    there = or_(waitlist.c.facility_id == facility_id, waitlist.c.entry_id.in_(part))
    found = ROW.where(waitlist.c.caller_id == caller_id, waitlist.c.state == WaitState.WAITING, there)
    return [read_entry(row) for row in connection.execute(found.order_by(*ORDER))]


def entry(connection: Connection, entry_id: str) -> Entry:
    """Return one entry. Raises ``Missing``."""
    row = connection.execute(ROW.where(waitlist.c.entry_id == entry_id)).first()
    if row is None:
        raise Missing("entry", f"no entry {entry_id} on the waitlist")
    return read_entry(row)


def queue(
    connection: Connection, opening_id: str, after: Place | None = None, limit: int = 100
) -> tuple[list[Entry], Place | None]:
    """Return who waits for an opening behind a place, next first; and the last one's place, None where no more follow.

    Somebody who missed an offer meanwhile stands further behind, and is told there again.
    """
    found = page(connection, _waiting(opening_id), ORDER, after, limit)
    return [read_entry(row) for row in found.rows], found.last


def standing(connection: Connection, entry: Entry) -> int:
    """Return how many wait for an entry's opening before it and itself."""
    place = (entry.tier, entry.missed, entry.since, entry.entry_id)
    before = _waiting(entry.opening_id).where(up_to(ORDER, place)).subquery()
    return connection.execute(select(func.count()).select_from(before)).scalar_one()


def _waiting(opening_id: str) -> Select[Any]:
    return ROW.where(waitlist.c.opening_id == opening_id, waitlist.c.state == WaitState.WAITING)


def offered(change: Change, entry_id: str) -> None:
    """Say that an entry is offered what it waits for."""
    _set(change, [entry_id], WaitState.OFFERED)


def settle(change: Change, ended: Placement, leaves: bool) -> None:
    """Say what becomes of the entry an ended placement served, and of all of the referral once it is admitted.

    An offer or hold that ran out goes back to waiting, behind those who missed fewer. ``leaves``: the caller's word
    ended it, else the facility's or ours did.
    """
    if ended.state is PlacementState.ADMITTED:
        own = select(waitlist.c.entry_id).where(
            waitlist.c.referral_id == ended.referral_id, waitlist.c.state.in_((WaitState.WAITING, WaitState.OFFERED))
        )
        _set(change, [found for (found,) in change.connection.execute(own)], WaitState.PLACED)
    elif ended.entry_id is None:
        return
    elif ended.state is PlacementState.EXPIRED:
        _set(change, [ended.entry_id], WaitState.WAITING)
        missed = update(waitlist).where(waitlist.c.entry_id == ended.entry_id).values(missed=waitlist.c.missed + 1)
        change.connection.execute(missed)
    else:
        _set(change, [ended.entry_id], WaitState.LEFT if leaves else WaitState.WAITING)


def _set(change: Change, entry_ids: list[str], state: WaitState) -> None:
    change.connection.execute(
        update(waitlist).where(waitlist.c.entry_id.in_(entry_ids)).values(state=state, changed_at=change.now)
    )
    if state in (WaitState.PLACED, WaitState.LEFT):
        for entry_id in entry_ids:
            for kind in UNTIL_OFF:
                tasks.close(change, kind, entry_id, state.value)


def draws_of(connection: Connection, entry_id: str) -> dict[str, int]:
    """Return what an entry waits for, by pool."""
    found = select(waits.c.pool_id, waits.c.draws).where(waits.c.entry_id == entry_id)
    return {row.pool_id: row.draws for row in connection.execute(found)}


def decision_of(connection: Connection, entry_id: str) -> bytes:
    """Return the decision of an entry, sealed under its caller's key."""
    found = select(waitlist.c.decision).where(waitlist.c.entry_id == entry_id)
    decision: bytes = connection.execute(found).scalar_one()
    return decision


def facilities_of(connection: Connection, entry: Entry) -> tuple[str, ...]:
    """Return the facilities an entry touches, its own first."""
    found = select(pools.c.facility_id).join(waits).where(waits.c.entry_id == entry.entry_id)
    others = {name for (name,) in connection.execute(found)} - {entry.facility_id}
    return entry.facility_id, *sorted(others)


def read_entry(row: object) -> Entry:
    """Return a row of ``ROW`` as what it is."""
    values = row._mapping  # type: ignore[attr-defined]
    return Entry(**(dict(values) | {"state": WaitState(values["state"])}))
