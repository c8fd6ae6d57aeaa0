"""What a caller is to be promised, from the ledger's record and the directory in memory: judged anew on every hold."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

import orjson

from data.store.errors import Missing, Unfit
from data.store.given import Given, part
from data.store.placements import Override
from matcher.brief import MATCHES, Brief, Listed, briefs, listed
from matcher.explain import Explainer
from matcher.facts import Referral
from matcher.records import Rows
from matcher.rule import Override as Way
from matcher.rules import RULES
from matcher.say import Verdict

from .held import Held

OVERRIDE = {rule.code: rule.override for rule in RULES}


@dataclass(frozen=True, slots=True)
class Judged:
    """One opening judged for one caller, among the best the engine listed."""

    held: Held
    row: Rows
    record: Referral
    found: tuple[Listed, ...]
    brief: Brief

    @property
    def opening_id(self) -> str:
        """Its id."""
        return self.held.sweep.directory.opening_ids[self.brief.opening]

    @property
    def facilities(self) -> tuple[str, ...]:
        """The facilities it touches, its own first."""
        directory = self.held.sweep.directory
        opening = directory.openings[self.brief.opening]
        numbers = [int(opening["facility"]), int(opening["program_facility"])]
        return tuple(dict.fromkeys(directory.facility_ids[number] for number in numbers if number >= 0))

    def draws_of(self, brief: Brief) -> dict[str, int]:
        """Return units by pool. Raises ``Unfit`` where a pool is not reported."""
        directory = self.held.sweep.directory
        if any(drawn.pool < 0 for drawn in brief.drawn):
            name = directory.opening_ids[brief.opening]
            raise Unfit("unreported", f"{name} has a pool that is not reported; ask, and report it first")
        return {directory.pool_ids[drawn.pool]: drawn.draws for drawn in brief.drawn}

    def best(self, keep: int) -> tuple[Listed, ...]:
        """Return the best matches of the caller."""
        return tuple(listed(self.held.sweep, self.row, self.record, keep))

    def given(self) -> Given:
        """Return what the engine was given of the directory: the openings it listed, and this one."""
        rows = [one.opening for one in self.found] + [self.brief.opening]
        return Given(part(self.held.sweep.directory, rows), self.held.sweep.policy)

    def decision(self) -> bytes:
        """Return what was decided, and on which referral: what a replay must give again."""
        directory = self.held.sweep.directory
        return orjson.dumps(
            {
                "referral": b64encode(self.row.tobytes()).decode(),
                "listed": [_written(directory, one.brief, one.group) for one in self.found],
                "chosen": _written(directory, self.brief, 0),
            }
        )


def judged(held: Held, cells: dict[str, str], opening_id: str) -> Judged:
    """Judge one opening for a caller. Raises ``Missing`` where there is none of this id, and ``CallerError``."""
    number = held.numbers.get(opening_id)
    if number is None:
        raise Missing("opening", f"no opening {opening_id}")
    row, record = held.encoder(cells)
    found = tuple(listed(held.sweep, row, record, MATCHES))
    brief = next((one.brief for one in found if one.opening == number), None) or _brief(held, row, number)
    return Judged(held, row, record, found, brief)


def _brief(held: Held, row: Rows, number: int) -> Brief:
    best = Explainer(held.sweep, row).best([number])[0]
    return briefs(held.sweep, row, [number], [best.way], [best.cost])[0][0]


def against(one: Judged) -> dict[str, str]:
    """Return the rules that stand against it, and how each may be set aside: with a reason, a second person, never."""
    if not one.brief.against:
        return {}
    explained = next(Explainer(one.held.sweep, one.row).each([one.brief.opening], [one.brief.way_row]))
    return {reason.code: OVERRIDE[reason.code].value for reason in explained.those(Verdict.AGAINST)}


def expect_overridden(one: Judged, overrides: tuple[Override, ...]) -> None:
    """Refuse what stands against it unless each rule is set aside as it may be. Raises ``Unfit``."""
    given = {override.rule: override for override in overrides}
    for rule, way in against(one).items():
        if way == Way.NEVER:
            raise Unfit("never", f"{rule} stands against it, and is never set aside")
        if rule not in given:
            raise Unfit("against", f"{rule} stands against it; it can be set aside with a {way}")
        if way == Way.SECOND_PERSON and given[rule].second is None:
            raise Unfit("second", f"{rule} is set aside only if a second person agrees")


def _written(directory: Any, brief: Brief, group: int) -> list[Any]:
    drawn = [[directory.pool_ids[one.pool] if one.pool >= 0 else "", one.draws] for one in brief.drawn]
    return [directory.opening_ids[brief.opening], list(brief.way), brief.cost, group, drawn]
