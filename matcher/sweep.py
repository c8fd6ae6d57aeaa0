"""The sweep: all rules fused into one compiled loop that visits the openings near a referral and yields its options.

``loop.py`` holds the loop as plain Python; here the rules are fused into the three functions it calls, the whole is
written to the user's cache folder under a hash of all it depends on, and compiled there. A changed rule, field, library
or processor gives another hash, so a stale sweep can never be used. There is no second, fast copy of a rule.
"""

import hashlib
import importlib.util
import inspect
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from . import loop
from .continuum import LEVELS
from .problem import BAND, Directory, Referrals
from .records import Floats, Ints, Rows, frozen
from .rule import Rule, Unknown
from .rules import CAPACITIES, PREFERENCES, REQUIREMENTS, RULES
from .trip import FARTHEST, MODES, unit_vector
from .vocabulary import LevelOfCare, mask

UNREPORTED = loop.UNREPORTED
CHUNK = 1024
"""Referrals swept at a time: enough to keep the loop busy, few enough to share the work evenly."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of many referrals: those of referral i stand at ``ends[i-1]`` to ``ends[i]``.

    ``opening``: row in the directory. ``way``: row in ``trip.ways_of(referral)``. ``cost``: minutes a week; in a
    ranking, ``UNREPORTED`` is added where a pool's limit is not reported and the pools' prices are in it.
    """

    ends: Ints
    opening: npt.NDArray[np.int32]
    way: npt.NDArray[np.int16]
    cost: Ints

    def of(self, referral: int) -> slice:
        """Where the options of one referral stand."""
        return slice(int(self.ends[referral - 1]) if referral else 0, int(self.ends[referral]))


class Sweep:
    """A directory made ready to be swept under one policy: its grid, its minutes by mode, and the compiled rules."""

    __slots__ = ("_columns", "_minutes", "directory", "policy")

    def __init__(self, directory: Directory, policy: Rows) -> None:
        self.directory = directory
        self.policy = frozen(policy.copy())
        rows = directory.openings
        vectors = compiled().vectors(rows["latitude"].copy(), rows["longitude"].copy())
        band = rows["level"] * loop.BANDS + rows["latitude"] // BAND + loop.BANDS // 2
        bands = np.searchsorted(band, np.arange(len(LevelOfCare) * loop.BANDS + 1))
        self._columns: tuple[Rows, Ints, Floats, Ints, Rows] = (
            rows,
            rows["longitude"].copy(),
            vectors,
            bands,
            directory.pools,
        )
        self._minutes = compiled().minutes_table(self.policy, FARTHEST + 1)

    def ranked(self, referral: Rows, keep: int) -> Options:
        """Return the ``keep`` best options of one referral (one row), one an opening, best first."""
        return self._sweep(referral, 0, 1, keep, True, keep)

    def candidates(self, referrals: Referrals, keep: int = 0, threads: int | None = None) -> Options:
        """Return what each referral could be placed in, for a batch; ``keep`` > 0 keeps only the best, 0 keeps all.

        Only reported pools with room count. A way that costs no less and draws no less than another of its pair is
        dropped. The result does not depend on ``threads``.
        """
        rows = referrals.rows
        starts = range(0, len(rows), CHUNK)
        with ThreadPoolExecutor(threads or os.cpu_count()) as workers:
            parts = list(workers.map(lambda first: self._chunk(rows, first, keep), starts))
        return joined(parts)

    def nearest(self, referral: Rows, count: int, levels: int = -1) -> list[int]:
        """Return the ``count`` openings of these levels (mask) nearest to a referral (one row), nearest first."""
        rows, points = self.directory.openings, self._columns[2]
        pool = np.flatnonzero(levels >> rows["level"] & 1)
        if count <= 0 or len(pool) == 0:
            return []
        here = unit_vector(int(referral["latitude"][0]), int(referral["longitude"][0]))
        chord = ((points[pool] - np.array(here)) ** 2).sum(axis=1)
        farthest = np.partition(chord, min(count, len(pool)) - 1)[min(count, len(pool)) - 1]
        close = np.flatnonzero(chord <= farthest)
        order = np.lexsort((rows["key"][pool[close]], chord[close]))[:count]
        return [int(number) for number in pool[close[order]]]

    def drawn(self, referrals: Rows, options: Options) -> tuple[Ints, Ints]:
        """Return pool and draws of every option, arrays of shape (options, capacities); draws 0 where none."""
        found: tuple[Ints, Ints] = compiled().drawn(
            referrals, options.ends, options.opening, options.way, self.directory.openings, self.policy, self._minutes
        )
        return found

    def _chunk(self, rows: Rows, first: int, keep: int) -> Options:
        last = min(first + CHUNK, len(rows))
        return self._sweep(rows, first, last, keep, False, keep * (last - first) or 64 * (last - first))

    def _sweep(self, rows: Rows, first: int, last: int, keep: int, ranking: bool, room: int) -> Options:
        """Sweep referrals ``first`` to ``last``; where the options outgrow the room, go on with twice the room."""
        parts = []
        while True:
            ends = np.empty(last - first, np.int64)
            opening, way, cost = np.empty(room, np.int32), np.empty(room, np.int16), np.empty(room, np.int64)
            done = compiled().sweep(
                rows, first, last, *self._columns, self.policy, self._minutes, keep, ranking, ends, opening, way, cost
            )
            ends = ends[: done - first]
            size = int(ends[-1]) if len(ends) else 0
            parts.append(Options(ends, opening[:size], way[:size], cost[:size]))
            if done == last:
                return parts[0] if len(parts) == 1 else joined(parts)
            first, room = done, room * 2


def joined(parts: list[Options]) -> Options:
    """Options of referrals that follow each other, as one."""
    if not parts:
        return Options(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int16), np.empty(0, np.int64))
    shifts = np.cumsum([0, *(len(part.opening) for part in parts[:-1])])
    return Options(
        np.concatenate([part.ends + shift for part, shift in zip(parts, shifts, strict=True)]),
        np.concatenate([part.opening for part in parts]),
        np.concatenate([part.way for part in parts]),
        np.concatenate([part.cost for part in parts]),
    )


@cache
def compiled() -> ModuleType:
    """Return the fused module, compiled or loaded from the user's cache folder."""
    source = fused()
    name = "matcher_sweep_" + fingerprint(source)
    path = _cache_folder() / name / "fused.py"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as part:
            part.write(source)
        os.replace(part.name, path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded as the compiled sweep")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _cache_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("placement-matcher", appauthor=False))


def fingerprint(source: str) -> str:
    """Hash of all that the compiled sweep depends on: rules, fields, words, trip, libraries, Python and processor."""
    import llvmlite.binding
    import numba

    from . import problem, records, rule, trip, vocabulary

    modules = [problem, records, rule, trip, vocabulary, loop, *(sys.modules[r.function.__module__] for r in RULES)]
    parts = [inspect.getsource(module) for module in modules]
    machine = (llvmlite.binding.get_host_cpu_name(), llvmlite.binding.get_host_cpu_features().flatten())
    parts += [source, numba.__version__, llvmlite.__version__, np.__version__, sys.version, *machine]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def fused() -> str:
    """Return the source of the fused module: the rules in the order of ``RULES``, then the loop."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield '"""Made by matcher.sweep from the rules; do not edit."""'
    yield "import math"
    yield "import numpy as np"
    yield "from numba import njit"
    yield "from numba.extending import register_jitable"
    yield "from matcher import trip"
    yield "from typing import Any"
    yield "from matcher.loop import BANDS, TURN, UNREPORTED"
    yield "from matcher.records import Floats, Ints, Rows"
    yield "from matcher.trip import EARTH_RADIUS"
    yield "from matcher.problem import BAND, Way"
    yield "from matcher.rules import RULES"
    beds = mask(level for level, facts in LEVELS.items() if facts.bed)
    yield "inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)"
    yield f"MODES, LEVELS, BEDS, CAPACITIES = {MODES}, {len(LEVELS)}, {beds}, {len(CAPACITIES)}"
    for name in loop.TRIP:
        yield f"{name} = register_jitable(no_cpython_wrapper=True, no_cfunc_wrapper=True)(trip.{name})"
    for number, rule in enumerate(RULES):
        yield f"rule_{number} = inner(RULES[{number}].function)  # {rule.code}"
    yield from _cost("pair_cost", "referral, opening, policy", reads_way=False)
    yield from _cost("way_cost", "referral, opening, way, policy", reads_way=True)
    yield from _draws()
    for function in loop.CALLED:
        yield "@inner"
        yield inspect.getsource(function)
    for function in loop.ENTRIES:
        yield "@njit(cache=True, nogil=True)"
        yield inspect.getsource(function)


def _cost(name: str, arguments: str, reads_way: bool) -> Iterator[str]:
    """Yield the function that adds up the rules that read, or do not read, the way; -1 where a requirement refuses."""
    yield "@inner"
    yield f"def {name}({arguments}):"
    yield "    cost = 0"
    for rule in (*REQUIREMENTS, *PREFERENCES):
        if rule.reads_way is not reads_way:
            continue
        yield f"    answer = {_call(rule)}"
        if rule in PREFERENCES:
            yield "    cost += answer"
        elif rule.unknown is Unknown.REFUSE:
            yield "    if answer != 0: return -1"
        else:
            yield "    if answer > 0: return -1"
            yield "    if answer < 0: cost += policy.ask_minutes"
    yield "    return cost"


def _draws() -> Iterator[str]:
    """Yield the function that writes pool and draws of every capacity into two rows."""
    yield "@inner"
    yield "def draw(referral, opening, way, policy, pool, draws):"
    for number, rule in enumerate(CAPACITIES):
        yield f"    pool[{number}], draws[{number}] = {_call(rule)}"


def _call(rule: Rule) -> str:
    return f"rule_{RULES.index(rule)}({', '.join(rule.reads)})"
