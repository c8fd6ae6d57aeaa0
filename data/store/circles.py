"""Circles among moves: each takes what the next gives up, so none can be carried out before the others.

Two people who are to have each other's seats in openings that are both full are the smallest one. A circle that is
found may still be refused, where somebody in it lacks more than the next gives up; then another is looked for.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, select

from . import seats
from .reassignments import Move
from .tables import claims, moves

Draws = Mapping[str, int]
"""Units by the id of a pool."""
Step = tuple[str, str]
"""A referral, and the one whose place it takes."""


def circle(connection: Connection, wants: Sequence[tuple[Move, Draws]], tried: Collection[Step]) -> list[Move]:
    """Return the moves of a circle, in order, each taking what the next gives up; none where there is no circle.

    ``wants``: moves that were refused for want of room, and what each needs. ``tried``: steps that no circle takes.
    """
    held = _held(connection, wants)
    lacks = _lacks(connection, wants, held)
    givers: dict[str, list[str]] = {}
    for name in sorted(held):
        for pool in held[name]:
            givers.setdefault(pool, []).append(name)
    follows = {
        name: [
            other for pool in pools for other in givers.get(pool, ()) if other != name and (name, other) not in tried
        ]
        for name, pools in sorted(lacks.items())
        if name in held
    }
    named = {move.referral_id: move for move, _ in wants}
    return [named[name] for name in _ring(follows)]


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


def _lacks(
    connection: Connection, wants: Sequence[tuple[Move, Draws]], held: Mapping[str, Draws]
) -> dict[str, list[str]]:
    """The pools without room for each, its own place given up, by referral."""
    known = seats.of(connection, {pool for _, draws in wants for pool in draws})
    left = {pool.pool_id: (pool.reported or 0) - pool.claims for pool in known}
    return {
        move.referral_id: [
            pool
            for pool, number in sorted(draws.items())
            if left.get(pool, 0) + held.get(move.referral_id, {}).get(pool, 0) < number
        ]
        for move, draws in wants
    }


def _ring(follows: dict[str, list[str]]) -> list[str]:
    """Return names that follow each other in a ring: who has nobody to follow is in none."""
    while dead := {name for name, others in follows.items() if not follows.keys() & others}:
        follows = {name: others for name, others in follows.items() if name not in dead}
    path: list[str] = []
    name = next(iter(follows), None)
    while name is not None:
        if name in path:
            return path[path.index(name) :]
        path.append(name)
        name = next(other for other in follows[name] if other in follows)
    return []
