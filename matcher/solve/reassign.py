"""A standing placement after capacity changed: repaired from its kept prices, and told as a plan.

Where pools do not cross, the result is as good as placing everybody anew; where they cross, windows around what changed
are solved anew, and the plan states its gap. Who is admitted or has been offered a seat never moves.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ..placement import Proof
from ..plan import Change, Plan, Why
from ..problem import Problem
from ..proof import EARLIER, Certificate, prove
from ..records import Ints
from . import TIERS, placement_of
from .augment import place
from .certificate import OUT, certify_flow
from .flow import OURS, Flow, cheapest, market_of, proven, solve_flow
from .pools import Draws, groups, used
from .prices import Group, priced
from .repair import Wishes, carried, offer_free
from .standing import Batch, Standing, batch_of
from .windows import evict, improve

HEAVIEST = 1 << 20
"""Minutes a week: at this weight somebody moves only for who would else wait."""


@dataclass(frozen=True, slots=True)
class _Repaired:
    """Options chosen (one a referral, -1: none) and the prices they were left with."""

    chosen: Ints
    certificate: Certificate


def reassign(
    problem: Problem, standing: Standing, touched: Ints, weight: int, most: int | None = None
) -> tuple[Plan, Certificate]:
    """Return a plan that repairs a standing placement, and the prices to keep once it is carried out.

    ``touched``: pools (rows of the directory) whose limits changed. ``weight``: minutes a week that another option must
    be better for somebody to move who has a place; it is raised until no more than ``most`` move. Where more must move
    for who would else wait, the plan has more moves and says so by them.
    """
    batch, overpromised = batch_of(problem, standing)
    found = _repaired(batch, standing, touched, weight)
    free = found
    if most is not None and _moves(batch, found) > most:
        weight, found = _fewer(batch, standing, touched, weight, most)
    names = problem.directory.pool_ids
    changes = _changes(batch, standing, found)
    waiting = tuple(_waits(batch, standing, found, row) for row in np.flatnonzero(found.chosen < 0).tolist())
    placed = found.chosen >= 0
    best = found if weight == 0 else _repaired(batch, standing, touched, 0)
    bounds = prove(batch.problem, placed, best.certificate)
    taken = found.chosen[placed]
    people = tuple(batch.draws.people(taken, TIERS).tolist())
    minutes = int(batch.draws.cost[taken].sum())
    plan = Plan(
        changes,
        waiting,
        weight,
        _worse(batch, found, free),
        tuple(names[pool] for pool in overpromised.tolist()),
        tuple(placement_of(batch.problem, batch.options, int(at), int(batch.draws.referral[at])) for at in taken),
        Proof(people, bounds.people_bound, minutes, bounds.minutes_bound),
    )
    kept = Certificate(found.certificate.minutes, found.certificate.people, standing.certificate.out.copy())
    kept.out[batch.rows] = found.certificate.out
    return plan, kept


def _repaired(batch: Batch, standing: Standing, touched: Ints, weight: int) -> _Repaired:
    """Repair once, at this weight for all who have a place."""
    cost = batch.draws.cost.copy()
    cost[batch.mine[batch.mine >= 0]] -= weight
    draws = replace(batch.draws, cost=cost)
    group, crossing = groups(draws)
    chosen = np.full(len(batch.mine), -1, np.int64)
    old = standing.certificate
    contested = np.zeros(len(draws.limit), np.bool_)
    contested[draws.pool[draws.draws > 0]] = True
    into = Certificate(old.minutes * contested, old.people * contested, old.out[batch.rows])
    flowing = np.flatnonzero(~crossing[group])
    if len(flowing):
        flow = _flow(batch, draws, flowing, old.minutes)
        chosen[draws.referral[flow.options]] = flow.options
        own = Group.of(draws, flowing).pools
        into.minutes[own] = flow.price[own]
        into.out[np.unique(draws.referral[flowing])] = flow.out[np.unique(draws.referral[flowing])]
        certify_flow(draws, flowing, flow, into)
    knotted = np.flatnonzero(crossing[group])
    if len(knotted):
        _crossing(batch, Group.of(draws, knotted), touched, chosen, into)
    return _Repaired(chosen, into)


def _flow(batch: Batch, draws: Draws, flowing: Ints, price: Ints) -> Flow:
    """Repair those whose options draw one unit at most; anew where the kept prices do not end in a proof."""
    kept = cheapest(draws, flowing)
    market, pools = market_of(draws, kept)
    at = np.full(len(draws.referral) + 1, -1, np.int64)
    at[kept] = np.arange(len(kept))
    rows = np.unique(draws.referral[kept])
    placing, out = carried(market, price[pools], at[batch.mine[rows]])
    offer_free(market, Wishes.of(market), placing, np.arange(len(pools)), out)
    order = np.flatnonzero(out)
    place(market, placing, order[np.argsort(-market.unplaced[order], kind="stable")])
    if not proven(market, placing.chosen, placing.price):
        return solve_flow(draws, flowing)
    found, counts = np.zeros(len(draws.limit), np.int64), np.zeros(len(draws.tier), np.int64)
    found[pools], counts[rows] = placing.price, market.unplaced
    return Flow(kept[placing.chosen[placing.chosen >= 0]], found, counts, int(market.unplaced.min()), OURS)


def _crossing(batch: Batch, group: Group, touched: Ints, chosen: Ints, into: Certificate) -> None:
    """Put out who holds what is no more, and solve windows around them, around who is new and what was touched."""
    shares = group.persons * EARLIER ** (TIERS - 1 - group.tier)
    out = int((into.out[group.referral] // shares).max(initial=0))
    alike = out > 0 and bool((into.out[group.referral] == out * shares)[into.out[group.referral] > 0].all())
    if not alike:
        out = OUT * (1 + int(group.cost.max(initial=0)))
    unplaced, price = out * shares, into.minutes[group.pools]
    at = np.full(len(batch.draws.referral) + 1, -1, np.int64)
    at[group.option] = np.arange(len(group.option))
    taken = at[batch.mine[group.referral]]
    if not alike:
        price = priced(group, unplaced, np.minimum(price, unplaced.max()), taken[taken >= 0]).price
    stood = taken >= 0
    evict(group, unplaced, price, taken)
    seeds = np.zeros(len(group.ends) + len(group.pools), np.bool_)
    seeds[: len(group.ends)] = (taken < 0) & (stood | (into.out[group.referral] == 0))
    seeds[len(group.ends) :] = np.isin(group.pools, touched)
    improve(group, unplaced, price, taken, seeds)
    into.minutes[group.pools], into.out[group.referral] = price, unplaced
    chosen[group.referral] = np.where(taken >= 0, group.option[taken], -1)


def _moves(batch: Batch, found: _Repaired) -> int:
    return int(((batch.mine >= 0) & (found.chosen >= 0) & (found.chosen != batch.mine)).sum())


def _fewer(batch: Batch, standing: Standing, touched: Ints, weight: int, most: int) -> tuple[int, _Repaired]:
    """Search the least weight at which no more than ``most`` move, by halves; the heaviest where there is none."""
    low, high = weight, HEAVIEST
    best = _repaired(batch, standing, touched, high)
    while _moves(batch, best) <= most and high - low > 1:
        middle = (low + high) // 2
        tried = _repaired(batch, standing, touched, middle)
        if _moves(batch, tried) <= most:
            high, best = middle, tried
        else:
            low = middle
    return high, best


def _worse(batch: Batch, found: _Repaired, free: _Repaired) -> tuple[int, int]:
    """People placed fewer, and minutes a week more, than without a cap on moves."""
    worth = []
    for one in (found, free):
        taken = one.chosen[one.chosen >= 0]
        worth.append((int(batch.draws.people(taken, TIERS).sum()), int(batch.draws.cost[taken].sum())))
    return worth[1][0] - worth[0][0], worth[0][1] - worth[1][1]


def _changes(batch: Batch, standing: Standing, found: _Repaired) -> tuple[Change, ...]:
    over = used(batch.draws, batch.mine[batch.mine >= 0]) > batch.draws.limit
    ids, directory = batch.problem.referrals.ids, batch.problem.directory
    changes = []
    for row in np.flatnonzero((found.chosen != batch.mine) | (found.chosen < 0)).tolist():
        claim, at, stood = standing.claims.get(ids[row]), int(found.chosen[row]), int(batch.mine[row])
        if at < 0:
            if claim is not None:
                changes.append(_waits(batch, standing, found, row))
            continue
        after = directory.opening_ids[int(batch.options.opening[at])]
        cost = int(batch.draws.cost[at])
        pool = _over(batch, stood, over)
        if claim is None:
            changes.append(Change(ids[row], "", after, cost, Why.NEW, ""))
        elif stood < 0 or pool:
            lost = pool or _seats_of(batch, claim.opening_id)
            changes.append(Change(ids[row], claim.opening_id, after, cost - int(batch.before[row]), Why.LOST, lost))
        else:
            worse = cost - int(batch.before[row])
            why = Why.ROOM if worse >= 0 else Why.BETTER
            changes.append(Change(ids[row], claim.opening_id, after, worse, why, ""))
    return tuple(changes)


def _waits(batch: Batch, standing: Standing, found: _Repaired, row: int) -> Change:
    """Who waits, and the pool to blame: the dearest that is drawn on by what would cost them least at these prices."""
    draws, price = batch.draws, found.certificate.minutes
    span = np.arange(batch.options.of(row).start, batch.options.of(row).stop)
    claim = standing.claims.get(batch.problem.referrals.ids[row])
    pool = -1
    if len(span):
        worth = (draws.draws[span] * price[draws.pool[span]]).sum(axis=1)
        best = span[np.argmin(draws.cost[span] + worth)]
        named = draws.pool[best][draws.draws[best] > 0]
        pool = int(named[np.argmax(price[named])]) if len(named) else -1
    blamed = batch.problem.directory.pool_ids[pool] if pool >= 0 else ""
    if not blamed and claim is not None:
        blamed = _seats_of(batch, claim.opening_id)
    before = claim.opening_id if claim else ""
    return Change(batch.problem.referrals.ids[row], before, "", 0, Why.LOST if claim else Why.WAITS, blamed)


def _over(batch: Batch, option: int, over: npt.NDArray[np.bool_]) -> str:
    """Return the pool that an option draws on and that was overdrawn; "" where none was, or there is no option."""
    if option < 0:
        return ""
    drawn = batch.draws.pool[option][batch.draws.draws[option] > 0]
    found = drawn[over[drawn]]
    return batch.problem.directory.pool_ids[int(found[0])] if len(found) else ""


def _seats_of(batch: Batch, opening_id: str) -> str:
    """Return the pool of an opening's seats; "" where the directory has no such opening."""
    directory = batch.problem.directory
    if opening_id not in directory.opening_ids:
        return ""
    seats = int(directory.openings["seats"][directory.opening_ids.index(opening_id)])
    return directory.pool_ids[seats] if seats >= 0 else ""
