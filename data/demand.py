"""Made-up callers: what they need and use, whom the law puts first, and what they want to take.

Needs, substances, injection and pregnancy come in the shares of TEDS-A 2021. Those are publicly funded admissions and
not helpline callers, and marginals only: how they hang together is an assumption (``tables/simulation.csv``).
"""

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np

from matcher.records import Ints
from matcher.vocabulary import LevelOfCare, Substance

from . import means, persons
from .chance import Bools, Chance, Texts, cells, texts
from .columns import CALLERS, Columns
from .figures import DEMAND, figures, group

_NEED: Mapping[str, LevelOfCare] = {
    "detox_hospital_inpatient": LevelOfCare.INPATIENT_WITHDRAWAL_MANAGEMENT,
    "detox_residential": LevelOfCare.RESIDENTIAL_WITHDRAWAL_MANAGEMENT,
    "rehab_hospital": LevelOfCare.HOSPITAL_INPATIENT,
    "residential_short_30d_or_less": LevelOfCare.RESIDENTIAL_SHORT,
    "residential_long": LevelOfCare.RESIDENTIAL_LONG,
    "intensive_outpatient": LevelOfCare.INTENSIVE_OUTPATIENT,
    "outpatient": LevelOfCare.OUTPATIENT,
    "ambulatory_detox": LevelOfCare.OUTPATIENT_WITHDRAWAL_MANAGEMENT,
}
"""TEDS setting -> level of care."""

_SUBSTANCE: Mapping[str, Substance] = {
    "alcohol": Substance.ALCOHOL,
    "heroin": Substance.OPIOIDS,
    "methamphetamine": Substance.STIMULANTS,
    "marijuana": Substance.CANNABIS,
    "other_opiates": Substance.OPIOIDS,
    "cocaine": Substance.STIMULANTS,
    "benzodiazepines": Substance.BENZODIAZEPINES,
}
"""TEDS primary substance -> substance; ``missing`` is not known, and what is left to 100 % is another substance."""


def callers(chance: Chance, count: int, facilities: Columns) -> Columns:
    """The table of callers who live within reach of these facilities."""
    primary, substances = _substances(chance, count)
    medications = _medications(chance, primary)
    needs = _needs(chance, medications)
    table = {
        "referral_id": texts(_ids(chance, count)),
        "need": needs,
        "medications": medications,
        "uses": np.where(medications == "", "", means.chosen(chance, "use", count)),
        "substances": cells([one.code for one in Substance], substances),
        "pregnant": _pregnant(chance, _women(chance, count)),
        "injecting": _injecting(chance, primary),
        "simulated": texts(["yes"])[np.zeros(count, np.int64)],
        **means.columns(chance, count, facilities),
        **persons.columns(chance, needs, _women(chance, count)),
    }
    unsaid = texts([""] * count)
    return {name: table.get(name, unsaid).tolist() for name in CALLERS}


def _ids(chance: Chance, count: int) -> Iterable[str]:
    for number in range(count):
        name = f"{chance.seed}|{chance.about}|{number}"
        yield f"sim-{hashlib.blake2b(name.encode(), digest_size=8).hexdigest()}"


def _shares() -> list[float]:
    """Share of each primary substance; the last share is of those for whom it is not known."""
    published = group(figures(*DEMAND), "primary_substance")
    kinds = [sum(share for name, share in published.items() if _SUBSTANCE.get(name) == one) for one in Substance]
    kinds[Substance.OTHER] = 1.0 - sum(published.values())
    return [*kinds, published["missing"]]


def _substances(chance: Chance, count: int) -> tuple[Ints, Bools]:
    """The primary substance, past the last of them where it is not known, and all substances of each caller."""
    shares = _shares()
    primary = chance.pick("substance", shares, count)
    second = chance.pick("second", shares[:-1], count)
    takes = np.eye(len(shares), dtype=np.bool_)[primary]
    more = chance.yes("more", figures(*DEMAND)["second_substance"], count) & ~takes[:, -1]
    takes[np.flatnonzero(more), second[more]] = True
    return primary, takes[:, :-1]


def _medications(chance: Chance, primary: Ints) -> Texts:
    """Medication for opioid use as often as planned in TEDS, all of it for opioids as the primary substance."""
    known, count = figures(*DEMAND), len(primary)
    planned = known["moud_planned/yes"] / _shares()[Substance.OPIOIDS]
    wants = (primary == Substance.OPIOIDS) & chance.yes("moud", planned, count)
    drinks = (primary == Substance.ALCOHOL) & chance.yes("aud", known["wants_alcohol_medication"], count)
    other = np.where(drinks, means.chosen(chance, "alcohol_medication", count), "")
    return texts(np.where(wants, means.chosen(chance, "opioid_medication", count), other))


def _needs(chance: Chance, medications: Texts) -> Texts:
    """The TEDS settings, with the levels split off that TEDS counts in them; methadone alone means such a program."""
    known, count = figures(*DEMAND), len(medications)
    settings = group(known, "setting")
    setting = chance.pick("setting", list(settings.values()), count)
    level = np.array([_NEED[name] for name in settings], np.int64)[setting]
    for whole, part, share in (
        (LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.PARTIAL_HOSPITALIZATION, known["php_of_intensive"]),
        (LevelOfCare.RESIDENTIAL_LONG, LevelOfCare.RECOVERY_RESIDENCE, known["recovery_residence_of_long"]),
        (LevelOfCare.OUTPATIENT, LevelOfCare.AFTERCARE, known["aftercare_of_outpatient"]),
    ):
        level[(level == whole) & chance.yes(f"part/{part.code}", share, count)] = part
    level[(level == LevelOfCare.OUTPATIENT) & (medications == "methadone")] = LevelOfCare.OPIOID_TREATMENT_PROGRAM
    return texts(one.code for one in LevelOfCare)[level]


def _women(chance: Chance, count: int) -> Bools:
    return chance.yes("sex", figures(*DEMAND)["sex/female"], count)


def _pregnant(chance: Chance, woman: Bools) -> Texts:
    """As often as in TEDS among women, and as often not known; of men it is known."""
    known, count = figures(*DEMAND), len(woman)
    pregnant = woman & chance.yes("pregnant", known["pregnant_of_women_known/yes"], count)
    silent = woman & chance.yes("silent/pregnant", known["caller_silent/pregnant"], count)
    return texts(np.where(silent, "", np.where(pregnant, "yes", "no")))


def _injecting(chance: Chance, primary: Ints) -> Texts:
    """As often as in TEDS over all callers, mostly by those whose primary substance is an opioid."""
    known = figures(*DEMAND)
    odds = np.full(len(Substance) + 1, known["injects/other"])
    odds[Substance.STIMULANTS], odds[Substance.OPIOIDS] = known["injects/stimulants"], known["injects/opioids"]
    share = odds * known["injection/yes"] / float(odds @ np.array(_shares()))
    injects = chance.yes("injecting", share[primary], len(primary))
    return means.told(chance, "injecting", texts(np.where(injects, "yes", "no")))
