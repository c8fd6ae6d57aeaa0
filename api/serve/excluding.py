"""``/v1/callers/{id}/exclusions``: facilities that declines have ruled out for a caller, and how one is lifted."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict

from data.store import exclusions
from data.store.access import open_exclusions
from data.store.answers import Answer
from data.store.change import Change
from data.store.exclusions import Exclusion, Lift
from data.store.reasons import Effect, reasons
from data.store.roles import may_write
from data.store.words import Role
from matcher.rule import Override

from .caller import OneOf
from .ledger import answer, ledger_of
from .placed import Id, moment
from .placements import ERRORS, second_of
from .records import REASONS, Nothing, opened

WRITES = tuple(role for role in Role if may_write(role, "excluded"))
"""Who writes whom a caller is not sent to, as the table of roles says."""
RULES_OUT = [reason.code for reason in reasons().values() if reason.effect is Effect.EXCLUDE_FACILITY]


class ExclusionTold(BaseModel):
    """A facility the caller is matched to no more, since a placement there was declined as ``reason``.

    ``lift``: what it takes to match them there again.
    """

    model_config = ConfigDict(extra="forbid")

    facility_id: str
    reason: Annotated[str, OneOf(RULES_OUT)]
    lift: Annotated[str, OneOf([Override.REASON, Override.SECOND_PERSON])]
    since: str


class ExclusionsTold(BaseModel):
    """What declines have ruled out for a caller, the first one first."""

    exclusions: list[ExclusionTold]


class LiftBody(BaseModel):
    """Which facility the caller is to be matched to again, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    facility_id: Id
    why: Annotated[str, OneOf([why.value for why in Lift])]


router = APIRouter(prefix="/v1/callers", tags=["people"])


@router.get(
    "/{caller_id}/exclusions", operation_id="openExclusions", summary="Where is a caller not sent?", responses=ERRORS
)
async def list_exclusions(
    request: Request, response: Response, caller_id: Id, reason: Annotated[str, OneOf(REASONS)] | None = None
) -> ExclusionsTold:
    """Open what declines have ruled out for a caller: by an advisor, or for a reason; that it was opened is told.

    What callers say themselves stands in their attributes as ``excluded``.
    """
    found = await opened(request, response, caller_id, reason, open_exclusions)
    return ExclusionsTold(exclusions=[_told(one) for one in found])


@router.post(
    "/{caller_id}/exclusions/lift",
    operation_id="liftExclusion",
    summary="Match a caller to a facility again",
    responses=ERRORS,
    response_model=Nothing,
)
async def lift_exclusion(request: Request, caller_id: Id, body: LiftBody) -> Response:
    """Lift what a decline has ruled out; where the caller was not safe, a second person signs the request as well."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, WRITES)
    second = await second_of(ledger, request, asker)
    return await ledger.write(request, asker, partial(_lift, caller_id=caller_id, body=body, second=second))


def _lift(change: Change, caller_id: str, body: LiftBody, second: str | None) -> Answer:
    exclusions.lift(change, caller_id, body.facility_id, body.why, second)
    return answer(200, {}, caller_id)


def _told(one: Exclusion) -> ExclusionTold:
    return ExclusionTold(
        facility_id=one.facility_id, reason=one.reason.code, lift=one.reason.lift, since=moment(one.since)
    )
