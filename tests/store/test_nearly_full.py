"""The state is told when a block-grant program is nearly full: a task a crossing, seven days, in both databases."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from data.columns import Columns
from data.encode_pools import CAPACITY
from data.simulate import simulate_directory
from data.sources.tables import write_table
from data.store import directory, nearly_full, seats
from data.store.change import Change, Store
from data.store.database import Database
from data.store.keys import Keys
from data.store.life import act
from data.store.nearly_full import Use
from data.store.reports import Said, report_all
from data.store.tables import facilities, openings, programs, tasks
from data.store.tasks import Task, done, waiting
from data.store.words import Act, TaskKind
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from .ledgers import SECRET, Clock, hold

WEEK = 7 * 86_400
A = "seats/a/1"
UNITS = {"a/1": ("Beds A", "10", ""), "a/2": ("Beds B", "10", "")}
"""Unit, capacity and start of each opening of facility ``a``'s program."""


@pytest.fixture
def funded(store: Store) -> Store:
    """A ledger in which facility ``a`` gets block-grant funds, and its program has two units of ten."""
    fund(store, "yes")
    for opening, (unit, capacity, start) in UNITS.items():
        unit_of(store, opening, unit, capacity, start)
    return store


def fund(store: Store, said: str) -> None:
    change = update(facilities).where(facilities.c.facility_id == "a").values(block_grant=said)
    store.write("setup", lambda made: made.connection.execute(change))


def unit_of(store: Store, opening: str, unit: str, capacity: str, start: str = "") -> None:
    change = update(openings).where(openings.c.opening_id == opening)
    values = {"unit": unit, "capacity": capacity, "start_date": start}
    store.write("setup", lambda made: made.connection.execute(change.values(**values)))


def say(store: Store, **free: int) -> None:
    """Facility ``a`` reports what is free, by opening, all at once."""
    rows = [Said(f"seats/a/{name.removeprefix('of_')}", number) for name, number in free.items()]
    store.write("facility", lambda change: report_all(change, rows))


def notices(store: Store) -> list[Task]:
    """The open tasks to tell the state."""
    with store.database.read() as connection:
        found, _ = waiting(connection)
    return [task for task in found if task.kind is TaskKind.CAPACITY_NOTICE]


def tell_the_state(store: Store) -> None:
    (task,) = notices(store)
    store.write("supervisor", lambda change: done(change, task.task_id, "given"))


def test_at_ninety_percent_a_task_of_seven_days_says_so(funded: Store, clock: Clock) -> None:
    say(funded, of_1=0, of_2=3)
    assert notices(funded) == []  # 17 of 20
    say(funded, of_1=0, of_2=2)
    (task,) = notices(funded)
    assert (task.subject, task.facility_id, task.due_at) == ("a/p", "a", clock.now + WEEK)


def test_it_is_told_once_a_crossing(funded: Store) -> None:
    for _ in range(3):
        say(funded, of_1=1, of_2=1)
    tell_the_state(funded)
    say(funded, of_1=0, of_2=0)
    assert notices(funded) == []
    say(funded, of_1=5, of_2=5)
    say(funded, of_1=1, of_2=1)
    assert len(notices(funded)) == 1


def test_unless_it_is_known_since_when_it_were_told_again_and_again(funded: Store) -> None:
    """The control: nothing is kept of the crossing."""
    say(funded, of_1=1, of_2=1)
    tell_the_state(funded)
    forgotten = update(programs).values(nearly_full_since=None)
    funded.write("setup", lambda change: change.connection.execute(forgotten))
    say(funded, of_1=0, of_2=0)
    assert len(notices(funded)) == 1


def test_falling_below_again_does_not_end_the_duty_and_doubles_nothing(funded: Store) -> None:
    say(funded, of_1=1, of_2=1)
    (first,) = notices(funded)
    say(funded, of_1=5, of_2=5)
    assert notices(funded) == [first]
    say(funded, of_1=1, of_2=1)
    assert notices(funded) == [first]


@pytest.mark.parametrize("said", ["no", ""])
def test_it_binds_nobody_without_block_grant_funds(funded: Store, said: str) -> None:
    fund(funded, said)
    say(funded, of_1=0, of_2=0)
    assert notices(funded) == []
    fund(funded, "Yes")  # the control
    say(funded, of_1=0, of_2=0)
    assert len(notices(funded)) == 1


@pytest.mark.parametrize("capacity", ["", "0", "many"])
def test_a_unit_whose_capacity_is_not_known_does_not_count(funded: Store, capacity: str) -> None:
    unit_of(funded, "a/2", "Beds B", capacity)
    say(funded, of_1=2, of_2=0)
    assert notices(funded) == []  # 8 of the 10 that are known
    say(funded, of_1=1, of_2=9)
    assert len(notices(funded)) == 1
    unit_of(funded, "a/1", "Beds A", capacity)
    with funded.database.read() as connection:
        assert nearly_full.use(connection, nearly_full.Program("a/p", "a", None, "yes")) == Use(0, 0)
    assert not Use(0, 0).reaches(90)


def test_the_starts_of_one_unit_are_counted_once(funded: Store) -> None:
    unit_of(funded, "a/1", "Beds A", "10", "2026-12-28")
    unit_of(funded, "a/2", "Beds A", "10", "2027-01-04")
    say(funded, of_1=2, of_2=0)
    assert notices(funded) == []  # full next week, and not now
    say(funded, of_1=1, of_2=9)
    assert len(notices(funded)) == 1


def test_an_admission_may_reach_it_and_a_hold_does_not(funded: Store) -> None:
    say(funded, of_1=1, of_2=2)
    held = hold(funded, 0, A)
    assert notices(funded) == []
    for what in (Act.CONFIRM, Act.ADMIT):
        assert notices(funded) == []
        funded.write("facility", lambda change, what=what: act(change, held.placement_id, what))  # type: ignore[misc]
    assert len(notices(funded)) == 1


def test_a_decline_for_want_of_room_may_reach_it(funded: Store) -> None:
    say(funded, of_1=1, of_2=2)
    held = hold(funded, 0, A)
    funded.write("facility", lambda change: act(change, held.placement_id, Act.DECLINE, "full"))
    assert [task.subject for task in notices(funded)] == ["a/p"]


def test_reports_made_at_once_are_read_at_once(funded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    say(funded, of_1=0, of_2=5)
    say(funded, of_2=0, of_1=5)
    assert notices(funded) == []

    wrote = seats.write_report

    def write_and_watch(change: Change, pool_id: str, *said: int | None) -> object:
        made = wrote(change, pool_id, *said)  # type: ignore[arg-type]
        nearly_full.watch(change, [pool_id])
        return made

    say(funded, of_1=0, of_2=5)
    monkeypatch.setattr(seats, "write_report", write_and_watch)  # the control: read row by row
    say(funded, of_2=0, of_1=5)
    assert len(notices(funded)) == 1


def test_percent_and_days_are_policy(funded: Store, clock: Clock) -> None:
    day = clock.now // 86_400
    funded._terms = day, funded.terms()._replace(capacity_notice_percent=80, capacity_notice_days=2)
    say(funded, of_1=2, of_2=2)
    assert [task.due_at - clock.now for task in notices(funded)] == [2 * 86_400]


def folder_of(place: Path, day: date, simulated: str) -> Columns:
    """A folder of made-up facilities with block-grant funds, all of whose units are full."""
    place.mkdir(exist_ok=True)
    made = simulate_directory(20, 3, day)
    sites, units = dict(made["facilities.csv"]), dict(made["openings.csv"])
    count = len(units["opening_id"])
    sites["block_grant"] = ["yes"] * len(sites["facility_id"])
    units |= {"capacity": ["5"] * count, "seats": ["0"] * count, "simulated": [simulated] * count}
    units["reported_at"] = [f"{day}T00:00Z"] * count
    for name, columns in (made | {"facilities.csv": sites, "openings.csv": units}).items():
        write_table(place / name, name, columns)
    return units


def test_what_a_folder_reports_opens_tasks_and_what_it_makes_up_opens_none(
    database: Database, tmp_path: Path, clock: Clock
) -> None:
    ledger = Store(database, Keys.of(SECRET), clock)
    day = datetime.fromtimestamp(clock(), UTC).date()
    folder_of(tmp_path / "made-up", day, "yes")
    directory.load(ledger, tmp_path / "made-up")
    assert notices(ledger) == []
    units = folder_of(tmp_path / "told", date.fromordinal(day.toordinal() + 1), "no")
    directory.load(ledger, tmp_path / "told")
    assert {task.subject for task in notices(ledger)} <= set(
        map("/".join, zip(units["facility_id"], units["level"], strict=True))
    )
    assert len(notices(ledger)) > 10
    told = len(notices(ledger))
    directory.load(ledger, tmp_path / "told")
    assert len(notices(ledger)) == told


def test_a_capacity_is_a_whole_number_of_seats() -> None:
    assert [CAPACITY.read(said)[0] for said in ("12", "0", "", "-3", "a few")] == [12, -1, -1, -1, -1]


def test_the_database_knows_every_kind_of_task_and_no_other(funded: Store) -> None:
    def add(kind: str) -> None:
        row = {"task_id": kind, "kind": kind, "subject": "p", "due_at": 1, "made_at": 1}
        funded.write("setup", lambda change: change.connection.execute(insert(tasks), row))

    for kind in TaskKind:
        add(kind.value)
    with pytest.raises(IntegrityError):
        add("gossip")
