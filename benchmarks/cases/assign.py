"""A batch placed: ours against one caller after the other."""

from collections.abc import Callable, Iterator

import numpy as np

from matcher.problem import Problem
from matcher.records import Ints
from matcher.solve import assign
from matcher.sweep import Sweep

from ..instance import nation
from ..measure import seconds
from ..peers.greedy import Supply, first_come, nearest_first
from ..registry import Case, Figure, register

Peer = Callable[[Problem, Supply], Ints]
PEERS: dict[str, Peer] = {"first-come": first_come, "nearest-first": nearest_first}


def run(size: int) -> Iterator[Figure]:
    """Seconds, people placed and minutes a week of ``size`` callers; of ours also what is proven."""
    problem = nation(size)
    assign(nation(10))
    taken, answer = seconds(lambda: assign(problem))
    yield Figure("seconds", taken, "s")
    yield Figure("placed", sum(answer.proof.people), "people")
    yield Figure("objective", answer.proof.minutes, "minutes a week")
    yield Figure("gap", answer.proof.gap, "fraction")
    yield Figure("gap_people", answer.proof.gap_people, "people")
    yield Figure("contested", answer.contested, "fraction")
    for name, peer in PEERS.items():
        taken, (placed, minutes) = seconds(lambda peer=peer: greedy(problem, peer))  # type: ignore[misc]
        yield Figure("seconds", taken, "s", name)
        yield Figure("placed", placed, "people", name)
        yield Figure("objective", minutes, "minutes a week", name)


def greedy(problem: Problem, peer: Peer) -> tuple[int, int]:
    """People placed and minutes a week of a peer, over the same options."""
    made = supply(problem)
    taken = peer(problem, made)
    persons = problem.referrals.rows["persons"]
    whose = np.searchsorted(made.options.ends, taken, side="right")
    return int(persons[whose].sum()), int(made.options.cost[taken].sum())


def supply(problem: Problem) -> Supply:
    """Every option of the batch, with what it draws."""
    sweep = Sweep(problem.directory, problem.policy)
    options = sweep.candidates(problem.referrals)
    pool, draws = sweep.drawn(problem.referrals.rows, options)
    return Supply(options, pool, draws, np.ascontiguousarray(problem.directory.pools["limit"]))


register(Case("assign", "a batch placed, ours and one caller after the other", (1_000, 10_000), run))
