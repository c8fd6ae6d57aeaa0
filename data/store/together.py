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
LOOKED_AT = 5_000
"""Sets of moves that are looked at, and one more for each move, before it is given up on."""


class Needs(NamedTuple):
    """What moves need and give up, by referral, and the units by pool that nobody claims (below 0: overpromised)."""

    takes: Mapping[str, Draws]
    gives: Mapping[str, Draws]
    room: Draws

    def net(self, name: str) -> dict[str, int]:
        """Units by pool that a move needs beyond what it gives up."""
        takes, gives = self.takes[name], self.gives[name]
        return {pool: takes.get(pool, 0) - gives.get(pool, 0) for pool in {**takes, **gives}}


class Grown(NamedTuple):
    """Moves to be carried out at once: units by pool they need beyond what they give up, and the pools they take of."""

    names: Names
    net: Draws
    taken: Names

    def lacking(self, room: Draws) -> list[str]:
        """The pools in which they find no room."""
        return sorted(pool for pool in self.taken if self.net[pool] > room.get(pool, 0))


def together(connection: Connection, wants: Sequence[tuple[Move, Draws]], tried: Collection[Names]) -> list[Move]:
    """Return moves that find room when they are carried out at once, as few as were found; none where there are none.

    ``wants``: moves that were refused for want of room, and what each needs. ``tried``: sets that are not returned.
    """
    found = fitting(_needs(connection, wants), tried)
    return [move for move, _ in wants if move.referral_id in found]


def fitting(needs: Needs, tried: Collection[Names] = ()) -> Names:
    """Return moves that fit together; empty where there are none, or none is found in so many sets (``LOOKED_AT``).

    A set grows from one move by somebody who gives up what it lacks, till it lacks nothing. Where any set fits, some
    such way leads to one that does, and where all moves fit together, every way does.
    """
    net = {name: needs.net(name) for name in needs.takes}
    able = _able(needs, net)
    search = _Search(needs, net, able)
    for start in (name for name in needs.takes if name in able and needs.gives[name]):
        for found in search.grown(start):
            if found not in tried:
                return found
    return frozenset()


class _Search:
    """The sets that were looked at, and who gives up what, first those who want the least that is full."""

    def __init__(self, needs: Needs, net: Mapping[str, Draws], able: Names) -> None:
        self._needs, self._net, self._looked_at = needs, net, set[Names]()
        full = {name: sum(net[name][pool] > needs.room.get(pool, 0) for pool in needs.takes[name]) for name in able}
        self._givers: dict[str, list[str]] = {}
        for name in sorted(able, key=lambda name: (full[name], name)):
            for pool in (pool for pool, units in net[name].items() if units < 0):
                self._givers.setdefault(pool, []).append(name)

    def grown(self, start: str) -> Iterator[Names]:
        """Yield sets that fit and hold this move; what was looked at before is not looked at again."""
        stack = [(Grown(frozenset(), {}, frozenset()), start)]
        while stack and len(self._looked_at) < LOOKED_AT + len(self._net):
            one = self._with(*stack.pop())
            if one.names in self._looked_at:
                continue
            self._looked_at.add(one.names)
            short = one.lacking(self._needs.room)
            if not short:
                yield one.names
                continue
            others = [[name for name in self._givers.get(pool, ()) if name not in one.names] for pool in short]
            stack += [(one, name) for name in reversed(min(others, key=len))]

    def _with(self, one: Grown, name: str) -> Grown:
        net = dict(one.net)
        for pool, units in self._net[name].items():
            net[pool] = net.get(pool, 0) + units
        return Grown(one.names | {name}, net, one.taken | self._needs.takes[name].keys())


def _able(needs: Needs, net: Mapping[str, Draws]) -> Names:
    """The moves that could find room if all the others gave up what they can: the rest are in no set that fits."""
    able = frozenset(needs.takes)
    while True:
        given: dict[str, int] = {}
        for name in able:
            for pool, units in net[name].items():
                given[pool] = given.get(pool, 0) + max(0, -units)
        left = frozenset(name for name in able if _could(needs, name, net[name], given))
        if left == able:
            return able
        able = left


def _could(needs: Needs, name: str, net: Draws, given: Draws) -> bool:
    return all(max(0, net[pool]) <= needs.room.get(pool, 0) + given.get(pool, 0) for pool in needs.takes[name])


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
