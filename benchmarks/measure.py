"""Seconds, percentiles and memory of a call."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import Any

import numpy as np
import psutil

from .registry import OURS, Figure

MEGABYTE = 1_000_000
PAUSE = 0.002
"""Seconds between two looks at the memory."""


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a call took, and what it returned."""
    begin = time.perf_counter()
    answer = call()
    return time.perf_counter() - begin, answer


def median_seconds(call: Callable[[], Any], times: int = 3) -> float:
    """The median of several calls, in seconds."""
    return median(seconds(call)[0] for _ in range(times))


def each(call: Callable[[Any], Any], items: Sequence[Any], warm: int = 20) -> tuple[list[float], list[Any]]:
    """Seconds and answer of one call after the other, after ``warm`` calls that are not counted."""
    for item in items[:warm]:
        call(item)
    pairs = [seconds(lambda item=item: call(item)) for item in items]  # type: ignore[misc]
    return [taken for taken, _ in pairs], [answer for _, answer in pairs]


def percentiles(taken: Iterable[float], per_second: float, unit: str, variant: str = OURS) -> Iterator[Figure]:
    """Median and 99th percentile of seconds, in a unit that goes ``per_second`` into one."""
    numbers = np.fromiter(taken, np.float64) * per_second
    yield Figure("p50", float(np.percentile(numbers, 50)), unit, variant)
    yield Figure("p99", float(np.percentile(numbers, 99)), unit, variant)


def peak_growth(call: Callable[[], Any]) -> float:
    """Megabytes by which the process's resident memory grew at most while it ran this call."""
    process, done = psutil.Process(), threading.Event()
    before = process.memory_info().rss
    seen = [before]

    def look() -> None:
        while not done.wait(PAUSE):
            seen.append(process.memory_info().rss)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        answer = call()
        seen.append(process.memory_info().rss)
    finally:
        done.set()
        watcher.join()
    del answer
    return (max(seen) - before) / MEGABYTE
