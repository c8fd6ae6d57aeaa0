"""Consents: what a caller allows to be disclosed, to whom, what for and until when, as 42 CFR 2.31 asks.

A consent may be revoked at any time; what was disclosed while it was in force stays lawful, and stays listed.
"""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, insert, select, update

from . import tasks
from .change import Change, fresh_id
from .errors import Malformed, Missing
from .keys import Seal
from .life import FOLLOW_UP, may_be_called
from .roles import expanded
from .seals import locked
from .tables import consents, contacts

LONGEST = 500
"""Characters of each text of a consent."""


class Purpose(StrEnum):
    """What a consent is given for."""

    TREATMENT = "treatment"
    PAYMENT = "payment"
    FOLLOW_UP = FOLLOW_UP


class Given(StrEnum):
    """How a consent was given. A spoken one lets us call again; to disclose, the law asks for a signature."""

    WRITTEN = "written"
    ELECTRONIC = "electronic"
    SPOKEN = "spoken"


class Consent(NamedTuple):
    """The elements of 42 CFR 2.31. Moments are seconds since 1970 in UTC.

    ``discloser``: who may disclose. ``recipient``: the facility's id, or another id of whoever receives, who is named
    in ``recipient_name``. ``fields``: amount and kind of the information. ``told_revocable``: the caller was told how
    to revoke it. ``signature``: the name signed with, or where the signed sheet or recording is.
    """

    caller_id: str
    discloser: str
    recipient: str
    recipient_name: str
    purpose: Purpose
    fields: tuple[str, ...]
    expires_at: int
    told_revocable: bool
    given: Given
    signature: str
    signed_at: int
    consent_id: str = ""
    revoked_at: int | None = None


SEALED = ("discloser", "recipient_name", "told_revocable", "given", "signature", "signed_at")
"""Elements that may tell who somebody is."""


def consent(change: Change, wanted: Consent) -> Consent:
    """Keep a consent; ``fields`` may name groups, and means the fields they hold today.

    Raises ``Missing``, ``Erased``, and ``Malformed`` where an element is missing or cannot be.
    """
    _check(wanted, change.now)
    seal = locked(change, wanted.caller_id)
    _refuse_contact(change.connection, wanted.recipient)
    kept = wanted._replace(consent_id=fresh_id(), fields=expanded(wanted.fields), revoked_at=None)
    row = {
        "consent_id": kept.consent_id, "caller_id": kept.caller_id, "recipient": kept.recipient,
        "purpose": kept.purpose, "fields": ";".join(kept.fields), "content": _closed(seal, kept),
        "given_at": change.now, "expires_at": kept.expires_at, "revoked_at": None,
    }  # fmt: skip
    change.connection.execute(insert(consents), row)
    change.passed("consented")
    change.tell_own("consented", kept.consent_id, caller=kept.caller_id, purpose=kept.purpose.value)
    return kept


def revoke(change: Change, caller_id: str, consent_id: str) -> None:
    """End a consent from now on; one that has ended stays so. Who consents to it no more is not called again.

    Raises ``Missing`` and ``Erased``.
    """
    locked(change, caller_id)
    mine = (consents.c.consent_id == consent_id, consents.c.caller_id == caller_id)
    if change.connection.execute(select(consents.c.consent_id).where(*mine)).first() is None:
        raise Missing("consent", f"no consent {consent_id} of caller {caller_id}")
    ended = update(consents).where(*mine, consents.c.revoked_at.is_(None)).values(revoked_at=change.now)
    change.connection.execute(ended)
    if not may_be_called(change.connection, caller_id, change.now):
        tasks.close_follow_ups(change, caller_id, "no-longer-needed")
    change.passed("revoked")
    change.tell_own("consent-revoked", consent_id, caller=caller_id)


def open_consents(change: Change, caller_id: str, **said: str) -> list[Consent]:
    """Return a caller's consents, first one first, to the person who asks, and tell of it; ``said``: told besides.

    Whether they may is asked by ``access``. Raises ``Missing`` and ``Erased``.
    """
    seal = locked(change, caller_id)
    change.tell_own("opened", caller_id, fields=["consents"], **said)
    mine = select(consents).where(consents.c.caller_id == caller_id).order_by("given_at", "consent_id")
    return [read_consent(seal, row) for row in change.connection.execute(mine)]


def consented(
    connection: Connection, caller_id: str, recipient: str, now: int, purpose: Purpose | None = None
) -> frozenset[str]:
    """Return the fields that a caller's consents let a recipient have at a moment, for one purpose or for any."""
    rows = connection.execute(in_force(caller_id, recipient, now)).all()
    return frozenset(name for row in rows if purpose in (None, row.purpose) for name in row.fields.split(";"))


def in_force(caller_id: str, recipient: str, now: int) -> Select[Any]:
    """Return the query for a caller's consents to a recipient at a moment: given, not expired, not yet revoked."""
    open_then = consents.c.revoked_at.is_(None) | (consents.c.revoked_at > now)
    return (
        select(consents)
        .where(consents.c.caller_id == caller_id, consents.c.recipient == recipient, open_then)
        .where(consents.c.given_at <= now, consents.c.expires_at > now)
        .order_by(consents.c.given_at, consents.c.consent_id)
    )


def read_consent(seal: Seal, row: Any) -> Consent:
    """Return a row of ``consents`` as what it is. Raises ``Unreadable``."""
    found = json.loads(seal.open(row.content, _what(row.consent_id)))
    return Consent(
        caller_id=row.caller_id, recipient=row.recipient, purpose=Purpose(row.purpose),
        fields=tuple(row.fields.split(";")), expires_at=row.expires_at, consent_id=row.consent_id,
        revoked_at=row.revoked_at, **(found | {"given": Given(found["given"])}),
    )  # fmt: skip


def _closed(seal: Seal, kept: Consent) -> bytes:
    elements = {name: getattr(kept, name) for name in SEALED}
    return seal.close(json.dumps(elements, sort_keys=True).encode(), _what(kept.consent_id))


def _check(wanted: Consent, now: int) -> None:
    """Raise ``Malformed`` for the first element of 42 CFR 2.31 that is missing."""
    for name in ("discloser", "recipient", "recipient_name", "signature"):
        text = getattr(wanted, name)
        if not text.strip() or len(text) > LONGEST or not text.isprintable():
            raise Malformed(name, f"a consent names its {name}, in 1 to {LONGEST} characters")
    if not wanted.told_revocable:
        raise Malformed("told_revocable", "a consent counts once the caller was told how to revoke it")
    if wanted.signed_at > now:
        raise Malformed("signed_at", f"signed at {_said(wanted.signed_at)}; allowed: up to now, {_said(now)}")
    if wanted.expires_at <= now:
        raise Malformed("expires_at", f"expires at {_said(wanted.expires_at)}; allowed: after now, {_said(now)}")
    if wanted.given is Given.SPOKEN and wanted.purpose is not Purpose.FOLLOW_UP:
        raise Malformed("given", f"a spoken consent is for {Purpose.FOLLOW_UP} alone; to disclose, it must be signed")


def _said(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def _refuse_contact(connection: Connection, recipient: str) -> None:
    """Nothing is disclosed to whoever phones for a caller: so no contact can learn where the caller was placed."""
    if connection.execute(select(contacts.c.contact_id).where(contacts.c.contact_id == recipient)).first() is not None:
        raise Malformed("recipient", "a contact is no recipient; nothing is disclosed to contacts")


def _what(consent_id: str) -> str:
    return f"consents.content.{consent_id}"
