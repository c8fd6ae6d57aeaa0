"""A hold over HTTP, from the request to the committed seat, beside an endpoint that commits one row."""

from collections.abc import Iterator
from statistics import median

from ..load import Measured
from ..registry import OURS, Case, Figure, register
from .match_http import BARE, CONNECTIONS, LARGE, Server, served, times

HOLDS = "/v1/placements"
TURNS = 3
"""Ours and the bare endpoint take turns with a thousand holds each; then both once more, one at a time."""
CALLERS = 10_000
WARM = 9
"""The turn that is not counted."""


def run(size: int) -> Iterator[Figure]:
    """Holds a second and milliseconds to the answer over ``size`` openings, in one worker, on SQLite."""
    with served(size, "benchmarks.holding", CALLERS) as server:
        turns = TURNS if size >= LARGE else 1
        for path in (HOLDS, BARE):
            _turn(server, path, WARM)
        found = [(_turn(server, HOLDS, turn), _turn(server, BARE, turn)) for turn in range(turns)]
        ours, bare = ([turn[side] for turn in found] for side in (0, 1))
        for variant, measured in ((OURS, ours), ("bare", bare)):
            yield Figure("requests_per_second", median(one.requests_per_second for one in measured), "1/s", variant)
            yield from times("", measured, variant)
        yield from times("alone_", [server.load(HOLDS, 1, str(turns))], OURS)
        yield from times("alone_", [server.load(BARE, 1, str(turns))], "bare")


def _turn(server: Server, path: str, turn: int) -> Measured:
    return server.load(path, CONNECTIONS, str(turn))


register(Case("hold-http", "a hold over HTTP, beside an endpoint that commits one row", (55_000,), run))
