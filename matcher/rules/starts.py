"""The facility can start one more person on the medication that week.

The pool is shared by all programs of the facility: a facility, a medication, and the calendar week of the start date.
Continuing a medication, or keeping a prescriber elsewhere, draws nothing.
"""

from ..facts import Opening, Referral, Way
from ..rule import capacity
from ..vocabulary import UNKNOWN, MedicationUse


@capacity(
    code="medication-starts",
    unit="starts",
    meets={
        "en": "{left} starts of {medication} left that week, reported {age}",
        "es": "quedan {left} inicios de {medication} esa semana, informado {age}",
    },
    says={
        "en": "no start of {medication} left that week: {left}, reported {age}",
        "es": "no quedan inicios de {medication} esa semana: {left}, informado {age}",
    },
    asks={
        "en": "Can you start one more person on {medication} that week?",
        "es": "¿Pueden iniciar a una persona más con {medication} esa semana?",
    },
    lifts={
        "en": "one more start of {medication}, or the week after",
        "es": "un inicio más de {medication}, o la semana siguiente",
    },
)
def starts(referral: Referral, opening: Opening, way: Way) -> tuple[int, int]:
    """A start for each person, where they begin the medication here."""
    if way.use != MedicationUse.START:
        return UNKNOWN, 0
    return opening.starts + way.medication if opening.starts >= 0 else UNKNOWN, referral.persons
