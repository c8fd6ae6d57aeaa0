"""Contacts: who phones for a caller, often a loved one. Sealed under the caller's key, and gone with it.

A contact may be told that somebody listens, and nothing else: no consent can name one (see ``consents``), and nothing
here leads from a contact to a referral or a placement.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import delete, insert, select

from .change import Change, fresh_id
from .errors import Malformed, Missing
from .likeness import e164
from .seals import Cells, checked, closed, locked, opened
from .tables import contacts

CONTACT: Mapping[str, str] = MappingProxyType(
    {
        "contact_name": "name in full; blank: not said",
        "contact_phone": "number to reach them at; blank: none",
        "relation": "what they are to the caller, in their own words; blank: not said",
    }
)
"""The columns that are kept of a contact."""


class Contact(NamedTuple):
    """One contact of a caller."""

    contact_id: str
    cells: Cells
    made_at: int


def add_contact(change: Change, caller_id: str, cells: Cells) -> str:
    """Keep who phones for a caller; return the contact's id. Raises ``Missing``, ``Erased`` and ``Malformed``."""
    kept = checked(cells, CONTACT, "contacts")
    if not any(kept.values()):
        raise Malformed("contact", f"a contact says at least one of {', '.join(CONTACT)}")
    if kept.get("contact_phone"):
        e164(kept["contact_phone"])
    seal = locked(change, caller_id)
    contact_id = fresh_id()
    content = closed(seal, kept, _what(contact_id))
    row = {"contact_id": contact_id, "caller_id": caller_id, "content": content, "made_at": change.now}
    change.connection.execute(insert(contacts), row)
    change.passed("contact")
    change.tell_own("contact-added", contact_id, caller=caller_id)
    return contact_id


def open_contacts(change: Change, caller_id: str, **said: str) -> list[Contact]:
    """Return a caller's contacts, first one first, to the person who asks, and tell of it; ``said``: told besides.

    Whether they may is asked by ``access``. Raises ``Missing`` and ``Erased``.
    """
    seal = locked(change, caller_id)
    change.tell_own("opened", caller_id, fields=["contacts"], **said)
    found = select(contacts).where(contacts.c.caller_id == caller_id).order_by(contacts.c.made_at, "contact_id")
    return [
        Contact(row.contact_id, opened(seal, row.content, _what(row.contact_id)), row.made_at)
        for row in change.connection.execute(found)
    ]


def remove_contact(change: Change, caller_id: str, contact_id: str) -> None:
    """Keep a contact no longer. Raises ``Missing`` and ``Erased``."""
    locked(change, caller_id)
    mine = delete(contacts).where(contacts.c.contact_id == contact_id, contacts.c.caller_id == caller_id)
    if change.connection.execute(mine).rowcount != 1:
        raise Missing("contact", f"no contact {contact_id} of caller {caller_id}")
    change.tell_own("contact-removed", contact_id, caller=caller_id)


def _what(contact_id: str) -> str:
    return f"contacts.content.{contact_id}"
