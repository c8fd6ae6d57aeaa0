"""Published assignment problems (OR-Library): the flow and the crossing pools must reach the published optima."""

import csv
from pathlib import Path

import numpy as np
import pytest
from matcher.placement import Status
from matcher.records import Ints
from matcher.solve import choose
from matcher.solve.pools import Draws

from .data.test_samhsa import SHARED

ORLIB = SHARED / "orlib"
ASSIGN = {"assign100": 305, "assign500": 991, "assign600": 1176, "assign700": 1362}
GAP = [f"gap{number}" for number in range(1, 13)]


def numbers(path: Path) -> list[int]:
    if not path.is_file():
        pytest.skip(f"the published problems are not at {path}")
    return [int(text) for text in path.read_text(encoding="utf-8").split()]


def draws(cost: Ints, units: Ints, limit: Ints) -> Draws:
    """Agents (rows) as pools, jobs (columns) as referrals of one tier: every job may go to every agent."""
    agents, jobs = cost.shape
    referral, agent = np.repeat(np.arange(jobs), agents), np.tile(np.arange(agents), jobs)
    return Draws(
        referral=referral,
        cost=np.ascontiguousarray(cost[agent, referral]),
        pool=agent[:, np.newaxis],
        draws=np.ascontiguousarray(units[agent, referral])[:, np.newaxis],
        limit=limit,
        tier=np.zeros(jobs, np.int64),
        persons=np.ones(jobs, np.int64),
    )


@pytest.mark.parametrize("name", ASSIGN)
def test_assignment_problems_reach_the_published_optimum_by_flow(name: str) -> None:
    size, *costs = numbers(ORLIB / "assign" / f"{name}.txt")
    cost = np.array(costs, np.int64).reshape(size, size)
    choice = choose(draws(cost, np.ones_like(cost), np.ones(size, np.int64)))
    assert len(choice.options) == size
    assert (choice.proof.status, choice.proof.minutes) == (Status.OPTIMAL, ASSIGN[name])
    assert choice.parts["integer program"] == 0


@pytest.mark.parametrize("name", GAP)
def test_generalized_assignment_problems_reach_the_published_optimum_where_pools_cross(name: str) -> None:
    text = numbers(ORLIB / "gap" / f"{name}.txt")
    with (ORLIB / "gap" / "best-known.csv").open(encoding="utf-8", newline="") as file:
        best = {row["Path"].rpartition("/")[2]: int(row["Optimum"]) for row in csv.DictReader(file) if row["Optimum"]}
    count, at = text[0], 1
    for number in range(count):
        agents, jobs = text[at : at + 2]
        size, at = agents * jobs, at + 2
        cost, units = (
            np.array(text[start : start + size], np.int64).reshape(agents, jobs) for start in (at, at + size)
        )
        limit = np.array(text[at + 2 * size : at + 2 * size + agents], np.int64)
        at += 2 * size + agents
        choice = choose(draws(cost, units, limit))
        assert len(choice.options) == jobs
        assert (choice.proof.status, choice.proof.minutes) == (Status.OPTIMAL, best[f"{name}-{number}"])
