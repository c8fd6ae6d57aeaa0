"""``/v1/callers/{id}/consents``: what a caller allows to be told, to whom and until when; kept, listed and revoked."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from data.store import consents
from data.store.access import open_consents
from data.store.answers import Answer
from data.store.change import Change
from data.store.consents import Consent, Given, Purpose
from data.store.words import Role

from .caller import OneOf
from .ledger import answer, ledger_of
from .placed import Id, moment
from .placements import ERRORS, PROMISES
from .records import REASONS, STRICT, Nothing, Text, opened

Moment = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
"""A moment of somebody's life, with its zone: a day of which hour it ends is not for the server to guess."""


class ConsentBody(BaseModel):
    """A consent with the elements of 42 CFR 2.31."""

    model_config = STRICT

    discloser: Text = Field(min_length=1, description="who discloses")
    recipient: Id = Field(description="id of the facility it is told to")
    recipient_name: Text = Field(min_length=1)
    purpose: Annotated[str, OneOf([purpose.value for purpose in Purpose])]
    fields: list[Text] = Field(min_length=1, max_length=100, description="fields, or groups of them")
    expires_at: Moment
    told_revocable: bool = Field(description="the caller was told that it can be revoked")
    given: Annotated[str, OneOf([given.value for given in Given])]
    signature: Text = Field(min_length=1)
    signed_at: Moment

    def consent(self, caller_id: str) -> Consent:
        """Return it as the ledger keeps it."""
        told = self.model_dump() | {"purpose": Purpose(self.purpose), "given": Given(self.given)}
        told |= {"fields": tuple(self.fields), "caller_id": caller_id}
        told |= {name: int(getattr(self, name).timestamp()) for name in ("expires_at", "signed_at")}
        return Consent(**told)


class ConsentTold(BaseModel):
    """A consent that is kept."""

    consent_id: str
    fields: list[str]
    expires_at: str


class GivenTold(BaseModel):
    """A consent as it was given; ``revoked_at``: null where it was not."""

    model_config = ConfigDict(extra="forbid")

    consent_id: str
    discloser: str
    recipient: str
    recipient_name: str
    purpose: Annotated[str, OneOf([purpose.value for purpose in Purpose])]
    fields: list[str]
    expires_at: str
    told_revocable: bool
    given: Annotated[str, OneOf([given.value for given in Given])]
    signature: str
    signed_at: str
    revoked_at: str | None


class ConsentsTold(BaseModel):
    """A caller's consents, the first one first."""

    consents: list[GivenTold]


router = APIRouter(prefix="/v1/callers", tags=["people"])


@router.get("/{caller_id}/consents", operation_id="openConsents", summary="What is consented to?", responses=ERRORS)
async def list_consents(
    request: Request, response: Response, caller_id: Id, reason: Annotated[str, OneOf(REASONS)] | None = None
) -> ConsentsTold:
    """Open a caller's consents, as who the caller is: by an advisor, or for a reason; that it was opened is told."""
    found = await opened(request, response, caller_id, reason, open_consents)
    return ConsentsTold(consents=[_told(one) for one in found])


@router.post(
    "/{caller_id}/consents",
    status_code=201,
    operation_id="consent",
    summary="Keep a consent",
    responses=ERRORS,
    response_model=ConsentTold,
)
async def keep_consent(request: Request, caller_id: Id, body: ConsentBody) -> Response:  # fmt: skip
    """Keep a consent to tell a facility named fields, for a purpose, until a day."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, (Role.ADVISOR,))
    return await ledger.write(request, asker, partial(_consent, wanted=body.consent(caller_id)))


@router.post(
    "/{caller_id}/consents/{consent_id}/revoke",
    operation_id="revokeConsent",
    summary="Revoke a consent",
    responses=ERRORS,
    response_model=Nothing,
)
async def revoke_consent(request: Request, caller_id: Id, consent_id: Id, body: Nothing) -> Response:  # fmt: skip
    """End a consent from now on; what was told under it stays told."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, PROMISES)
    return await ledger.write(request, asker, partial(_revoke, caller_id=caller_id, consent_id=consent_id))


def _consent(change: Change, wanted: Consent) -> Answer:
    kept = consents.consent(change, wanted)
    told = {"consent_id": kept.consent_id, "fields": kept.fields, "expires_at": moment(kept.expires_at)}
    return answer(201, told, wanted.caller_id)


def _revoke(change: Change, caller_id: str, consent_id: str) -> Answer:
    consents.revoke(change, caller_id, consent_id)
    return answer(200, {}, caller_id)


def _told(one: Consent) -> GivenTold:
    moments = {name: moment(getattr(one, name)) for name in ("expires_at", "signed_at")}
    revoked = None if one.revoked_at is None else moment(one.revoked_at)
    same = one._asdict() | moments | {"fields": list(one.fields), "revoked_at": revoked}
    del same["caller_id"]
    return GivenTold(**same)
