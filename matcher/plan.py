"""A reassignment as a person reads it, and may refuse it: who moves, from where to where, why, and who waits."""

from dataclasses import dataclass
from enum import StrEnum

from .placement import Placement, Proof


class Why(StrEnum):
    """Why a referral's placement changes."""

    LOST = "its place is gone"
    YIELDS = "yields to an earlier tier, or to more people"
    ROOM = "makes room for who would else wait"
    BETTER = "better for the caller"
    NEW = "was waiting, or is new"
    WAITS = "waits still, or is new and waits"


@dataclass(frozen=True, slots=True)
class Change:
    """One referral's change; an opening id is "" where it was, or is now, in none.

    ``minutes``: how many minutes a week it is worse (above 0) or better. ``pool_id``: of who lost a place or is left
    waiting, the pool to blame; "" where it is no pool.
    """

    referral_id: str
    before: str
    after: str
    minutes: int
    why: Why
    pool_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is proposed. ``waiting``: all who are left in no opening, those who were before too.

    ``weight``: minutes a week that an option had to be better for somebody to be moved. ``capped``: what meeting the
    cap on moves costs, people and minutes a week; (0, 0) where there was none. ``overpromised``: pools that those who
    must not move hold more units of than there are. ``placements``: all of them, once the plan is carried out.
    ``proof`` speaks of those who may move.
    """

    changes: tuple[Change, ...]
    waiting: tuple[Change, ...]
    weight: int
    capped: tuple[int, int]
    overpromised: tuple[str, ...]
    placements: tuple[Placement, ...]
    proof: Proof

    @property
    def moves(self) -> int:
        """How many who had a place get another one."""
        return sum(bool(change.before and change.after) for change in self.changes)

    @property
    def minutes(self) -> int:
        """Minutes a week that those who move are worse off together (above 0), or better."""
        return sum(change.minutes for change in self.changes if change.before and change.after)
