"""A reassignment is worked out from the ledger, and kept as a plan with all that the engine was given for it."""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection

from matcher.plan import Change as Planned
from matcher.plan import Plan
from matcher.problem import Directory
from matcher.records import Rows
from matcher.solve.reassign import reassign

from . import given
from .batch import Batch, WayOf, batch_of
from .change import Change, Store
from .given import Given
from .keys import Keys, Seal
from .pages import Place, page
from .reassignments import ORDER, Move, Reassignment, in_states, propose, read_move
from .seals import seals_of
from .words import MoveState


def work_out(store: Store, one: Reassignment, directory: Directory, policy: Rows, way_of: WayOf) -> None:
    """Work a plan out for a reassignment and keep it; what changes in between is found when a move is carried out.

    Raises ``Busy``.
    """
    with store.database.read() as connection:
        batch = batch_of(connection, store.keys, directory, policy, way_of)
    weight = int(policy["move_minutes"][0]) if one.weight is None else one.weight
    named = set(one.touched or batch.wanted)
    rows = [row for row, name in enumerate(batch.problem.directory.pool_ids) if name in named]
    plan, _ = reassign(batch.problem, batch.standing, np.array(rows, np.int64), weight, one.most)

    def keep(change: Change) -> None:
        given_id = given.keep(change, Given(batch.problem.directory, batch.problem.policy))
        propose(change, one.reassignment_id, given_id, told(plan, batch), _moves(change, one, plan, batch))

    store.write(one.asked_by, keep)


def told(plan: Plan, batch: Batch) -> dict[str, Any]:
    """Return what is said of the plan as a whole, in numbers."""
    proof = plan.proof
    return {
        "moves": plan.moves,
        "minutes": plan.minutes,
        "changes": sum(bool(one.after) for one in plan.changes),
        "waiting": len(plan.waiting),
        "weight": plan.weight,
        "capped": list(plan.capped),
        "overpromised": list(batch.overpromised),
        "people": list(proof.people),
        "people_bound": list(proof.people_bound),
        "minutes_placed": proof.minutes,
        "minutes_bound": proof.minutes_bound,
        "status": proof.status.value,
    }


def _moves(change: Change, one: Reassignment, plan: Plan, batch: Batch) -> Iterator[Move]:
    """Everybody in the batch: moved, left waiting, or as they were."""
    changed: Mapping[str, Planned] = {found.referral_id: found for found in (*plan.waiting, *plan.changes)}
    for row, name in enumerate(batch.problem.referrals.ids):
        person, seal, found = batch.people[name], batch.seals[name], changed.get(name)
        claim = batch.standing.claims.get(name)
        content = {
            "referral": b64encode(batch.problem.referrals.rows[row].tobytes()).decode(),
            "way": None if claim is None else [claim.mode, claim.medication, claim.use, claim.payer],
            "minutes": 0 if found is None else found.minutes,
        }
        sealed = seal.close(orjson.dumps(content), bound(one.reassignment_id, name))
        yield Move(
            one.reassignment_id, name, person.caller_id, person.placement_id, person.version, person.opening_id,
            person.opening_id if found is None else found.after, "" if found is None else found.why.name.lower(),
            "" if found is None else found.pool_id, sealed, _state(found), None, None, change.now,
        )  # fmt: skip


def _state(found: Planned | None) -> MoveState:
    if found is None:
        return MoveState.STAYS
    return MoveState.PROPOSED if found.after else MoveState.WAITS


def opened_moves(
    connection: Connection, keys: Keys, of: str, states: Iterable[MoveState], after: Place | None, limit: int
) -> tuple[list[tuple[Move, int | None]], Place | None]:
    """Return moves of a reassignment behind a place with their minutes a week, None where the caller was erased.

    And the last one's place, None where no more follow.
    """
    found = page(connection, in_states(of, states), ORDER, after, limit)
    listed = [read_move(row) for row in found.rows]
    seals = seals_of(connection, keys, [move.caller_id for move in listed])
    return [(move, _minutes(seals.get(move.caller_id), move)) for move in listed], found.last


def _minutes(seal: Seal | None, move: Move) -> int | None:
    if seal is None:
        return None
    return int(orjson.loads(seal.open(move.content, bound(move.reassignment_id, move.referral_id)))["minutes"])


def bound(reassignment_id: str, referral_id: str) -> str:
    """Return what the content of a move is sealed to."""
    return f"moves.content:{reassignment_id}:{referral_id}"
