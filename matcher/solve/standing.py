"""A standing placement seen from a batch: whom it concerns, what they hold, and what that leaves for the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..check import Claim
from ..facts import Policy, Referral
from ..loop import UNBOUNDED
from ..options import Options
from ..placement import Placement
from ..problem import Problem, Referrals
from ..proof import Certificate
from ..records import Ints, Rows, frozen, plain
from ..rule import Kind, Unknown
from ..rules import RULES
from ..sweep import Sweep
from ..trip import ways_of
from .cut import FIRST, Cut
from .pools import Draws, binding, groups

ENOUGH = 1 << 20
"""Units with which no pool is ever full: who holds a unit is asked about it as if there were room."""

_DRAWN, _COST = (np.array([rule.kind is kind for rule in RULES]) for kind in (Kind.CAPACITY, Kind.PREFERENCE))
_ASKED = np.array([rule.kind is Kind.REQUIREMENT and rule.unknown is Unknown.ASK for rule in RULES])
"""Of the rules, who draws on a pool, who costs minutes, and who asks the facility what is not known."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A placement as it stands: claims by referral id, the prices it was left with, and who must not move (ids)."""

    claims: Mapping[str, Claim]
    certificate: Certificate
    fixed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Those who may move.

    ``options``: those of ``cut`` when this was made; a batch of which more were brought in since is to be made anew.
    ``option``: of each option in ``draws`` its row in ``options``. ``rows``: their rows in the whole batch.
    ``claims``: what they hold, as ``claims_at`` has it. ``mine``: the option (of ``draws``) each one stands at; -1
    where none, or it is no more. ``before``: minutes a week where they stand, 0 where nowhere. ``fixed``: the
    placements of who may not move.
    """

    problem: Problem
    sweep: Sweep
    cut: Cut
    options: Options
    draws: Draws
    option: Ints
    rows: Ints
    claims: Ints
    mine: Ints
    before: Ints
    fixed: tuple[Placement, ...]


def held(problem: Problem, standing: Standing, rows: Ints) -> Ints:
    """Return the minutes a week of what these referrals hold, asked as if no pool were full; -1 where it is no more."""
    full = problem.directory.pools.copy()
    full["limit"] = np.where(full["limit"] < 0, full["limit"], ENOUGH)
    roomy = Problem(
        _some(problem.referrals, rows), replace(problem.directory, pools=frozen(full.view(np.recarray))), problem.policy
    )
    sweep = Sweep(roomy.directory, roomy.policy)
    options = sweep.candidates(roomy.referrals)
    at = sweep.standing(roomy.referrals.rows, options, claims_at(roomy, standing.claims))
    return np.where(at >= 0, options.cost[at] if len(options.cost) else -1, -1)


def claimed(sweep: Sweep, place: Mapping[str, int], referral: Rows, claim: Claim) -> tuple[Ints, Ints, Placement]:
    """Return the pools and units that somebody (one row) holds by their claim, and it as a placement.

    No requirement is asked: who is admitted stays, whatever became of the opening or of what is known of them.
    ``place``: the rows of openings by id. Raises ``ValueError`` where there is no such opening or way.
    """
    words = claim.mode, claim.medication, claim.use, claim.payer
    placed = referral.copy()
    for name, word in zip(("modes", "medications", "uses", "payers"), words, strict=True):
        placed[name] = 1 << word if word >= 0 else 0
    caller, policy = plain(Referral, placed[0]), plain(Policy, sweep.policy[0])
    if claim.opening_id not in place or ways_of(caller).tolist() != [list(words)]:
        raise ValueError(
            f"{claim.referral_id} holds {claim.opening_id} by mode, medication, use and payer {words}; "
            "allowed: an opening of this directory, by a way that there is"
        )
    number = place[claim.opening_id]
    answers, draws = np.split(sweep.answers(placed, [number], 1)[0, 0], [len(RULES)])
    pool, (way,) = answers[_DRAWN], sweep.used(placed, np.array([number]), np.array([0]))
    drawn = (draws > 0) & (pool >= 0)
    cost = int(answers[: len(RULES)][_COST].sum()) + policy.ask_minutes * int((answers[: len(RULES)][_ASKED] < 0).sum())
    return pool[drawn], draws[drawn], Placement(claim.referral_id, claim.opening_id, way, cost)


def batch_of(problem: Problem, standing: Standing) -> tuple[Batch, Ints]:
    """Return those who may move, with the limits that those who may not leave them, and the pools these overdraw.

    Raises ``ValueError`` as ``claimed``.
    """
    names = problem.referrals.ids
    fixed = np.array([name in standing.fixed and name in standing.claims for name in names], np.bool_)
    limit = problem.directory.pools["limit"]
    sweep, units, kept = Sweep(problem.directory, problem.policy), np.zeros(len(limit), np.int64), []
    place = {name: row for row, name in enumerate(problem.directory.opening_ids)}
    for row in np.flatnonzero(fixed).tolist():
        caller = problem.referrals.rows[row : row + 1].view(np.recarray)
        pool, draws, placement = claimed(sweep, place, caller, standing.claims[names[row]])
        np.add.at(units, pool, draws)
        kept.append(placement)
    pools = problem.directory.pools.copy()
    pools["limit"] = np.where(limit < 0, limit, np.maximum(0, limit - units))
    sweep = sweep.with_pools(pools)
    rows = np.flatnonzero(~fixed)
    rest = Problem(_some(problem.referrals, rows), sweep.directory, problem.policy)
    cut, claims = Cut(rest, sweep, FIRST), claims_at(rest, standing.claims)
    cut.complete(np.flatnonzero((claims[:, 0] >= 0) & (sweep.standing(rest.referrals.rows, cut.options, claims) < 0)))
    batch = _batch(rest, sweep, cut, rows, claims, tuple(kept), standing)
    out = standing.certificate.out[rows]
    cut.completed(batch.draws, standing.certificate.minutes, np.where(out > 0, out, UNBOUNDED))
    return as_completed(batch, standing), np.flatnonzero((limit >= 0) & (units > limit))


def as_completed(batch: Batch, standing: Standing) -> Batch:
    """Return a batch with the options that are brought in by now: where pools cross, all."""
    made = batch
    while made.options is not made.cut.options:
        made = _batch(made.problem, made.sweep, made.cut, made.rows, made.claims, made.fixed, standing)
        if made.cut.cuts and groups(made.draws)[1].any():
            made.cut.complete()
    return made


def _batch(
    problem: Problem,
    sweep: Sweep,
    cut: Cut,
    rows: Ints,
    claims: Ints,
    fixed: tuple[Placement, ...],
    standing: Standing,
) -> Batch:
    options = cut.options
    at = sweep.standing(problem.referrals.rows, options, claims)
    made, option, _ = binding(sweep, problem.referrals.rows, options, spared=at)
    place_of = np.full(len(options.cost) + 1, -1, np.int64)
    place_of[option] = np.arange(len(option))
    mine = place_of[at]
    before = np.where(mine >= 0, made.cost[mine] if len(made.cost) else 0, 0)
    gone = np.flatnonzero((mine < 0) & np.array([name in standing.claims for name in problem.referrals.ids], np.bool_))
    before[gone] = np.maximum(0, held(problem, standing, gone))
    return Batch(problem, sweep, cut, options, made, option, rows, claims, mine, before, fixed)


def claims_at(problem: Problem, claims: Mapping[str, Claim]) -> Ints:
    """Return what each referral claims, shape (referrals, 5): row of the opening, -1 for none, and words of the way."""
    place = {name: row for row, name in enumerate(problem.directory.opening_ids)}
    claimed = np.full((len(problem.referrals.ids), 5), -1, np.int64)
    for row, name in enumerate(problem.referrals.ids):
        if (claim := claims.get(name)) is not None:
            at = place.get(claim.opening_id, -1)
            claimed[row] = at, claim.mode, claim.medication, claim.use, claim.payer
    return claimed


def _some(referrals: Referrals, rows: Ints) -> Referrals:
    return Referrals(frozen(referrals.rows[rows].view(np.recarray)), tuple(referrals.ids[row] for row in rows))
