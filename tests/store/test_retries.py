"""A write that is sent again is done once: the same key gets the same answer, also when the first was cut off."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from data.store import answers
from data.store.answers import Answer, once
from data.store.change import Change, Store
from data.store.database import Database
from data.store.errors import Refused, Repeated
from data.store.keys import Keys
from data.store.placements import promise
from data.store.tables import placements
from sqlalchemy import func, select

from ..soak import size
from .ledgers import SECRET, Clock, seeded, wanted

KEYS = size(40, 5000)
POOL = "seats/a/1"


class CutOffError(Exception):
    """The connection was cut after the commit: whoever asked never heard of it."""


@pytest.fixture
def crowded(database: Database, clock: Clock) -> Store:
    """A ledger with a seat for everybody."""
    store = Store(database, Keys.of(SECRET), clock)
    seeded(store, {POOL: ("a", KEYS)}, KEYS)
    return store


def hold(store: Store, number: int, cut: bool) -> bytes:
    """Hold under the key of this number; with ``cut`` the answer is lost on its way."""

    def work(change: Change) -> Answer:
        def promised() -> Answer:
            change.take("a")
            return Answer(201, promise(change, wanted(number, POOL)).placement_id.encode())

        return once(change, f"key-{number:08}", f"hold {number}".encode(), promised)

    answer = store.write("advisor", work)
    if cut:
        raise CutOffError
    return answer.content


def sent(store: Store, times: Callable[[], int], cut: Callable[[], bool]) -> list[set[bytes]]:
    """Send every key several times at once, and again where it was cut off; the answers of each."""

    def ask(number: int) -> bytes:
        for _ in range(20):
            try:
                return hold(store, number, cut())
            except CutOffError:
                continue
            except Refused as refused:
                return refused.code.encode()
        raise AssertionError("twenty answers in a row were lost")

    asked = [number for number in range(KEYS) for _ in range(times())]
    with ThreadPoolExecutor(16) as workers:
        found = list(workers.map(ask, asked))
    return [{answer for key, answer in zip(asked, found, strict=True) if key == number} for number in range(KEYS)]


def counted(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(placements)).scalar_one()


def test_a_key_is_one_placement_however_often_it_is_sent(crowded: Store) -> None:
    chance = random.Random(5)
    found = sent(crowded, lambda: chance.randint(1, 5), lambda: chance.random() < 0.3)
    assert all(len(bodies) == 1 and len(next(iter(bodies))) == 32 for bodies in found)
    assert counted(crowded) == KEYS


def test_an_answer_kept_outside_the_write_is_found(crowded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: whoever was cut off is not told again what was done."""
    monkeypatch.setitem(globals(), "once", lambda change, key, request, work: work())
    chance = random.Random(5)
    found = sent(crowded, lambda: chance.randint(1, 5), lambda: chance.random() < 0.3)
    assert any(b"active" in bodies for bodies in found)


def test_a_key_with_another_request_is_refused(crowded: Store) -> None:
    def ask(request: bytes) -> Answer:
        return crowded.write("a", lambda change: once(change, "the-same-key", request, lambda: Answer(200, b"done")))

    assert ask(b"one") == ask(b"one")
    with pytest.raises(Repeated, match="another request"):
        ask(b"other")


def test_answers_are_forgotten_after_a_day(crowded: Store, clock: Clock) -> None:
    hold(crowded, 0, cut=False)
    assert crowded.write("clock", answers.forget) == 0
    clock.pass_minutes(24 * 60 + 1)
    assert crowded.write("clock", answers.forget) == 1
