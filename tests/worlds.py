"""Small random worlds from a seed: crowded ones, in which callers compete, and wild ones, anything in any field."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from matcher.explain import Explainer, Judged
from matcher.facts import DAYS_A_WEEK, EXCLUDED, Opening, Policy, Pool, Referral
from matcher.problem import Problem
from matcher.records import Rows
from matcher.rule import Kind, Unknown
from matcher.rules import CAPACITIES, RULES
from matcher.sweep import Sweep
from matcher.trip import ways_of
from matcher.vocabulary import (
    Access,
    AgeGroup,
    Gender,
    Language,
    LevelOfCare,
    Medication,
    MedicationUse,
    Payer,
    PoolKind,
    Population,
    Service,
    State,
    Substance,
    TravelMode,
    WithdrawalRisk,
    mask,
)

from .facts import ALL_WEEK, CHICAGO, EVENINGS, MILE_NORTH, NO_WEEK, TODAY, opening, policy, pool, referral, world

FACILITIES = 3
CORNERS = (CHICAGO, (0, 179_990_000), (89_800_000, 0), (-14_300_000, -170_700_000), (64_800_000, -147_700_000))
"""Chicago, the date line, the pole, Samoa, Fairbanks: where a grid on the sphere could go wrong."""


@dataclass(frozen=True, slots=True)
class World:
    """Callers, places and pools by id; the places name their pools by row."""

    callers: Mapping[str, Referral]
    places: Mapping[str, Opening]
    pools: Mapping[str, Pool]
    policy: Policy

    def problem(self) -> Problem:
        """What the engine is given of it."""
        return world(self.callers, self.places, self.pools, self.policy, FACILITIES)

    def shuffled(self, seed: int) -> "World":
        """The same callers and places in another order."""
        chance = random.Random(seed)
        callers, places = list(self.callers.items()), list(self.places.items())
        chance.shuffle(callers)
        chance.shuffle(places)
        return replace(self, callers=dict(callers), places=dict(places))

    def with_one_more(self, name: str) -> "World":
        """The same world with one more unit in a pool."""
        more = self.pools[name]._replace(limit=self.pools[name].limit + 1)
        return replace(self, pools={**self.pools, name: more})


def row(problem: Problem, number: int = 0) -> Rows:
    """One referral, as rank and sweep take it."""
    return problem.referrals.rows[number : number + 1].view(np.recarray)


@dataclass(frozen=True, slots=True)
class Possible:
    """An option that no requirement refuses, as plain Python finds it, whether or not its pools have room.

    ``price``: what its pools add in a ranking. ``draws``: units by pool, -1 the pool that is not reported.
    """

    opening: int
    way: int
    cost: int
    price: int
    draws: tuple[tuple[int, int], ...]

    def has_room(self, left: Mapping[int, int]) -> bool:
        """Whether every pool it needs is reported and has that many units left."""
        return all(left.get(pool, -1) >= units for pool, units in self.draws)


def judged_by(explainer: Explainer, number: int) -> list[Judged]:
    """What the rules answer about every way of one opening, each of them asked once."""
    answers = explainer._sweep.answers(explainer._row, [number], len(ways_of(explainer.referral)))
    totals = np.stack(explainer._totals(answers), axis=-1)[0].tolist()
    each = zip(answers[0].tolist(), totals, strict=True)
    return [Judged(way, of_way, *total) for way, (of_way, total) in enumerate(each)]


def possible(problem: Problem, number: int = 0) -> list[Possible]:
    """Every option of a referral: each opening and each way, from the rules' bare answers."""
    sweep = Sweep(problem.directory, problem.policy, compile_rules=False)
    explainer = Explainer(sweep, row(problem, number))
    pools = problem.directory.pools
    found = []
    for opening_at in range(len(problem.directory.openings)):
        for way, judged in enumerate(judged_by(explainer, opening_at)):
            cost, price, refused = 0, 0, False
            draws: dict[int, int] = {}
            for rule, answer in zip(RULES, judged.answers[: len(RULES)], strict=True):
                if rule.kind is Kind.PREFERENCE:
                    cost += answer
                elif rule.kind is Kind.REQUIREMENT:
                    refused |= answer > 0 or (answer < 0 and rule.unknown is Unknown.REFUSE)
                    cost += explainer.policy.ask_minutes if answer < 0 else 0
                elif units := judged.answers[len(RULES) + CAPACITIES.index(rule)]:
                    at = answer
                    reported = at >= 0 and pools["limit"][at] >= 0
                    draws[at if reported else -1] = units
                    price += min(explainer.policy.price_cap, units * int(pools["price"][at])) if reported else 0
            if not refused:
                found.append(Possible(opening_at, way, cost, price, tuple(sorted(draws.items()))))
    return found


def room(problem: Problem) -> dict[int, int]:
    """Free units of every reported pool."""
    return {at: limit for at, limit in enumerate(problem.directory.pools["limit"].tolist()) if limit >= 0}


def crowded(seed: int, callers: int = 12, places: int = 5, crossing: bool = True) -> World:
    """Callers and places of one town, with fewer seats than callers; ``crossing``: starts and vans are scarce too."""
    chance = random.Random(seed)
    pools = _pools(chance, places, (-1, 0, 1, 1, 2, 2, 3, 4))
    return World(
        {f"r{i}": _townsman(chance, crossing) for i in range(callers)},
        {f"o{i}": _town_place(chance, i, places) for i in range(places)},
        pools,
        policy(price_cap=20),
    )


def wild(seed: int, callers: int = 4, places: int = 30) -> World:
    """Callers and places with any value in any field, in some corner of the earth."""
    chance = random.Random(seed)
    corner = chance.choice(CORNERS)
    pools = _pools(chance, places, (-1, 0, 1, 2, 3))
    return World(
        {f"r{i}": _anybody(chance, corner) for i in range(callers)},
        {f"o{i}": _anywhere(chance, corner, i, places) for i in range(places)},
        pools,
        policy(price_cap=20, search_range=chance.randrange(50, 800)),
    )


SEEDS = st.integers(0, 2**32 - 1)
CROWDED = st.builds(crowded, SEEDS, st.integers(0, 12), st.integers(0, 5))
SEATS_ONLY = st.builds(crowded, SEEDS, st.integers(0, 12), st.integers(0, 5), st.just(False))
TINY = st.builds(crowded, SEEDS, st.integers(1, 5), st.integers(1, 3))
WILD = st.builds(wild, SEEDS, st.integers(1, 4), st.integers(0, 30))


def _pools(chance: random.Random, places: int, limits: tuple[int, ...]) -> dict[str, Pool]:
    """Seats of each place, then of each facility a start of each medication, then its van; some have a price."""

    def drawn(kind: PoolKind) -> Pool:
        return pool(
            kind=kind,
            limit=chance.choice(limits),
            price=chance.choice((0, 0, 7, 50)),
            reported=chance.choice((-1, TODAY * 1440 - chance.randrange(5000))),
            simulated=chance.randrange(2),
        )

    found = {f"seats/{i}": drawn(PoolKind.SEATS) for i in range(places)}
    for site in range(FACILITIES):
        found |= {f"starts/{site}/{drug.code}": drawn(PoolKind.MEDICATION_STARTS) for drug in Medication}
    found |= {f"van/{site}": drawn(PoolKind.VAN_SEATS) for site in range(FACILITIES)}
    return found | {f"children/{i}": drawn(PoolKind.CHILD_PLACES) for i in range(places)}


def _drawing(chance: random.Random, number: int, site: int, places: int) -> dict[str, int]:
    """Rows of the pools that a place of this facility draws on; some are not reported."""
    return {
        "facility": site,
        "seats": number if chance.random() < 0.95 else -1,
        "starts": places + len(Medication) * site if chance.random() < 0.9 else -1,
        "van": places + len(Medication) * FACILITIES + site if chance.random() < 0.9 else -1,
        "child_places": places + (len(Medication) + 1) * FACILITIES + number if chance.random() < 0.9 else -1,
    }


def _beside(chance: random.Random, number: int, places: int) -> dict[str, int]:
    """A residence beside the program of another place, whose seats it draws on as well."""
    other = chance.randrange(places)
    seats = other if other != number and chance.random() < 0.9 else -1
    return {"program_facility": chance.randrange(FACILITIES), "program_seats": seats, "commute": chance.randrange(28)}


def _townsman(chance: random.Random, crossing: bool) -> Referral:
    starts = crossing and chance.random() < 0.7
    return referral(
        latitude=CHICAGO[0] + chance.randrange(-8, 9) * MILE_NORTH // 2,
        longitude=CHICAGO[1] + chance.randrange(-8, 9) * MILE_NORTH // 2,
        zip_only=chance.randrange(2),
        need=chance.choice((LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.OUTPATIENT, LevelOfCare.OUTPATIENT)),
        payers=chance.choice((Payer.MEDICAID.bit, Payer.PRIVATE.bit, Payer.MEDICAID.bit | Payer.SELF_PAY.bit, 0)),
        plan=chance.randrange(-1, 2),
        medications=chance.choice((1, 2, 3, 3)) if starts else 0,
        uses=chance.choice((MedicationUse.START.bit, MedicationUse.START.bit, mask(MedicationUse))) if starts else 0,
        substances=chance.choice((0, Substance.OPIOIDS.bit)),
        modes=TravelMode.CAR.bit | (TravelMode.VAN.bit if crossing and chance.random() < 0.5 else 0)
        if chance.random() < 0.7
        else chance.choice((TravelMode.TRANSIT.bit, TravelMode.VAN.bit if crossing else 0, 0)),
        daily_limit=chance.choice((-1, 10, 30, 60, 60)),
        pregnant=chance.choice((-1, 0, 0, 1)),
        injecting=chance.choice((-1, 0, 0, 1)),
        persons=chance.choice((1, 1, 1, 2)) if crossing else 1,
        children=chance.choice((0, 0, 0, 1, 2)) if crossing else 0,
    )


def _town_place(chance: random.Random, number: int, places: int) -> Opening:
    return opening(
        **_drawing(chance, number, chance.randrange(FACILITIES), places),
        level=chance.choice((LevelOfCare.INTENSIVE_OUTPATIENT, LevelOfCare.OUTPATIENT)),
        latitude=CHICAGO[0] + chance.randrange(-4, 5) * MILE_NORTH,
        longitude=CHICAGO[1] + chance.randrange(-4, 5) * MILE_NORTH,
        accepting=chance.choice((1, 1, 1, 1, 1, -1, 0)),
        otp=chance.choice((1, 1, 0, -1)),
        payers=Payer.MEDICAID.bit | chance.choice((0, Payer.PRIVATE.bit)),
        medications=chance.choice((1, 2, 3, 3)),
        elsewhere=chance.randrange(4),
        visits=chance.randrange(1, 6),
        first_session=TODAY + chance.randrange(-1, 4),
        van_range=chance.choice((-1, 50, 100, 100)),
    )


def _near(chance: random.Random, corner: tuple[int, int]) -> tuple[int, int]:
    spread = chance.choice((1e3, 1e5, 5e5, 3e6))
    latitude = min(90_000_000, max(-90_000_000, int(corner[0] + chance.gauss(0, spread))))
    return latitude, (int(corner[1] + chance.gauss(0, spread)) + 180_000_000) % 360_000_000 - 180_000_000


def _anybody(chance: random.Random, corner: tuple[int, int]) -> Referral:
    latitude, longitude = _near(chance, corner)
    return referral(
        latitude=latitude,
        longitude=longitude,
        zip_only=chance.randrange(2),
        need=chance.randrange(len(LevelOfCare)),
        payers=chance.getrandbits(len(Payer)) & chance.getrandbits(len(Payer)),
        medicaid_state=chance.randrange(-1, len(State)),
        plan=chance.randrange(-1, 2),
        medications=chance.choice((0, chance.getrandbits(len(Medication)))),
        uses=chance.getrandbits(len(MedicationUse)),
        substances=chance.getrandbits(len(Substance)),
        modes=chance.getrandbits(len(TravelMode)),
        daily_limit=chance.choice((-1, 10, 30, 45, 60, 120)),
        admission_limit=chance.choice((-1, 30, 90, 240, 400)),
        pregnant=chance.randrange(-1, 2),
        injecting=chance.randrange(-1, 2),
        state=chance.choice((-1, 0, 1)),
        persons=chance.choice((1, 1, 2)),
        children=chance.choice((0, 0, 1, 3)),
        ages=chance.getrandbits(len(AgeGroup)) & chance.getrandbits(len(AgeGroup)),
        genders=chance.getrandbits(len(Gender)) & chance.getrandbits(len(Gender)),
        populations=_few(chance, len(Population)),
        programs=_few(chance, len(Population)),
        languages=_few(chance, len(Language)),
        accessibility=_few(chance, len(Access)),
        services=_few(chance, len(Service)),
        withdrawal=chance.randrange(-1, len(WithdrawalRisk)),
        co_occurring=chance.randrange(-1, 2),
        own_therapist=chance.randrange(-1, 2),
        excluded=(chance.randrange(-1, FACILITIES), *(-1,) * (EXCLUDED - 1)),
        placed=chance.choice((-1, 5)),
        free=chance.choice((NO_WEEK, ALL_WEEK, ALL_WEEK, tuple(chance.getrandbits(48) for _ in range(DAYS_A_WEEK)))),
    )


def _few(chance: random.Random, bits: int) -> int:
    return chance.choice((0, 0, 0, 0, chance.getrandbits(bits) & chance.getrandbits(bits) & chance.getrandbits(bits)))


def _anywhere(chance: random.Random, corner: tuple[int, int], number: int, places: int) -> Opening:
    latitude, longitude = _near(chance, corner)
    reported = {
        name: chance.getrandbits(bits)
        for name, bits in (
            ("payers", len(Payer)),
            ("medications", len(Medication)),
            ("elsewhere", len(Medication)),
            ("plans", 2),
            ("ages", len(AgeGroup)),
            ("genders", len(Gender)),
            ("programs", len(Population)),
            ("languages", len(Language)),
            ("accessibility", len(Access)),
            ("services", len(Service)),
        )
    }
    return opening(
        **_drawing(chance, number, chance.randrange(FACILITIES), places),
        **(_beside(chance, number, places) if chance.random() < 0.2 else {}),
        **{f"{name}_known": known for name, known in reported.items()},
        **{name: known & (chance.getrandbits(40) | chance.getrandbits(40)) for name, known in reported.items()},
        only=_few(chance, len(Population)),
        refused=_few(chance, len(Population)),
        co_occurring=chance.randrange(-1, 2),
        telehealth=chance.randrange(-1, 2),
        takes_children=chance.randrange(-1, 2),
        assistance=chance.randrange(-1, 2),
        outside_therapist=chance.randrange(-1, 2),
        reported=chance.choice((-1, TODAY * 1440 - chance.randrange(50_000))),
        sessions=chance.choice((NO_WEEK, EVENINGS, tuple(chance.getrandbits(48) for _ in range(DAYS_A_WEEK)))),
        level=chance.randrange(len(LevelOfCare)),
        latitude=latitude,
        longitude=longitude,
        state=chance.choice((0, 1, chance.randrange(len(State)))),
        accepting=chance.randrange(-1, 2),
        otp=chance.randrange(-1, 2),
        medicaid_states=chance.getrandbits(len(State)),
        visits=chance.randrange(7),
        weeks=chance.randrange(1, 50),
        first_session=chance.choice((-1, TODAY + chance.randrange(-3, 20))),
        van_range=chance.randrange(-1, 300),
    )
