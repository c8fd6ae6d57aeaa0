"""What waits to be done is told to whoever scrapes, so that somebody is nudged; and costs next to nothing."""

from collections.abc import Iterator
from itertools import product
from threading import Event, Lock, Thread
from typing import Any

import pytest
from data.store import tasks
from data.store.change import Change, Store
from data.store.errors import Busy
from data.store.tasks import Waiting
from data.store.words import TaskKind

from api.serve import gauges

from .desk import Desk
from .locking import locked
from .test_last_seat import url_of


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each scrape counts anew."""
    monkeypatch.setattr(gauges, "KEPT", 0.0)


def scraped(desk: Desk, token: str | None = None) -> dict[str, float]:
    """What the gauges say, by name and labels; ``token`` None: to the desk itself, blank: to whoever has none."""
    token = desk.token if token is None else token
    told = desk.client.get("/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})
    assert told.status_code == 200
    lines = [line.rpartition(" ") for line in told.text.splitlines() if line.startswith(WATCHED)]
    return {name: float(number) for name, _, number in lines}


WATCHED = ("matcher_tasks", "matcher_overpromised")


def tasks_of(kind: TaskKind, state: str) -> str:
    return f'matcher_tasks{{kind="{kind}",state="{state}"}}'


def test_every_kind_is_told_open_and_late(desk: Desk, store: Store) -> None:
    def work(change: Change) -> None:
        for subject in ("p", "q"):
            tasks.open_once(change, TaskKind.MOVED, subject, None)
        tasks.open_once(change, TaskKind.FOLLOW_UP_MONTH, "p", None)
        tasks.open_once(change, TaskKind.FOLLOW_UP_DAY, "p", None)
        tasks.close(change, TaskKind.FOLLOW_UP_DAY, "p", "reached")

    store.write("clock", work)
    found = scraped(desk)
    assert len(found) == 2 * len(TaskKind) + 1
    assert (found[tasks_of(TaskKind.MOVED, "open")], found[tasks_of(TaskKind.MOVED, "late")]) == (2, 0)
    assert found[tasks_of(TaskKind.FOLLOW_UP_DAY, "open")] == 0
    later = store.clock() + 5 * 3600
    store.clock = lambda: later
    found = scraped(desk)
    assert (found[tasks_of(TaskKind.MOVED, "open")], found[tasks_of(TaskKind.MOVED, "late")]) == (2, 2)
    assert found[tasks_of(TaskKind.FOLLOW_UP_MONTH, "late")] == 0


@pytest.mark.parametrize(("number", "told"), [(0, 0), (1, 10), (10, 10), (11, 11), (12, 12)])
def test_few_people_are_told_as_a_few_to_whoever_shows_no_token(
    desk: Desk, store: Store, number: int, told: int
) -> None:
    def work(change: Change) -> None:
        for subject in range(number):
            tasks.open_once(change, TaskKind.MOVED, str(subject), None)
            tasks.open_once(change, TaskKind.OVERPROMISED, str(subject), None)

    store.write("clock", work)
    later = store.clock() + 5 * 3600
    store.clock = lambda: later
    found = scraped(desk, "")
    assert [found[tasks_of(TaskKind.MOVED, state)] for state in Waiting._fields] == [told, told]
    assert found[tasks_of(TaskKind.OVERPROMISED, "open")] == number  # pools are nobody
    store.clock = lambda: later - 5 * 3600
    assert scraped(desk)[tasks_of(TaskKind.MOVED, "open")] == number  # the control


def worked_out(told: Waiting) -> set[int]:
    """Whom somebody counts who knows what was told: those late, those not late yet, and both."""
    return {told.late, told.open - told.late, told.open}


def by_itself(number: int) -> int:
    """A count told without regard to what it stands beside."""
    return 10 if 0 < number < 11 else number


def test_nobody_works_out_few_people_from_what_is_told_of_many() -> None:
    for late, timely in product(range(25), repeat=2):
        exact = Waiting(late + timely, late)
        told = gauges.Counted({TaskKind.MOVED: exact}, 0).bucketed(11).tasks[TaskKind.MOVED]
        assert worked_out(told) & set(range(1, 10)) == set(), exact
        assert [bool(number) for number in told] == [bool(number) for number in exact]  # an alert is heard
    assert worked_out(Waiting(by_itself(12), by_itself(11))) & set(range(1, 10))  # the control


def test_what_is_promised_beyond_the_report_is_told(desk: Desk) -> None:
    opening = desk.best()
    assert desk.hold(desk.keep(), opening)[0] == 201
    assert scraped(desk)["matcher_overpromised_pools"] == 0
    assert desk.report(opening, 0)[0] == 200
    found = scraped(desk)
    assert (found["matcher_overpromised_pools"], found[tasks_of(TaskKind.OVERPROMISED, "open")]) == (1, 1)


def test_for_a_while_nothing_is_counted_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def counted(store: Store) -> Any:
        asked.append(store)
        return gauges.Counted({}, 7)

    monkeypatch.setattr(gauges, "counted", counted)
    for kept, times in ((60.0, 1), (0.0, 4)):  # the second is the control
        monkeypatch.setattr(gauges, "KEPT", kept)
        for _ in range(3):
            assert scraped(desk)["matcher_overpromised_pools"] == 7
        assert len(asked) == times


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Counting takes until this is set; who counts beyond the test is waited for."""
    go, count, counting = Event(), gauges.counted, Lock()

    def counted(store: Store) -> Any:
        with counting:
            assert go.wait(20)
            return count(store)

    monkeypatch.setattr(gauges, "counted", counted)
    yield go
    go.set()
    assert counting.acquire(timeout=20)


def test_others_are_answered_while_it_is_counted(desk: Desk, held_up: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "PATIENCE", 20.0)
    found: list[dict[str, float]] = []
    scraper = Thread(target=lambda: found.append(scraped(desk)))
    scraper.start()
    for _ in range(3):
        assert desk.client.get("/healthz").status_code == 200
    assert found == []
    held_up.set()
    scraper.join(20)
    assert len(found[0]) == 2 * len(TaskKind) + 1


def test_a_ledger_that_does_not_answer_in_time_is_told_nothing_of(
    desk: Desk, held_up: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_up.set()
    assert scraped(desk) != {}  # the control
    held_up.clear()
    monkeypatch.setattr(gauges, "PATIENCE", 0.2)
    assert scraped(desk) == {}
    assert "matcher_requests" in desk.client.get("/metrics").text


def test_a_ledger_that_refuses_is_told_nothing_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_: Store) -> Any:
        raise Busy("busy", "the database does not answer")

    monkeypatch.setattr(gauges, "counted", busy)
    assert scraped(desk) == {}


def test_a_locked_ledger_holds_no_scrape_up(desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gauges, "PATIENCE", 0.5)
    with locked(url_of(store)):
        found = scraped(desk)
    assert (found != {}) is store.database.is_sqlite  # there a writer keeps no reader out
