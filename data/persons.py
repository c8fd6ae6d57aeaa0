"""Made-up callers: who they are, as far as a program asks, whom they bring, and what they wish for.

Ages, co-occurring illness, veterans and referrals by a court come in the shares of TEDS-A 2021; the rest are stated
assumptions (``tables/simulation.csv``).
"""

import numpy as np

from matcher.records import Ints
from matcher.vocabulary import LevelOfCare

from . import means
from .chance import Bools, Chance, Texts, as_text, texts
from .figures import DEMAND, figures, group

_SEVERE = (LevelOfCare.INPATIENT_WITHDRAWAL_MANAGEMENT, LevelOfCare.RESIDENTIAL_WITHDRAWAL_MANAGEMENT)
_MODERATE = (LevelOfCare.OUTPATIENT_WITHDRAWAL_MANAGEMENT,)


def columns(chance: Chance, need: Texts, woman: Bools) -> dict[str, Texts]:
    """The columns of who the callers are. ``need``: level of care by code; ``woman``: as pregnancy was drawn."""
    known, count = figures(*DEMAND), len(need)
    couple = chance.yes("couple", known["couple"], count)
    children = _children(chance, woman & ~couple)
    years = _years(chance, count)
    ages = np.where(couple, as_text(years, lambda age: f"{age};{age}"), as_text(years))
    genders = np.where(couple, "female;male", np.where(woman, "female", "male"))
    return {
        "persons": texts(np.where(couple, "2", "")),
        "children": texts(np.where(children > 0, as_text(children), "")),
        "ages": means.told(chance, "ages", texts(ages)),
        "genders": means.told(chance, "genders", texts(genders)),
        "populations": _populations(chance, count),
        "languages": means.chosen(chance, "speaks", count),
        "accessibility": means.chosen(chance, "needs_access", count),
        "services": means.chosen(chance, "wish", count),
        "withdrawal": _withdrawal(chance, need),
        "co_occurring": means.told(chance, "co_occurring", _share(chance, "co_occurring/yes", count)),
        "own_therapist": means.told(chance, "own_therapist", _share(chance, "own_therapist", count)),
    }


def _share(chance: Chance, figure: str, count: int) -> Texts:
    return texts(np.where(chance.yes(figure, figures(*DEMAND)[figure], count), "yes", "no"))


def _children(chance: Chance, may: Bools) -> Ints:
    """Children along with a woman who comes alone."""
    shares = group(figures(*DEMAND), "children_along")
    number = np.array(list(map(int, shares)), np.int64)[chance.pick("children", list(shares.values()), len(may))]
    return np.where(may, number, 0)


def _years(chance: Chance, count: int) -> Ints:
    """Years of age, evenly spread within the age groups of TEDS; who is 65 or older is at most 80."""
    shares = group(figures(*DEMAND), "age")
    bounds = [(name.replace("+", "-80")).split("-") for name in shares]
    low, high = (np.array([int(bound[end]) for bound in bounds], np.int64) for end in (0, 1))
    kind = chance.pick("age", list(shares.values()), count)
    return low[kind] + np.floor(chance.uniform("years", count) * (high - low + 1)[kind]).astype(np.int64)


def _populations(chance: Chance, count: int) -> Texts:
    known = figures(*DEMAND)
    shares = {"veterans": known["veteran/yes"], "justice-involved": known["referral_source/court_dui"]}
    shares |= group(known, "belongs")
    names = list(shares)
    has = [chance.yes(f"belongs/{name}", shares[name], count) for name in names]
    rows = zip(*has, strict=True)
    return texts(";".join(name for name, yes in zip(names, row, strict=True) if yes) for row in rows)


def _withdrawal(chance: Chance, need: Texts) -> Texts:
    """Who needs withdrawal management is at the risk that level is for; of all others it is low, where it is known."""
    severe, moderate = (np.isin(need, [level.code for level in levels]) for levels in (_SEVERE, _MODERATE))
    known = means.told(chance, "withdrawal", texts(["low"] * len(need)))
    return texts(np.where(severe, "severe", np.where(moderate, "moderate", known)))
