"""Part of the brute-force peer: what a program asks of who the caller is, stated a second time on whole columns."""

from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.facts import Policy, Referral
from matcher.records import Ints
from matcher.vocabulary import AgeGroup, Gender, Language, Medication, MedicationUse, TravelMode

Bools = npt.NDArray[np.bool_]
Answer = tuple[Bools, Bools]
"""Whether it is met or may be asked, and whether it must be asked."""

NAMES = (
    *("ages", "ages_known", "genders", "genders_known", "only", "refused", "programs", "languages", "languages_known"),
    *("accessibility", "accessibility_known", "takes_children", "child_places", "co_occurring", "telehealth"),
    *("services", "services_known", "outside_therapist"),
)
"""Columns of openings that it reads besides those of ``brute_force``."""


def personal(referral: Referral, at: dict[str, Ints]) -> list[Answer]:
    """What does not depend on the way."""
    return [
        _all_of(referral.ages, AgeGroup.ADULTS.bit, at["ages"], at["ages_known"]),
        _all_of(referral.genders, Gender.FEMALE.bit | Gender.MALE.bit, at["genders"], at["genders_known"]),
        _any_of(referral.languages or Language.ENGLISH.bit, at["languages"], at["languages_known"]),
        _needs(referral.accessibility, at["accessibility"], at["accessibility_known"]),
        _said(at["co_occurring"], referral.co_occurring == 1),
        _sure((at["only"] == 0) | (at["only"] & referral.populations != 0)),
        _sure(at["refused"] & referral.populations == 0),
    ]


def by_the_way(referral: Referral, at: dict[str, Ints], tenths: Ints, way: list[int], policy: Policy) -> list[Answer]:
    """Children who come along, and care by video."""
    mode, medication, use, _ = way
    answers = [_said(at["takes_children"], referral.children > 0 and mode != TravelMode.VIDEO)]
    if mode == TravelMode.VIDEO:
        in_person = medication == Medication.METHADONE and use != MedicationUse.ELSEWHERE
        offered = (at["bed"] == 0) & (at["telehealth"] != 0) & (not in_person)
        home = (referral.state < 0) | (at["state"] == referral.state)
        silent = at["telehealth"] < 0
        fine = offered & home & (~silent | (tenths <= policy.search_range))
        answers.append((fine, fine & (silent | (referral.state < 0))))
    return answers


def wishes(referral: Referral, at: dict[str, Ints], policy: Policy) -> Ints:
    """Minutes a week for what the caller wishes for and would not have."""
    missing = referral.services & ~at["services"]
    known = np.bitwise_count(missing & at["services_known"]).astype(np.int64)
    unsaid = np.bitwise_count(missing).astype(np.int64) - known
    alone = np.bitwise_count(referral.programs & ~at["programs"]).astype(np.int64)
    leaves = (referral.own_therapist == 1) & (at["outside_therapist"] != 1)
    cost = known * policy.wish_minutes + unsaid * policy.unreported_wish_minutes + alone * policy.program_minutes
    return np.asarray(cost + np.where(leaves, policy.therapist_minutes, 0), np.int64)


def _all_of(wanted: int, usual: int, has: Ints, known: Ints) -> Answer:
    """Whether all of a party are accepted; who has not said is asked unless everybody usual is, or nothing is known."""
    if wanted == 0:
        return _sure(has >= 0)[0], (known != 0) & (has & usual != usual)
    return _needs(wanted, has, known)


def _any_of(wanted: int, has: Ints, known: Ints) -> Answer:
    met = wanted & has != 0
    ask = ~met & (wanted & ~known != 0)
    return met | ask, ask


def _needs(wanted: int, has: Ints, known: Ints) -> Answer:
    missing = wanted & ~has
    ask = (missing != 0) & (missing & known == 0)
    return (missing == 0) | ask, ask


def _said(flag: Ints, wanted: bool) -> Answer:
    return (flag != 0) | (not wanted), (flag < 0) & wanted


def _sure(fine: Any) -> Answer:
    return fine, np.zeros(len(fine), np.bool_)
