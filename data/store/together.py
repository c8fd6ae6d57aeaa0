"""Moves that depend on each other: each needs what others give up, so none can be carried out before the others.

Two people who are to have each other's seats in openings that are both full are the smallest such set. Another is
somebody who lacks a seat and a start on medication that two other people give up, each for something else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from . import seats
from .reassignments import Move
from .tables import claims, moves

Draws = Mapping[str, int]
"""Units by the id of a pool."""
Names = frozenset[str]
"""Moves, by referral."""
LOOKED_AT = 20_000
"""Sets of moves that are looked at before it is given up on."""


class Needs(NamedTuple):
    """What moves need and give up, by referral, and the units by pool that nobody claims (below 0: overpromised)."""

    takes: Mapping[str, Draws]
    gives: Mapping[str, Draws]
    room: Draws

    def net(self, name: str, pool: str) -> int:
        """Units of a pool that a move needs beyond what it gives up."""
        return self.takes[name].get(pool, 0) - self.gives[name].get(pool, 0)

    def lacking(self, names: Collection[str]) -> list[str]:
        """The pools in which these moves find no room, all carried out at once."""
        wanted = sorted({pool for name in names for pool in self.takes[name]})
        return [pool for pool in wanted if sum(self.net(name, pool) for name in names) > self.room.get(pool, 0)]


def together(connection: Connection, wants: Sequence[tuple[Move, Draws]], tried: Collection[Names]) -> list[Move]:
    """Return moves that find room when they are carried out at once, as few as were found; none where there are none.

    ``wants``: moves that were refused for want of room, and what each needs. ``tried``: sets that are not returned.
    """
    found = fitting(_needs(connection, wants), tried)
    return [move for move, _ in wants if move.referral_id in found]


def fitting(needs: Needs, tried: Collection[Names] = ()) -> Names:
    """Return moves that fit together; empty where there are none, or none is found in ``LOOKED_AT`` sets.

    A set grows from one move by somebody who gives up what it lacks, till it lacks nothing. Where any set fits, some
    such way leads to one that does, and where all moves fit together, every way does.
    """
    able = _able(needs)
    looked_at = set[Names]()
    for start in (name for name in needs.takes if name in able and needs.gives[name]):
        for found in _grown(needs, frozenset([start]), able, looked_at):
            if found not in tried:
                return found
    return frozenset()


def _grown(needs: Needs, start: Names, able: Collection[str], looked_at: set[Names]) -> Iterator[Names]:
    """Yield sets that fit and hold this one; ``looked_at``: sets that were grown before are not grown again."""
    stack = [start]
    while stack and len(looked_at) < LOOKED_AT:
        names = stack.pop()
        if names in looked_at:
            continue
        looked_at.add(names)
        short = needs.lacking(names)
        if not short:
            yield names
            continue
        givers = [_givers(needs, pool, able, names) for pool in short]
        fewest = min(givers, key=len)
        stack += [names | {name} for name in reversed(fewest)]


def _givers(needs: Needs, pool: str, able: Collection[str], names: Names) -> list[str]:
    """Who else gives up units of a pool, first those who want the least that is full."""
    found = [name for name in needs.takes if name in able and name not in names and needs.net(name, pool) < 0]
    return sorted(found, key=lambda name: len(needs.lacking([name])))


def _able(needs: Needs) -> Names:
    """The moves that could find room if all the others gave up what they can: the rest are in no set that fits."""
    able = frozenset(needs.takes)
    while True:
        given: dict[str, int] = {}
        for name in able:
            for pool in needs.gives[name]:
                given[pool] = given.get(pool, 0) + max(0, -needs.net(name, pool))
        left = frozenset(name for name in able if _could(needs, name, given))
        if left == able:
            return able
        able = left


def _could(needs: Needs, name: str, given: Draws) -> bool:
    return all(
        max(0, needs.net(name, pool)) <= needs.room.get(pool, 0) + given.get(pool, 0) for pool in needs.takes[name]
    )


def _needs(connection: Connection, wants: Sequence[tuple[Move, Draws]]) -> Needs:
    known = seats.of(connection, {pool for _, draws in wants for pool in draws})
    held = _held(connection, wants)
    return Needs(
        {move.referral_id: draws for move, draws in wants},
        {move.referral_id: held.get(move.referral_id, {}) for move, _ in wants},
        {pool.pool_id: (pool.reported or 0) - pool.claims for pool in known},
    )


def _held(connection: Connection, wants: Sequence[tuple[Move, Draws]]) -> dict[str, dict[str, int]]:
    """What each of those who have a place would give up, by referral."""
    placed = {move.placement_id: move.referral_id for move, _ in wants if move.placement_id is not None}
    of = {move.reassignment_id for move, _ in wants}
    found = (
        select(claims.c.placement_id, claims.c.pool_id, claims.c.draws)
        .join(moves, moves.c.placement_id == claims.c.placement_id)
        .where(moves.c.reassignment_id.in_(of), claims.c.ended_at.is_(None))
    )
    held: dict[str, dict[str, int]] = {}
    for row in connection.execute(found):
        if row.placement_id in placed:
            held.setdefault(placed[row.placement_id], {})[row.pool_id] = row.draws
    return held
