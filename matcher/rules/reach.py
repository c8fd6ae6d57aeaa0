"""The caller can get there, by the transport they have, within their limit.

Two limits: a trip made every visit, and a trip made once, to a bed. Transit without a timetable is refused where even
the low end of its band is over the limit; otherwise it is asked about, for nobody knows that a bus runs.
"""

from ..facts import Opening, Policy, Referral, Way
from ..rule import requirement
from ..vocabulary import UNKNOWN, TravelMode


@requirement(
    code="reach",
    unit="minutes",
    meets={"en": "{minutes} {mode} one way", "es": "{minutes} {mode} por trayecto"},
    says={
        "en": "{minutes} {mode} one way, at best {shortfall} over the caller's limit",
        "es": "{minutes} {mode} por trayecto, al menos {shortfall} más que su límite",
    },
    asks={
        "en": "Can the caller get there {mode}, and in what time (about {minutes})?",
        "es": "¿Puede llegar {mode}, y en cuánto tiempo (unos {minutes})?",
    },
    lifts={"en": "{shortfall} more travel each way", "es": "{shortfall} más de viaje por trayecto"},
)
def reach(referral: Referral, opening: Opening, way: Way, policy: Policy) -> int:
    """Shortfall in minutes one way; unknown when mode or limit is not known."""
    if way.mode == TravelMode.VIDEO:
        return 0
    limit = referral.admission_limit if opening.bed else referral.daily_limit
    if way.minutes < 0 or limit < 0:
        return UNKNOWN
    if way.mode == TravelMode.TRANSIT:
        low = way.minutes * policy.transit_low // 100
        return low - limit if low > limit else UNKNOWN
    return max(0, way.minutes - limit)
