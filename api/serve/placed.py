"""A placement as requests ask for it and answers tell of it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from data.store.placements import Placement
from data.store.reasons import By, reasons
from data.store.words import PlacementState, Role
from matcher.rules import RULES

from .caller import OneOf, codes

STRICT = ConfigDict(extra="forbid", frozen=True)
Id = Annotated[str, Field(min_length=1, max_length=300)]
OTHERS = frozenset(reason.code for reason in reasons().values() if reason.by is not By.CALLER)
"""Reasons of a decline that are not the caller's own."""


class OverrideBody(BaseModel):
    """A rule set aside, by its code, and why. A rule of safety needs a second person, who signs the request as well."""

    model_config = STRICT

    rule: Annotated[str, codes(RULES)]
    reason: str = Field(min_length=3, max_length=2000)


class HoldBody(BaseModel):
    """What is to be held: an opening for a referral."""

    model_config = STRICT

    referral_id: Id
    opening_id: Id
    overrides: list[OverrideBody] = Field(
        default=[], max_length=20, description="each rule that stands against it once"
    )

    @field_validator("overrides")
    @classmethod
    def _once(cls, given: list[OverrideBody]) -> list[OverrideBody]:
        rules = [one.rule for one in given]
        if twice := sorted({rule for rule in rules if rules.count(rule) > 1}):
            raise ValueError(f"{', '.join(twice)} is set aside twice; allowed: each rule once")
        return given


class ActBody(BaseModel):
    """What the asker saw; a placement that has changed since is left as it is."""

    model_config = STRICT

    version: int | None = Field(default=None, ge=1)


class DeclineBody(ActBody):
    """Why it was declined."""

    reason: Annotated[str, OneOf(list(reasons()))]


class PlacementTold(BaseModel):
    """A placement as it stands. ``code``: six letters the caller can say on arrival.

    ``reason``: why it was declined; null to a facility where it is the caller's own reason.
    """

    model_config = ConfigDict(extra="forbid")

    placement_id: str
    referral_id: str
    facility_id: str
    opening_id: str
    state: Annotated[str, OneOf([state.value for state in PlacementState])]
    code: str | None
    reason: str | None
    made_at: str
    expires_at: str | None
    extended: int
    version: int


def told(one: Placement, role: Role) -> dict[str, Any]:
    """Return a placement as the API tells it to a role."""
    same = ("placement_id", "referral_id", "facility_id", "opening_id", "code", "extended", "version")
    return {name: getattr(one, name) for name in same} | {
        "state": one.state.value,
        "reason": reason_told(one.reason, role),
        "made_at": moment(one.made_at),
        "expires_at": None if one.expires_at is None else moment(one.expires_at),
    }


def reason_told(code: str | None, role: Role) -> str | None:
    """Return why a placement was declined, as a role is told it: whom a caller fears or refuses, no facility learns."""
    return None if role is Role.FACILITY and code not in OTHERS else code


def moment(seconds: int) -> str:
    """Return a moment in ISO 8601, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
