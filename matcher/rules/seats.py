"""The opening has a free seat for everybody to be treated."""

from ..facts import Opening, Referral
from ..rule import capacity


@capacity(
    code="seats",
    unit="seats",
    meets={"en": "free seats: {left}, reported {age}", "es": "plazas libres: {left}, informado {age}"},
    says={"en": "full: {left} free seats, reported {age}", "es": "completo: {left} plazas libres, informado {age}"},
    asks={"en": "How many seats are free?", "es": "¿Cuántas plazas hay libres?"},
    lifts={"en": "more seats: {shortfall}", "es": "más plazas: {shortfall}"},
)
def seats(referral: Referral, opening: Opening) -> tuple[int, int]:
    """The opening's own pool, a seat for each person to be treated."""
    return opening.seats, referral.persons
