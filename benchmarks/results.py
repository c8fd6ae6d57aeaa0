"""The ledger of what was measured: one row a figure, appended, with the commit and the kind of machine."""

import csv
import platform
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from .registry import Case, Figure

PATH = Path(__file__).parent / "results.csv"
COLUMNS = ("date", "commit", "machine", "case", "size", "variant", "metric", "value", "unit")
FOREIGN_SHARE = 0.25
"""Of one core: more work than this by other processes marks a run."""

FOREIGN = " (foreign load)"


def append(case: Case, size: int, figures: Iterable[Figure], loaded: bool, path: Path = PATH) -> None:
    """Append the figures of one run; a new ledger gets its header."""
    when = datetime.now(UTC).isoformat(timespec="seconds")
    start = (when, commit(), machine() + (FOREIGN if loaded else ""), case.name, size)
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerows((*start, one.variant, one.metric, f"{one.value:.6g}", one.unit) for one in figures)


def machine() -> str:
    """Processor model and cores; never the name of the host."""
    return f"{_model()} {psutil.cpu_count() or 1} cores"


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def commit() -> str:
    """Short hash of the commit, with ``+`` where files differ from it; ``unknown`` outside git."""
    try:
        named = _git("rev-parse", "--short", "HEAD")
        dirty = _git("status", "--porcelain", "--", ".", f":(exclude)benchmarks/{PATH.name}")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return named + ("+" if dirty else "")


def _git(*words: str) -> str:
    command = ("git", "--no-optional-locks", *words)
    root = PATH.parents[1]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def _busy() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + getattr(times, "nice", 0.0))


def _own() -> float:
    return float(sum(psutil.Process().cpu_times()[:4]))


@dataclass(slots=True)
class Watch:
    """Tells how much other processes worked since it was made: seconds of processor time a second, so cores."""

    begin: float = field(default_factory=time.perf_counter)
    busy: float = field(default_factory=_busy)
    own: float = field(default_factory=_own)

    def foreign(self) -> float:
        """Cores that other processes kept busy since."""
        others = (_busy() - self.busy) - (_own() - self.own)
        return max(0.0, others / max(1e-9, time.perf_counter() - self.begin))

    @property
    def loaded(self) -> bool:
        """Whether that is more than a quarter of a core."""
        return self.foreign() > FOREIGN_SHARE
