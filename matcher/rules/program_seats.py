"""The program beside a residence has a free seat as well.

A bundle of a residence and a program takes a seat of each.
"""

from ..facts import Opening, Referral
from ..rule import capacity
from ..vocabulary import UNKNOWN


@capacity(
    code="program-seats",
    unit="seats",
    meets={
        "en": "free seats in the program beside it: {left}, reported {age}",
        "es": "plazas libres en el programa: {left}, informado {age}",
    },
    says={
        "en": "the program beside it is full: {left} free seats, reported {age}",
        "es": "el programa está completo: {left} plazas libres, informado {age}",
    },
    asks={"en": "How many seats are free in the program?", "es": "¿Cuántas plazas hay libres en el programa?"},
    lifts={"en": "more seats in the program: {shortfall}", "es": "más plazas en el programa: {shortfall}"},
)
def program_seats(referral: Referral, opening: Opening) -> tuple[int, int]:
    """Drawn on by bundles alone."""
    if opening.program_facility < 0:
        return UNKNOWN, 0
    return opening.program_seats, referral.persons
