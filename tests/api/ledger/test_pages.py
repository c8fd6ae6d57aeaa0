"""Lists over HTTP, page by page: ``next`` reads on, and a cursor is good for its own list alone."""

from typing import Any

import pytest
from data.store import tasks
from data.store.change import Store
from data.store.words import TaskKind

from .desk import Desk


def read(desk: Desk, path: str, name: str) -> list[list[Any]]:
    """Every page of a list, two rows each."""
    found, after = [], ""
    while True:
        status, told = desk.get(f"{path}limit=2{after}")
        assert status == 200, told
        found.append(told[name])
        if told["next"] is None:
            return found
        after = f"&after={told['next']}"


def test_the_waitlist_is_read_page_by_page_with_the_place_of_each(desk: Desk) -> None:
    opening = desk.best()
    assert desk.report(opening, 0)[0] == 200
    for _ in range(5):
        assert desk.post("/v1/waitlist", {"referral_id": desk.keep(), "opening_id": opening})[0] == 201
    found = read(desk, f"/v1/waitlist?opening_id={opening}&", "entries")
    assert [[entry["place"] for entry in one] for one in found] == [[1, 2], [3, 4], [5]]
    assert len({entry["entry_id"] for one in found for entry in one}) == 5


def test_tasks_are_read_page_by_page(desk: Desk, store: Store) -> None:
    def work(change: Any) -> None:
        for subject in "abcd":
            tasks.open_once(change, TaskKind.MOVED, subject, None)

    store.write("clock", work)
    found = read(desk, "/v1/tasks?", "tasks")
    assert [len(one) for one in found] == [2, 2]
    assert {task["subject"] for one in found for task in one} == set("abcd")


@pytest.mark.parametrize("cursor", ["x", "%20", "YWJj", "é"])
def test_what_is_no_cursor_is_refused(desk: Desk, cursor: str) -> None:
    status, told = desk.get(f"/v1/tasks?after={cursor}")
    assert (status, told["detail"]) == (422, "after is no cursor of this list; allowed: what next said of it")
