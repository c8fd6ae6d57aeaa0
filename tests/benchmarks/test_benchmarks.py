"""The benchmarks run, agree with their peers, and write the ledger as promised; nothing here is timed."""

import csv
import platform
import socket
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.__main__ import main
from benchmarks.cases.assign import PEERS, supply
from benchmarks.cases.flow import plain_batch
from benchmarks.cases.rank import agree
from benchmarks.instance import nation
from benchmarks.peers.brute_force import BruteForce
from benchmarks.peers.nearest_first import NearestFirst
from benchmarks.registry import Case, Figure, cases, register
from benchmarks.results import COLUMNS, PATH, append, machine
from matcher.problem import Problem
from matcher.solve import assign
from matcher.sweep import Sweep
from matcher.trip import ways_of

SMALL = {
    "rank": 550,
    "explain": 5,
    "candidates": 50,
    "cold-start": 275,
    "assign": 40,
    "flow": 40,
    "ask": 550,
    "assign-tight": 60,
    "assign-slack": 60,
    "assign-coupled": 20,
    "assign-coupled-hard": 20,
    "assign-whole-tight": 60,
    "assign-whole-slack": 60,
    "reassign": 60,
    "verify": 60,
    "match-http": 5_500,
    "hold-http": 5_500,
}
METRICS = {
    "rank": {"p50", "p99"},
    "explain": {"p50", "p99"},
    "candidates": {"seconds", "peak_memory", "options"},
    "cold-start": {"cold", "warm"},
    "assign": {"seconds", "placed", "objective", "gap", "gap_people", "contested"},
    "flow": {"seconds", "placed", "objective"},
    "ask": {"p50", "p99", "answered"},
    "reassign": {"anew", "seconds", "moved", "steady", "moved_steady", "p50", "p99", "worst"},
    "verify": {"seconds", "events_per_second"},
    "hold-http": {"requests_per_second", "p50", "p99", "alone_p50", "alone_p99"},
    "match-http": {
        *("requests_per_second", "anybody_per_second", "p50", "p99"),
        *("alone_p50", "alone_p99", "words_p50", "words_p99"),
    },
    "assign-tight": {"seconds", "placed", "objective", "peak_memory"},
    "assign-slack": {"seconds", "placed", "objective", "peak_memory"},
    "assign-whole-tight": {"seconds", "placed", "objective", "peak_memory", "reassigned", "moved"},
    "assign-whole-slack": {"seconds", "placed", "objective", "peak_memory", "reassigned", "moved"},
    "assign-coupled": {"seconds", "placed", "objective", "peak_memory", "gap", "gap_people", "gap_soft"},
    "assign-coupled-hard": {"seconds", "placed", "objective", "peak_memory", "gap", "gap_people", "gap_soft"},
}
FACILITIES = 400


def each_row(problem: Problem) -> list[Any]:
    return [problem.referrals.rows[i : i + 1] for i in range(len(problem.referrals.ids))]


def nothing(_: int) -> Iterator[Figure]:
    yield from ()


def test_a_name_that_is_taken_is_refused() -> None:
    taken = next(iter(cases().values()))
    with pytest.raises(ValueError, match="registered twice"):
        register(taken)


@pytest.mark.parametrize("sizes", [(), (0,), (1.5,)])
def test_sizes_are_whole_numbers_above_zero(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="whole numbers above 0"):
        register(Case("no case", "none", sizes, nothing))


def test_every_case_is_tested_here() -> None:
    assert set(cases()) == set(SMALL) == set(METRICS)


@pytest.mark.parametrize("name", SMALL)
def test_a_case_runs_at_a_small_size(name: str) -> None:
    figures = list(cases()[name].run(SMALL[name]))
    assert {one.metric for one in figures} == METRICS[name]
    assert len({(one.variant, one.metric) for one in figures}) == len(figures)
    assert all(np.isfinite(one.value) and one.unit for one in figures)


def test_an_unknown_case_gets_one_sentence_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--case", "speed"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "'speed'" in said
    assert "rank" in said


def test_the_ledger_has_its_columns_and_is_only_added_to(tmp_path: Path) -> None:
    ledger, case = tmp_path / "results.csv", cases()["rank"]
    append(case, 10, [Figure("p50", 1.5, "us")], False, ledger)
    before = ledger.read_bytes()
    append(case, 10, [Figure("p50", 2.5, "us", "brute-force")], True, ledger)
    assert ledger.read_bytes().startswith(before)
    head, first, second = csv.reader(ledger.read_text(encoding="utf-8").splitlines())
    assert head == ["date", "commit", "machine", "case", "size", "variant", "metric", "value", "unit"]
    assert first[3:] == ["rank", "10", "ours", "p50", "1.5", "us"]
    assert first[0].endswith("+00:00")
    assert second[2] == first[2] + " (foreign load)"


def test_the_ledger_that_is_kept_reads_as_promised() -> None:
    head, *rows = csv.reader(PATH.read_text(encoding="utf-8").splitlines())
    assert tuple(head) == COLUMNS
    assert all(len(row) == len(head) and row[3] in cases() and int(row[4]) > 0 and float(row[7]) >= 0 for row in rows)


def test_the_machine_names_no_host() -> None:
    said = machine()
    assert said.endswith("cores")
    assert socket.gethostname() not in said
    assert platform.node() not in said


def test_brute_force_finds_the_same_best_options() -> None:
    problem = nation(150, FACILITIES)
    sweep, brute = Sweep(problem.directory, problem.policy), BruteForce(problem.directory, problem.policy)
    for row in each_row(problem):
        assert sweep.ranked(row, 10).cost.tolist() == brute.ranked(row, 10)[1].tolist()


def test_another_best_cost_is_an_error() -> None:
    problem = nation(150, FACILITIES)
    rows = each_row(problem)
    row = next(row for row in rows if len(ways_of(row[0])) == 1)
    options = Sweep(problem.directory, problem.policy).ranked(row, 10)
    with pytest.raises(AssertionError, match="brute force"):
        agree(row, options, [-1])


def test_todays_list_is_the_sweeps_nearest() -> None:
    problem = nation(150, FACILITIES)
    sweep, listed = Sweep(problem.directory, problem.policy), NearestFirst(problem.directory)
    places = problem.directory.openings[["latitude", "longitude"]]
    for row in each_row(problem):
        ours = sweep.nearest(row, 10, int(row["levels"][0]))
        assert places[ours].tolist() == places[listed.ranked(row, 10)].tolist()


@pytest.mark.parametrize("name", PEERS)
def test_greedy_peers_are_lawful_and_never_place_more(name: str) -> None:
    problem = nation(60, FACILITIES)
    made = supply(problem)
    taken = PEERS[name](problem, made)
    sizes = np.diff(made.options.ends, prepend=0)
    referral = np.repeat(np.arange(len(sizes)), sizes)[taken]
    assert len(set(referral.tolist())) == len(taken) > 0
    used = np.zeros(len(made.limit), np.int64)
    drawn = made.draws[taken] > 0
    np.add.at(used, made.pool[taken][drawn], made.draws[taken][drawn])
    assert (used[used > 0] <= made.limit[used > 0]).all()
    ours = assign(problem)
    reached = np.bincount(problem.referrals.rows["tier"][referral], minlength=4)
    assert ours.proof.gap_people == 0
    assert list(ours.proof.people) >= reached.tolist()


def test_a_batch_without_crossing_pools_draws_on_one_pool_each() -> None:
    left = plain_batch(nation(60, FACILITIES))
    assert 0 < len(left.referrals.ids) == len(left.referrals.rows) < 60
    assert (supply(left).draws.sum(axis=1) == 1).all()


def test_each_caller_of_the_nation_is_another() -> None:
    ids = sorted(nation(150, FACILITIES).referrals.ids)
    assert all(len(list(same)) == 1 for _, same in groupby(ids))
