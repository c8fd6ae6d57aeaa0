"""Facilities that a caller is matched to no more since a placement there was declined, and how that is taken back.

What callers say themselves of whom they fear or refuse stands in their attributes (``excluded``), and is changed there.
"""

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from matcher.rule import Override

from .change import Change
from .errors import Malformed, Missing, Unfit
from .reasons import Reason, reasons
from .seals import locked
from .tables import exclusions


class Lift(StrEnum):
    """Why a facility is ruled out no more."""

    MISTAKE = "entered-by-mistake"
    MIND = "caller-changed-mind"
    CIRCUMSTANCES = "circumstances-changed"


class Exclusion(NamedTuple):
    """A facility ruled out for a caller. ``since``: seconds since 1970 in UTC."""

    facility_id: str
    reason: Reason
    since: int


def exclude(change: Change, caller_id: str, facility_id: str, why: Reason) -> None:
    """Match a caller to a facility no more; where that is so already, the first reason stays."""
    mine = exclusions.c.caller_id == caller_id, exclusions.c.facility_id == facility_id
    if change.connection.execute(select(exclusions.c.since).where(*mine)).first() is None:
        row = {"caller_id": caller_id, "facility_id": facility_id, "reason": why.code, "since": change.now}
        change.connection.execute(insert(exclusions), row)


def open_exclusions(change: Change, caller_id: str, **said: str) -> list[Exclusion]:
    """Return the facilities ruled out for a caller by declines, to the person who asks; tell of it, and ``said``.

    Whether they may is asked by ``access``. Raises ``Missing`` and ``Erased``.
    """
    locked(change, caller_id)
    change.tell_own("opened", caller_id, fields=["excluded"], **said)
    found = select(exclusions).where(exclusions.c.caller_id == caller_id).order_by(exclusions.c.since, "facility_id")
    return [Exclusion(row.facility_id, reasons()[row.reason], row.since) for row in change.connection.execute(found)]


def lift(change: Change, caller_id: str, facility_id: str, why: str, second: str | None) -> None:
    """Match a caller to a facility again; nobody is put back on a waitlist by that.

    ``second``: whoever else agrees, where safety asks for two. Raises ``Missing``, ``Erased``, ``Malformed``, and
    ``Unfit`` without a second person where one is needed.
    """
    if why not in set(Lift):
        raise Malformed("why", f"{why!r} is no reason to lift it; allowed: {', '.join(Lift)}")
    locked(change, caller_id)
    mine = exclusions.c.caller_id == caller_id, exclusions.c.facility_id == facility_id
    code = change.connection.execute(select(exclusions.c.reason).where(*mine)).scalar()
    if code is None:
        raise Missing("exclusion", f"no decline has ruled out {facility_id} for caller {caller_id}")
    if reasons()[code].lift is Override.SECOND_PERSON and second is None:
        raise Unfit("second", f"{facility_id} was ruled out as {code}: that is lifted only if a second person agrees")
    change.connection.execute(delete(exclusions).where(*mine))
    change.passed("lifted")
    change.tell_own("exclusion-lifted", caller_id, facility=facility_id, was=code, reason=why, second=second)
