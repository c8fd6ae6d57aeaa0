"""The sweep: visits the openings near each referral with all rules at once, and yields its options.

``loop`` holds the loop as plain Python, ``fuse`` compiles it together with the rules. There is no second, fast copy of
a rule.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from typing import Any

import numpy as np

from . import loop
from .facts import Opening, Policy, Pool, Referral, Way
from .fuse import compiled, uncompiled
from .grid import BAND
from .judge import DRAWN, TOLD
from .north import North
from .options import Options, joined
from .problem import Directory, Referrals
from .records import Floats, Ints, Plain, Rows, fields, frozen, pack, repacked
from .rules import CAPACITIES, PREFERENCES, REQUIREMENTS, RULES
from .trip import EARTH_RADIUS, FARTHEST, Minutes, unit_vector
from .vocabulary import LevelOfCare

CHUNK = 1024
"""Referrals swept at a time: enough to keep the loop busy, few enough to share the work evenly."""


class Sweep:
    """A directory made ready to be swept under one policy: its grid, its minutes by mode, and the rules.

    Without ``compile_rules`` they stay plain Python, which is faster for one caller in a process that has just started;
    the options are the same.
    """

    __slots__ = ("_columns", "_minutes", "_north", "_policies", "_records", "directory", "fused", "policy")

    def __init__(self, directory: Directory, policy: Rows, compile_rules: bool = True) -> None:
        self.directory = directory
        self.policy = frozen(policy.copy())
        self.fused = compiled() if compile_rules else uncompiled()
        rows = directory.openings
        vectors = self.fused.vectors(rows["latitude"].copy(), rows["longitude"].copy())
        self._north = North(rows, vectors)
        band = rows["level"] * loop.BANDS + rows["latitude"] // BAND + loop.BANDS // 2
        bands = np.searchsorted(band, np.arange(len(LevelOfCare) * loop.BANDS + 1))
        self._records: Callable[[type[tuple[Any, ...]], Rows], Any] = _as_array if compile_rules else Plain
        self._policies = self._records(Policy, self.policy)
        self._columns: tuple[Any, Ints, Floats, Ints, Ints, Ints, Any] = (
            pack(Opening, rows, ASKED) if compile_rules else Plain(Opening, rows),
            rows["longitude"].astype(np.int32),
            vectors,
            bands,
            *attended_by_video(rows),
            self._records(Pool, directory.pools),
        )
        self._minutes = self._minutes_by_mode()

    def at(self, policy: Rows) -> "Sweep":
        """Return the same directory under another policy (one row), as a rule a later moment of the same one."""
        made = copy(self)
        made.policy = frozen(policy.copy())
        made._policies = self._records(Policy, made.policy)
        made._minutes = self._minutes if _same_trips(policy, self.policy) else made._minutes_by_mode()
        return made

    def with_pools(self, pools: Rows, reported: Ints | None = None) -> "Sweep":
        """Return the same directory with other numbers in its pools; all else is shared.

        ``reported``: of each opening (row), the epoch minute of the report of seats, where these are others too; then
        the openings are copied. Raises ``ValueError`` where the pools are not as many, or of other kinds.
        """
        before, made = self.directory, copy(self)
        if len(pools) != len(before.pools) or (pools["kind"] != before.pools["kind"]).any():
            raise ValueError(
                f"{len(pools)} pools, or of other kinds; allowed: the {len(before.pools)} of the directory"
            )
        made.directory = replace(before, pools=frozen(pools.copy()))
        made._columns = (*self._columns[:-1], self._records(Pool, made.directory.pools))
        if reported is not None:
            openings = before.openings.copy()
            openings["reported"] = reported
            made.directory = replace(made.directory, openings=frozen(openings))
            plain = isinstance(self._columns[0], Plain)
            rows = Plain(Opening, openings) if plain else repacked(self._columns[0], "reported", reported)
            made._columns = (rows, *made._columns[1:])
        return made

    def ranked(self, referral: Rows, keep: int) -> Options:
        """Return the ``keep`` best options of one referral (one row), one an opening, best first."""
        return self._sweep(referral, 0, 1, keep, True, keep)

    def listed(self, referral: Rows, keep: int, form: tuple[Any, ...], room: int) -> tuple[Options, bytes]:
        """Return what ``ranked`` does, and it as a list in JSON, written by the parts of a ``Form`` in so much room."""
        opening, way, cost = np.empty(keep, np.int32), np.empty(keep, np.int16), np.empty(keep, np.int64)
        text = np.empty(room, np.uint8)
        count, end = self.fused.listed(
            self._records(Referral, referral), *self._columns, self._policies, self._minutes, keep,
            opening, way, cost, *form, text,
        )  # fmt: skip
        return Options(np.array([count]), opening[:count], way[:count], cost[:count]), text[:end].tobytes()

    def candidates(self, referrals: Referrals, threads: int | None = None) -> Options:
        """Return what each referral could be placed in, for a batch.

        Only reported pools with room count. A way that costs no less and draws no less than another of its pair is
        dropped. The result does not depend on ``threads``.
        """
        return self.best(referrals, 0, threads)

    def best(self, referrals: Referrals, keep: int, threads: int | None = None) -> Options:
        """Return of the same the ``keep`` best of each, best first; 0 for all."""
        rows = referrals.rows
        starts = range(0, len(rows), CHUNK)
        with ThreadPoolExecutor(threads) as workers:
            return joined(list(workers.map(lambda first: self._chunk(rows, first, keep), starts)))

    def nearest(self, referral: Rows, count: int, levels: int = -1) -> list[int]:
        """Return the ``count`` openings of these levels (mask) nearest to a referral (one row), nearest first."""
        latitude, longitude = int(referral["latitude"][0]), int(referral["longitude"][0])
        return self._north.nearest(latitude, longitude, count, levels)

    def apart(self, referral: Rows, numbers: Ints) -> Ints:
        """Return how far openings (rows) are from a referral (one row), in tenths of a mile."""
        here = unit_vector(int(referral["latitude"][0]), int(referral["longitude"][0]))
        chord = np.sqrt(((self._columns[2][numbers] - here) ** 2).sum(axis=1))
        tenths: Ints = (20.0 * EARTH_RADIUS * np.arcsin(np.minimum(1.0, chord / 2.0)) + 0.5).astype(np.int64)
        return tenths

    def answers(self, referral: Rows, numbers: Sequence[int], ways: int) -> Ints:
        """Return what every rule answers one referral (one row), who has this many ways, about these openings (rows).

        Array of shape (numbers, ways, rules + capacities), as ``judge.answered`` describes it.
        """
        found = np.empty((len(numbers), ways, len(RULES) + len(CAPACITIES)), np.int64)
        self.fused.answered(
            self._records(Referral, referral), self._columns[0], np.array(numbers, np.int64),
            self._policies, self._minutes, found,
        )  # fmt: skip
        return found

    def briefed(self, referral: Rows, options: Options) -> tuple[Ints, Ints]:
        """Return what is to be told in numbers of one referral's options, best first, as ``judge.briefed`` has it."""
        count = len(options.opening)
        told, drawn = np.empty((count, TOLD), np.int64), np.empty((count, len(CAPACITIES), DRAWN), np.int64)
        self.fused.briefed(
            self._records(Referral, referral), self._columns[0], self._columns[-1], options.opening, options.way,
            options.cost, self._policies, self._minutes, told, drawn,
        )  # fmt: skip
        return told, drawn

    def drawn(self, referrals: Rows, options: Options) -> tuple[Ints, Ints]:
        """Return pool and draws of every option, arrays of shape (options, capacities); draws 0 where none."""
        rows, openings = self._records(Referral, referrals), self._columns[0]
        place = options.ends, options.opening, options.way
        found: tuple[Ints, Ints] = self.fused.drawn(rows, *place, openings, self._policies)
        return found

    def asked(self, referrals: Rows, options: Options) -> tuple[Any, tuple[Any, ...]]:
        """Return a batch as compiled code takes it: its referrals, and its options with what the rules read of them."""
        place = options.ends, options.opening, options.way, options.cost
        return self._records(Referral, referrals), (*place, self._columns[0], self._policies)

    def used(self, referrals: Rows, openings: Any, ways: Any) -> list[Way]:
        """Return how each of these referrals would use one opening (row), by one of its ways (row in ``ways_of``)."""
        who = self._records(Referral, referrals)
        return list(map(Way._make, self.fused.used_ways(who, openings, ways, self._columns[0], self._minutes).tolist()))

    def standing(self, referrals: Rows, options: Options, claimed: Ints) -> Ints:
        """Return the option of each referral that they claim, -1 where it is none, as ``judge.standing`` has it."""
        found: Ints = self.fused.standing(
            self._records(Referral, referrals), options.ends, options.opening, options.way, claimed
        )
        return found

    def _minutes_by_mode(self) -> Any:
        if isinstance(self._policies, Plain):
            return Minutes(self._policies[0])
        return self.fused.minutes_table(self.policy, FARTHEST + 1)

    def _chunk(self, rows: Rows, first: int, keep: int) -> Options:
        last = min(first + CHUNK, len(rows))
        return self._sweep(rows, first, last, keep, False, keep * (last - first) or 64 * (last - first))

    def _sweep(self, rows: Rows, first: int, last: int, keep: int, ranking: bool, room: int) -> Options:
        """Sweep referrals ``first`` to ``last``; where the options outgrow the room, go on with twice the room."""
        parts, records = [], self._records(Referral, rows)
        while True:
            ends = np.empty(last - first, np.int64)
            opening, way, cost = np.empty(room, np.int32), np.empty(room, np.int16), np.empty(room, np.int64)
            done = self.fused.sweep(
                records, first, last, *self._columns, self._policies, self._minutes,
                keep, ranking, ends, opening, way, cost,
            )  # fmt: skip
            ends = ends[: done - first]
            size = int(ends[-1]) if len(ends) else 0
            parts.append(Options(ends, opening[:size], way[:size], cost[:size]))
            if done == last:
                return parts[0] if len(parts) == 1 else joined(parts)
            first, room = done, room * 2


def _in_order() -> tuple[str, ...]:
    """Return the fields of an opening as the sweep comes to them: most are refused by the requirements of the way."""
    asked = sorted(REQUIREMENTS, key=lambda rule: (rule.reads_trip, not rule.reads_way))
    rules = *asked, *PREFERENCES, *CAPACITIES
    # A field of the referral by the same name only brings the opening's forward.
    read = (name for rule in rules for name in rule.function.__code__.co_names if name in fields(Opening))
    return tuple(dict.fromkeys([*read, *fields(Opening)]))


ASKED = _in_order()


def _as_array(_: type[tuple[Any, ...]], rows: Rows) -> Any:
    """Return rows as the compiled sweep takes them: to look at a plain array costs it half as much."""
    return rows.view(np.ndarray)


def _same_trips(policy: Rows, other: Rows) -> bool:
    """Whether two policies agree on all but the moment they are asked."""
    names = [name for name in fields(Policy) if name not in ("now", "today")]
    return all(policy[name][0] == other[name][0] for name in names)


def attended_by_video(openings: Rows) -> tuple[Ints, Ints]:
    """Rows of the openings that report telehealth, by level and state, and where those of each level and state end."""
    rows = np.flatnonzero((openings["telehealth"] == 1) & (openings["bed"] == 0))
    place = openings["level"][rows] * loop.STATES + openings["state"][rows]
    order = np.argsort(place, kind="stable")
    return rows[order], np.searchsorted(place[order], np.arange(len(LevelOfCare) * loop.STATES), side="right")
