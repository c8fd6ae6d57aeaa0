"""Every session of the group fits the hours the caller is free, the way there and back included.

Hours are those of the facility. A bed has no sessions to travel to, unless its program is elsewhere.
"""

from ..facts import Opening, Referral, Way
from ..rule import requirement
from ..vocabulary import HALF_HOURS_A_DAY, UNKNOWN


@requirement(
    code="schedule",
    unit="sessions",
    meets={"en": "every session fits: {sessions}", "es": "puede asistir a todas las sesiones: {sessions}"},
    says={
        "en": "{shortfall} sessions a week do not fit the caller's free hours ({sessions})",
        "es": "{shortfall} sesiones por semana no caben en su horario ({sessions})",
    },
    asks={
        "en": "Can the caller attend every session ({sessions})?",
        "es": "¿Puede asistir a todas las sesiones ({sessions})?",
    },
    lifts={
        "en": "{shortfall} more sessions a week free, the way there included",
        "es": "{shortfall} sesiones más por semana libres, con el viaje",
    },
)
def schedule(referral: Referral, opening: Opening, way: Way) -> int:
    """Shortfall in sessions a week; half hours are bits, and a session is a run of them."""
    if opening.bed and opening.program_facility < 0:
        return 0
    if opening.sessions[0] < 0 or referral.free[0] < 0:
        return UNKNOWN
    minutes = opening.commute if opening.bed else max(0, way.minutes)
    missed = 0
    for day in range(7):
        left = opening.sessions[day]
        while left:
            session = left & ~(left + (left & -left))
            left ^= session
            needed = session
            for _ in range(min(HALF_HOURS_A_DAY, (minutes + 29) // 30)):
                needed |= needed << 1 | needed >> 1
            missed += 1 if needed & ~referral.free[day] & ((1 << HALF_HOURS_A_DAY) - 1) else 0
    return missed
