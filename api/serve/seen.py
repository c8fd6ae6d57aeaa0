"""That a job is at work is told to the other processes as long as it is: else one of them would begin it too."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread
from time import monotonic

from data.store import reassignments
from data.store.change import Store
from data.store.errors import Busy

CLOCK = "clock"
"""By whom a job changes the ledger where nobody asked for it."""
STILL = 60
"""Seconds after which it is asked again for a job of which nothing was seen."""
BEAT = STILL / 4
"""Seconds after which it is told again."""
LONGEST = 3600.0
"""Seconds after which a job that is still at work counts as one that hangs, and is seen no more."""


@contextmanager
def seen(store: Store, reassignment_id: str) -> Iterator[None]:
    """Let it be seen that a job is at work on a reassignment, till this ends or the process dies."""
    over = Event()
    teller = Thread(target=_tell, args=(store, reassignment_id, over), name="seen", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _tell(store: Store, reassignment_id: str, over: Event) -> None:
    until = monotonic() + LONGEST
    while not over.wait(BEAT) and monotonic() < until:
        try:
            store.write(CLOCK, partial(reassignments.still, reassignment_id=reassignment_id))
        except Busy:
            continue  # it is told again
