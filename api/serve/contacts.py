"""``/v1/callers/{id}/contacts``: who phones for a caller; nothing here leads from a contact to a placement."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from data.store import contacts
from data.store.access import open_contacts
from data.store.answers import Answer
from data.store.change import Change
from data.store.contacts import CONTACT
from data.store.roles import may_write
from data.store.words import Role

from .caller import OneOf
from .ledger import answer, ledger_of
from .placed import Id, moment
from .placements import ERRORS
from .records import REASONS, Nothing, opened

WRITES = tuple(role for role in Role if all(may_write(role, name) for name in CONTACT))
"""Who writes who a contact is, as the table of roles says."""
Text = Annotated[str, Field(max_length=300)]


class ContactBody(BaseModel):
    """Who phones for the caller, as far as they say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contact_name: Text = ""
    contact_phone: Text = ""
    relation: Text = ""


class ContactTold(BaseModel):
    """A contact of a caller; what is not known is left out."""

    contact_id: str
    cells: dict[str, str]
    made_at: str


class ContactsTold(BaseModel):
    """A caller's contacts, the first one first."""

    contacts: list[ContactTold]


class AddedTold(BaseModel):
    """A contact that is kept."""

    contact_id: str


router = APIRouter(prefix="/v1/callers", tags=["people"])


@router.get("/{caller_id}/contacts", operation_id="openContacts", summary="Who phones for a caller?", responses=ERRORS)
async def list_contacts(
    request: Request, response: Response, caller_id: Id, reason: Annotated[str, OneOf(REASONS)] | None = None
) -> ContactsTold:
    """Open a caller's contacts, as who the caller is: by an advisor, or for a reason; that it was opened is told."""
    found = await opened(request, response, caller_id, reason, open_contacts)
    told = [ContactTold(contact_id=one.contact_id, cells=dict(one.cells), made_at=moment(one.made_at)) for one in found]
    return ContactsTold(contacts=told)


@router.post(
    "/{caller_id}/contacts",
    status_code=201,
    operation_id="addContact",
    summary="Keep who phones for a caller",
    responses=ERRORS,
    response_model=AddedTold,
)
async def add_contact(request: Request, caller_id: Id, body: ContactBody) -> Response:
    """Keep who phones for a caller, under the caller's key; no consent can name a contact, so they are told nothing."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, WRITES)
    return await ledger.write(request, asker, partial(_add, caller_id=caller_id, cells=body.model_dump()))


@router.delete(
    "/{caller_id}/contacts/{contact_id}",
    operation_id="removeContact",
    summary="Keep a contact no longer",
    responses=ERRORS,
    response_model=Nothing,
)
async def remove_contact(request: Request, caller_id: Id, contact_id: Id) -> Response:
    """Keep a contact no longer; who has another number now is removed and kept anew."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, WRITES)
    return await ledger.write(request, asker, partial(_remove, caller_id=caller_id, contact_id=contact_id))


def _add(change: Change, caller_id: str, cells: dict[str, str]) -> Answer:
    return answer(201, {"contact_id": contacts.add_contact(change, caller_id, cells)}, caller_id)


def _remove(change: Change, caller_id: str, contact_id: str) -> Answer:
    contacts.remove_contact(change, caller_id, contact_id)
    return answer(200, {}, caller_id)
