"""One caller, ranked: the best openings with their reasons, why not the others, and never an empty answer."""

from dataclasses import dataclass

from .brief import ALTERNATIVES, MATCHES, OTHERS, STEPS, closest, listed, nearby_but, steps_before
from .explain import Explainer, Explanation
from .facts import Referral
from .notices import Notice, notices
from .records import Rows
from .sweep import Sweep
from .vocabulary import LevelOfCare

__all__ = ["ALTERNATIVES", "MATCHES", "OTHERS", "Interim", "Match", "Ranking", "matches", "rank"]


@dataclass(frozen=True, slots=True)
class Match:
    """An opening the caller could be placed in.

    ``place``: 1 is the best. ``group``: place of the first of its group; where it is not ``place``, this option is tied
    with that one, for the trip is not known well enough to tell them apart. ``reported``: all pools it needs are.
    """

    place: int
    group: int
    opening_id: str
    reported: bool
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Interim:
    """What could hold the caller until the level needed has room."""

    level: LevelOfCare
    match: Match


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer for one caller.

    ``others``: the openings nearby that are not among the matches, nearest first, with all reasons. ``misses``: those
    of them with least against them. ``full``: those against which only a full pool stands, worth waiting for.
    ``interim``: steps until then. The last three are there to be read above all when nothing matches. ``notices``: what
    law and payer ask beyond the match.
    """

    matches: tuple[Match, ...]
    others: tuple[Explanation, ...]
    misses: tuple[Explanation, ...]
    full: tuple[Explanation, ...]
    interim: tuple[Interim, ...]
    notices: tuple[Notice, ...]


def rank(sweep: Sweep, referral: Rows, keep: int = MATCHES, others: int = OTHERS, language: str = "en") -> Ranking:
    """Rank the openings for one referral (one row): ``keep`` matches, and why not ``others`` nearby."""
    explainer = Explainer(sweep, referral, language)
    found = matches(sweep, referral, keep, explainer)
    nearby = nearby_but(sweep, referral, keep, others, {match.explanation.opening for match in found})
    near = closest(sweep, referral, explainer, nearby)
    return Ranking(
        found,
        tuple(explainer.each(nearby[:others])),
        tuple(explainer.each(near.misses.opening.tolist())),
        tuple(explainer.each(near.full.opening.tolist())),
        () if found else tuple(_interim(sweep, referral, explainer.referral, language)),
        notices(explainer.referral, explainer.policy, language),
    )


def matches(sweep: Sweep, referral: Rows, keep: int, explainer: Explainer) -> tuple[Match, ...]:
    """Return the best openings with their reasons and ties, best first."""
    found = listed(sweep, referral, keep)
    explained = explainer.each([one.opening for one in found], [one.way_row for one in found])
    return tuple(
        Match(place, one.group, sweep.directory.opening_ids[one.opening], one.reported == 1, explanation)
        for place, (one, explanation) in enumerate(zip(found, explained, strict=True), 1)
    )


def _interim(sweep: Sweep, referral: Rows, caller: Referral, language: str) -> list[Interim]:
    found = []
    for level, row in steps_before(referral, caller):
        explainer = Explainer(sweep, row, language)
        found += [Interim(level, match) for match in matches(sweep, row, STEPS, explainer)]
    return found
