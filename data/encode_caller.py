"""One caller as the engine's numbers, while the caller is on the phone: as ``encode_callers`` does it, without a table.

Both read the same cells and complete them by the same function; a test holds the rows equal to the byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.facts import Referral
from matcher.grid import tie_keys
from matcher.problem import Directory, levels_for, tiers
from matcher.records import Rows, dtype, fields, frozen
from matcher.vocabulary import UNKNOWN

from .cells import Cell
from .encode import plan_key
from .encode_callers import CELLS, MASK_NAMES, STRANGE_PLAN, complete, excluded_cell, plan_numbers
from .located import spot

USUAL = ("daily_limit", "admission_limit")
"""Columns that hold the policy's usual unless given."""

PLACE = ("zip", "latitude", "longitude")
CALLER = "caller"
"""The referral id of whoever is on the phone: nobody's."""

_DTYPE = dtype(Referral)
_SHAPED = frozenset(name for name, field in fields(Referral).items() if field.shape)
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

    __slots__ = ("_cells", "_plan_names", "_plans", "_seed", "_start", "_tiers")

    def __init__(self, directory: Directory, policy: Rows, seed: int = 0) -> None:
        self._seed, self._tiers = seed, bool(policy["tiers"][0])
        self._plans, self._plan_names = plan_numbers(directory.plans), ", ".join(directory.plans)
        excluded = excluded_cell({name: at for at, name in enumerate(directory.facility_ids)})
        self._cells = {**CELLS, "excluded": excluded}
        usual = {column: int(policy[f"usual_{column}"][0]) for column in USUAL}
        beside = {"plan": UNKNOWN, "placed": UNKNOWN, "key": int(tie_keys([CALLER], seed)[0])}
        self._start = _BLANK | usual | beside | {"excluded": excluded.read("")[0]}

    def __call__(self, cells: Mapping[str, str]) -> tuple[Rows, Referral]:
        """Return the referral as one read-only row and as the plain record that rules read.

        ``cells``: by column of the callers table. Raises ``CallerError`` with all that cannot be used.
        """
        wrong: list[Wrong] = []
        found = self._read(cells, wrong)
        self._locate(cells, found, wrong)
        if wrong:
            raise CallerError(wrong)
        complete(found)
        found["levels"] = int(levels_for(found["need"]))
        found["tier"] = int(tiers(found["pregnant"], found["injecting"], self._tiers))
        return _row(found), Referral(**found)

    def _read(self, cells: Mapping[str, str], wrong: list[Wrong]) -> dict[str, Any]:
        found = self._start.copy()
        for name, text in cells.items():
            cell = self._cells.get(name)
            if cell is not None:
                number, unusable = cell.read(text.strip())
                found[name] = number[0] if name in MASK_NAMES else number  # type: ignore[index]
                if unusable:
                    wrong.append(_wrong(name, unusable, cell))
        if found["need"] < 0 and not cells.get("need", "").strip():
            wrong.append(_wrong("need", "", self._cells["need"]))
        if plan := plan_key(cells.get("plan", "")):
            found["plan"] = self._plans.get(plan, UNKNOWN)
            if found["plan"] == UNKNOWN:
                wrong.append(Wrong("plan", cells["plan"], STRANGE_PLAN, self._plan_names))
        if placed := cells.get("placed", "").strip():
            found["placed"] = int(tie_keys([placed], self._seed)[0])
        return found

    def _locate(self, cells: Mapping[str, str], found: dict[str, Any], wrong: list[Wrong]) -> None:
        point, unusable = spot(*(cells.get(name, "").strip() for name in PLACE))
        found["latitude"], found["longitude"], found["zip_only"], found["state"] = point
        wrong += [_wrong(name, cells.get(name, ""), cell) for name, cell in unusable]


def _wrong(column: str, value: str, cell: Cell) -> Wrong:
    return Wrong(column, value, cell.problem, cell.allowed)


def _row(found: Mapping[str, Any]) -> Rows:
    numbers: list[int] = []
    for name in Referral._fields:
        if name in _SHAPED:
            numbers += found[name]
        else:
            numbers.append(found[name])
    return frozen(np.array(numbers, np.int64).view(_DTYPE).view(np.recarray))
