"""Peers: one caller after the other, each given what is left; first come, first served, cheapest or nearest first."""

from dataclasses import dataclass

import numpy as np

from matcher.options import Options
from matcher.problem import Problem
from matcher.records import Floats, Ints, Rows


@dataclass(frozen=True, slots=True)
class Supply:
    """A batch's options with pool and draws, shape (options, capacities), and the free units of each pool."""

    options: Options
    pool: Ints
    draws: Ints
    limit: Ints


def first_come(problem: Problem, supply: Supply) -> Ints:
    """Options taken when each caller, in order of arrival, takes the cheapest that is left."""
    return _greedy(problem, supply, supply.options.cost)


def nearest_first(problem: Problem, supply: Supply) -> Ints:
    """Options taken when each caller, in order of arrival, takes the nearest that is left."""
    return _greedy(problem, supply, _far(problem, supply.options))


def _greedy(problem: Problem, supply: Supply, wish: Ints) -> Ints:
    left, taken = supply.limit.tolist(), []
    for row in arrival(problem):
        span = supply.options.of(row)
        order = span.start + np.argsort(wish[span], kind="stable")
        for option in order.tolist():
            needed = [
                (p, d) for p, d in zip(supply.pool[option].tolist(), supply.draws[option].tolist(), strict=True) if d
            ]
            if all(left[p] >= d for p, d in needed):
                for p, d in needed:
                    left[p] -= d
                taken.append(option)
                break
    return np.array(taken, np.int64)


def arrival(problem: Problem) -> list[int]:
    """Rows in the order in which the callers came; the opaque ids stand for it, being drawn by lot."""
    return sorted(range(len(problem.referrals.ids)), key=problem.referrals.ids.__getitem__)


def _far(problem: Problem, options: Options) -> Ints:
    """How far each option is, as the squared chord scaled to whole numbers; only its order is read."""
    sizes = np.diff(options.ends, prepend=0)
    callers = _points(problem.referrals.rows)[np.repeat(np.arange(len(sizes)), sizes)]
    apart = callers - _points(problem.directory.openings)[options.opening]
    far: Ints = ((apart * apart).sum(axis=1) * 1e15).astype(np.int64)
    return far


def _points(rows: Rows) -> Floats:
    phi, theta = np.radians(rows["latitude"] / 1e6), np.radians(rows["longitude"] / 1e6)
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
