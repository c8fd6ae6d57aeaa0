"""``/v1/callers/{id}/emergency-disclosures``: what medical personnel are told in an emergency, without consent."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from data.store.answers import Answer
from data.store.change import Change
from data.store.disclosures import DISCLOSES, disclose_in_emergency
from data.store.emergencies import LONGEST, Emergency
from data.store.users import Who

from .ledger import answer, ledger_of
from .placed import Id
from .placements import ERRORS

Text = Annotated[str, Field(min_length=1, max_length=300)]


class EmergencyBody(BaseModel):
    """What 42 CFR 2.51 asks to be written down, and what is told: no more than the emergency needs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    recipient_name: Text = Field(description="name of the medical personnel it is told to")
    affiliation: Text = Field(description="the health care facility they are of")
    nature: str = Field(min_length=3, max_length=LONGEST, description="nature of the emergency, in words")
    fields: list[Text] = Field(min_length=1, max_length=100, description="fields, or groups of them")
    referral_id: Id | None = Field(default=None, description="what this referral says counts before its caller's")


class DisclosedTold(BaseModel):
    """What may be told, and what is to be said with it."""

    cells: dict[str, str]
    notice: dict[str, str]


router = APIRouter(prefix="/v1/callers", tags=["people"])


@router.post(
    "/{caller_id}/emergency-disclosures",
    status_code=201,
    operation_id="discloseInEmergency",
    summary="Tell medical personnel in an emergency",
    responses=ERRORS,
    response_model=DisclosedTold,
)
async def tell_in_emergency(request: Request, caller_id: Id, body: EmergencyBody) -> Response:
    """Open named fields to be told to medical personnel in an emergency, without consent (42 CFR 2.51).

    To whom, by whom, when and why is written down sealed, and stands in the report of disclosures.
    """
    ledger = ledger_of(request)
    asker = await ledger.asking(request, DISCLOSES)
    told = await ledger.write(request, asker, partial(_tell, who=asker, caller_id=caller_id, body=body))
    told.headers["Cache-Control"] = "no-store"
    return told


def _tell(change: Change, who: Who, caller_id: str, body: EmergencyBody) -> Answer:
    emergency = Emergency(body.recipient_name, body.affiliation, body.nature)
    told = disclose_in_emergency(change, who, caller_id, emergency, body.fields, body.referral_id)
    return answer(201, {"cells": dict(told.cells), "notice": dict(told.notice)}, caller_id)
