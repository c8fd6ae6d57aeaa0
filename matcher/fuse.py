"""All rules fused into one compiled module: written, hashed, compiled, and kept in the user's cache folder.

The module holds the rules in the order of ``RULES`` and the loop that calls them. Its folder is named by a hash of all
it depends on: a changed rule, field, word, library or processor gives another, so a stale one can never be used.
"""

import hashlib
import importlib.util
import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from . import choice, draw, fill, grid, judge, loop
from .continuum import LEVELS
from .rule import Kind, Rule, Unknown
from .rules import CAPACITIES, PREFERENCES, REQUIREMENTS, RULES
from .trip import MODES
from .vocabulary import mask

COMPILER = ("from numba import njit", "from numba.extending import register_jitable")
PLAIN = ("from matcher.fuse import as_it_is as njit, as_it_is as register_jitable",)
"""Where the fused module has its decorators from."""


@cache
def compiled() -> ModuleType:
    """Return the fused module, compiled or loaded from the user's cache folder."""
    source = fused()
    return _module("matcher_sweep_" + fingerprint(source), source)


@cache
def uncompiled() -> ModuleType:
    """Return the fused module as plain Python: for one caller in a new process it is faster than to load a compiler."""
    source = fused(PLAIN)
    return _module("matcher_plain_" + hashlib.blake2b(source.encode(), digest_size=12).hexdigest(), source)


def as_it_is(**_: object) -> Callable[[Any], Any]:
    """Stand in for the compiler's decorators: a function stays what it is."""
    return lambda function: function


def _module(name: str, source: str) -> ModuleType:
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

    from . import facts, records, rule, trip, vocabulary

    modules = [
        choice,
        grid,
        loop,
        judge,
        draw,
        fill,
        facts,
        records,
        rule,
        trip,
        *(sys.modules[f"{vocabulary.__name__}.{name}"] for name in ("word", "care", "callers", "services")),
        *(sys.modules[r.function.__module__] for r in RULES),
    ]
    parts = [inspect.getsource(module) for module in modules]
    machine = (llvmlite.binding.get_host_cpu_name(), llvmlite.binding.get_host_cpu_features().flatten())
    parts += [source, numba.__version__, llvmlite.__version__, np.__version__, sys.version, *machine]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def fused(decorators: tuple[str, ...] = COMPILER) -> str:
    """Return the source of the fused module: the rules in the order of ``RULES``, then the loop."""
    return "\n".join(_lines(decorators))


def _lines(decorators: tuple[str, ...]) -> Iterator[str]:
    yield '"""Made by matcher.sweep from the rules; do not edit."""'
    yield "import math"
    yield "import numpy as np"
    yield from decorators
    yield "from matcher import trip"
    yield "from typing import Any"
    yield "from matcher.choice import UNREPORTED"
    yield "from matcher.draw import NO_OPTION"
    yield "from matcher.grid import BAND"
    yield "from matcher.loop import BANDS, STATES, TURN, UNBOUNDED, VIDEO"
    yield "from matcher.records import Floats, Ints, Rows"
    yield "from matcher.trip import EARTH_RADIUS"
    yield "from matcher.facts import Way"
    yield "from matcher.rules import RULES"
    beds = mask(level for level, facts in LEVELS.items() if facts.bed)
    # No rule divides by what can be 0 (problem keeps weeks above it), and a check at every division costs a tenth.
    yield "inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True, error_model='numpy')"
    yield f"MODES, LEVELS, BEDS, CAPACITIES = {MODES}, {len(LEVELS)}, {beds}, {len(CAPACITIES)}"
    yield f"KINDS = np.array({list(map(_kind, RULES))})"
    yield from (f"{name} = {getattr(judge, name)}" for name in ("REFUSES", "CAPACITY", "PREFERENCE", "TOLD", "DRAWN"))
    yield from (f"{name} = {getattr(fill, name)}" for name in ("BRACKET", "CLOSED", "COMMA", "NULL", "OPENS", "ZERO"))
    for name in loop.TRIP:
        yield f"{name} = register_jitable(no_cpython_wrapper=True, no_cfunc_wrapper=True)(trip.{name})"
    for number, rule in enumerate(RULES):
        yield f"rule_{number} = inner(RULES[{number}].function)  # {rule.code}"
    of_way = [rule for rule in REQUIREMENTS if rule.reads_way]
    yield from _asked("pair_asked", "referral, opening, policy", [rule for rule in REQUIREMENTS if not rule.reads_way])
    yield from _asked("way_asked", "referral, opening, way, policy", [rule for rule in of_way if not rule.reads_trip])
    yield from _asked("trip_asked", "referral, opening, way, policy", [rule for rule in of_way if rule.reads_trip])
    of_pair, by_way = ([rule for rule in PREFERENCES if rule.reads_way is reads] for reads in (False, True))
    yield from _cost("pair_cost", "referral, opening, policy", of_pair)
    yield from _cost("way_cost", "referral, opening, way, policy", by_way)
    yield from _cost("trip_cost", "referral, opening, way, policy", [rule for rule in by_way if rule.reads_trip])
    yield from _draws()
    for function in loop.CALLED:
        yield "@inner"
        yield inspect.getsource(function)
    yield from _answers("ask_pair", "referral, opening, policy", reads_way=False)
    yield from _answers("ask_way", "referral, opening, way, policy", reads_way=True)
    for function in (*judge.CALLED, *draw.CALLED, *fill.CALLED):
        yield "@inner"
        yield inspect.getsource(function)
    for function in (*loop.ENTRIES, *judge.ENTRIES, *draw.ENTRIES, *fill.ENTRIES):
        yield "@njit(cache=True, nogil=True, error_model='numpy')"
        yield inspect.getsource(function)


def _asked(name: str, arguments: str, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield what asks these requirements: the cost of what is unknown, -1 refused."""
    yield "@inner"
    yield f"def {name}({arguments}):"
    yield "    cost = 0"
    for rule in rules:
        yield f"    answer = {_call(rule)}"
        if rule.unknown is Unknown.REFUSE:
            yield "    if answer != 0: return -1"
        else:
            yield "    if answer > 0: return -1"
            yield "    if answer < 0: cost += policy.ask_minutes"
    yield "    return cost"


def _cost(name: str, arguments: str, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield what adds up these preferences."""
    yield "@inner"
    yield f"def {name}({arguments}):"
    yield f"    return {' + '.join(map(_call, rules)) or 0}"


def _draws() -> Iterator[str]:
    """Yield the function that writes pool and draws of every capacity into one row of two arrays."""
    yield "@inner"
    yield "def draw(referral, opening, way, policy, at, pool, draws):"
    for number, rule in enumerate(CAPACITIES):
        yield f"    pool[at, {number}], draws[at, {number}] = {_call(rule)}"


def _answers(name: str, arguments: str, reads_way: bool) -> Iterator[str]:
    """Yield the function that writes what the rules that read, or do not read, the way answer, into one row."""
    yield "@inner"
    yield f"def {name}({arguments}, answers):"
    for number, rule in enumerate(RULES):
        if rule.reads_way is reads_way:
            second = f", answers[{len(RULES) + CAPACITIES.index(rule)}]" if rule in CAPACITIES else ""
            yield f"    answers[{number}]{second} = {_call(rule)}"


def _kind(rule: Rule) -> int:
    if rule.kind is not Kind.REQUIREMENT:
        return judge.CAPACITY if rule.kind is Kind.CAPACITY else judge.PREFERENCE
    return judge.REFUSES if rule.unknown is Unknown.REFUSE else judge.ASKS


def _call(rule: Rule) -> str:
    return f"rule_{RULES.index(rule)}({', '.join(rule.reads)})"
