"""A plan is read page by page, with the keys of all on a page at once."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from data.store.change import Change, Store
from data.store.database import Database
from data.store.proposing import bound, opened_moves
from data.store.seals import seal_of
from data.store.tables import caller_keys, moves
from data.store.words import MoveState
from sqlalchemy import delete, event, update

from .ledgers import CALLERS
from .writes import MOVING, to_be_moved

ERASED = 3


@pytest.fixture
def planned(store: Store) -> Store:
    """A ledger with a plan in which everybody moves, by as many minutes a week as their number; one was erased."""
    for number in range(CALLERS):
        to_be_moved(store, number, None)

    def work(change: Change) -> None:
        for number in range(CALLERS):
            seal = seal_of(change.connection, store.keys, f"c{number}")
            content = seal.close(json.dumps({"minutes": number}).encode(), bound(MOVING, f"r{number}"))
            change.connection.execute(update(moves).where(moves.c.referral_id == f"r{number}").values(content=content))
        change.connection.execute(delete(caller_keys).where(caller_keys.c.caller_id == f"c{ERASED}"))

    store.write("test", work)
    return store


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are run till the block ends."""
    said = list[str]()

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    yield said
    event.remove(database.engine, "before_cursor_execute", hear)


def read(store: Store, after: Any, limit: int) -> Any:
    with store.database.read() as connection:
        return opened_moves(connection, store.keys, MOVING, list(MoveState), after, limit)


def test_every_move_is_told_once_and_what_an_erased_caller_gains_is_not_known(planned: Store) -> None:
    found, after = list[Any](), None
    for count in (3, 3, 2):
        told, after = read(planned, after, 3)
        assert len(told) == count
        found += told
    assert after is None
    expected = [(f"r{number}", None if number == ERASED else number) for number in range(CALLERS)]
    assert [(move.referral_id, minutes) for move, minutes in found] == expected


def test_a_page_asks_the_ledger_as_often_however_many_are_on_it(planned: Store) -> None:
    asked = []
    for limit in (1, CALLERS):
        with counted(planned.database) as said:
            assert len(read(planned, None, limit)[0]) == limit
        asked.append(len([one for one in said if one.lower().startswith("select")]))
    assert asked == [2, 2]
