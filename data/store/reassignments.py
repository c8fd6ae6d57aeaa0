"""A reassignment in the ledger: asked for, proposed as a plan that a person reads, chosen from, and carried out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from .change import Change, fresh_id
from .errors import Missing, Unfit
from .tables import moves, pools, reassignments
from .words import MoveState, ReassignmentState

TRIES = 3
"""Times a job is begun that never came to an end, before it is given up."""
OPEN = (ReassignmentState.PROPOSED, ReassignmentState.APPLIED)
"""States in which moves may be chosen."""
UNDER_WAY = (ReassignmentState.ASKED, ReassignmentState.APPLYING)


class Reassignment(NamedTuple):
    """One reassignment. ``touched``: ids of pools, none where it is for those overpromised and those who wait.

    ``weight``, ``most``: as the engine takes them, None where nobody said. ``told``: what was proven, once proposed.
    ``tried``: times a job has begun on it since it was asked or chosen. ``code``: why it failed.
    """

    reassignment_id: str
    state: ReassignmentState
    asked_by: str
    asked_at: int
    weight: int | None
    most: int | None
    touched: tuple[str, ...]
    given_id: str | None
    told: Mapping[str, Any] | None
    code: str | None
    chosen_by: str | None
    tried: int
    changed_at: int
    version: int


class Move(NamedTuple):
    """What becomes of one referral. ``before``, ``after``: opening ids, "" for none; ``version``: of its placement.

    ``content``: what the engine was given of it and the minutes, sealed. ``code``: why it was refused. ``became``: the
    new placement.
    """

    reassignment_id: str
    referral_id: str
    caller_id: str
    placement_id: str | None
    version: int
    before: str
    after: str
    why: str
    pool_id: str
    content: bytes
    state: MoveState
    code: str | None
    became: str | None
    changed_at: int


ROW = select(*(reassignments.c[name] for name in Reassignment._fields))
ORDER = (moves.c.referral_id,)
MOVE = select(*(moves.c[name] for name in Move._fields))


def ask(change: Change, weight: int | None, most: int | None, touched: Sequence[str]) -> Reassignment:
    """Ask for a reassignment. Raises ``Missing`` where a pool is unknown."""
    known = set(change.connection.execute(select(pools.c.pool_id).where(pools.c.pool_id.in_(touched))).scalars())
    for pool in touched:
        if pool not in known:
            raise Missing("pool", f"no pool {pool}")
    now = change.now
    made = Reassignment(
        fresh_id(), ReassignmentState.ASKED, change.by, now, weight, most, tuple(touched), None, None, None, None,
        0, now, 1,
    )  # fmt: skip
    change.connection.execute(insert(reassignments), made._asdict() | {"touched": json.dumps(made.touched)})
    change.tell_own("reassignment-asked", made.reassignment_id)
    return made


def pools_of(connection: Connection, facility_ids: Sequence[str]) -> list[str]:
    """Return the pools of these facilities. Raises ``Missing`` where one has none."""
    found = connection.execute(
        select(pools.c.pool_id, pools.c.facility_id)
        .where(pools.c.facility_id.in_(facility_ids))
        .order_by(pools.c.pool_id)
    ).all()
    known = {row.facility_id for row in found}
    for facility in facility_ids:
        if facility not in known:
            raise Missing("facility", f"no facility {facility}")
    return [row.pool_id for row in found]


def reassignment(connection: Connection, reassignment_id: str, lock: bool = False) -> Reassignment:
    """Return a reassignment. Raises ``Missing``."""
    found = ROW.where(reassignments.c.reassignment_id == reassignment_id)
    row = connection.execute(found.with_for_update() if lock else found).first()
    if row is None:
        raise Missing("reassignment", f"no reassignment {reassignment_id}")
    return _read(row)


def under_way(connection: Connection, before: int) -> list[Reassignment]:
    """Return those on which a job should be at work and nothing has changed since a moment, the oldest first."""
    found = ROW.where(reassignments.c.state.in_(UNDER_WAY), reassignments.c.changed_at < before)
    return [_read(row) for row in connection.execute(found.order_by(reassignments.c.changed_at))]


def begin(change: Change, reassignment_id: str, state: ReassignmentState) -> Reassignment | None:
    """Say that a job begins on it, where it stands so; None where there is nothing to do, or it is given up."""
    one = reassignment(change.connection, reassignment_id, lock=True)
    if one.state is not state:
        return None
    if one.tried >= TRIES:
        fail(change, one, "given-up")
        return None
    return _set(change, one, tried=one.tried + 1)


def still(change: Change, reassignment_id: str) -> None:
    """Say that a job is still at work on it; nothing where none should be."""
    same = reassignments.c.reassignment_id == reassignment_id, reassignments.c.state.in_(UNDER_WAY)
    change.connection.execute(update(reassignments).where(*same).values(changed_at=change.now))


def propose(
    change: Change, reassignment_id: str, given_id: str, told: Mapping[str, Any], found: Iterable[Move]
) -> None:
    """Keep a plan, unless another run of the job has done so."""
    one = reassignment(change.connection, reassignment_id, lock=True)
    if one.state is not ReassignmentState.ASKED:
        return
    rows = [move._asdict() for move in found]
    if rows:
        change.connection.execute(insert(moves), rows)
    change.passed("planned")
    _set(change, one, state=ReassignmentState.PROPOSED, given_id=given_id, told=json.dumps(told))
    change.tell_own("reassignment-proposed", reassignment_id, moves=told["changes"], waiting=told["waiting"])


def choose(change: Change, reassignment_id: str, referral_ids: Sequence[str] | None) -> Reassignment:
    """Choose moves to be carried out, None: all that are proposed.

    Raises ``Missing`` where one is none, and ``Unfit`` where it is proposed no more.
    """
    one = reassignment(change.connection, reassignment_id, lock=True)
    if one.state not in OPEN:
        raise Unfit("state", f"reassignment {reassignment_id} is {one.state}; nothing can be chosen then")
    proposed = {move.referral_id for move in moves_of(change.connection, reassignment_id, (MoveState.PROPOSED,))}
    wanted = sorted(proposed) if referral_ids is None else list(dict.fromkeys(referral_ids))
    for referral in wanted:
        if referral not in proposed:
            raise Missing("move", f"no move of {referral} is proposed in {reassignment_id}")
    _mark(change, reassignment_id, wanted, MoveState.CHOSEN)
    change.tell_own("reassignment-chosen", reassignment_id, moves=len(wanted))
    return _set(change, one, state=ReassignmentState.APPLYING, chosen_by=change.by, tried=0)


def applied(change: Change, reassignment_id: str) -> None:
    """Say that all that was chosen was carried out or refused."""
    one = reassignment(change.connection, reassignment_id, lock=True)
    if one.state is ReassignmentState.APPLYING:
        _set(change, one, state=ReassignmentState.APPLIED)
        change.tell_own("reassignment-applied", reassignment_id)


def fail(change: Change, one: Reassignment, code: str) -> None:
    """Say that it failed, and why; moves that were carried out stand, those chosen and not carried out are refused."""
    left = moves_of(change.connection, one.reassignment_id, (MoveState.CHOSEN,))
    _mark(change, one.reassignment_id, [move.referral_id for move in left], MoveState.REFUSED, code)
    _set(change, one, state=ReassignmentState.FAILED, code=code)
    change.tell_own("reassignment-failed", one.reassignment_id, code=code)


def refuse(change: Change, move: Move, code: str) -> None:
    """Say that a move holds no more, and why; it is left alone. Nothing where it was carried out."""
    if chosen(change, move):
        _mark(change, move.reassignment_id, [move.referral_id], MoveState.REFUSED, code)


def chosen(change: Change, move: Move) -> bool:
    """Lock a move, and return whether it is still to be carried out."""
    same = MOVE.where(moves.c.reassignment_id == move.reassignment_id, moves.c.referral_id == move.referral_id)
    return bool(change.connection.execute(same.with_for_update()).one().state == MoveState.CHOSEN)


def carried_out(change: Change, move: Move, placement_id: str) -> None:
    """Say that a move was carried out, and what it became."""
    same = moves.c.reassignment_id == move.reassignment_id, moves.c.referral_id == move.referral_id
    values = {"state": MoveState.APPLIED, "became": placement_id, "changed_at": change.now}
    change.connection.execute(update(moves).where(*same).values(**values))


def moves_of(connection: Connection, reassignment_id: str, states: Iterable[MoveState]) -> list[Move]:
    """Return what becomes of those who are in these states, by referral."""
    return [read_move(row) for row in connection.execute(in_states(reassignment_id, states).order_by(*ORDER))]


def in_states(reassignment_id: str, states: Iterable[MoveState]) -> Select[Any]:
    """Return the rows of those who are in these states; ``read_move`` reads them."""
    return MOVE.where(moves.c.reassignment_id == reassignment_id, moves.c.state.in_(list(states)))


def read_move(row: Row[Any]) -> Move:
    """Return a row of ``MOVE`` as what it is."""
    return Move(**(dict(row._mapping) | {"state": MoveState(row.state)}))


def counts(connection: Connection, reassignment_id: str) -> dict[MoveState, int]:
    """Return how many are in each state."""
    found = select(moves.c.state, func.count()).where(moves.c.reassignment_id == reassignment_id)
    return {MoveState(state): number for state, number in connection.execute(found.group_by(moves.c.state))}


def _mark(
    change: Change, reassignment_id: str, referral_ids: Sequence[str], state: MoveState, code: str | None = None
) -> None:
    change.connection.execute(
        update(moves)
        .where(moves.c.reassignment_id == reassignment_id, moves.c.referral_id.in_(referral_ids))
        .values(state=state, code=code, changed_at=change.now)
    )


def _set(change: Change, one: Reassignment, **values: Any) -> Reassignment:
    news = values | {"changed_at": change.now, "version": one.version + 1}
    same = reassignments.c.reassignment_id == one.reassignment_id
    change.connection.execute(update(reassignments).where(same).values(**news))
    return reassignment(change.connection, one.reassignment_id)


def _read(row: Row[Any]) -> Reassignment:
    values = dict(row._mapping)
    return Reassignment(
        **values
        | {
            "state": ReassignmentState(values["state"]),
            "touched": tuple(json.loads(values["touched"])),
            "told": json.loads(values["told"]) if values["told"] else None,
        }
    )
