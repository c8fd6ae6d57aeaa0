"""The ledger as one batch: who may be moved, who waits, and what all others leave of each pool.

Only held and confirmed placements may be moved. Who is offered a seat, or was placed by setting a rule aside, stays;
so does who has a place that is offered no more, unless more was promised of it than there is. What those who stay
claim is taken from the pools before anybody is moved. Left to people are those who have more facilities ruled out than
a row of the engine holds: a plan has nobody who looks at the rest.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, exists, select

from matcher.check import Claim
from matcher.problem import Directory, Problem, Referrals
from matcher.proof import Certificate
from matcher.records import Rows, frozen
from matcher.solve.standing import Standing, held
from matcher.sweep import Sweep

from ..columns import CALLERS
from ..encode_callers import encode_callers
from .given import part
from .keys import Keys, Seal
from .referrals import many_sealed_cells
from .tables import claims, overrides, placements, pools, waitlist, waits
from .waitlist import PLACED
from .words import PlacementState, WaitState

WayOf = Callable[[bytes], Sequence[int]]
"""Reads of a decision how the opening is used: mode, medication, use and payer, as numbers."""


class Person(NamedTuple):
    """Somebody in the batch; ``placement_id`` None: who waits. ``version``: of the placement."""

    referral_id: str
    caller_id: str
    placement_id: str | None
    version: int
    opening_id: str
    decision: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """What the engine is given, and whose it is. ``people``, ``seals``: by referral.

    ``overpromised``: ids of pools of which those who stay claim more than there is. ``wanted``: ids of pools of which
    more was promised than there is, or that somebody waits for.
    """

    problem: Problem
    standing: Standing
    people: Mapping[str, Person]
    seals: Mapping[str, Seal]
    overpromised: tuple[str, ...]
    wanted: tuple[str, ...]


class Counted(NamedTuple):
    """What is reported and claimed by pool, and what each placement that may be moved claims of it."""

    reported: Mapping[str, int | None]
    claims: Mapping[str, int]
    drawn: Mapping[str, Mapping[str, int]]

    def over(self, placement_id: str) -> bool:
        """Whether a placement claims of a pool of which more was promised than there is."""
        return any(self.claims[pool] > (self.reported[pool] or 0) for pool in self.drawn.get(placement_id, ()))

    def left(self, moving: Sequence[Person]) -> dict[str, int | None]:
        """Return what those who are not in this list leave of each pool, below 0 where they claim too much."""
        theirs = Counter[str]()
        for one in moving:
            theirs.update(self.drawn.get(one.placement_id or "", {}))
        return {
            pool: None if number is None else number - self.claims[pool] + theirs[pool]
            for pool, number in self.reported.items()
        }


def batch_of(connection: Connection, keys: Keys, directory: Directory, policy: Rows, way_of: WayOf) -> Batch:
    """Read the batch of a ledger, for a directory as the engine is given it; its limits are the ledger's own."""
    counted = _counted(connection)
    everybody = {one.referral_id: one for one in (*_waiting(connection), *_placed(connection))}
    sealed = many_sealed_cells(connection, keys, list(everybody))
    columns = {name: [cells[name] for _, cells in sealed.values()] for name in CALLERS}
    referrals, _ = encode_callers(columns, directory, policy)
    seals = {name: seal for name, (seal, _) in sealed.items()}
    people = {name: everybody[name] for name in referrals.ids}
    found = {one.referral_id: _claim(one, seals, way_of) for one in people.values() if one.placement_id is not None}
    problem = Problem(referrals, directory, policy)
    for name in _staying(problem, found, people, counted):
        del people[name], found[name]
    left = counted.left(list(people.values()))
    problem = _reduced(Problem(_those(referrals, people), _limited(directory, left), policy), found)
    certificate = Certificate.blank(len(problem.directory.pools), len(problem.referrals.ids))
    over = [pool for pool, number in counted.claims.items() if number > (counted.reported[pool] or 0)]
    return Batch(
        problem,
        Standing(found, certificate, frozenset()),
        people,
        seals,
        tuple(pool for pool, number in left.items() if number is not None and number < 0),
        tuple(dict.fromkeys([*over, *_waited_for(connection)])),
    )


def _counted(connection: Connection) -> Counted:
    drawn: dict[str, dict[str, int]] = {}
    for row in connection.execute(
        select(claims.c.placement_id, claims.c.pool_id, claims.c.draws).where(claims.c.ended_at.is_(None))
    ):
        drawn.setdefault(row.placement_id, {})[row.pool_id] = row.draws
    found = connection.execute(select(pools.c.pool_id, pools.c.reported, pools.c.claims)).all()
    return Counted({row.pool_id: row.reported for row in found}, {row.pool_id: row.claims for row in found}, drawn)


def _placed(connection: Connection) -> list[Person]:
    aside = exists().where(overrides.c.placement_id == placements.c.placement_id)
    movable = select(*(placements.c[name] for name in Person._fields)).where(
        placements.c.state.in_((PlacementState.HELD, PlacementState.CONFIRMED)), ~aside
    )
    return [Person(*row) for row in connection.execute(movable.order_by(placements.c.referral_id))]


def _waiting(connection: Connection) -> list[Person]:
    waiting = (
        select(waitlist.c.referral_id, waitlist.c.caller_id)
        .where(waitlist.c.state == WaitState.WAITING, ~PLACED)
        .distinct()
        .order_by(waitlist.c.referral_id)
    )
    return [Person(row.referral_id, row.caller_id, None, 0, "", b"") for row in connection.execute(waiting)]


def _waited_for(connection: Connection) -> list[str]:
    on = (
        select(waits.c.pool_id)
        .join(waitlist, waitlist.c.entry_id == waits.c.entry_id)
        .where(waitlist.c.state == WaitState.WAITING)
    )
    return list(connection.execute(on.distinct().order_by(waits.c.pool_id)).scalars())


def _claim(one: Person, seals: Mapping[str, Seal], way_of: WayOf) -> Claim:
    decision = seals[one.referral_id].open(one.decision, f"placements.decision:{one.referral_id}")
    return Claim(one.referral_id, one.opening_id, *way_of(decision))


def _staying(problem: Problem, found: Mapping[str, Claim], people: Mapping[str, Person], counted: Counted) -> list[str]:
    """Return who has a place that is no option any more, though there is room in it."""
    names = problem.referrals.ids
    rows = np.array([row for row, name in enumerate(names) if name in found], np.int64)
    blank = Certificate.blank(len(problem.directory.pools), len(names))
    minutes = held(problem, Standing(found, blank, frozenset()), rows)
    gone = [names[row] for row, number in zip(rows.tolist(), minutes.tolist(), strict=True) if number < 0]
    return [name for name in gone if not counted.over(people[name].placement_id or "")]


def _those(referrals: Referrals, people: Mapping[str, Person]) -> Referrals:
    rows = [row for row, name in enumerate(referrals.ids) if name in people]
    return Referrals(frozen(referrals.rows[rows].view(np.recarray)), tuple(referrals.ids[row] for row in rows))


def _limited(directory: Directory, left: Mapping[str, int | None]) -> Directory:
    found = directory.pools.copy()
    limits = [left.get(name) for name in directory.pool_ids]
    found["limit"] = [-1 if number is None else max(0, number) for number in limits]
    return replace(directory, pools=frozen(found.view(np.recarray)))


def _reduced(problem: Problem, found: Mapping[str, Claim]) -> Problem:
    """Return the same problem with no more openings than somebody in it has, or could be placed in."""
    options = Sweep(problem.directory, problem.policy).candidates(problem.referrals)
    place = {name: row for row, name in enumerate(problem.directory.opening_ids)}
    rows = set(np.unique(options.opening).tolist())
    rows |= {place[claim.opening_id] for claim in found.values() if claim.opening_id in place}
    return replace(problem, directory=part(problem.directory, sorted(rows)))
