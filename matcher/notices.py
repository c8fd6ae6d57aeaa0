"""What the law and the payer ask beyond the match, told to the advisor beside it: duties, papers, where to turn."""

from collections.abc import Iterator
from dataclasses import dataclass

from .facts import Policy, Referral
from .rule import Sentence
from .vocabulary import Payer, Tier, mask

INSURANCE = mask((Payer.MEDICAID, Payer.MEDICARE, Payer.PRIVATE, Payer.TRICARE, Payer.STATE_PLAN, Payer.TRIBAL))


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know about this caller. ``sentence``: in the language asked. ``source``: the law it stands in."""

    code: str
    sentence: str
    source: str


INJECTING: Sentence = {
    "en": "Injecting: a program with block-grant funds admits within {admission_days} days of asking, or within "
    "{interim_admission_days} days with interim services within {interim_hours} hours: counseling on HIV, tuberculosis "
    "and sharing needles, and referral for their treatment.",
    "es": "Se inyecta: un programa con fondos federales (block grant) admite en {admission_days} días desde la "
    "solicitud, o en {interim_admission_days} días con servicios provisionales en {interim_hours} horas: consejería "
    "sobre VIH, tuberculosis y jeringas compartidas, y derivación a su tratamiento.",
}
PREGNANT: Sentence = {
    "en": "Pregnant: a program with block-grant funds admits her before others. Where it has no room it tells the "
    "State, which finds her a place or interim services within {interim_hours} hours, prenatal care among them.",
    "es": "Embarazada: un programa con fondos federales (block grant) la admite antes que a otras personas. Si no "
    "tiene lugar avisa al estado, que le busca lugar o servicios provisionales en {interim_hours} horas, con atención "
    "prenatal.",
}
MEDICARE: Sentence = {
    "en": "Medicare pays for what is medically necessary under a physician's plan: ask who writes and signs it.",
    "es": "Medicare paga lo médicamente necesario según el plan de un médico: pregunte quién lo escribe y firma.",
}
UNINSURED: Sentence = {
    "en": "No insurance named: healthcare.gov (1-800-318-2596) tells whether the caller can have Medicaid or a plan. "
    "Places free of charge are looked for in any case; name a sliding fee as a way to pay to see those too.",
    "es": "Sin seguro: cuidadodesalud.gov (1-800-318-2596) dice si puede tener Medicaid o un plan. Los lugares "
    "gratuitos se buscan siempre; nombre también una tarifa según ingresos para ver esos lugares.",
}


def notices(referral: Referral, policy: Policy, language: str = "en") -> tuple[Notice, ...]:
    """Return what the advisor should know of this caller besides the matches; the law's duties first.

    The duties bind programs with block-grant funds (45 CFR 96.126 and 96.131); a pregnancy or injecting that is not
    known is a question worth asking, not a duty.
    """
    found = list(due(referral, policy))
    numbers = policy._asdict() if found else {}
    return tuple(Notice(code, sentence[language].format(**numbers), source) for code, sentence, source in found)


def due(referral: Referral, policy: Policy) -> Iterator[tuple[str, Sentence, str]]:
    """Yield code, sentence and source of each notice, its numbers not filled in."""
    if policy.tiers and referral.tier in (Tier.PREGNANT_AND_INJECTING, Tier.PREGNANT):
        yield "pregnant", PREGNANT, "42 USC 300x-27; 45 CFR 96.131"
    if policy.tiers and referral.tier in (Tier.PREGNANT_AND_INJECTING, Tier.INJECTING):
        yield "injecting", INJECTING, "42 USC 300x-23; 45 CFR 96.126"
    if referral.payers & Payer.MEDICARE.bit:
        yield "medicare", MEDICARE, "42 USC 1395y(a)(1)(A); 42 CFR 424.24"
    if referral.payers and not referral.payers & INSURANCE:
        yield "uninsured", UNINSURED, "45 CFR 155.405"
