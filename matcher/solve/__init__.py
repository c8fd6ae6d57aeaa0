"""Options to placements: the batch under the one objective.

Tier by tier in legal order, in each as many people as possible; then the least minutes. Referrals that share no binding
pool, directly or through others, are solved apart; those whose options draw one unit of one pool as a flow, all others
as integer programs, or where they are too many for one, by a relaxation that states its gap.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..options import Options
from ..pause import uncollected
from ..placement import Assignment, Placement, Proof
from ..problem import Problem
from ..proof import Certificate, prove
from ..records import Ints, Watch, unwatched
from ..sweep import Sweep
from ..vocabulary import Tier
from .certificate import certify_crossing, certify_flow
from .crossing import solve_crossing
from .cut import FIRST, Cut
from .flow import ORACLE, OURS, solve_flow
from .large import LARGE, solve_large
from .pools import Draws, Groups, binding, groups, only, used

TIERS = len(Tier)


@dataclass(frozen=True, slots=True)
class Choice:
    """Options chosen, in order of the referrals, what is proven of them, by which methods, and the prices found."""

    options: Ints
    proof: Proof
    parts: dict[str, int]
    certificate: Certificate


def assign(
    problem: Problem,
    keep: int | None = None,
    threads: int | None = None,
    certified: bool = False,
    watch: Watch = unwatched,
) -> Assignment:
    """Place a batch. ``certified`` also seeks the prices that prove it to anybody who has no solver.

    ``keep`` > 0 begins with that many options a referral, 0 with all; None with few where no pools cross, and with all
    where they do. Options that were cut come in where the prices say that they could do better, until there is none; so
    the proof holds over all openings in reach either way. ``watch`` hears how far it is.
    """
    sweep = Sweep(problem.directory, problem.policy)
    watch(f"the options of {len(problem.referrals.ids)} callers")
    cut = Cut(problem, sweep, FIRST if keep is None else keep, threads)
    while True:
        draws, option, contested = binding(sweep, problem.referrals.rows, cut.options)
        grouped = groups(draws)
        cuts_where_pools_cross = bool(grouped[1].any()) and cut.cuts
        if cuts_where_pools_cross and keep is None:
            cut.complete()
            continue
        choice = choose(draws, certified or cuts_where_pools_cross, watch, grouped)
        if ORACLE in choice.parts and cut.cuts:  # without prices nobody knows who could do better
            cut.complete()
        elif not cut.completed(draws, choice.certificate.minutes, choice.certificate.out):
            break
    proof = _over_all(problem, draws, choice) if cuts_where_pools_cross else choice.proof
    found = placements_of(problem, sweep, cut.options, option[choice.options], draws.referral[choice.options])
    placed = set(draws.referral[choice.options].tolist())
    return Assignment(
        tuple(found),
        tuple(name for row, name in enumerate(problem.referrals.ids) if row not in placed),
        proof,
        cut.first,
        contested,
        choice.parts,
        choice.certificate if certified else None,
    )


def _over_all(problem: Problem, draws: Draws, choice: Choice) -> Proof:
    """What is proven over all options in reach, those cut too, by the prices alone."""
    placed = np.zeros(len(problem.referrals.ids), np.bool_)
    placed[draws.referral[choice.options]] = True
    found = prove(problem, placed, choice.certificate)
    return Proof(choice.proof.people, found.people_bound, choice.proof.minutes, found.minutes_bound)


def choose(draws: Draws, certified: bool = False, watch: Watch = unwatched, grouped: Groups | None = None) -> Choice:
    """Choose one option or none for each referral.

    Pools are held to their limits once an answer has overdrawn them: an optimum of fewer limits that keeps them all
    is an optimum of all, and the fewer limits, the smaller the groups of referrals that share them. Once a group is too
    large for an integer program, all are held: to solve it again costs more than they do. Pools that would not cross
    if all were held are held from the start, for a flow is solved at once. ``grouped``: the groups where all are held,
    where they are at hand.
    """
    all_held = groups(draws) if grouped is None else grouped
    group, crossing = all_held
    held = np.ones(len(draws.limit), bool)
    crossed = draws.pool[crossing[group]]
    held[crossed[crossed >= 0]] = False
    while True:
        some = draws if held.all() else only(draws, held)
        group, crossing = all_held if held.all() else groups(some)
        if np.bincount(group, crossing[group]).max(initial=0) > LARGE and not held.all():
            held[:] = True
            continue
        choice = _choose(some, group, crossing, certified, watch)
        over = used(draws, choice.options) > draws.limit
        if not over.any():
            return choice
        held |= over


def _choose(draws: Draws, group: Ints, crossing: npt.NDArray[np.bool_], certified: bool, watch: Watch) -> Choice:
    into = Certificate.blank(len(draws.limit), len(draws.tier))
    flowing = np.flatnonzero(~crossing[group])
    watch(f"the flow of {len(flowing)} options that do not cross")
    flow = solve_flow(draws, flowing)
    into.minutes[:], into.out[:] = flow.price, flow.out
    if certified:
        certify_flow(draws, flowing, flow, into)
    chosen = [flow.options]
    people_bound = draws.people(chosen[0], TIERS)
    minutes_bound = int(draws.cost[chosen[0]].sum())
    knots = np.unique(group[crossing[group]])
    large = 0
    for knot in knots:
        inside = np.flatnonzero(group == knot)
        watch(f"a group of {len(inside)} options that cross, of {len(knots)} groups")
        if len(inside) > LARGE:
            large += 1
            answer = solve_large(draws, inside, into, watch)
        else:
            answer = solve_crossing(draws, inside, TIERS)
            if certified:
                certify_crossing(draws, inside, answer.options, into)
        chosen.append(answer.options)
        people_bound = people_bound + np.array(answer.people_bound)
        minutes_bound += answer.minutes_bound
    taken = np.concatenate(chosen)
    taken = taken[np.argsort(draws.referral[taken])]
    proof = Proof(
        tuple(draws.people(taken, TIERS).tolist()),
        tuple(people_bound.tolist()),
        int(draws.cost[taken].sum()),
        minutes_bound,
    )
    counts = {OURS: 0, "integer program": len(knots) - large, "relaxation": large}
    counts |= {flow.method: int((np.bincount(group[flowing]) > 0).sum())}
    return Choice(taken, proof, counts, into)


def placements_of(problem: Problem, sweep: Sweep, options: Options, chosen: Ints, rows: Ints) -> list[Placement]:
    """Return options of referrals (by row) as their placements."""
    numbers, names, ids = options.opening[chosen], problem.directory.opening_ids, problem.referrals.ids
    with uncollected():
        ways = sweep.used(problem.referrals.rows[rows].view(np.recarray), numbers, options.way[chosen])
        who, where = [ids[row] for row in rows.tolist()], [names[number] for number in numbers.tolist()]
        return list(map(Placement, who, where, ways, options.cost[chosen].tolist()))
