"""Whatever another hand changes of seats, claims and placements in the tables alone is found; in both databases."""

from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from data.simulate import simulate_directory
from data.sources.tables import write_table
from data.store import directory
from data.store.books import _body
from data.store.chain import Event
from data.store.change import Store
from data.store.reports import report
from data.store.tables import claims, placements, pools
from data.store.verify import verify
from data.store.words import Act
from sqlalchemy import Connection, Table, select, update

from tests.soak import size

from .ledgers import Clock, hold
from .writes import do

TIMES = size(30, 500)
TOLD = {
    pools: ("reported", "claims"),
    placements: ("expires_at", "opening_id", "reason", "made_by", "made_at", "changed_at"),
    claims: ("draws", "ended_at"),
}
"""Columns that events tell of, by table; the state of a placement besides."""
STATES = ({"offered", "held"}, {"confirmed", "admitted", "declined", "expired", "no-show", "released"})
"""Those that end by themselves, and the others: the database itself keeps them apart."""


@pytest.fixture
def lived(store: Store, clock: Clock) -> Store:
    """A ledger in which placements stand in every state they can, and every pool was reported."""
    for pool_id, number in (("seats/a/1", 3), ("seats/a/2", 6), ("starts/a", 9), ("seats/b/1", 4)):
        store.write("facility", partial(report, pool_id=pool_id, number=number))
    lives: list[list[Act]] = [
        [], [Act.EXTEND], [Act.CONFIRM], [Act.CONFIRM, Act.ADMIT], [Act.RELEASE], [Act.CONFIRM, Act.NO_SHOW],
    ]  # fmt: skip
    for number, acts in enumerate(lives):
        one = hold(store, number, "seats/a/2", "starts/a")
        for act in acts:
            clock.pass_minutes(1)
            do(store, one.placement_id, act)
    over = hold(store, 6, "seats/a/1")
    clock.pass_minutes(28)
    do(store, over.placement_id, Act.DECLINE, "not-ready")
    return store


def cells(connection: Connection) -> list[tuple[Table, Any, str, Any]]:
    """Every cell that events tell of: table, condition of its row, column, and what it holds."""
    found = []
    for table, names in TOLD.items():
        for row in connection.execute(select(table)):
            same = [column == row._mapping[column.name] for column in table.primary_key]
            found += [(table, same, name, row._mapping[name]) for name in names]
    return found


def other(chance: Random, name: str, value: Any) -> Any:
    if name == "opening_id":
        return "b/1"
    if name in ("reason", "made_by"):
        return "another"
    return chance.choice((0, 1, 99)) if value is None else value + chance.choice((1, 2, 60))


def test_every_edit_of_a_number_in_the_tables_alone_is_found(lived: Store) -> None:
    chance, database = Random(11), lived.database
    assert verify(database).faults == ()
    with database.read() as connection:
        every = [one for one in cells(connection) if one[2] != "expires_at" or one[3] is not None]
    for _ in range(TIMES):
        table, same, name, before = chance.choice(every)
        set_cell(database, table, same, name, other(chance, name, before))
        assert verify(database).faults, (table.name, name, before)
        set_cell(database, table, same, name, before)
    assert verify(database).faults == ()


def set_cell(database: Any, table: Table, same: Any, name: str, value: Any) -> None:
    database.write(lambda connection: connection.execute(update(table).where(*same).values({name: value})))


def test_every_edit_of_a_state_in_the_tables_alone_is_found(lived: Store) -> None:
    with lived.database.read() as connection:
        rows = connection.execute(select(placements.c.placement_id, placements.c.state, placements.c.expires_at)).all()
    assert len({row.state for row in rows}) == 6
    for row in rows:
        same = [placements.c.placement_id == row.placement_id]
        for state in next(alike for alike in STATES if row.state in alike) - {row.state}:
            set_cell(lived.database, placements, same, "state", state)
            assert any(f"is {state}; a " in str(fault) for fault in verify(lived.database).faults), (row.state, state)
            set_cell(lived.database, placements, same, "state", row.state)
    assert verify(lived.database).faults == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("opening_id", "a/2"),
        ("opening_id", "b/1"),
        ("reason", "full"),
        ("made_by", "another"),
        ("made_at", 1),
        ("changed_at", 1),
    ],
)
def test_a_placement_that_is_not_as_its_events_say_is_found(lived: Store, name: str, value: Any) -> None:
    with lived.database.read() as connection:
        every = connection.execute(select(placements.c.placement_id, placements.c[name])).all()
    for row in every:
        same = [placements.c.placement_id == row.placement_id]
        set_cell(lived.database, placements, same, name, value)
        found = verify(lived.database).faults
        assert [fault.id for fault in found] == ([row.placement_id] if row[1] != value else []), (row, found)
        assert all(str(value) in fault.problem for fault in found)
        set_cell(lived.database, placements, same, name, row[1])
    assert verify(lived.database).faults == ()  # the control


def test_a_claim_taken_away_or_added_is_found(lived: Store) -> None:
    with lived.database.read() as connection:
        row = connection.execute(select(claims).where(claims.c.ended_at.is_not(None))).first()
    assert row is not None
    mine = (claims.c.placement_id == row.placement_id, claims.c.pool_id == row.pool_id)
    lived.database.write(lambda connection: connection.execute(update(claims).where(*mine).values(pool_id="seats/b/1")))
    assert any("claims not what a " in str(fault) for fault in verify(lived.database).faults)


def test_an_admission_lowers_what_events_say_is_reported(lived: Store) -> None:
    with lived.database.read() as connection:
        reported = connection.execute(select(pools.c.reported).where(pools.c.pool_id == "seats/a/2")).scalar_one()
    assert reported == 5
    assert verify(lived.database).faults == ()


def test_not_listening_to_reports_an_edit_is_missed(lived: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("data.store.books.REPORTED", "unheard")
    set_cell(lived.database, pools, [pools.c.pool_id == "seats/b/1"], "reported", 50)
    assert verify(lived.database).faults == ()
    monkeypatch.undo()
    assert len(verify(lived.database).faults) == 1


def test_numbers_that_were_loaded_are_told_and_compared(store: Store, clock: Clock, tmp_path: Path) -> None:
    for name, columns in simulate_directory(30, 3, date.today()).items():
        write_table(tmp_path / name, name, columns)
    directory.load(store, tmp_path)
    assert verify(store.database).faults == ()
    with store.database.read() as connection:
        loaded = select(pools.c.pool_id).where(pools.c.facility_id.like("sim-%"), pools.c.reported > 0)
        first = connection.execute(loaded).scalars().first()
    set_cell(store.database, pools, [pools.c.pool_id == first], "reported", 77)
    assert [fault.id for fault in verify(store.database).faults] == [first]
    directory.load(store, tmp_path)  # nothing in it is news: the edit stands, and is found
    assert [fault.id for fault in verify(store.database).faults] == [first]


def test_an_event_that_says_nothing_is_no_end_of_the_verification() -> None:
    for body in ("", "[]", "{", "1"):
        assert _body(Event("a", 1, 1, "held", "p", "x", body, b"")) == {}
