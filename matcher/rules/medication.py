"""The medication the caller needs can be started, continued or kept here.

Methadone for opioid use is given by an opioid treatment program only (42 CFR 8.12); a caller whose prescriber is
elsewhere needs a place that accepts that.
"""

from ..facts import Opening, Way
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN, Medication, MedicationUse


@requirement(
    code="medication",
    unit="medication",
    override="never",
    meets={"en": "{medication}: {use}", "es": "{medication}: {use}"},
    says={"en": "{medication} is not possible here ({use})", "es": "{medication} no es posible aquí ({use})"},
    asks={
        "en": "Is {medication} possible at your place ({use})?",
        "es": "¿Es posible {medication} con ustedes ({use})?",
    },
    lifts={
        "en": "another medication, or another way to take {medication}",
        "es": "otro medicamento, u otra forma de {medication}",
    },
)
def medication(opening: Opening, way: Way) -> int:
    """Offered or accepted is met; reported otherwise is not; not reported is asked."""
    if way.medication < 0:
        return 0
    if way.use < 0:
        return UNKNOWN
    if way.use == MedicationUse.ELSEWHERE:
        if opening.elsewhere >> way.medication & 1:
            return 0
        return NOT_MET if opening.elsewhere_known >> way.medication & 1 else UNKNOWN
    if way.medication == Medication.METHADONE and opening.otp == 0:
        return NOT_MET
    if not opening.medications >> way.medication & 1:
        return NOT_MET if opening.medications_known >> way.medication & 1 else UNKNOWN
    return UNKNOWN if way.medication == Medication.METHADONE and opening.otp < 0 else 0
