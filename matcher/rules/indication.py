"""The medication treats what the caller uses.

Disulfiram and acamprosate are for alcohol; methadone and buprenorphine are for opioids (FDA labels); naltrexone is for
both.
"""

from ..facts import Referral, Way
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN, Medication, Substance


@requirement(
    code="indication",
    unit="medication",
    override="second person",
    meets={"en": "{medication} treats what the caller uses", "es": "{medication} trata lo que la persona consume"},
    says={"en": "{medication} does not treat {substances}", "es": "{medication} no trata {substances}"},
    asks={
        "en": "Does {medication} treat what the caller uses?",
        "es": "¿{medication} trata lo que la persona consume?",
    },
    lifts={"en": "a prescriber who asks for {medication}", "es": "un médico que indique {medication}"},
)
def indication(referral: Referral, way: Way) -> int:
    """What the caller uses may be unknown; then it is asked."""
    if way.medication < 0:
        return 0
    if referral.substances == 0:
        return UNKNOWN
    alcohol = referral.substances >> Substance.ALCOHOL & 1
    opioids = referral.substances >> Substance.OPIOIDS & 1
    if way.medication == Medication.DISULFIRAM or way.medication == Medication.ACAMPROSATE:
        return 0 if alcohol else NOT_MET
    if way.medication == Medication.NALTREXONE:
        return 0 if alcohol or opioids else NOT_MET
    return 0 if opioids else NOT_MET
