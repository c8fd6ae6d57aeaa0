"""Every table of the ledger.

Moments are whole seconds since 1970 in UTC. Ids are opaque. What tells of a caller is sealed (see ``keys``), so these
tables hold ids, codes and numbers only. ``migrations`` brings a database to this state; a test compares the two.
"""

from .base import metadata
from .directory import facilities, meta, openings, pools, programs, seat_reports
from .people import (
    accesses,
    caller_keys,
    callers,
    consents,
    contacts,
    disclosures,
    emergencies,
    identities,
    identity_marks,
    referrals,
)
from .promises import claims, exclusions, given, overrides, placements, tasks, waitlist, waits
from .reassignments import moves, reassignments
from .records import answers, attempts, chains, events, tokens, users

__all__ = [
    "accesses",
    "answers",
    "attempts",
    "caller_keys",
    "callers",
    "chains",
    "claims",
    "consents",
    "contacts",
    "disclosures",
    "emergencies",
    "events",
    "exclusions",
    "facilities",
    "given",
    "identities",
    "identity_marks",
    "meta",
    "metadata",
    "moves",
    "openings",
    "overrides",
    "placements",
    "pools",
    "programs",
    "reassignments",
    "referrals",
    "seat_reports",
    "tasks",
    "tokens",
    "users",
    "waitlist",
    "waits",
]
