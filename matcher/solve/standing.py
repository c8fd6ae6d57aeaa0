"""A standing placement seen from a batch: whom it concerns, what they hold, and what that leaves for the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..check import Claim
from ..facts import Referral
from ..placement import Placement
from ..problem import Problem, Referrals
from ..proof import Certificate
from ..records import Ints, frozen, plain
from ..sweep import Options, Sweep
from ..trip import ways_of
from . import placements_of
from .pools import Draws, binding

ENOUGH = 1 << 20
"""Units with which no pool is ever full: who holds a unit is asked about it as if there were room."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A placement as it stands: claims by referral id, the prices it was left with, and who must not move (ids)."""

    claims: Mapping[str, Claim]
    certificate: Certificate
    fixed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Those who may move.

    ``rows``: their rows in the whole batch. ``mine``: the option each one stands at; -1 where none, or it is no more.
    ``before``: minutes a week where they stand, 0 where nowhere. ``fixed``: the placements of who may not move.
    """

    problem: Problem
    sweep: Sweep
    options: Options
    draws: Draws
    rows: Ints
    mine: Ints
    before: Ints
    fixed: tuple[Placement, ...]


def held(problem: Problem, standing: Standing, rows: Ints) -> tuple[Ints, Ints, Ints, Options]:
    """Return pools, draws and minutes of what these referrals hold, and it as options; -1 minutes where it is no more.

    They are asked as if no pool were full. Pools and draws are of shape (rows, capacities).
    """
    full = problem.directory.pools.copy()
    full["limit"] = np.where(full["limit"] < 0, full["limit"], ENOUGH)
    roomy = Problem(
        _some(problem.referrals, rows), replace(problem.directory, pools=frozen(full.view(np.recarray))), problem.policy
    )
    sweep = Sweep(roomy.directory, roomy.policy)
    options = sweep.candidates(roomy.referrals)
    at = standing_at(roomy, options, standing.claims)
    kept = at[at >= 0]
    found = Options(np.cumsum(at >= 0), options.opening[kept], options.way[kept], options.cost[kept])
    minutes = np.where(at >= 0, options.cost[at] if len(options.cost) else -1, -1)
    pool, draws = sweep.drawn(roomy.referrals.rows, found)
    return pool, draws, minutes, found


def batch_of(problem: Problem, standing: Standing) -> tuple[Batch, Ints]:
    """Return those who may move, with the limits that those who may not leave them, and the pools these overdraw."""
    names = problem.referrals.ids
    fixed = np.array([name in standing.fixed and name in standing.claims for name in names], np.bool_)
    pool, draws, _, stay = held(problem, standing, np.flatnonzero(fixed))
    limit = problem.directory.pools["limit"]
    units = np.bincount(pool[draws > 0], draws[draws > 0], len(limit)).astype(np.int64)
    pools = problem.directory.pools.copy()
    pools["limit"] = np.where(limit < 0, limit, np.maximum(0, limit - units))
    directory = replace(problem.directory, pools=frozen(pools.view(np.recarray)))
    rows = np.flatnonzero(~fixed)
    rest = Problem(_some(problem.referrals, rows), directory, problem.policy)
    sweep = Sweep(directory, rest.policy)
    options = sweep.candidates(rest.referrals)
    drawn = sweep.drawn(rest.referrals.rows, options)
    made = binding(options, *drawn, np.ascontiguousarray(pools["limit"]), rest.referrals.rows)
    mine = standing_at(rest, options, standing.claims)
    before = np.where(mine >= 0, made.cost[mine] if len(made.cost) else 0, 0)
    gone = np.flatnonzero((mine < 0) & np.array([name in standing.claims for name in rest.referrals.ids], np.bool_))
    before[gone] = np.maximum(0, held(rest, standing, gone)[2])
    there = np.flatnonzero(fixed)[np.flatnonzero(np.diff(stay.ends, prepend=0))]
    kept = tuple(placements_of(problem, sweep, stay, np.arange(len(there)), there))
    return Batch(rest, sweep, options, made, rows, mine, before, kept), np.flatnonzero((limit >= 0) & (units > limit))


def standing_at(problem: Problem, options: Options, claims: Mapping[str, Claim]) -> Ints:
    """Return the option that each referral holds by its claim; -1 where it has none, or it is not among its options."""
    found = np.full(len(problem.referrals.ids), -1, np.int64)
    place = {name: row for row, name in enumerate(problem.directory.opening_ids)}
    for row, name in enumerate(problem.referrals.ids):
        claim = claims.get(name)
        if claim is None:
            continue
        span = options.of(row)
        for at in (span.start + np.flatnonzero(options.opening[span] == place.get(claim.opening_id, -1))).tolist():
            way = ways_of(plain(Referral, problem.referrals.rows[row]))[options.way[at]].tolist()
            if way == [claim.mode, claim.medication, claim.use, claim.payer]:
                found[row] = at
    return found


def _some(referrals: Referrals, rows: Ints) -> Referrals:
    return Referrals(frozen(referrals.rows[rows].view(np.recarray)), tuple(referrals.ids[row] for row in rows))
