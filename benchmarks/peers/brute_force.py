"""Peer: every opening of the directory for every caller, vectorized with NumPy, no index.

It states the rules a second time, on purpose: so it also tells whether the sweep finds the best option.
"""

from typing import Any

import numpy as np

from matcher.choice import UNREPORTED
from matcher.facts import Policy, Referral
from matcher.problem import Directory
from matcher.records import Ints, Rows, plain
from matcher.trip import EARTH_RADIUS, FARTHEST, MODES, minutes_there, unit_vector, ways_of
from matcher.vocabulary import Medication, MedicationUse, Payer, Population, Substance, TravelMode

from . import personal
from .personal import Answer, Bools

NAMES = (
    *personal.NAMES,
    *("level", "bed", "state", "accepting", "otp", "payers", "payers_known", "medicaid_states", "plans", "plans_known"),
    *("medications", "medications_known", "elsewhere", "elsewhere_known", "visits", "weeks", "first_session"),
    *("van_range", "seats", "starts", "van", "program_seats", "program_facility", "commute", "sessions", "manages"),
    *("reported", "assistance"),
)


class BruteForce:
    """A directory as plain columns."""

    def __init__(self, directory: Directory, policy: Rows) -> None:
        rows = directory.openings
        self.policy = plain(Policy, policy[0])
        self.columns = {name: np.ascontiguousarray(rows[name]) for name in NAMES}
        self.limit, self.price = (np.ascontiguousarray(directory.pools[name]) for name in ("limit", "price"))
        places = zip(rows["latitude"].tolist(), rows["longitude"].tolist(), strict=True)
        self.points = np.array([unit_vector(*place) for place in places])
        table = [[minutes_there(mode, t, self.policy) for t in range(FARTHEST + 1)] for mode in (*range(MODES), -1)]
        self.minutes = np.array(table, np.int64)

    def ranked(self, row: Rows, keep: int) -> tuple[Ints, Ints]:
        """The ``keep`` cheapest openings of one referral (one row) and their costs."""
        referral = plain(Referral, row[0])
        tenths = self.tenths(referral)
        serves = (referral.levels >> self.columns["level"] & 1 == 1) & (self.columns["accepting"] != 0)
        number = np.flatnonzero(serves & (tenths <= FARTHEST))
        here = {name: column[number] for name, column in self.columns.items()}
        best = np.full(len(number), np.iinfo(np.int64).max)
        for way in ways_of(referral).tolist():
            best = np.minimum(best, self.cost(referral, here, tenths[number], way))
        fit = np.flatnonzero(best < np.iinfo(np.int64).max)
        if len(fit) > keep:
            fit = fit[np.argpartition(best[fit], keep - 1)[:keep]]
        order = fit[np.argsort(best[fit], kind="stable")]
        return number[order], best[order]

    def tenths(self, referral: Referral) -> Ints:
        """Tenths of a mile to every opening."""
        apart = self.points - np.array(unit_vector(referral.latitude, referral.longitude))
        chord = np.sqrt((apart * apart).sum(axis=1))
        tenths: Ints = (20.0 * EARTH_RADIUS * np.arcsin(np.minimum(1.0, chord / 2.0)) + 0.5).astype(np.int64)
        return tenths

    def cost(self, referral: Referral, at: dict[str, Ints], tenths: Ints, way: list[int]) -> Ints:
        """Minutes a week by one way; the largest number where it is no option."""
        mode, medication, use, payer = way
        minutes = self.minutes[mode, tenths]
        answers = [
            _always(at["accepting"] >= 0, ask=at["accepting"] < 0),
            _pays(referral, at, payer),
            _treats(referral, at, medication, use),
            _indicated(referral, at, medication),
            self._rides(at, tenths, mode, payer),
            self._reaches(referral, at, tenths, minutes, mode),
            _attends(referral, at, minutes),
            _withdraws(referral, at),
            _admits(referral, at),
            *personal.personal(referral, at),
            *personal.by_the_way(referral, at, tenths, way, self.policy),
        ]
        asked = sum(ask.astype(np.int64) for _, ask in answers)
        cost = self.policy.ask_minutes * asked + self._burden(at, tenths, minutes) + self._beside(referral, at, payer)
        cost += personal.wishes(referral, at, self.policy)
        full, unreported, price = self._pools(referral, at, mode, medication, use)
        cost += price + np.where(unreported, UNREPORTED, 0)
        fits = np.logical_and.reduce([fine for fine, _ in answers]) & ~full
        return np.where(fits, cost, np.iinfo(np.int64).max)

    def _rides(self, at: dict[str, Ints], tenths: Ints, mode: int, payer: int) -> Answer:
        if mode == TravelMode.WALK:
            return _always(tenths <= self.policy.walk_range)
        if mode == TravelMode.VAN:
            reach = at["van_range"]
            return _always((reach < 0) | ((reach > 0) & (tenths <= reach)), ask=reach < 0)
        none = np.zeros(len(tenths), np.bool_)
        if mode == TravelMode.RIDE_BENEFIT:
            return _always(none | (payer in (-1, Payer.MEDICAID)), ask=none | (payer < 0))
        return _always(~none)

    def _reaches(self, referral: Referral, at: dict[str, Ints], tenths: Ints, minutes: Ints, mode: int) -> Answer:
        if mode == TravelMode.VIDEO:
            return _always(minutes == 0)
        limit = np.where(at["bed"] == 1, referral.admission_limit, referral.daily_limit)
        unknown = (minutes < 0) | (limit < 0)
        if mode == TravelMode.TRANSIT:
            near = minutes * self.policy.transit_low // 100 <= limit
            return np.where(unknown, tenths <= self.policy.search_range, near), np.ones(len(tenths), np.bool_)
        return np.where(unknown, tenths <= self.policy.search_range, minutes <= limit), unknown

    def _burden(self, at: dict[str, Ints], tenths: Ints, minutes: Ints) -> Ints:
        policy = self.policy
        trip = 2 * np.where(minutes >= 0, minutes, (tenths * policy.unknown_pace + 5) // 10)
        bed = (trip + at["weeks"] // 2) // at["weeks"] + trip * policy.bed_visits + 2 * at["commute"] * at["visits"]
        first = at["first_session"]
        days = np.where(first < 0, policy.unknown_days, np.maximum(0, first - policy.today))
        burden: Ints = np.where(at["bed"] == 1, bed, trip * at["visits"]) + days * policy.day_minutes
        return burden

    def _beside(self, referral: Referral, at: dict[str, Ints], payer: int) -> Ints:
        """What another level, the age of the report and the caller's own money cost."""
        policy = self.policy
        age = np.maximum(0, policy.now - at["reported"]) // 1440 * policy.report_day_minutes
        cost = np.where(at["reported"] < 0, policy.report_cap, np.minimum(policy.report_cap, age))
        cost = cost + np.where(at["level"] != referral.need, policy.other_level_minutes, 0)
        if payer == Payer.SLIDING_FEE:
            cost = cost + policy.sliding_scale_minutes
        if payer == Payer.SELF_PAY:
            cost = cost + np.where(at["assistance"] == 1, policy.assistance_minutes, policy.self_pay_minutes)
        return np.asarray(cost, np.int64)

    def _pools(
        self, referral: Referral, at: dict[str, Ints], mode: int, medication: int, use: int
    ) -> tuple[Bools, Bools, Ints]:
        persons, every = referral.persons, np.ones(len(at["seats"]), np.bool_)
        draws = [(at["seats"], every, persons)]
        if medication >= 0 and use == MedicationUse.START:
            draws.append((np.where(at["starts"] >= 0, at["starts"] + medication, -1), every, persons))
        if mode == TravelMode.VAN:
            draws.append((at["van"], at["bed"] == 0, persons + referral.children))
        if referral.children and mode != TravelMode.VIDEO:
            draws.append((at["child_places"], every, referral.children))
        draws.append((at["program_seats"], at["program_facility"] >= 0, persons))
        full = ~every
        unreported, price = full.copy(), np.zeros(len(full), np.int64)
        for pool, needed, units in draws:
            limit = np.where(pool >= 0, self.limit[pool], -1)
            full |= needed & (limit >= 0) & (limit < units)
            unreported |= needed & (limit < 0)
            price += np.where(needed & (limit >= units), np.minimum(self.policy.price_cap, units * self.price[pool]), 0)
        return full, unreported, price


def _always(fine: Any, ask: Any = None) -> Answer:
    return (fine if ask is None else fine | ask), (np.zeros(len(fine), np.bool_) if ask is None else ask)


def _pays(referral: Referral, at: dict[str, Ints], payer: int) -> Answer:
    every = np.ones(len(at["level"]), np.bool_)
    if payer < 0:
        return every, every
    taken = at["payers"] >> payer & 1 == 1
    silent = ~taken & (at["payers_known"] >> payer & 1 == 0)
    if payer == Payer.NO_CHARGE:
        return taken, every & False
    if payer == Payer.MEDICAID:
        if referral.medicaid_state < 0:
            return taken | silent, taken | silent
        return (taken & (at["medicaid_states"] >> referral.medicaid_state & 1 == 1)) | silent, silent
    if payer == Payer.PRIVATE:
        unsaid = every if referral.plan < 0 else at["plans_known"] >> referral.plan & 1 == 0
        inside = at["plans"] >> max(0, referral.plan) & 1 == 1
        return (taken & (unsaid | inside)) | silent, silent | (taken & unsaid)
    return taken | silent, silent


def _attends(referral: Referral, at: dict[str, Ints], minutes: Ints) -> Answer:
    """Whether every session, the way there and back included, lies in the free hours."""
    held = (at["bed"] == 0) | (at["program_facility"] >= 0)
    ask = held & ((at["sessions"][:, 0] < 0) | (referral.free[0] < 0))
    halves = (np.where(at["bed"] == 1, at["commute"], np.maximum(0, minutes)) + 29) // 30
    needed = at["sessions"]
    for more in range(int(halves.max(initial=0))):
        needed = np.where((halves > more)[:, np.newaxis], needed | needed << 1 | needed >> 1, needed)
    fits = (needed & ~np.array(referral.free) & ((1 << 48) - 1) == 0).all(axis=1)
    return ~held | ask | fits, ask


def _withdraws(referral: Referral, at: dict[str, Ints]) -> Answer:
    if referral.withdrawal >= 0:
        return at["manages"] >= referral.withdrawal, at["manages"] < 0
    deadly = referral.substances & (Substance.ALCOHOL.bit | Substance.BENZODIAZEPINES.bit) != 0
    return at["manages"] >= 0, (at["manages"] == 0) & deadly


def _admits(referral: Referral, at: dict[str, Ints]) -> Answer:
    hers = at["programs"] >> Population.PREGNANT_OR_POSTPARTUM & 1 == 1
    return hers | True, ~hers & (referral.pregnant == 1)


def _treats(referral: Referral, at: dict[str, Ints], medication: int, use: int) -> Answer:
    every = np.ones(len(at["level"]), np.bool_)
    if medication < 0 or use < 0:
        return every, every & (medication >= 0)
    name = "elsewhere" if use == MedicationUse.ELSEWHERE else "medications"
    given, known = at[name] >> medication & 1 == 1, at[f"{name}_known"] >> medication & 1 == 1
    ask = ~given & ~known
    if name == "medications" and medication == Medication.METHADONE:
        lawful = at["otp"] != 0
        return lawful & (given | ask), lawful & (ask | (given & (at["otp"] < 0)))
    return given | ask, ask


def _indicated(referral: Referral, at: dict[str, Ints], medication: int) -> Answer:
    every = np.ones(len(at["level"]), np.bool_)
    if medication < 0 or referral.substances == 0:
        return every, every & (medication >= 0)
    alcohol, opioids = (bool(referral.substances & one.bit) for one in (Substance.ALCOHOL, Substance.OPIOIDS))
    if medication in (Medication.DISULFIRAM, Medication.ACAMPROSATE):
        return every & alcohol, every & False
    return every & (opioids or (alcohol and medication == Medication.NALTREXONE)), every & False
