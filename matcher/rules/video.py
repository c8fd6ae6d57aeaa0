"""By video only where the program offers it, in the state the caller is in.

A bed, and methadone given by the program, need the caller in person. Where nobody has said whether it can be attended
by video, or in which state the caller is, only programs within the search range are asked.
"""

from ..facts import Opening, Policy, Referral, Way
from ..rule import requirement
from ..vocabulary import NOT_MET, UNKNOWN, Medication, MedicationUse, TravelMode


@requirement(
    code="video",
    unit="program",
    says={
        "en": "cannot be attended by video from where the caller is",
        "es": "no se puede asistir por video desde donde está la persona",
    },
    asks={
        "en": "Can it be attended by video from the caller's state?",
        "es": "¿Se puede asistir por video desde el estado de la persona?",
    },
    lifts={
        "en": "a program by video in the caller's state, or a trip",
        "es": "un programa por video en su estado, o un viaje",
    },
)
def video(referral: Referral, opening: Opening, way: Way, policy: Policy) -> int:
    """Only a way by video is held to it; clinicians are licensed by state."""
    if way.mode != TravelMode.VIDEO:
        return 0
    in_person = way.medication == Medication.METHADONE and way.use != MedicationUse.ELSEWHERE
    if opening.bed or in_person or opening.telehealth == 0:
        return NOT_MET
    if referral.state >= 0 and referral.state != opening.state:
        return NOT_MET
    if opening.telehealth < 0 or referral.state < 0:
        return UNKNOWN if way.distance <= policy.search_range else NOT_MET
    return 0
