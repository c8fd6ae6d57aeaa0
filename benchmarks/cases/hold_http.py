"""A hold over HTTP, from the request to the committed seat, beside endpoints that commit one row."""

from collections.abc import Iterator
from statistics import median

from ..load import Measured
from ..registry import OURS, Case, Figure, register
from .match_http import BARE, CONNECTIONS, LARGE, Server, served, times

HOLDS = "/v1/placements"
VARIANTS = {OURS: HOLDS, "bare": BARE, "bare-grouped": f"{BARE}-grouped"}
TURNS = 3
"""Ours and the bare endpoints take turns with a thousand holds each; then each once more, one at a time."""
CALLERS = 10_000
WARM = 9
"""The turn that is not counted."""


def run(size: int) -> Iterator[Figure]:
    """Holds a second and milliseconds to the answer over ``size`` openings, in one worker, on SQLite."""
    with served(size, "benchmarks.holding", CALLERS) as server:
        turns = TURNS if size >= LARGE else 1
        for path in VARIANTS.values():
            _turn(server, path, WARM)
        found = [{name: _turn(server, path, turn) for name, path in VARIANTS.items()} for turn in range(turns)]
        for name in VARIANTS:
            measured = [turn[name] for turn in found]
            yield Figure("requests_per_second", median(one.requests_per_second for one in measured), "1/s", name)
            yield from times("", measured, name)
        for name, path in VARIANTS.items():
            yield from times("alone_", [server.load(path, 1, str(turns))], name)


def _turn(server: Server, path: str, turn: int) -> Measured:
    return server.load(path, CONNECTIONS, str(turn))


register(Case("hold-http", "a hold over HTTP, beside an endpoint that commits one row", (55_000,), run))
