"""One caller over HTTP: the ten best in codes and numbers, beside an endpoint that only reads and answers."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from ..instance import facilities_of
from ..load import Measured, loaded
from ..registry import OURS, Case, Figure, register

CALLERS = 2_000
CONNECTIONS = 32
ROUNDS = 12
"""Ours and the bare endpoint take turns of a second, so that a noisy moment falls on both, and on few of them."""

LARGE = 10_000
"""From this many openings on, each load runs for seconds; below it is a test of the case."""

WORDS = "?sentences=true&question=true&why_not=20"
MATCHES, BARE = "/v1/matches", "/bare"
MILLI = 1e3


class Server(NamedTuple):
    """A server that runs, and the folder of the bodies it is asked with."""

    port: int
    bodies: Path
    seconds: float

    def load(self, path: str, connections: int, who: str = "hits") -> Measured:
        """Ask it for so long with so many connections."""
        return loaded(self.port, path, connections, self.seconds, self.bodies / who)


def run(size: int) -> Iterator[Figure]:
    """Requests a second and milliseconds to the answer over ``size`` openings, in one worker."""
    with served(size) as server:
        brief = server._replace(seconds=server.seconds / 4)
        turns = [(brief.load(MATCHES, CONNECTIONS), brief.load(BARE, CONNECTIONS)) for _ in range(ROUNDS)]
        ours, bare = ([turn[side] for turn in turns] for side in (0, 1))
        for variant, measured in ((OURS, ours), ("bare", bare)):
            yield Figure("requests_per_second", median(one.requests_per_second for one in measured), "1/s", variant)
            yield from times("", measured, variant)
        yield from times("alone_", [server.load(MATCHES, 1)], OURS)
        yield from times("alone_", [server.load(BARE, 1)], "bare")
        yield from times("words_", [server.load(MATCHES + WORDS, 1, "all")], OURS)
        anybody = server.load(MATCHES, CONNECTIONS, "all")
        yield Figure("anybody_per_second", anybody.requests_per_second, "1/s")


def times(prefix: str, measured: list[Measured], variant: str) -> Iterator[Figure]:
    """Milliseconds to the whole answer, the median of rounds."""
    yield Figure(f"{prefix}p50", median(one.p50 for one in measured) * MILLI, "ms", variant)
    yield Figure(f"{prefix}p99", median(one.p99 for one in measured) * MILLI, "ms", variant)


@contextmanager
def served(size: int, module: str = "benchmarks.server", callers: int = CALLERS) -> Iterator[Server]:
    """Run the server in a process of its own while it is asked."""
    large = size >= LARGE
    with tempfile.TemporaryDirectory() as folder:
        words = [str(facilities_of(size)), str(callers if large else callers // 10), folder]
        command = [sys.executable, "-m", module, *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
            try:
                port = process.stdout.readline() if process.stdout else ""
                yield Server(int(port), Path(folder), 4.0 if large else 0.2)
            finally:
                process.terminate()


register(Case("match-http", "one caller over HTTP, beside a bare endpoint", (55_000,), run))
