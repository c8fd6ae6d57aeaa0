"""Why a placement was declined: coded reasons, by whom, and what each does to later matching (``declines.csv``).

``none``: nothing. ``exclude-facility``: this caller is not matched there again until somebody lifts it.
``report-full``: the pools it claimed of its own facility count as having none free, until that facility reports again;
of a bundle the other's do not.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from matcher.rule import Override

from ..figures import rows


class By(StrEnum):
    """Who declines."""

    CALLER = "caller"
    PROVIDER = "provider"
    SYSTEM = "system"


class Effect(StrEnum):
    """What a decline does to later matching."""

    NONE = "none"
    EXCLUDE_FACILITY = "exclude-facility"
    REPORT_FULL = "report-full"


class Reason(NamedTuple):
    """One coded reason, with its words in each language. ``lift``: what it takes to lift what it has ruled out."""

    code: str
    by: By
    effect: Effect
    lift: Override
    says: Mapping[str, str]


@cache
def reasons() -> Mapping[str, Reason]:
    """Return every reason by its code."""
    found = [
        Reason(
            row["code"],
            By(row["by"]),
            Effect(row["effect"]),
            Override(row["lift"] or Override.NEVER),
            {"en": row["en"], "es": row["es"]},
        )
        for row in rows("declines.csv")
    ]
    return MappingProxyType({reason.code: reason for reason in found})
