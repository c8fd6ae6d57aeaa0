"""Made-up callers as the bodies of requests."""

from collections.abc import Mapping
from typing import Any

import orjson

from data.columns import Columns
from data.encode_callers import CELLS, MASK_NAMES

LISTS = MASK_NAMES | {"ages", "excluded", "free"}
WHOLE = ("daily_limit", "admission_limit", "persons", "children")
DEGREES = ("latitude", "longitude")
UNTOLD = ("referral_id", "simulated")
YES = {"yes": True, "no": False}


def bodies(callers: Columns) -> list[bytes]:
    """Return a body of ``POST /v1/matches`` for each caller of a table."""
    count = len(callers["referral_id"])
    rows = ({name: cells[i] for name, cells in callers.items()} for i in range(count))
    return [orjson.dumps({"caller": told(row)}) for row in rows]


def told(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of a callers table as a request tells it; what is blank is left out."""
    return {name: _value(name, text) for name, text in cells.items() if text and name not in UNTOLD}


def _value(name: str, text: str) -> Any:
    if name in LISTS:
        return [int(part) if name == "ages" else part for part in text.split(";")]
    if name in WHOLE:
        return int(text)
    if name in DEGREES:
        return float(text)
    return YES[text] if name in CELLS and text in YES else text
