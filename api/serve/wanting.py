"""What a caller is to be promised, from the ledger's record and the directory in memory: judged anew on every hold."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import orjson

from data.store import given
from data.store.change import Change
from data.store.errors import Missing, Unfit
from data.store.given import Given
from data.store.keys import Seal
from data.store.placements import Override
from matcher.brief import MATCHES, Brief, Drawn, briefs, listed, openings_at
from matcher.explain import Explainer
from matcher.problem import Directory
from matcher.records import Rows
from matcher.rule import Override as Way
from matcher.rules import RULES
from matcher.say import Verdict
from matcher.sweep import Sweep

from .held import Held

Draws = dict[str, int]
"""Units by the id of a pool."""
DRAWS, POOL, LIMIT = (Drawn._fields.index(name) for name in ("draws", "pool", "limit"))
OVERRIDE = {rule.code: rule.override for rule in RULES}


@dataclass(frozen=True, slots=True)
class Judged:
    """One opening judged for one caller, among the best the engine listed. ``seal``: the caller's key.

    ``needs``: units by pool of each that was listed, and last of the one judged; None where a pool is not reported.
    ``but``: openings (rows) at facilities ruled out beyond those the row holds; the one judged is none of them.
    ``facilities``: those it touches, its own first.
    """

    held: Held
    seal: Seal
    row: Rows
    found: tuple[Brief, ...]
    brief: Brief
    needs: Sequence[Draws | None]
    but: frozenset[int]
    facilities: tuple[str, ...]

    @property
    def opening_id(self) -> str:
        """Its id."""
        return self.held.sweep.directory.opening_ids[self.brief.opening]

    def draws(self) -> Draws:
        """Return units by pool of the opening judged. Raises ``Unfit`` where a pool is not reported."""
        found = self.needs[-1]
        if found is None:
            raise Unfit("unreported", f"{self.opening_id} has a pool that is not reported; ask, and report it first")
        return found

    def best(self, keep: int) -> list[Brief]:
        """Return the best matches of the caller."""
        return listed(self.held.sweep, self.row, keep, self.but)

    def keep_given(self, change: Change) -> str:
        """Keep what the engine was given of the directory, the openings it listed and this one; return its id."""
        rows = [one.opening for one in (*self.found, self.brief)]
        return given.keep(change, Given(self.held.sweep.directory, self.held.sweep.policy), rows)

    def decision(self) -> bytes:
        """Return what was decided, and on which referral: what a replay must give again."""
        return decision(self.held.sweep, self.row, (*self.found, self.brief), self.needs)


def decision(sweep: Sweep, row: Rows, options: Sequence[Brief], needs: Sequence[Draws | None]) -> bytes:
    """Return a decision as bytes: the referral, what was listed for it, and last of the options the one chosen."""
    ids = sweep.directory.opening_ids
    told = [
        [ids[one.opening], *one[3:-1], sorted((drawn or {}).items())] for one, drawn in zip(options, needs, strict=True)
    ]
    return orjson.dumps({"referral": b64encode(row.tobytes()).decode(), "listed": told[:-1], "chosen": told[-1]})


def way_of(decided: bytes) -> list[int]:
    """Return by which way a decision uses its opening: mode, medication, use and payer, as numbers."""
    _, *chosen, _ = orjson.loads(decided)["chosen"]
    found = dict(zip(Brief._fields[3:-1], chosen, strict=True))
    return [found[name] for name in ("mode", "medication", "use", "payer")]


def draws_of(directory: Directory, options: Sequence[Brief]) -> list[Draws | None]:
    """Return units by pool of each option; None where a pool it needs is not reported."""
    ids, found = directory.pool_ids, list[Draws | None]()
    for option in options:
        needed = [each for each in option.drawn if each[DRAWS]]
        known = all(each[LIMIT] >= 0 for each in needed)
        found.append({ids[each[POOL]]: each[DRAWS] for each in needed} if known else None)
    return found


def sites_of(directory: Directory, number: int) -> tuple[str, ...]:
    """Return the facilities an opening (row) touches, its own first."""
    opening = directory.openings.view(np.ndarray)[number]
    numbers = [int(opening[name]) for name in ("facility", "program_facility")]
    return tuple(dict.fromkeys(directory.facility_ids[number] for number in numbers if number >= 0))


def judged(held: Held, seal: Seal, cells: dict[str, str], opening_id: str) -> Judged:
    """Judge one opening for a caller that is kept. Raises ``Missing`` where there is none such, and ``CallerError``."""
    number = held.numbers.get(opening_id)
    if number is None:
        raise Missing("opening", f"no opening {opening_id}")
    directory = held.sweep.directory
    facilities = sites_of(directory, number)
    cells, rest = held.encoder.within(cells, facilities)
    but = openings_at(directory, rest)
    row, _ = held.encoder(cells)
    found = tuple(listed(held.sweep, row, MATCHES, but))
    brief = brief_of(held.sweep, row, found, number)
    return Judged(held, seal, row, found, brief, draws_of(directory, (*found, brief)), but, facilities)


def brief_of(sweep: Sweep, row: Rows, found: Sequence[Brief], number: int) -> Brief:
    """Return what is said of one opening (row): as it was listed, or else by the way with least against it."""
    listed_already = next((one for one in found if one.opening == number), None)
    return listed_already or briefs(sweep, row, Explainer(sweep, row).best([number]))[0]


def against(one: Judged) -> dict[str, str]:
    """Return the rules that stand against it, and how each may be set aside: with a reason, a second person, never."""
    if not one.brief.against:
        return {}
    explained = next(Explainer(one.held.sweep, one.row).each([one.brief.opening], [one.brief.way_row]))
    return {reason.code: OVERRIDE[reason.code].value for reason in explained.those(Verdict.AGAINST)}


def expect_overridden(one: Judged, overrides: tuple[Override, ...]) -> None:
    """Refuse what stands against it unless each rule is set aside as it may be, and no other rule. Raises ``Unfit``."""
    given, standing = {override.rule: override for override in overrides}, against(one)
    if needless := sorted(given.keys() - standing.keys()):
        raise Unfit(
            "needless", f"{', '.join(needless)} does not stand against it; allowed: {', '.join(standing) or 'none'}"
        )
    for rule, way in standing.items():
        if way == Way.NEVER:
            raise Unfit("never", f"{rule} stands against it, and is never set aside")
        if rule not in given:
            raise Unfit("against", f"{rule} stands against it; it can be set aside with a {way}")
        if way == Way.SECOND_PERSON and given[rule].second is None:
            raise Unfit("second", f"{rule} is set aside only if a second person agrees")
