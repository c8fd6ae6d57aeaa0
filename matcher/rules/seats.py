"""The opening has a free seat: each caller placed takes one."""

from ..facts import Opening
from ..rule import capacity


@capacity(
    code="seats",
    unit="seats",
    meets={"en": "free seats: {left}, reported {age}", "es": "plazas libres: {left}, informado {age}"},
    says={"en": "full: {left} free seats, reported {age}", "es": "completo: {left} plazas libres, informado {age}"},
    asks={"en": "How many seats are free?", "es": "¿Cuántas plazas hay libres?"},
    lifts={"en": "one more seat", "es": "una plaza más"},
)
def seats(opening: Opening) -> tuple[int, int]:
    """The opening's own pool, one seat."""
    return opening.seats, 1
