"""The words of the ledger: states of a placement and what may follow, waitlist, tasks, roles."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class PlacementState(StrEnum):
    """Where a placement stands. Offered, held and confirmed ones claim their seats."""

    OFFERED = "offered"
    HELD = "held"
    CONFIRMED = "confirmed"
    ADMITTED = "admitted"
    DECLINED = "declined"
    EXPIRED = "expired"
    NO_SHOW = "no-show"
    RELEASED = "released"


class Act(StrEnum):
    """What is done to a placement."""

    HOLD = "hold"
    EXTEND = "extend"
    CONFIRM = "confirm"
    ADMIT = "admit"
    DECLINE = "decline"
    EXPIRE = "expire"
    NO_SHOW = "no-show"
    RELEASE = "release"


_S = PlacementState
LIFE: Mapping[tuple[PlacementState, Act], PlacementState] = MappingProxyType(
    {
        (_S.OFFERED, Act.HOLD): _S.HELD,
        (_S.OFFERED, Act.DECLINE): _S.DECLINED,
        (_S.OFFERED, Act.EXPIRE): _S.EXPIRED,
        (_S.OFFERED, Act.RELEASE): _S.RELEASED,
        (_S.HELD, Act.EXTEND): _S.HELD,
        (_S.HELD, Act.CONFIRM): _S.CONFIRMED,
        (_S.HELD, Act.DECLINE): _S.DECLINED,
        (_S.HELD, Act.EXPIRE): _S.EXPIRED,
        (_S.HELD, Act.RELEASE): _S.RELEASED,
        (_S.CONFIRMED, Act.ADMIT): _S.ADMITTED,
        (_S.CONFIRMED, Act.DECLINE): _S.DECLINED,
        (_S.CONFIRMED, Act.NO_SHOW): _S.NO_SHOW,
        (_S.CONFIRMED, Act.RELEASE): _S.RELEASED,
    }
)
"""What may be done in each state, and the state that follows; nothing else may. A proposal is not kept here: it
claims nothing, and a hold or an offer is the first that is written down."""

CLAIMING = (PlacementState.OFFERED, PlacementState.HELD, PlacementState.CONFIRMED)
"""States that claim seats; the first two end by themselves."""
ACTIVE = "state in ('offered', 'held', 'confirmed')"
"""The same in SQL."""


class WaitState(StrEnum):
    """Where an entry of the waitlist stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    PLACED = "placed"
    LEFT = "left"


class ReassignmentState(StrEnum):
    """Where a reassignment stands. Asked and applying ones are under way; an applied one may be applied further."""

    ASKED = "asked"
    PROPOSED = "proposed"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"


class MoveState(StrEnum):
    """What becomes of somebody in a reassignment: stays or waits as before, or is to be moved, which somebody chose."""

    STAYS = "stays"
    WAITS = "waits"
    PROPOSED = "proposed"
    CHOSEN = "chosen"
    APPLIED = "applied"
    REFUSED = "refused"


class TaskKind(StrEnum):
    """What somebody has to do by a certain moment."""

    FOLLOW_UP_DAY = "follow-up-24-hours"
    FOLLOW_UP_THREE_DAYS = "follow-up-72-hours"
    FOLLOW_UP_MONTH = "follow-up-30-days"
    INTERIM_SERVICES = "interim-services-48-hours"
    ADMISSION = "admission-14-days"
    LATEST_ADMISSION = "admission-120-days"
    OVERPROMISED = "overpromised"
    MOVED = "moved"
    CAPACITY_NOTICE = "capacity-notice-7-days"
    OPENING_GONE = "opening-gone"


class Role(StrEnum):
    """Who somebody is to the ledger."""

    ADVISOR = "advisor"
    FACILITY = "facility"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"
