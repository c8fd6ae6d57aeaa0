"""Seconds, percentiles and memory of a call."""

import ctypes
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil

from .registry import OURS, Figure

MEGABYTE = 1_000_000


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


def used(call: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds that a call took, megabytes by which resident memory grew at most, and what it returned.

    Where the system keeps no peak (it is not Linux), the growth that is left at the end.
    """
    # What is freed but kept for later would hide as much growth.
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = psutil.Process().memory_info().rss
    taken, answer = seconds(call)
    return taken, max(0, _peak() - before) / MEGABYTE, answer


def _peak() -> int:
    with suppress(OSError):
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    return int(psutil.Process().memory_info().rss)
