"""What waits to be done, for Prometheus: open and late tasks by kind, and pools promised beyond what is reported.

Counted when it is scraped, and not by a job of the clock: that runs in one process of several, and each is scraped.
Where the ledger does not answer in time nothing is told: a number of an hour ago would calm whoever should be nudged.

A count of few people can tell who they are to somebody who knows a little more. So whoever does not show that they may
list tasks is told "some" as the most that is few: an alert on more than none is heard all the same.
"""

import logging
from collections.abc import Iterator
from typing import NamedTuple

import anyio
from anyio import to_thread
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from data.store import seats, tasks
from data.store.change import Store
from data.store.tasks import Waiting
from data.store.words import TaskKind

ERRORS = logging.getLogger("matcher.errors")
PATIENCE = 2.0
"""Seconds in which the ledger must answer."""
KEPT = 5.0
"""Seconds for which what was counted is told again: many scrapers cost no more than one."""


class Counted(NamedTuple):
    """What waits, by kind; and how many pools are promised beyond what is reported."""

    tasks: dict[TaskKind, Waiting]
    overpromised: int

    def bucketed(self, few: int) -> "Counted":
        """Return what anybody may be told: where fewer than ``few`` people are counted, one less than that.

        Open ones are told as the sum of those that are late and those that are not yet, each told by itself: else 12
        open and 11 late would tell exactly of one person.
        """

        def told(number: int) -> int:
            return few - 1 if 0 < number < few else number

        def of_people(waiting: Waiting) -> Waiting:
            late = told(waiting.late)
            return Waiting(told(waiting.open - waiting.late) + late, late)

        return self._replace(
            tasks={kind: one if kind in OF_SEATS else of_people(one) for kind, one in self.tasks.items()}
        )


OF_SEATS = frozenset({TaskKind.OVERPROMISED, TaskKind.CAPACITY_NOTICE})
"""Tasks whose number is one of pools or programs; all others are of a person each."""


class Gauges:
    """The gauges of one server over a ledger, told from what was last counted."""

    def __init__(self, store: Store) -> None:
        self._store, self._at, self._busy = store, float("-inf"), False
        self._found: Counted | None = None

    async def refresh(self) -> None:
        """Count anew beside the loop, unless somebody does or has just done; where that fails, tell nothing."""
        if self._busy or anyio.current_time() < self._at + KEPT:
            return
        self._busy = True
        try:
            self._found = await self._counted()
            self._at = anyio.current_time()
        finally:
            self._busy = False

    async def _counted(self) -> Counted | None:
        with anyio.move_on_after(PATIENCE):
            try:
                return await to_thread.run_sync(counted, self._store, abandon_on_cancel=True)
            except Exception as error:
                ERRORS.error("what waits could not be counted: %s", type(error).__name__)
        return None

    @property
    def anything(self) -> bool:
        """Whether there is anything to be told."""
        return self._found is not None

    def text(self, exact: bool) -> bytes:
        """Return what was last counted, in Prometheus's text format; nothing where it could not be."""
        registry = CollectorRegistry()
        if self._found is not None:
            registry.register(_Told(self._found if exact else self._found.bucketed(self._store.terms().small_cell)))
        return generate_latest(registry)


class _Told(Collector):
    """What was counted, as Prometheus takes it."""

    def __init__(self, found: Counted) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Yield each gauge."""
        said = "Tasks not done; late: due by now. Few people are told as a few to whoever may not list them."
        told = GaugeMetricFamily("matcher_tasks", said, labels=("kind", "state"))
        for kind in TaskKind:
            for state, number in self._found.tasks.get(kind, Waiting(0, 0))._asdict().items():
                told.add_metric((kind.value, state), number)
        yield told
        yield GaugeMetricFamily(
            "matcher_overpromised_pools", "Pools promised beyond what is reported.", self._found.overpromised
        )


def counted(store: Store) -> Counted:
    """Count what waits. Raises ``Busy``."""
    with store.database.read() as connection:
        return Counted(tasks.counts(connection, store.clock()), len(seats.overpromised(connection)))
