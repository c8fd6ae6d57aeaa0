"""An independent judge of any answer: every requirement, every pool, every tier, and what was passed over.

It stands on the problem, the trip and the rules as plain Python, shares no code with sweep or solver, and believes
nothing an answer says of itself: minutes, distance, costs and totals are computed again. Costs are minutes a week.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from . import trip
from .facts import Opening, Policy, Referral
from .problem import Problem
from .records import Ints, plain
from .rules import CAPACITIES
from .unchosen import COSTS, Facts, Unchosen, ask, burden, refuses
from .vocabulary import Tier


class Fault(StrEnum):
    """What can be wrong with an answer."""

    STRANGER = "unknown id"
    TWICE = "placed twice"
    WAY = "way not offered"
    REQUIREMENT = "requirement not met"
    OVERDRAWN = "pool overdrawn"
    UNREPORTED = "pool not reported"
    PASSED_OVER = "passed over"
    LOWER_TIER = "passed over for a lower tier"
    CHEAPER = "cheaper option with room"
    TOTAL = "wrong total"


@dataclass(frozen=True, slots=True)
class Claim:
    """One placement as an answer claims it: who, where, and by which way (numbers as in ``Way``)."""

    referral_id: str
    opening_id: str
    mode: int
    medication: int
    use: int
    payer: int


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault: whom and where it concerns ("" where it concerns nobody), and the code of its rule or its pool."""

    kind: Fault
    referral_id: str
    opening_id: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge found. ``placed``: people by number of their tier; ``minutes``: the objective's, a week."""

    violations: tuple[Violation, ...]
    placed: tuple[int, ...]
    minutes: int

    @property
    def right(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.violations

    @property
    def counts(self) -> Mapping[Fault, int]:
        """How often each fault was found."""
        return Counter(violation.kind for violation in self.violations)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A claim that names a referral, an opening and a way that exist; its cost, and its draws by pool."""

    referral: int
    opening: int
    tier: int
    persons: int
    cost: int
    draws: Mapping[int, int]


def check(
    problem: Problem,
    claims: Sequence[Claim],
    *,
    placed: Sequence[int] | None = None,
    minutes: int | None = None,
    passed_over: bool = True,
    cheaper: bool | None = None,
) -> Verdict:
    """Judge an answer, and the totals it claims (people by tier, minutes a week) where they are given.

    A claim of unknown ids, of a caller already placed or of a way not offered is reported and then set aside.
    ``passed_over`` looks for options with room for those not placed; ``cheaper``, by default the same, for options
    with room that cost the placed less. Both can be left out for very large answers.
    """
    judge = _Judge(problem)
    placements = judge.placements(claims)
    judge.judge_pools(placements)
    if passed_over:
        judge.judge_unplaced(placements)
    if passed_over if cheaper is None else cheaper:
        judge.judge_cheaper(placements)
    found = tuple(sum(placement.persons for placement in placements if placement.tier == tier) for tier in Tier)
    total = sum(placement.cost for placement in placements)
    judge.judge_total("placed", found, None if placed is None else tuple(int(number) for number in placed))
    judge.judge_total("minutes", total, minutes)
    return Verdict(tuple(judge.violations), found, total)


class _Judge:
    """A problem as plain records, and the violations found so far."""

    def __init__(self, problem: Problem) -> None:
        self.violations: list[Violation] = []
        self.referral_ids, self.opening_ids = problem.referrals.ids, problem.directory.opening_ids
        self.pool_ids = problem.directory.pool_ids
        self.policy = plain(Policy, problem.policy[0])
        self.referrals = [Referral(*row) for row in problem.referrals.rows.tolist()]
        self.openings = [Opening(*row) for row in problem.directory.openings.tolist()]
        self.limits: Ints = np.append(problem.directory.pools["limit"], -1)

    def report(self, kind: Fault, referral: int | str, opening: int | str, code: str, sentence: str) -> None:
        """Keep a violation; a referral or opening is named by its row, or by an id that has none."""
        who = self.referral_ids[referral] if isinstance(referral, int) else referral
        where = self.opening_ids[opening] if isinstance(opening, int) else opening
        self.violations.append(Violation(kind, who, where, code, sentence))

    def placements(self, claims: Sequence[Claim]) -> list[_Placed]:
        """Judge each claim by itself; the claims that can be judged further, one a referral."""
        referral_at = {name: row for row, name in enumerate(self.referral_ids)}
        opening_at = {name: row for row, name in enumerate(self.opening_ids)}
        found: dict[int, _Placed] = {}
        for claim in claims:
            referral, opening = referral_at.get(claim.referral_id, -1), opening_at.get(claim.opening_id, -1)
            row = (claim.mode, claim.medication, claim.use, claim.payer)
            if referral < 0 or opening < 0:
                kind, sentence = Fault.STRANGER, "no such referral" if referral < 0 else "no such opening"
            elif referral in found:
                kind, sentence = Fault.TWICE, f"already placed in {self.opening_ids[found[referral].opening]}"
            elif list(row) not in trip.ways_of(self.referrals[referral]).tolist():
                kind, sentence = Fault.WAY, f"mode, medication, use and payer {row} are not among the caller's"
            else:
                found[referral] = self.judge_option(referral, opening, row)
                continue
            self.report(kind, claim.referral_id, claim.opening_id, "", sentence)
        return list(found.values())

    def judge_option(self, referral: int, opening: int, row: tuple[int, int, int, int]) -> _Placed:
        """Judge one option by every rule, and say each of its faults."""
        facts = self._facts(referral, opening, row)
        cost = 0
        for rule in COSTS:
            answer = ask(rule, facts)
            if refuses(rule, answer):
                short = f"short by {answer} ({rule.unit})" if answer > 0 else "unknown, which it refuses"
                self.report(Fault.REQUIREMENT, referral, opening, rule.code, f"{rule.title}: {short}")
            else:
                cost += burden(rule, answer, self.policy)
        draws: Counter[int] = Counter()
        for rule in CAPACITIES:
            pool, units = ask(rule, facts)
            if units and self.limits[pool] < 0:
                self.report(Fault.UNREPORTED, referral, opening, rule.code, f"{rule.title}: not reported")
            elif units:
                draws[pool] += units
        caller = self.referrals[referral]
        return _Placed(referral, opening, caller.tier, caller.persons, cost, draws)

    def judge_pools(self, placements: Sequence[_Placed]) -> None:
        """No pool gives more than its limit."""
        left = self.left(placements)
        for pool in np.flatnonzero((left < 0) & (self.limits >= 0)).tolist():
            limit = int(self.limits[pool])
            sentence = f"{limit - int(left[pool])} drawn of {limit}"
            self.report(Fault.OVERDRAWN, "", "", self.pool_ids[pool], sentence)

    def left(self, placements: Sequence[_Placed], tier: int = max(Tier)) -> Ints:
        """Units each pool has left once this tier and those before it have drawn; -1 or less where not reported."""
        left = self.limits.copy()
        for placement in placements:
            if placement.tier <= tier:
                _take(left, placement.draws, 1)
        return left

    def judge_unplaced(self, placements: Sequence[_Placed]) -> None:
        """Nobody is left out who has an option with room, as it is or once lower tiers had made room."""
        placed = {placement.referral for placement in placements}
        left, yielded_to = self.left(placements), [self.left(placements, tier) for tier in Tier]
        for referral, facts in enumerate(self.referrals):
            if referral in placed:
                continue
            yielded = yielded_to[facts.tier]
            for kind, room in ((Fault.PASSED_OVER, left), (Fault.LOWER_TIER, yielded)):
                if kind is Fault.LOWER_TIER and np.array_equal(left, yielded):
                    continue
                if found := next(self.unchosen.options(referral, room), None):
                    opening, cost = found
                    self.report(kind, referral, opening, "", f"not placed, with room here at {cost} minutes a week")
                    break

    def judge_cheaper(self, placements: Sequence[_Placed]) -> None:
        """Nobody is placed who could move, alone, to an option with room that costs less."""
        left = self.left(placements)
        for placement in placements:
            _take(left, placement.draws, -1)
            if found := next(self.unchosen.options(placement.referral, left, placement.cost), None):
                sentence = f"{found[1]} minutes a week here, {placement.cost} where placed"
                self.report(Fault.CHEAPER, placement.referral, found[0], "", sentence)
            _take(left, placement.draws, 1)

    def judge_total(self, name: str, found: object, claimed: object | None) -> None:
        """A total the answer claims is the one computed here."""
        if claimed is not None and claimed != found:
            self.report(Fault.TOTAL, "", "", name, f"{name}: {claimed} claimed, {found} found")

    @cached_property
    def unchosen(self) -> Unchosen:
        """Where to look for what an answer did not choose."""
        return Unchosen(self.referrals, self.openings, self.policy)

    def _facts(self, referral: int, opening: int, row: tuple[int, int, int, int]) -> Facts:
        caller, place = self.referrals[referral], self.openings[opening]
        tenths = trip.distance(caller.latitude, caller.longitude, place.latitude, place.longitude)
        return caller, place, trip.way_to(row, tenths, self.policy), self.policy


def _take(left: Ints, draws: Mapping[int, int], times: int) -> None:
    for pool, units in draws.items():
        left[pool] -= times * units
