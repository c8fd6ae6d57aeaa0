"""One caller, ranked: the best openings with their reasons, why not the others, and never an empty answer."""

from dataclasses import dataclass

from .choice import UNREPORTED
from .continuum import LEVELS, interim
from .explain import Explainer, Explanation
from .facts import Referral
from .notices import Notice, notices
from .records import Rows
from .say import Verdict
from .sweep import Sweep
from .vocabulary import LevelOfCare, words_in

MATCHES = 10
OTHERS = 200
ALTERNATIVES = 5
STEPS = 2
"""Openings shown of each interim level."""


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
    named = {match.explanation.opening for match in found}
    nearby = [number for number in _nearby(sweep, referral, others + keep) if number not in named]
    rest = tuple(explainer.each(nearby[:others]))
    refused = [one for one in rest if one.those(Verdict.AGAINST)]
    waiting = [one for one in rest if one.those(Verdict.FULL) and not one.those(Verdict.AGAINST)]
    return Ranking(
        found,
        rest,
        tuple(sorted(refused, key=_distance_from_fitting)[:ALTERNATIVES]),
        tuple(sorted(waiting, key=lambda one: (one.cost, _key(sweep, one)))[:ALTERNATIVES]),
        () if found else tuple(_interim(sweep, referral, explainer.referral, language)),
        notices(explainer.referral, explainer.policy, language),
    )


def matches(sweep: Sweep, referral: Rows, keep: int, explainer: Explainer) -> tuple[Match, ...]:
    """Return the best openings with their reasons and ties, best first."""
    options = sweep.ranked(referral, keep)
    found: list[Match] = []
    explained = explainer.each(options.opening.tolist(), options.way.tolist())
    for place, explanation in enumerate(explained):
        reported = bool(options.cost[place] < UNREPORTED)
        opening_id = sweep.directory.opening_ids[explanation.opening]
        group = place + 1
        if found and found[-1].reported == reported:
            leader = found[found[-1].group - 1]
            group = leader.place if tied(explainer, leader.explanation, explanation) else group
        found.append(Match(place + 1, group, opening_id, reported, explanation))
    return tuple(found)


def tied(explainer: Explainer, leader: Explanation, other: Explanation) -> bool:
    """Whether two options differ by no more than the trip estimate can tell.

    So it is when their minutes differ by less than the policy's tie, or when the caller is known only by ZIP and both
    lie within the ZIP radius; and when the other, on a trip as long as the leader's, would cost no more than it.
    """
    policy, ways = explainer.policy, (leader.way, other.way)
    close = abs(leader.way.minutes - other.way.minutes) < policy.tie_minutes
    inside = explainer.referral.zip_only == 1 and all(way.distance <= policy.zip_radius for way in ways)
    if not close and not inside:
        return False
    saved = explainer.burden(other.opening, other.way) - explainer.burden(
        other.opening, other.way._replace(minutes=leader.way.minutes)
    )
    return other.cost - saved <= leader.cost


def _nearby(sweep: Sweep, referral: Rows, count: int) -> list[int]:
    """Return openings around the caller: half whatever they are, half of levels that serve the need."""
    serving = sweep.nearest(referral, count, int(referral["levels"][0]))
    any_level = sweep.nearest(referral, count)
    wanted = [*serving[: count // 2], *any_level, *serving]
    return list(dict.fromkeys(wanted))[:count]


def _interim(sweep: Sweep, referral: Rows, caller: Referral, language: str) -> list[Interim]:
    """What comes first: withdrawal management, where the level needed is not made for the risk; else a step down."""
    found = []
    for level in before(caller) or interim(LevelOfCare.at(caller.need)):
        row = referral.copy()
        row["need"], row["levels"] = level.value, level.bit
        row.flags.writeable = False
        explainer = Explainer(sweep, row, language)
        found += [Interim(level, match) for match in matches(sweep, row, STEPS, explainer)]
    return found


def before(caller: Referral) -> tuple[LevelOfCare, ...]:
    """Levels made for this caller's withdrawal risk; none where the level needed is one of them."""
    if caller.withdrawal <= max(LEVELS[level].manages for level in words_in(LevelOfCare, caller.levels)):
        return ()
    return tuple(level for level, facts in LEVELS.items() if facts.manages >= caller.withdrawal)


def _distance_from_fitting(explanation: Explanation) -> tuple[int, int, int, int]:
    """Order misses by how many reasons stand against them, then by how far they are."""
    against = len(explanation.those(Verdict.AGAINST))
    return against, len(explanation.those(Verdict.FULL)), explanation.way.distance, explanation.cost


def _key(sweep: Sweep, explanation: Explanation) -> int:
    return int(sweep.directory.openings["key"][explanation.opening])
