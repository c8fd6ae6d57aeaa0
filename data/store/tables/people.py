"""Callers and who they are, each sealed under a key of the caller's own; contacts, consents and disclosures."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, UniqueConstraint

from .base import key, metadata, number, ref, sealed, word

callers = Table(
    "callers", metadata, key("caller_id"), sealed(), number("version"), number("made_at"), number("erased_at", True)
)

caller_keys = Table("caller_keys", metadata, key("caller_id"), sealed("wrapped"))

identities = Table("identities", metadata, key("caller_id"), sealed(), number("changed_at"))

identity_marks = Table(
    "identity_marks",
    metadata,
    Column("caller_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
    Index(None, "kind", "mark"),
)

contacts = Table("contacts", metadata, key("contact_id"), ref("callers.caller_id"), sealed(), number("made_at"))

consents = Table(
    "consents",
    metadata,
    key("consent_id"),
    ref("callers.caller_id"),
    word("recipient"),
    word("purpose"),
    word("fields"),
    sealed(),
    number("given_at"),
    number("expires_at"),
    number("revoked_at", nullable=True),
    Index(None, "caller_id"),
    Index(None, "recipient"),
)

disclosures = Table(
    "disclosures",
    metadata,
    key("disclosure_id"),
    ref("callers.caller_id"),
    ref("consents.consent_id", nullable=True),
    word("recipient"),
    word("purpose"),
    word("fields"),
    word("by"),
    number("at"),
    Index(None, "caller_id"),
)

emergencies = Table(
    "emergencies",
    metadata,
    Column("disclosure_id", Text, ForeignKey("disclosures.disclosure_id"), primary_key=True),
    sealed(),
)

accesses = Table(
    "accesses",
    metadata,
    key("access_id"),
    ref("callers.caller_id"),
    word("reason"),
    sealed(),
    word("by"),
    number("at"),
    Index(None, "caller_id"),
)

referrals = Table(
    "referrals",
    metadata,
    key("referral_id"),
    ref("callers.caller_id"),
    number("step"),
    sealed(),
    number("version"),
    number("made_at"),
    UniqueConstraint("caller_id", "step"),
)
