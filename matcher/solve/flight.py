"""Programs that are solved at the same time: no two hold the same thing, and they land in the order they took off.

Whichever is solved first: so the same input gives the same placement, on any number of threads.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, Self, TypeVar

import numpy as np

from ..records import Ints

MOST, PUT_OFF = 16, 16
"""Programs in flight at most, and how many may wait for one of them to land before no more are looked for. Both are
fixed, whatever the number of threads."""

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Flight(Generic[Answer]):
    """Programs in flight, what each holds, and the seeds of those that met them.

    ``held_by``: of each thing, the number of the program that holds it, -1 for none.
    """

    held_by: Ints
    workers: ThreadPoolExecutor
    flying: deque[tuple[Ints, Future[Answer]]] = field(default_factory=deque)
    behind: dict[int, list[int]] = field(default_factory=dict)
    begun: int = 0

    @classmethod
    def over(cls, things: int) -> "Flight[Answer]":
        """Nothing in flight yet; so many things can be held."""
        return cls(np.full(things, -1), ThreadPoolExecutor())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.workers.shutdown(cancel_futures=True)

    def has_room(self) -> bool:
        """Return whether one more may be looked for."""
        return len(self.flying) < MOST and sum(map(len, self.behind.values())) < PUT_OFF

    def meets(self, seed: int, holds: Ints) -> bool:
        """Return whether any of this is held; the seed then waits till the last of who holds it has landed."""
        last = int(self.held_by[holds].max())
        if last >= 0:
            self.behind.setdefault(last, []).append(seed)
        return last >= 0

    def start(self, holds: Ints, program: Callable[[], Answer]) -> None:
        """Begin a program that holds this, which nobody else holds."""
        self.held_by[holds] = self.begun
        self.flying.append((holds, self.workers.submit(program)))
        self.begun += 1

    def land(self) -> tuple[Answer, list[int]]:
        """Wait for the answer of the program that is longest in flight; return it, and the seeds that waited for it."""
        number = self.begun - len(self.flying)
        holds, solving = self.flying[0]
        answer = solving.result()
        self.flying.popleft()
        self.held_by[holds] = -1
        return answer, self.behind.pop(number, [])
