"""The chains of events, who may ask and who tries to, and what was answered under an idempotency key."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text, UniqueConstraint

from ..words import Role
from .base import key, metadata, number, one_of, sealed, word

chains = Table("chains", metadata, key("chain"), number("seq"), sealed("hash"))

events = Table(
    "events",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    number("at"),
    word("kind"),
    word("subject"),
    word("by"),
    word("body"),
    sealed("hash"),
    Index(None, "subject"),
)

users = Table(
    "users",
    metadata,
    key("user_id"),
    word("login"),
    word("role"),
    word("facility_id", nullable=True),
    word("password"),
    number("made_at"),
    number("ended_at", nullable=True),
    UniqueConstraint("login"),
    one_of("role", Role),
)

tokens = Table(
    "tokens",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    word("owner"),
    word("role"),
    word("facility_id", nullable=True),
    number("made_at"),
    number("expires_at"),
    number("ended_at", nullable=True),
    one_of("role", Role),
    Index(None, "owner"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    word("kind"),
    number("failures"),
    number("last_at"),
    sealed("login", nullable=True),
    Index(None, "login"),
)

answers = Table(
    "answers",
    metadata,
    Column("owner", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    number("status"),
    sealed(),
    number("at"),
    word("caller_id", nullable=True),
    Index(None, "at"),
)
