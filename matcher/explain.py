"""Why this opening, why not that one, and what would change it: every rule asked, as plain Python, about one option."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .choice import UNREPORTED
from .facts import Opening, Policy, Pool, Referral, Way
from .records import Ints, Rows, plain
from .rule import Unknown
from .rules import CAPACITIES, PREFERENCES, REQUIREMENTS, RULES
from .say import Reason, Speaker, Verdict
from .sweep import Sweep
from .trip import distance, way_to, ways_of
from .vocabulary import UNKNOWN

NO_OPTION = 1 << 60
UNREPORTED_POOL = Pool(kind=0, limit=-1, price=0, reported=-1, simulated=0)

_DRAWS = {rule: len(RULES) + place for place, rule in enumerate(CAPACITIES)}
_COLUMNS = tuple((rule, place, _DRAWS.get(rule, -1), bool(rule.meets)) for place, rule in enumerate(RULES))
"""Every rule, the columns of its answer and draws, and whether it speaks where nothing is short or costs anything."""

_REQUIRED, _DRAWN, _COST = (
    np.array([RULES.index(rule) for rule in rules]) for rules in (REQUIREMENTS, CAPACITIES, PREFERENCES)
)
_REFUSES = np.array([rule.unknown is Unknown.REFUSE for rule in REQUIREMENTS])


@dataclass(frozen=True, slots=True)
class Explanation:
    """One opening (its row in the directory), the way that suits best, and all reasons in the order of ``RULES``.

    ``cost``: minutes a week, pool prices included. ``minutes``: of the trip, in words.
    """

    opening: int
    way: Way
    cost: int
    reasons: tuple[Reason, ...]
    minutes: str

    def those(self, *verdicts: Verdict) -> list[Reason]:
        """Return the reasons with one of these verdicts."""
        return [reason for reason in self.reasons if reason.verdict in verdicts]

    @property
    def fits(self) -> bool:
        """Whether nothing stands against it and no pool it needs is known to be full."""
        return not self.those(Verdict.AGAINST, Verdict.FULL)


@dataclass(frozen=True, slots=True)
class Judged:
    """The rules' bare answers about one option, and what they come to.

    ``answers``: by ``judge.answered``'s columns. ``refused``, ``asked``: requirements that refuse it, and that must be
    asked about. ``full``, ``unreported``: pools it needs. ``cost``: minutes a week.
    """

    way: int
    answers: list[int]
    refused: int
    asked: int
    full: int
    unreported: int
    cost: int

    @property
    def fits(self) -> bool:
        """Whether it is an option: no requirement refuses it and no pool it needs is known to be full."""
        return not self.refused and not self.full


class Best(NamedTuple):
    """Openings (rows), each by the way with least against it (row in ``ways_of``): arrays, as ``Judged`` names them."""

    opening: Ints
    way: Ints
    refused: Ints
    full: Ints
    cost: Ints

    def those(self, places: Ints) -> "Best":
        """Return some of them, by their places."""
        return Best(*(column[places] for column in self))


class Explainer:
    """One referral (one row), ready to be asked about any openings of the sweep's directory."""

    __slots__ = ("_openings", "_pools", "_row", "_speaker", "_sweep", "_ways", "directory", "policy", "referral")

    def __init__(self, sweep: Sweep, referral: Rows, language: str = "en") -> None:
        self.directory = sweep.directory
        self.policy = plain(Policy, sweep.policy[0])
        self.referral = plain(Referral, referral[0])
        self._sweep, self._row = sweep, referral
        self._openings = sweep.directory.openings.view(np.ndarray)  # a row of a recarray takes five times as long
        self._speaker = Speaker(self.referral, self.policy, language)
        self._pools: dict[int, Pool] = {UNKNOWN: UNREPORTED_POOL}
        self._ways: list[tuple[int, int, int, int]] = [tuple(row) for row in ways_of(self.referral).tolist()]

    def judged(self, numbers: Sequence[int], ways: Sequence[int] | None = None) -> Iterator[Judged]:
        """Yield what the rules answer about each of these openings (rows): by its given way, or by the one of ``best``.

        A way is its row in ``ways_of``.
        """
        answers = self._sweep.answers(self._row, numbers, len(self._ways))
        totals = self._totals(answers)
        chosen = _least(*totals) if ways is None else np.array(ways, np.int64)
        rows = np.arange(len(numbers)), chosen
        each = zip(*(total[rows].tolist() for total in totals), strict=True)
        for way, of_way, total in zip(chosen.tolist(), answers[rows].tolist(), each, strict=True):
            yield Judged(way, of_way, *total)

    def to_ask(self, numbers: Sequence[int]) -> list[int]:
        """Return how much must be asked about each of these openings, by its best way; -1 where it is no option."""
        refused, asked, full, unreported, cost = self._totals(self._sweep.answers(self._row, numbers, len(self._ways)))
        dear = np.where((refused > 0) | (full > 0), NO_OPTION, cost + np.where(unreported > 0, UNREPORTED, 0))
        best = dear.argmin(axis=1)[:, np.newaxis]
        fits = np.take_along_axis(dear, best, axis=1) < NO_OPTION
        found: list[int] = np.where(fits, np.take_along_axis(asked, best, axis=1), UNKNOWN)[:, 0].tolist()
        return found

    def __call__(self, number: int) -> Explanation:
        """Explain one opening by the way with least against it."""
        return next(self.each([number]))

    def each(self, numbers: Sequence[int], ways: Sequence[int] | None = None) -> Iterator[Explanation]:
        """Explain each of these openings: by its given way (row in ``ways_of``), or the one with least against it."""
        for number, judged in zip(numbers, self.judged(numbers, ways), strict=True):
            yield self._explained(number, judged)

    def best(self, numbers: Sequence[int]) -> "Best":
        """Return what the rules answer about the way with least against it, of each of these openings (rows)."""
        totals = self._totals(self._sweep.answers(self._row, numbers, len(self._ways)))
        ways = _least(*totals)
        refused, _, full, _, cost = (total[np.arange(len(numbers)), ways] for total in totals)
        return Best(np.array(numbers, np.int64), ways, refused, full, cost)

    def way(self, judged: Judged, opening: Opening) -> Way:
        """Return the way a judgement is about."""
        caller = self.referral
        tenths = distance(caller.latitude, caller.longitude, opening.latitude, opening.longitude)
        return way_to(self._ways[judged.way], tenths, self.policy)

    def _explained(self, number: int, judged: Judged) -> Explanation:
        opening = plain(Opening, self._openings[number])
        way, answers, speaker = self.way(judged, opening), judged.answers, self._speaker
        speaker.about(opening, way)
        reasons = (
            speaker.reason(rule, answers[place])
            if draws < 0
            else speaker.capacity(rule, self._pool(answers[place]), answers[draws])
            for rule, place, draws, meets in _COLUMNS
            if (answers[draws] if draws >= 0 else meets or answers[place])
        )
        return Explanation(number, way, judged.cost, tuple(filter(None, reasons)), speaker.minutes())

    def _totals(self, answers: Ints) -> tuple[Ints, ...]:
        """Return what the answers come to, as ``Judged`` names it: arrays of shape (openings, ways)."""
        short, pool, draws = answers[..., _REQUIRED], answers[..., _DRAWN], answers[..., len(RULES) :]
        limit, price = self._reported(pool)
        needed, refuses = draws > 0, (short > 0) | ((short < 0) & _REFUSES)
        asked = (short < 0) & ~_REFUSES
        dear = np.minimum(self.policy.price_cap, draws * price) * (needed & (limit >= draws))
        cost = answers[..., _COST].sum(-1) + asked.sum(-1) * self.policy.ask_minutes + dear.sum(-1)
        full = (needed & (limit >= 0) & (limit < draws)).sum(-1)
        return refuses.sum(-1), asked.sum(-1), full, (needed & (limit < 0)).sum(-1), cost

    def _reported(self, pool: Ints) -> tuple[Ints, Ints]:
        """Return limit and price of each pool; where it is not reported, -1 and 0."""
        limit, price = np.full_like(pool, UNKNOWN), np.zeros_like(pool)
        known = pool >= 0
        rows = self.directory.pools[pool[known]]
        limit[known], price[known] = rows["limit"], rows["price"]
        return limit, price

    def _pool(self, number: int) -> Pool:
        found = self._pools.get(number)
        if found is None:
            self._pools[number] = found = plain(Pool, self.directory.pools[number])
        return found


def _least(refused: Ints, _: Ints, full: Ints, unreported: Ints, cost: Ints) -> Ints:
    """Return of each opening the way with least against it; of two that are alike, the first."""
    found: Ints = np.lexsort((cost, np.minimum(unreported, 1), full, refused), axis=1)[:, 0]
    return found
