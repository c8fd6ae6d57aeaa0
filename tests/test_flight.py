"""Programs in flight: none holds what another holds, and any number of threads ends them in the same order."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep
from typing import Any

import numpy as np
import pytest
from matcher.records import Ints
from matcher.solve import flight
from matcher.solve.flight import Flight

THINGS, SEEDS = 40, 200


def flown(workers: int | None = None) -> tuple[list[int], list[list[int]]]:
    """Seeds in the order they landed, and all that were in flight together at each start; each holds a few things."""
    holds = [np.random.default_rng(seed).choice(THINGS, 3, replace=False) for seed in range(SEEDS)]
    ahead, landed, together = deque(range(SEEDS)), list[int](), list[list[int]]()
    with Flight[int].over(THINGS) as made:
        if workers is not None:
            made.workers = ThreadPoolExecutor(workers)
        seeds = deque[int]()
        while ahead or seeds:
            while ahead and made.has_room():
                if made.meets(seed := ahead.popleft(), holds[seed]):
                    continue
                made.start(holds[seed], lambda seed=seed: seed)  # type: ignore[misc]
                seeds.append(seed)
                together.append(list(seeds))
            answer, waited = made.land()
            assert answer == seeds.popleft()
            landed.append(answer)
            ahead.extendleft(reversed(waited))
    assert not made.behind
    for several in together:
        held = np.concatenate([holds[seed] for seed in several])
        assert len(np.unique(held)) == len(held), several
    return landed, together


def test_everyone_lands_once_and_none_holds_what_another_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    landed, together = flown()
    assert sorted(landed) == list(range(SEEDS))
    assert landed != list(range(SEEDS))  # some were put off
    assert 1 < max(map(len, together)) <= flight.MOST
    monkeypatch.setattr(Flight, "meets", lambda *_: False)  # the control
    with pytest.raises(AssertionError):
        flown()


def test_one_thread_and_many_land_in_the_same_order() -> None:
    assert flown(1) == flown(8)


def test_the_first_lands_first_though_a_later_one_is_solved_before_it() -> None:
    later = Event()
    with Flight[str].over(2) as made:
        made.start(np.array([0]), lambda: "first" if later.wait(60) else "late")
        made.start(np.array([1]), lambda: later.set() or "second")  # type: ignore[func-returns-value]
        assert [made.land()[0], made.land()[0]] == ["first", "second"]


def test_who_meets_several_waits_for_the_last_of_them() -> None:
    def at(*things: int) -> Ints:
        return np.array(things)

    with Flight[None].over(4) as made:
        made.start(at(0), lambda: None)
        made.start(at(1), lambda: None)
        assert made.meets(7, at(0, 1, 2))
        assert made.meets(8, at(0))
        assert not made.meets(9, at(2, 3))
        assert [made.land()[1], made.land()[1]] == [[8], [7]]
        assert not made.meets(7, at(0, 1, 2))


def test_no_more_are_looked_for_where_enough_fly_or_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flight, "MOST", 2)
    monkeypatch.setattr(flight, "PUT_OFF", 1)
    with Flight[None].over(3) as made:
        made.start(np.array([0]), lambda: None)
        assert made.has_room()
        made.start(np.array([1]), lambda: None)
        assert not made.has_room()  # two fly
        made.land()
        assert made.has_room()
        assert made.meets(5, np.array([1]))
        assert not made.has_room()  # one waits


def test_an_error_ends_the_flight_and_what_has_not_begun_never_begins() -> None:
    ran = list[int]()
    made = Flight[Any](np.full(3, -1), ThreadPoolExecutor(1))

    def fails() -> None:
        raise MemoryError

    def till_the_last_is_cancelled() -> None:
        for _ in range(6_000):
            if made.flying[-1][1].cancelled():
                return
            sleep(0.01)

    def fly() -> None:
        with made:
            for at, program in enumerate([fails, till_the_last_is_cancelled, lambda: ran.append(2)]):
                made.start(np.array([at]), program)
            made.land()

    with pytest.raises(MemoryError):
        fly()
    assert made.flying[-1][1].cancelled()
    assert not ran
