"""A job that takes long is not begun a second time by another process while it is at work."""

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from api.serve.followed import Followed
from data.store import reassignments
from data.store.change import Store
from data.store.words import ReassignmentState

from api.serve import moving, seen

from ...store.ledgers import Clock
from .jobbed import until

QUICK, NEVER = 0.02, 3600.0


class Long:
    """Work on a plan that lasts till it is told to end."""

    def __init__(self) -> None:
        self.begun, self.over = Event(), Event()

    def __call__(self, *_: object) -> None:
        self.begun.set()
        assert self.over.wait(60)


@pytest.fixture
def clock(store: Store) -> Clock:
    store.clock = clock = Clock(store.clock())
    return clock


@pytest.fixture
def long(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Long, str]]:
    """A plan at which a job of another process is at work, and its id."""
    work = Long()
    monkeypatch.setattr(moving, "apart", work)
    asked = store.write("boss", lambda change: reassignments.ask(change, None, None, ())).reassignment_id
    job = Thread(target=moving.propose, args=(store, Followed(store), asked))
    job.start()
    assert work.begun.wait(60)
    yield work, asked
    work.over.set()
    job.join()


def forgotten(store: Store) -> list[str]:
    """What the clock would ask for again now."""
    with store.database.read() as connection:
        found = reassignments.under_way(connection, store.clock() - seen.STILL)
    return [one.reassignment_id for one in found]


@pytest.fixture
def beat(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "BEAT", request.param)


@pytest.mark.parametrize("beat", [QUICK], indirect=True)
def test_while_a_job_is_at_work_nobody_asks_for_it_again(
    beat: None, store: Store, clock: Clock, long: tuple[Long, str]
) -> None:
    clock.pass_minutes(2)
    assert until(lambda: True if not forgotten(store) else None, 20)
    with store.database.read() as connection:
        one = reassignments.reassignment(connection, long[1])
    assert (one.state, one.tried) == (ReassignmentState.ASKED, 1)


@pytest.mark.parametrize("beat", [NEVER], indirect=True)
def test_a_job_of_which_nothing_is_seen_is_asked_for_again(
    beat: None, store: Store, clock: Clock, long: tuple[Long, str]
) -> None:
    """The control: so it was before, and so it is where the process died."""
    clock.pass_minutes(2)
    assert forgotten(store) == [long[1]]


@pytest.mark.parametrize("beat", [QUICK], indirect=True)
def test_a_job_that_is_over_is_seen_no_more(beat: None, store: Store, clock: Clock, long: tuple[Long, str]) -> None:
    work, asked = long
    work.over.set()
    clock.pass_minutes(2)
    with seen.seen(store, asked):
        assert until(lambda: True if not forgotten(store) else None, 20)
    clock.pass_minutes(2)
    assert forgotten(store) == [asked]  # the work above kept no plan, as where its process died


@pytest.mark.parametrize("beat", [QUICK], indirect=True)
def test_a_job_that_hangs_is_seen_no_more(
    beat: None, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "LONGEST", 0.0)
    asked = store.write("boss", lambda change: reassignments.ask(change, None, None, ())).reassignment_id
    with seen.seen(store, asked):
        clock.pass_minutes(2)
        assert not until(lambda: True if not forgotten(store) else None, 0.5)
