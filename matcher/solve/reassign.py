"""A standing placement after capacity changed: repaired from its kept prices, and told as a plan.

Where pools do not cross, the result is as good as placing everybody anew; where they cross, windows around what changed
are solved anew, and the plan states its gap. Who is admitted or has been offered a seat never moves.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..placement import Placement, Proof
from ..plan import Plan
from ..problem import Problem
from ..proof import EARLIER, Certificate, prove
from ..records import Ints, Watch, unwatched
from . import TIERS, placements_of
from .certificate import OUT, Priced, certify_flow, price_people, taken_of
from .crossing import solve_crossing
from .flow import ORACLE, OURS, Flow, cheapest, market_of, proven, solve_flow
from .group import Group
from .large import LARGE, evict
from .pools import groups
from .prices import priced, whole_shares
from .repair import carried_on
from .standing import Batch, Standing, as_completed, batch_of
from .told import Repaired, changes, waiting
from .windows import SIZE, improve_around

HEAVIEST = 1 << 20
"""Minutes a week: at this weight somebody moves only for who would else wait."""

MOVES = 8
"""Moves that one person is placed for where pools cross in a group too large for one integer program."""

Flags = npt.NDArray[np.bool_]


def reassign(
    problem: Problem, standing: Standing, touched: Ints, weight: int, most: int | None = None, watch: Watch = unwatched
) -> tuple[Plan, Certificate]:
    """Return a plan that repairs a standing placement, and the prices to keep once it is carried out.

    ``touched``: pools (rows of the directory) whose limits changed. ``weight``: minutes a week that another option must
    be better for somebody to move who has a place; it is raised until no more than ``most`` move. Where more must move
    for who would else wait, the plan has more moves and says so by them.
    """
    batch, overpromised = batch_of(problem, standing)
    while True:
        heavy, best, free, found = _sought(batch, standing, touched, weight, most, watch)
        if batch.options is batch.cut.options:
            break
        batch = as_completed(batch, standing)  # some could do better by what was cut, and it was brought in
    taken = found.chosen[found.chosen >= 0]
    bounds = prove(batch.problem, found.chosen >= 0, best.certificate, batch.options, batch.cut.floor)
    plan = Plan(
        changes(batch, standing, found),
        waiting(batch, standing, found),
        heavy,
        _worse(batch, found, free),
        tuple(problem.directory.pool_ids[pool] for pool in overpromised.tolist()),
        (*batch.fixed, *_placements(batch, taken)),
        Proof(_people(batch, taken), bounds.people_bound, _minutes(batch, taken), bounds.minutes_bound),
    )
    kept = replace(best.certificate, out=standing.certificate.out.copy())
    kept.out[batch.rows] = best.certificate.out
    return plan, kept


def _sought(
    batch: Batch, standing: Standing, touched: Ints, weight: int, most: int | None, watch: Watch
) -> tuple[int, Repaired, Repaired, Repaired]:
    """Return the weight that keeps moves to ``most``; and what is found without any, at the one given, and at it."""
    knot = _knot(batch, standing, watch)
    best = _repaired(batch, knot, standing, touched, 0)
    if knot is not None:
        taken = taken_of(knot.group, batch.draws, best.chosen[best.chosen >= 0])
        price_people(batch.draws, knot.group, knot.prices.price / knot.out, taken, best.certificate, watch=watch)
    free = best if weight == 0 else _repaired(batch, knot, standing, touched, weight)
    if most is None or _moves(batch, free) <= most:
        return weight, best, free, free
    heavy, found = _fewer(batch, knot, standing, touched, weight, most)
    return heavy, best, free, found


def _placements(batch: Batch, taken: Ints) -> list[Placement]:
    """Return these options as placements."""
    return placements_of(batch.problem, batch.sweep, batch.options, batch.option[taken], batch.draws.referral[taken])


def _repaired(batch: Batch, knot: Priced | None, standing: Standing, touched: Ints, weight: int) -> Repaired:
    """Repair once, at this weight for all who have a place."""
    draws = batch.draws
    group, crossing = groups(draws)
    chosen = np.full(len(batch.mine), -1, np.int64)
    into = Certificate.blank(len(draws.limit), len(chosen))
    flowing = np.flatnonzero(~crossing[group])
    if len(flowing):
        flow = _flow(batch, flowing, weight, standing.certificate.minutes)
        chosen[draws.referral[flow.options]] = flow.options
        if flow.method == ORACLE:  # without prices nobody knows who could do better
            batch.cut.complete()
        batch.cut.completed(draws, flow.price, flow.out)
        into.minutes[:], into.out[:] = flow.price, flow.out
        certify_flow(draws, flowing, flow, into)
    if knot is not None:
        knot.write(into)
        sizes = np.bincount(group)
        for one in np.unique(group[knot.group.option]).tolist():
            if sizes[one] <= LARGE:
                taken = _exact(batch, np.flatnonzero(group == one), weight)
                chosen[draws.referral[taken]] = taken
        wide = sizes[group[knot.group.option[knot.group.ends - 1]]] > LARGE
        if wide.any():
            taken = _windows(batch, knot, standing, touched, weight, wide)
            chosen[knot.group.referral[wide]] = np.where(taken >= 0, knot.group.option[taken], -1)[wide]
    return Repaired(chosen, into)


def _flow(batch: Batch, flowing: Ints, weight: int, price: Ints) -> Flow:
    """Repair those whose options draw one unit at most; anew where the kept prices do not end in a proof."""
    cost, stood = batch.draws.cost.copy(), batch.mine[batch.mine >= 0]
    cost[stood] -= weight
    stays = 2 * cost
    stays[stood] -= 1  # of equals on one pool, nobody moves from one to the other
    kept = cheapest(replace(batch.draws, cost=stays), flowing)
    draws = replace(batch.draws, cost=cost, dearest=_dearest(batch, kept, weight))
    market, pools = market_of(draws, kept)
    at = np.full(len(draws.referral) + 1, -1, np.int64)
    at[kept] = np.arange(len(kept))
    rows = draws.referral[kept[market.ends - 1]]
    placing = carried_on(market, price[pools], at[batch.mine[rows]])
    if not proven(market, placing.chosen, placing.price):
        return solve_flow(draws, kept)
    found, counts = np.zeros(len(draws.limit), np.int64), np.zeros(len(draws.tier), np.int64)
    found[pools], counts[rows] = placing.price, market.unplaced
    return Flow(kept[placing.chosen[placing.chosen >= 0]], found, counts, int(market.unplaced.min()), OURS)


def _dearest(batch: Batch, kept: Ints, weight: int) -> int:
    """Return minutes that a person must outweigh: all that these options can come to, and to move everybody."""
    most = np.zeros(len(batch.mine), np.int64)
    np.maximum.at(most, batch.draws.referral[kept], batch.draws.cost[kept])
    total = int(most.sum())
    return total + max(total, weight * int((batch.mine >= 0).sum()))


def _exact(batch: Batch, inside: Ints, weight: int) -> Ints:
    """Solve a group whose pools cross; without a weight, of equals the one in which more stay."""
    stays = np.isin(inside, batch.mine)
    some = batch.draws.cost[inside]
    once = 1 if weight else 1 + int(stays.sum())
    most = 1 + int(some.max()) * len(np.unique(batch.draws.referral[inside]))  # no moves save more
    cost = batch.draws.cost.copy()
    cost[inside] = once * some - stays * (min(weight, most) or 1)
    return solve_crossing(replace(batch.draws, cost=cost), inside, TIERS).options


def _knot(batch: Batch, standing: Standing, watch: Watch) -> Priced | None:
    """Price where pools cross, from the kept prices: what was closed is dear now, and windows must know it."""
    group, crossing = groups(batch.draws)
    knotted = np.flatnonzero(crossing[group])
    if not len(knotted):
        return None
    made = Group.of(batch.draws, knotted)
    shares, kept = (
        made.persons * EARLIER ** (TIERS - 1 - made.tier),
        standing.certificate.out[batch.rows][made.referral],
    )
    out, least = int((kept // shares).max()), OUT * (1 + int(made.cost.max(initial=0)))
    if out < least or ((kept > 0) & (kept != out * shares)).any():  # some of them were priced in another group
        out = least
    start = np.minimum(standing.certificate.minutes[made.pools], out * EARLIER ** (TIERS - 1))
    taken = taken_of(made, batch.draws, batch.mine[batch.mine >= 0])
    evict(made, out * shares, start, taken)
    share = whole_shares(made, taken[taken >= 0])
    return Priced(made, out * shares, out, priced(made, out * shares, start, share, watch=watch))


def _windows(batch: Batch, knot: Priced, standing: Standing, touched: Ints, weight: int, wide: Flags) -> Ints:
    """Put out who holds what is no more, and solve windows around them, around who is new and what was touched.

    ``wide``: flags of the referrals that windows are for. Returns an option of the group for each referral, or -1.
    """
    group, price = knot.group, knot.prices.price
    taken = taken_of(group, batch.draws, batch.mine[batch.mine >= 0])
    stood = np.array([batch.problem.referrals.ids[row] in standing.claims for row in group.referral], np.bool_)
    new = standing.certificate.out[batch.rows][group.referral] == 0
    cost = group.cost.copy()
    each = max(1, min(weight, SIZE * (1 + int(cost.max(initial=0)))))  # no moves in a window save more
    cost[taken[taken >= 0]] -= each
    heavier = knot.unplaced + MOVES * each * (knot.unplaced // knot.out)
    evict(group, knot.unplaced, price, taken)
    pools = np.isin(group.pools, touched) & np.isin(np.arange(len(group.pools)), group.pool[wide[group.place]])
    seeds = np.concatenate([(taken < 0) & (stood | new) & wide, pools])
    improve_around(group, knot.unplaced, price, taken, seeds, cost, heavier)
    return taken


def _moves(batch: Batch, found: Repaired) -> int:
    return int(((batch.mine >= 0) & (found.chosen >= 0) & (found.chosen != batch.mine)).sum())


def _fewer(
    batch: Batch, knot: Priced | None, standing: Standing, touched: Ints, weight: int, most: int
) -> tuple[int, Repaired]:
    """Search the least weight at which no more than ``most`` move, by halves; the heaviest where there is none."""
    low, high = weight, HEAVIEST
    best = _repaired(batch, knot, standing, touched, high)
    while _moves(batch, best) <= most and high - low > 1:
        middle = (low + high) // 2
        tried = _repaired(batch, knot, standing, touched, middle)
        if _moves(batch, tried) <= most:
            high, best = middle, tried
        else:
            low = middle
    return high, best


def _worse(batch: Batch, found: Repaired, free: Repaired) -> tuple[int, int]:
    """People placed fewer, and minutes a week more, than without a cap on moves."""
    mine, theirs = (one.chosen[one.chosen >= 0] for one in (found, free))
    return sum(_people(batch, theirs)) - sum(_people(batch, mine)), _minutes(batch, mine) - _minutes(batch, theirs)


def _people(batch: Batch, taken: Ints) -> tuple[int, ...]:
    return tuple(batch.draws.people(taken, TIERS).tolist())


def _minutes(batch: Batch, taken: Ints) -> int:
    return int(batch.draws.cost[taken].sum())
