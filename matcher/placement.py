"""The answer of a batch: who is placed where, and what was proven about it."""

from dataclasses import dataclass
from enum import StrEnum

from .facts import Way
from .proof import Certificate


class Status(StrEnum):
    """What the solver proved of a batch."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible, not proven optimal"


@dataclass(frozen=True, slots=True)
class Placement:
    """One caller's opening: the way they use it and its cost in minutes a week."""

    referral_id: str
    opening_id: str
    way: Way
    cost: int


@dataclass(frozen=True, slots=True)
class Proof:
    """The objective reached and its bound: people placed tier by tier in legal order, then minutes a week.

    ``people`` and ``people_bound`` have one number a tier. A bound of people holds for its tier given what the tiers
    before it reached; the bound of minutes holds for as many people of each tier as are placed.
    """

    people: tuple[int, ...]
    people_bound: tuple[int, ...]
    minutes: int
    minutes_bound: int

    @property
    def status(self) -> Status:
        """Optimal where both bounds are met."""
        return Status.OPTIMAL if self.gap_people == 0 and self.minutes == self.minutes_bound else Status.FEASIBLE

    @property
    def gap_people(self) -> int:
        """How many more people could be placed, at most."""
        return sum(self.people_bound) - sum(self.people)

    @property
    def gap(self) -> float:
        """How much of the minutes could be saved at most, as a fraction of them."""
        return (self.minutes - self.minutes_bound) / self.minutes if self.minutes else 0.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """A batch's answer.

    ``kept``: options a referral it began with, 0 for all; the proof holds over all. ``contested``: of the pools
    that are somebody's first choice, the share wanted first by more people than there is room for. ``parts``: how many
    groups of referrals that share pools were solved by each method. ``certificate``: the prices, where asked for.
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[str, ...]
    proof: Proof
    kept: int
    contested: float
    parts: dict[str, int]
    certificate: Certificate | None = None
