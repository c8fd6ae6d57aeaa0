"""Work that is interrupted, or has no time or memory left, ends with a clear status and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import pytest
from api.options import app, aside
from matcher.solve import assign
from typer.testing import CliRunner

from ..worlds import crowded
from .test_command import NOW, run

INTERRUPTED, OUT_OF_TIME, OUT_OF_MEMORY = 130, 4, 3


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    done = run("simulate", "--out", folder, "--facilities", 1500, "--callers", 4000, "--seed", 3, "--now", NOW)
    assert done.returncode == 0, done.stderr
    return folder


def test_out_of_time_is_said_and_nothing_is_written(directory: Path, tmp_path: Path) -> None:
    done = run("assign", directory, "--out", tmp_path / "placements.csv", "--seconds", "0", "--now", NOW)
    assert done.returncode == OUT_OF_TIME
    assert "out of time after" in done.stderr
    assert "nothing was written" in done.stderr
    assert list(tmp_path.iterdir()) == []


SLOW = """
import signal, sys, time
import matcher.solve

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job is born deaf to it

def slow(*_):
    print("ready", file=sys.stderr, flush=True)
    time.sleep(60)

matcher.solve.choose = slow
from api.command import main
main()
"""


def test_an_interrupt_is_said_and_nothing_is_written(directory: Path, tmp_path: Path) -> None:
    options = ["--state", str(tmp_path / "state"), "--out", str(tmp_path / "placements.csv"), "--now", NOW]
    line = [sys.executable, "-c", SLOW, "assign", str(directory), *options]
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as working:
        assert working.stderr is not None
        assert working.stderr.readline() == "ready\n"
        os.kill(working.pid, signal.SIGINT)
        _, said = working.communicate(timeout=60)
    assert working.returncode == INTERRUPTED
    assert "interrupted after" in said
    assert list(tmp_path.iterdir()) == []


DEAF = """
import datetime, random, signal, sys
import api.overseen, matcher.solve
from ortools.math_opt.python import mathopt

signal.signal(signal.SIGINT, signal.default_int_handler)
api.overseen.GRACE = float(sys.argv.pop())
chance = random.Random(1).choices(range(1, 1001), k=24400)

def knapsacks(*_):
    model = mathopt.Model()
    take = [model.add_binary_variable() for _ in range(400)]
    for row in range(60):
        units = chance[400 * row : 400 * row + 400]
        model.add_linear_constraint(sum(u * x for u, x in zip(units, take)) <= sum(units) // 3)
    model.maximize(sum(u * x for u, x in zip(chance[-400:], take)))
    print("ready", file=sys.stderr, flush=True)
    limit = datetime.timedelta(seconds=25)
    mathopt.solve(model, mathopt.SolverType.HIGHS, params=mathopt.SolveParameters(time_limit=limit))

matcher.solve.choose = knapsacks
from api.command import main
main()
"""
"""A batch that is given to a solver which hears no signal, and goes on for 25 seconds."""


@pytest.mark.parametrize(("seconds", "code"), [(None, INTERRUPTED), (3, OUT_OF_TIME)])
def test_a_solver_that_hears_nothing_is_ended_all_the_same(
    directory: Path, tmp_path: Path, seconds: int | None, code: int
) -> None:
    status, said = deaf(directory, tmp_path, seconds, grace=0.5)
    assert status == code
    assert said.count("nothing was written") == 1
    assert list(tmp_path.iterdir()) == []


def test_without_anybody_who_oversees_it_it_goes_on(directory: Path, tmp_path: Path) -> None:
    """The control."""
    with pytest.raises(subprocess.TimeoutExpired):
        deaf(directory, tmp_path, None, grace=1000, patience=12)


def deaf(
    directory: Path, folder: Path, seconds: int | None, grace: float, patience: float = 20
) -> tuple[int, str]:  # fmt: skip
    """Interrupt work inside the solver, or wait till its seconds are over; the exit code, and what was said."""
    options = ["--out", str(folder / "placements.csv"), "--now", NOW]
    options += [] if seconds is None else ["--seconds", str(seconds)]
    line = [sys.executable, "-c", DEAF, "assign", str(directory), *options, str(grace)]
    with subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as working_on:
        try:
            assert working_on.stderr is not None
            assert "ready" in working_on.stderr.readline()
            if seconds is None:
                time.sleep(0.5)  # inside the solver by now
                os.kill(working_on.pid, signal.SIGINT)
            _, said = working_on.communicate(timeout=patience)
        finally:
            working_on.kill()
    return working_on.returncode, said


def test_out_of_memory_is_said(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise MemoryError

    import_module("api.command")  # names the commands
    monkeypatch.setattr("matcher.solve.assign", full)
    done = CliRunner().invoke(app, ["assign", str(directory), "--now", NOW])
    assert done.exit_code == OUT_OF_MEMORY
    assert "out of memory" in done.stderr


def test_a_watch_hears_every_stage_and_can_end_any_of_them() -> None:
    problem, heard = crowded(1, 30, 8).problem(), list[str]()
    whole = assign(problem, certified=True, watch=heard.append)
    assert len(heard) > 3
    for last in range(len(heard)):
        told = list[str]()

        def stop(at: str, told: list[str] = told, last: int = last) -> None:
            told.append(at)
            if len(told) > last:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            assign(problem, certified=True, watch=stop)
    assert assign(problem, certified=True).proof == whole.proof


def test_what_a_solver_prints_does_not_reach_the_answer(capfd: pytest.CaptureFixture[str]) -> None:
    with aside():
        os.write(1, b"a solver talks")
    os.write(1, b"the answer")
    assert capfd.readouterr() == ("the answer", "a solver talks")
