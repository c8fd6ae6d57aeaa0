"""The prices that prove an answer: of minutes as they were found, and of people, tier by tier."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..proof import EARLIER, PERSON, Certificate
from ..records import Floats, Ints, Watch, unwatched
from .flow import Flow, market_of, place_apart
from .group import Group
from .pools import Draws, relaxed
from .prices import FEW, Prices, priced, whole_shares
from .whole import Reach, raised
from .windows import place_more, worth

OUT, HEAVIER = 1, 2
"""To leave one person of the last tier out counts as ``OUT`` of the dearest options where minutes are bounded, and so
many times that where people are placed: with less, some are left out whom longer trips of others would let in; with
more, minutes are bound less closely."""

HALVES = 2
"""Persons at stake for a unit are rounded to this part of one before the search for bounds."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A group with the prices of its minutes: ``out`` is what one person of the last tier counts in them."""

    group: Group
    unplaced: Ints
    out: int
    prices: Prices

    @classmethod
    def of(cls, draws: Draws, options: Ints, tiers: int, watch: Watch = unwatched) -> "Priced":
        """Prices of all pools, found from those of the flow that lets each option draw one unit of its first pool."""
        group = Group.of(draws, options)
        out = OUT * (1 + int(group.cost.max(initial=0)))
        unplaced = out * group.persons * EARLIER ** (tiers - 1 - group.tier)
        market, pools = market_of(relaxed(draws), options)
        soft = replace(market, unplaced=unplaced)
        placing = place_apart(soft)
        price = np.zeros(len(draws.limit), np.int64)
        price[pools] = placing.price
        share = whole_shares(group, placing.chosen[placing.chosen >= 0])
        return cls(group, unplaced, out, priced(group, unplaced, price[group.pools], share, watch=watch))

    def heavier(self, watch: Watch = unwatched) -> "Priced":
        """The same where a person counts ``HEAVIER`` times as much, from the prices here."""
        unplaced = HEAVIER * self.unplaced
        near = priced(self.group, unplaced, self.prices.price, self.prices.share, begun=FEW, watch=watch)
        return Priced(self.group, unplaced, HEAVIER * self.out, near)

    def least(self, taken: Ints) -> int:
        """Return the minutes that no placement of as many people of each tier as here can be below."""
        return self.prices.bound - int(self.unplaced[taken < 0].sum())

    def write(self, certificate: Certificate) -> None:
        """Enter the prices of minutes."""
        certificate.minutes[self.group.pools] = self.prices.price
        certificate.out[self.group.referral] = self.unplaced


def price_people(
    draws: Draws,
    group: Group,
    stake: Floats,
    taken: Ints,
    into: Certificate,
    reach: Reach = (),
    mend: Callable[[Ints, int], None] | None = None,
    watch: Watch = unwatched,
) -> tuple[int, ...]:
    """Return of each tier the most people given what the tiers before it reached, and enter the prices that prove it.

    Only people count, and one of an earlier tier as ``EARLIER`` of the next: what is counted at most, less what the
    earlier tiers reached, is left for this one. ``stake``: persons of the last tier at stake for a unit of each pool;
    there the search begins. ``taken``: an option of the group for each referral, or -1. ``reach``: of the
    integer programs that prove what prices cannot; where these place more people up to a tier, ``mend`` hears with
    which options, later tiers as they were, and of the tier: it changes ``taken``, in place, to as many people.
    """
    tiers = len(into.people)
    counted = replace(draws, cost=np.zeros_like(draws.cost))
    reached = draws.people(group.option[taken[taken >= 0]], tiers)
    bounds = []
    for tier in range(tiers):
        so_far = group.tier <= tier
        rows = np.flatnonzero(so_far)
        inside = so_far[group.place]
        some = Group.of(counted, group.option[inside])
        weight = EARLIER ** (tier - np.arange(tier + 1))
        unplaced = PERSON * some.persons * weight[some.tier]
        start = np.zeros(len(draws.limit), np.int64)
        start[group.pools] = _at_stake(stake, EARLIER ** (tiers - 1 - tier))
        everybody, before = int(unplaced.sum()), int(weight[:-1] @ reached[:tier])
        mine = taken[so_far]
        chosen = (np.cumsum(inside) - 1)[mine[mine >= 0]]
        enough = everybody - PERSON * (before + int(reached[tier]) + 1) + 1
        found = priced(some, unplaced, start[some.pools], whole_shares(some, chosen), enough, watch=watch)
        into.people[tier, some.pools] = found.price
        now = np.full(len(some.ends), -1, np.int64)
        now[some.place[chosen]] = chosen
        if reach:
            place_more(some, unplaced, found.price, now, group.cost[inside], PERSON, watch)
        rise = raised(some, unplaced, found.price, now, reach, PERSON, watch)
        after = np.where(now >= 0, np.flatnonzero(inside)[now], -1)
        if mend is not None and worth(group, rows, after)[: tier + 1] < worth(group, rows, mine)[: tier + 1]:
            then = taken.copy()
            then[rows] = after
            mend(then, tier)
            reached = draws.people(group.option[taken[taken >= 0]], tiers)
        most = (everybody - found.bound - rise) // PERSON
        bounds.append(most - int(weight[:-1] @ reached[:tier]))
    return tuple(bounds)


def certify_flow(draws: Draws, options: Ints, flow: Flow, into: Certificate) -> None:
    """Enter the prices of people of a flow: its own prices say, to the person, which tier is at stake for a unit."""
    group = Group.of(draws, options)
    tiers = len(into.people)
    last = int(draws.tier[draws.referral[options]].max(initial=0)) if len(options) else 0
    # No more is at stake than the first tier: a weight on moves may raise a price beyond what people count.
    steps = np.minimum(np.rint(flow.price[group.pools] / flow.unit), last + 1)
    stake = np.where(steps > 0, float(EARLIER) ** (steps - 1 + tiers - 1 - last), 0.0)
    price_people(draws, group, stake, taken_of(group, draws, flow.options), into)


def certify_crossing(draws: Draws, options: Ints, chosen: Ints, into: Certificate) -> None:
    """Enter prices of a group that an integer program solved; what only whole numbers prove, they leave as a gap."""
    found = Priced.of(draws, options, len(into.people))
    found.write(into)
    taken = taken_of(found.group, draws, chosen)
    price_people(draws, found.group, found.prices.price / found.out, taken, into)


def taken_of(group: Group, draws: Draws, chosen: Ints) -> Ints:
    """Return for each referral of a group its option (by place in the group) among those chosen; -1 where none is."""
    taken = np.full(len(group.ends), -1, np.int64)
    at = np.full(len(draws.referral), -1, np.int64)
    at[group.option] = np.arange(len(group.option))
    inside = at[chosen][at[chosen] >= 0]
    taken[group.place[inside]] = inside
    return taken


def _at_stake(persons: Floats, later: int) -> Ints:
    """Prices where one of a tier counts ``PERSON``, from prices where that is ``later`` of the last tier."""
    share = np.where(persons >= later, persons / later, np.clip(persons - later + 1, 0, 1))
    return np.asarray(np.rint(share * HALVES) * (PERSON // HALVES), np.int64)
