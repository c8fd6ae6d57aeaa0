"""Why this opening, why not that one, and what would change it: every rule asked, as plain Python, about one option."""

from dataclasses import dataclass
from typing import Any

from .facts import Opening, Policy, Pool, Referral, Way
from .problem import Directory
from .records import Rows, plain
from .rule import ARGUMENTS, Kind, Rule, Unknown
from .rules import PREFERENCES, RULES
from .say import Reason, Speaker, Verdict
from .trip import distance, way_to, ways_of
from .vocabulary import UNKNOWN

UNREPORTED_POOL = Pool(kind=0, limit=-1, price=0, reported=-1, simulated=0)

_PLACES = tuple(ARGUMENTS)
_ASKED = tuple((rule.function, tuple(_PLACES.index(name) for name in rule.reads), rule) for rule in RULES)
_OF_PAIR = tuple(number for number, rule in enumerate(RULES) if not rule.reads_way)
_OF_WAY = tuple(number for number, rule in enumerate(RULES) if rule.reads_way)


@dataclass(frozen=True, slots=True)
class Explanation:
    """One opening (its row in the directory), the way that suits best, and all reasons in the order of ``RULES``.

    ``cost``: minutes a week, pool prices included.
    """

    opening: int
    way: Way
    cost: int
    reasons: tuple[Reason, ...]

    def those(self, *verdicts: Verdict) -> list[Reason]:
        """Return the reasons with one of these verdicts."""
        return [reason for reason in self.reasons if reason.verdict in verdicts]

    @property
    def fits(self) -> bool:
        """Whether nothing stands against it and no pool it needs is known to be full."""
        return not self.those(Verdict.AGAINST, Verdict.FULL)


@dataclass(frozen=True, slots=True)
class Judged:
    """The rules' bare answers about one option, in the order of ``RULES``, and what they come to.

    ``refused``: requirements that refuse it. ``full``, ``unreported``: pools it needs. ``cost``: minutes a week.
    """

    way: Way
    answers: tuple[Any, ...]
    refused: int
    full: int
    unreported: int
    cost: int

    @property
    def fits(self) -> bool:
        """Whether it is an option: no requirement refuses it and no pool it needs is known to be full."""
        return not self.refused and not self.full


class Explainer:
    """One referral as a plain row, ready to be asked about any opening of the directory."""

    __slots__ = ("_pools", "_speaker", "_ways", "directory", "policy", "referral")

    def __init__(self, directory: Directory, policy: Rows, referral: Any, language: str = "en") -> None:
        self.directory = directory
        self.policy = plain(Policy, policy[0])
        self.referral = plain(Referral, referral)
        self._speaker = Speaker(self.referral, self.policy, language)
        self._pools: dict[int, Pool] = {UNKNOWN: UNREPORTED_POOL}
        self._ways: list[tuple[int, int, int, int]] = [tuple(row) for row in ways_of(self.referral).tolist()]

    def judged(self, number: int) -> list[Judged]:
        """Return the rules' answers about every way of using this opening (its row in the directory)."""
        return self._judged(plain(Opening, self.directory.openings[number]))

    def _judged(self, opening: Opening) -> list[Judged]:
        tenths = distance(self.referral.latitude, self.referral.longitude, opening.latitude, opening.longitude)
        records: list[Any] = [self.referral, opening, None, self.policy]
        answers: list[Any] = [None] * len(RULES)
        of_pair = self._come_to(_OF_PAIR, records, answers)
        found = []
        for row in self._ways:
            records[2] = way = way_to(row, tenths, self.policy)
            of_way = self._come_to(_OF_WAY, records, answers)
            found.append(Judged(way, tuple(answers), *(a + b for a, b in zip(of_pair, of_way, strict=True))))
        return found

    def burden(self, number: int, way: Way) -> int:
        """Return what the preferences cost in minutes a week if this opening were used in this way."""
        opening = plain(Opening, self.directory.openings[number])
        records = dict(zip(ARGUMENTS, (self.referral, opening, way, self.policy), strict=True))
        return sum(rule.function(*[records[name] for name in rule.reads]) for rule in PREFERENCES)

    def __call__(self, number: int, way: int | None = None) -> Explanation:
        """Explain one opening: the given way (its row in ``ways_of``), or the one with least against it."""
        opening = plain(Opening, self.directory.openings[number])
        judged = self._judged(opening)
        chosen = judged[way] if way is not None else min(judged, key=_least_against)
        self._speaker.about(opening, chosen.way)
        reasons = map(self._reason, RULES, chosen.answers)
        return Explanation(number, chosen.way, chosen.cost, tuple(reason for reason in reasons if reason))

    def _reason(self, rule: Rule, answer: Any) -> Reason | None:
        if rule.kind is Kind.REQUIREMENT:
            return self._speaker.requirement(rule, answer)
        if rule.kind is Kind.CAPACITY:
            return self._speaker.capacity(rule, self._pool(answer[0]), answer[1])
        return self._speaker.preference(rule, answer)

    def _come_to(self, rules: tuple[int, ...], records: list[Any], answers: list[Any]) -> tuple[int, int, int, int]:
        """Ask these rules, write their answers down, and return what they come to, as ``Judged`` names it."""
        refused = full = unreported = cost = 0
        for number in rules:
            function, places, rule = _ASKED[number]
            answers[number] = answer = function(*[records[place] for place in places])
            if rule.kind is Kind.PREFERENCE:
                cost += answer
            elif rule.kind is Kind.CAPACITY:
                if answer[1]:
                    pool = self._pool(answer[0])
                    unreported += pool.limit < 0
                    full += 0 <= pool.limit < answer[1]
                    cost += min(self.policy.price_cap, answer[1] * pool.price) if pool.limit >= answer[1] else 0
            elif answer > 0 or (answer < 0 and rule.unknown is Unknown.REFUSE):
                refused += 1
            elif answer < 0:
                cost += self.policy.ask_minutes
        return refused, full, unreported, cost

    def _pool(self, number: int) -> Pool:
        found = self._pools.get(number)
        if found is None:
            self._pools[number] = found = plain(Pool, self.directory.pools[number])
        return found


def _least_against(judged: Judged) -> tuple[int, int, int, int]:
    return judged.refused, judged.full, min(judged.unreported, 1), judged.cost
