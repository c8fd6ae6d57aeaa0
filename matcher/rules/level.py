"""The opening's level of care serves the caller's need."""

from ..facts import Opening, Referral
from ..rule import requirement
from ..vocabulary import NOT_MET


@requirement(
    code="level-of-care",
    unit="level of care",
    unknown="refuse",
    override="second person",
    meets={"en": "{level} serves the need for {need}", "es": "{level} responde a la necesidad de {need}"},
    says={"en": "{level} does not serve the need for {need}", "es": "{level} no responde a la necesidad de {need}"},
    asks={"en": "Which level of care is this?", "es": "¿Qué nivel de atención es?"},
    lifts={"en": "an assessment that finds {level} right", "es": "una evaluación que indique {level}"},
)
def level(referral: Referral, opening: Opening) -> int:
    """Read from the continuum: a relation, not an order."""
    return 0 if referral.levels >> opening.level & 1 else NOT_MET
