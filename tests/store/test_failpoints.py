"""Every kind of write, broken off at every step: it happened wholly, or not at all."""

import signal

import pytest
from data.store.change import Passed, Store
from data.store.database import Database
from data.store.verify import verify

from tests.soak import size

from .crash import Steps, heard, run, write_and_die
from .ledgers import Clock, everything, url_of
from .writes import WRITES

TIMES = size(1, 10)
SHORT = ("hold", "admit", "decline that reports full", "expire with an offer", "join the waitlist")
"""Kinds of writes whose process is killed in a short run; in it all kinds are broken off."""
KILLED = (size(0, 1) and tuple(WRITES)) or SHORT


class BrokenOff(Exception):  # noqa: N818
    """The write ends here."""


def break_off() -> None:
    raise BrokenOff


def attempt(store: Store, name: str, one: str, hear: Passed) -> None:
    """Do a write that is broken off at a step."""
    with heard(store, name, hear), pytest.raises(BrokenOff):
        store.write("advisor", lambda change: WRITES[name].work(change, one))


def steps_of(store: Store, name: str, one: str) -> list[str]:
    """The steps of a write before it is kept, by doing it until right before then."""
    steps = list[str]()

    def hear(step: str) -> None:
        steps.append(step)
        if step == "told":
            raise BrokenOff

    attempt(store, name, one, hear)
    return steps


@pytest.mark.parametrize("name", WRITES)
def test_a_write_broken_off_at_any_step_leaves_nothing(store: Store, clock: Clock, name: str) -> None:
    one = WRITES[name].before(store, clock)
    before = everything(store.database)
    steps = steps_of(store, name, one)
    assert everything(store.database) == before
    for at in [*range(len(steps))] * TIMES:
        attempt(store, name, one, Steps(at, break_off))
        assert everything(store.database) == before
    attempt(store, name, one, Steps(len(steps), break_off))
    assert len(everything(store.database)["events"]) > len(before["events"])
    assert verify(store.database).faults == ()


def lost(database: Database, before: object, acknowledged: list[str]) -> bool:
    """Whether something was acknowledged of which nothing is there."""
    return bool(acknowledged) and everything(database) == before


@pytest.mark.parametrize("name", KILLED)
def test_a_process_killed_at_any_step_loses_nothing(store: Store, clock: Clock, name: str) -> None:
    one = WRITES[name].before(store, clock)
    before = everything(store.database)
    kept = len(steps_of(store, name, one))
    for at in [*range(kept)] * TIMES:
        ended = run(write_and_die, url_of(store.database), clock.now, name, one, at)
        assert ended == (-signal.SIGKILL, [])
        assert everything(store.database) == before
    ended = run(write_and_die, url_of(store.database), clock.now, name, one, kept)
    assert ended == (-signal.SIGKILL, [])
    assert len(everything(store.database)["events"]) > len(before["events"])
    assert verify(store.database).faults == ()


def test_an_acknowledged_write_outlives_its_process(store: Store, clock: Clock) -> None:
    before = everything(store.database)
    ended = run(write_and_die, url_of(store.database), clock.now, "hold", "", -1)
    assert not lost(store.database, before, ended.acknowledged)
    assert [row[0] for row in everything(store.database)["placements"]] == ended.acknowledged
    assert verify(store.database).faults == ()


def test_a_store_that_acknowledges_before_it_keeps_is_caught(store: Store, clock: Clock) -> None:
    before = everything(store.database)
    told = len(steps_of(store, "hold", "")) - 1
    ended = run(write_and_die, url_of(store.database), clock.now, "hold", "", told, True)
    assert lost(store.database, before, ended.acknowledged)
