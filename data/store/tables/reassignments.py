"""Reassignments: what was asked, what was proposed, and what became of everybody it was about."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from ..words import MoveState, ReassignmentState
from .base import key, metadata, number, one_of, ref, sealed, word

reassignments = Table(
    "reassignments",
    metadata,
    key("reassignment_id"),
    word("state"),
    word("asked_by"),
    number("asked_at"),
    number("weight", nullable=True),
    number("most", nullable=True),
    word("touched"),
    ref("given.given_id", nullable=True),
    word("told", nullable=True),
    word("code", nullable=True),
    word("chosen_by", nullable=True),
    number("tried"),
    number("changed_at"),
    number("version"),
    one_of("state", ReassignmentState),
    Index(None, "state"),
)

moves = Table(
    "moves",
    metadata,
    Column("reassignment_id", Text, ForeignKey("reassignments.reassignment_id"), primary_key=True),
    Column("referral_id", Text, ForeignKey("referrals.referral_id"), primary_key=True),
    ref("callers.caller_id"),
    ref("placements.placement_id", nullable=True),
    number("version"),
    word("before"),
    word("after"),
    word("why"),
    word("pool_id"),
    sealed(),
    word("state"),
    word("code", nullable=True),
    Column("became", Text, ForeignKey("placements.placement_id"), nullable=True),
    number("changed_at"),
    one_of("state", MoveState),
    Index(None, "reassignment_id", "state"),
)
