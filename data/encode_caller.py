"""One caller as the engine's numbers, while the caller is on the phone: as ``encode_callers`` does it, without a table.

Both read the same cells and complete them by the same function; a test holds the rows equal to the byte.
"""

import struct
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import numpy as np

from matcher.facts import EXCLUDED, Referral
from matcher.grid import tie_keys
from matcher.problem import Directory, levels_for, tiers
from matcher.records import Rows, dtype
from matcher.vocabulary import UNKNOWN, LevelOfCare

from .cells import Cell
from .encode import plan_key
from .encode_callers import CELLS, MASK_NAMES, STRANGE_PLAN, complete, excluded_cell, parts, plan_numbers
from .located import spot

USUAL = ("daily_limit", "admission_limit")
"""Columns that hold the policy's usual unless given."""

PLACE = ("zip", "latitude", "longitude")
REMEMBERED = 4096
"""Texts of each column whose reading is remembered."""

CALLER = "caller"
"""The referral id of whoever is on the phone: nobody's."""

NO_YES = np.arange(2)
_DTYPE = dtype(Referral)
_PACK = struct.Struct(f"={_DTYPE.itemsize // 8}q").pack
_FREE, _RULED_OUT = map(Referral._fields.index, ("free", "excluded"))
_LEVELS: list[int] = levels_for(np.arange(len(LevelOfCare))).tolist()
_BLANK: dict[str, Any] = {
    name: cell.read("")[0][0] if name in MASK_NAMES else cell.read("")[0]  # type: ignore[index]
    for name, cell in CELLS.items()
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What cannot be used in one cell of a caller, and what is allowed there."""

    column: str
    value: str
    problem: str
    allowed: str


class CallerError(ValueError):
    """A caller that cannot be ranked: what is not understood is asked again, not guessed."""

    def __init__(self, wrong: list[Wrong]) -> None:
        super().__init__("; ".join(f"{one.column}: {one.problem}; allowed: {one.allowed}" for one in wrong))
        self.wrong = wrong


class CallerEncoder:
    """Encodes callers for one directory and policy, one at a time, from the cells that are not blank."""

    __slots__ = ("_cells", "_facilities", "_plan_names", "_plans", "_read", "_seed", "_start", "_tiers")

    def __init__(self, directory: Directory, policy: Rows, seed: int = 0) -> None:
        self._seed = seed
        self._tiers = tiers(NO_YES[:, np.newaxis], NO_YES, bool(policy["tiers"][0])).tolist()
        self._plans, self._plan_names = plan_numbers(directory.plans), ", ".join(directory.plans)
        self._facilities = {name: at for at, name in enumerate(directory.facility_ids)}
        excluded = excluded_cell(self._facilities)
        self._cells = {**CELLS, "excluded": excluded}
        self._read = {name: _remembered(name, cell) for name, cell in self._cells.items()}
        usual = {column: int(policy[f"usual_{column}"][0]) for column in USUAL}
        beside = {"plan": UNKNOWN, "placed": UNKNOWN, "key": int(tie_keys([CALLER], seed)[0])}
        unread = dict.fromkeys(Referral._fields, UNKNOWN)
        self._start = unread | _BLANK | usual | beside | {"excluded": excluded.read("")[0]}

    def __call__(self, cells: Mapping[str, str]) -> tuple[Rows, Referral]:
        """Return the referral as one read-only row and as the plain record that rules read.

        ``cells``: by column of the callers table. Raises ``CallerError`` with all that cannot be used.
        """
        wrong: list[Wrong] = []
        found = self._numbers(cells, wrong)
        self._locate(cells, found, wrong)
        if wrong:
            raise CallerError(wrong)
        complete(found)
        found["levels"] = _LEVELS[found["need"]]
        found["tier"] = self._tiers[found["pregnant"] == 1][found["injecting"] == 1]
        record = Referral._make(found.values())
        return _row(record), record

    def within(self, cells: Mapping[str, str], first: Collection[str] = ()) -> tuple[dict[str, str], frozenset[int]]:
        """Return the cells of a caller that is kept with no more facilities ruled out than a row holds; and the rest.

        The rest are numbers of facilities, which whoever ranks must leave out. Those that are gone from the directory
        are dropped: nobody is placed there. ``first``: ids of facilities that are no rest.
        """
        known = [name for name in parts(cells.get("excluded", "")) if name in self._facilities]
        known.sort(key=lambda name: name not in first)
        rest = frozenset(self._facilities[name] for name in known[EXCLUDED:])
        return {**cells, "excluded": ";".join(known[:EXCLUDED])}, rest

    def _numbers(self, cells: Mapping[str, str], wrong: list[Wrong]) -> dict[str, Any]:
        found = self._start.copy()
        for name, text in cells.items():
            read = self._read.get(name)
            if read is not None:
                found[name], unusable = read(text)
                if unusable:
                    wrong.append(_wrong(name, unusable, self._cells[name]))
        if "need" not in cells:
            wrong.append(_wrong("need", "", self._cells["need"]))
        if "plan" in cells and cells["plan"].strip():
            found["plan"] = self._plans.get(plan_key(cells["plan"]), UNKNOWN)
            if found["plan"] == UNKNOWN:
                wrong.append(Wrong("plan", cells["plan"], STRANGE_PLAN, self._plan_names))
        if "placed" in cells and (placed := cells["placed"].strip()):
            found["placed"] = int(tie_keys([placed], self._seed)[0])
        return found

    def _locate(self, cells: Mapping[str, str], found: dict[str, Any], wrong: list[Wrong]) -> None:
        point, unusable = spot(*(cells.get(name, "").strip() for name in PLACE))
        found["latitude"], found["longitude"], found["zip_only"], found["state"] = point
        wrong += [_wrong(name, cells.get(name, ""), cell) for name, cell in unusable]


def _wrong(column: str, value: str, cell: Cell) -> Wrong:
    return Wrong(column, value, cell.problem, cell.allowed)


def _remembered(name: str, cell: Cell) -> Callable[[str], tuple[Any, str]]:
    """Return the reading of a cell; what was read once is remembered, for most callers say one of few things."""
    masked = name in MASK_NAMES

    @lru_cache(maxsize=REMEMBERED)
    def read(text: str) -> tuple[Any, str]:
        number, unusable = cell.read(text.strip())
        return number[0] if masked else number, unusable  # type: ignore[index]

    return read


def _row(record: Referral) -> Rows:
    before, between, behind = record[:_FREE], record[_FREE + 1 : _RULED_OUT], record[_RULED_OUT + 1 :]
    numbers = _PACK(*before, *record.free, *between, *record.excluded, *behind)
    # No view as a recarray: it takes longer than to encode all the rest.
    row: Any = np.frombuffer(numbers, _DTYPE)
    return cast("Rows", row)
