"""A server killed in the middle of a reassignment: the next one goes on with it, and nobody was moved by half."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from data.store.change import Store
from data.store.reassignments import TRIES
from data.store.verify import verify
from data.store.words import Role

from .desk import Desk
from .jobbed import DIES, DIES_AT_ONCE, UNCLOCKED, apart, forgotten, until
from .served import serving
from .test_last_seat import url_of
from .test_reassignments import in_state, overpromised, planned


@pytest.fixture(autouse=True)
def no_jobs_of_others(store: Store) -> None:
    forgotten(store.database)


@contextmanager
def manned(store: Store, change: str = "") -> Iterator[tuple[Desk, Desk, Any]]:
    """A server, an advisor and a supervisor at their desks, and its process."""
    with serving(url_of(store), change) as (base, process), httpx2.Client(base_url=base, timeout=30) as client:
        yield Desk(client, store), Desk(client, store, Role.SUPERVISOR), process


def chosen_and_killed(store: Store) -> str:
    """Let a server be killed after the first of two moves; the path of the reassignment."""
    with manned(store, DIES) as (advisor, boss, process):
        overpromised(advisor, 3, 1)
        plan = planned(boss, weight=10_000)
        path = f"/v1/reassignments/{plan['reassignment_id']}"
        assert boss.post(f"{path}/apply", {"moves": "all"})[0] == 202
        assert until(process.poll) == -9
    return path


def begun_and_killed(store: Store) -> None:
    """Let a server be killed by what it takes up, be it before anybody is at a desk."""
    with suppress(RuntimeError, httpx2.TransportError), serving(url_of(store), DIES_AT_ONCE) as (_, process):
        assert until(process.poll) == -9


def states(told: Any) -> list[str]:
    return sorted(move["state"] for move in told["plan"]["moves"])


def test_what_a_killed_server_had_begun_is_carried_out_by_the_next(store: Store) -> None:
    path = chosen_and_killed(store)
    with manned(store) as (_, boss, _process):
        assert states(in_state(boss, path, "applied")) == ["applied", "applied"]
    assert verify(store.database).faults == ()


def test_where_no_job_takes_it_up_it_stands_as_under_way(store: Store, tmp_path: Path) -> None:
    """The control of the test above, and what a person is told until then."""
    path = chosen_and_killed(store)
    with manned(store, apart(tmp_path / "other.db") + UNCLOCKED) as (_, boss, _process):
        told = until(lambda: None if boss.get(path)[1]["state"] == "applying" else boss.get(path)[1], 5)
        assert told is None
        assert states(boss.get(path)[1]) == ["applied", "chosen"]
    assert verify(store.database).faults == ()


def test_a_plan_that_kills_every_server_is_given_up(store: Store) -> None:
    with manned(store, DIES_AT_ONCE) as (advisor, boss, process):
        overpromised(advisor, 2, 1)
        status, asked = boss.post("/v1/reassignments", {})
        assert status == 202
        assert until(process.poll) == -9
    for _ in range(TRIES - 1):
        begun_and_killed(store)
    with manned(store) as (_, boss, _process):
        told = in_state(boss, f"/v1/reassignments/{asked['reassignment_id']}", "failed")
    assert told["code"] == "given-up"
