"""Who may see and write what of a caller: one table of roles and groups of fields, and the group of every field.

What stands in no group is seen by nobody. Whoever shows or writes a field asks here first.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from .callers import ATTRIBUTES
from .contacts import CONTACT
from .errors import Denied, Malformed
from .identity import IDENTITY
from .words import Role


class Group(StrEnum):
    """A group of fields that are treated alike."""

    IDENTITY = "identity"
    ATTRIBUTES = "attributes"
    CLINICAL = "clinical"
    NOTES = "notes"
    AUDIT = "audit"


class Right(StrEnum):
    """What a role may do with a group. To write includes to read."""

    NONE = "none"
    READ = "read"
    WRITE = "write"
    WITH_REASON = "with reason"
    WITH_CONSENT = "with consent"
    OWN_FACILITY = "own facility"


class Case(NamedTuple):
    """What is known when somebody asks.

    ``reason``: they stated one. ``own``: it is of their own facility. ``consented``: the fields the caller consented
    to disclose to them.
    """

    reason: bool = False
    own: bool = False
    consented: frozenset[str] = frozenset()


UNKNOWN = Case()
"""Nothing is known that would let anybody see more."""
_R = Right
ROLES: Mapping[Role, Mapping[Group, Right]] = MappingProxyType(
    {
        role: MappingProxyType(dict(zip(Group, rights, strict=True)))
        for role, rights in {
            # identity, attributes, clinical, notes, audit
            Role.ADVISOR: (_R.WRITE, _R.WRITE, _R.WRITE, _R.WRITE, _R.NONE),
            Role.FACILITY: (_R.WITH_CONSENT, _R.WITH_CONSENT, _R.WITH_CONSENT, _R.NONE, _R.OWN_FACILITY),
            Role.SUPERVISOR: (_R.WITH_REASON, _R.READ, _R.READ, _R.WITH_REASON, _R.READ),
            Role.SYSTEM: (_R.NONE, _R.READ, _R.NONE, _R.NONE, _R.NONE),
        }.items()
    }
)
"""The table. An advisor opens one caller at a time, and each opening is told."""

MEETS: Mapping[Right, Callable[[str, Case], bool]] = {
    Right.NONE: lambda name, case: False,
    Right.READ: lambda name, case: True,
    Right.WRITE: lambda name, case: True,
    Right.WITH_REASON: lambda name, case: case.reason,
    Right.WITH_CONSENT: lambda name, case: case.own and name in case.consented,
    Right.OWN_FACILITY: lambda name, case: case.own,
}
"""When a right lets a field be seen."""

# Coordinates are an address, so they tell who somebody is; whom a caller fears or refuses is told to no facility.
_OF_CALLERS: Mapping[str, tuple[str, ...]] = {
    Group.IDENTITY: ("latitude", "longitude"),
    Group.ATTRIBUTES: (
        "referral_id", "zip", "payers", "medicaid_state", "plan", "modes", "daily_limit", "admission_limit", "persons",
        "children", "ages", "genders", "languages", "accessibility", "free", "simulated",
    ),
    Group.CLINICAL: (
        "need", "medications", "uses", "substances", "pregnant", "injecting", "populations", "services", "withdrawal",
        "co_occurring", "own_therapist",
    ),
    Group.NOTES: ("excluded",),
    Group.AUDIT: ("placed",),
}  # fmt: skip
GROUPS: Mapping[str, Group] = MappingProxyType(
    {name: Group(group) for group, names in _OF_CALLERS.items() for name in names}
    | dict.fromkeys((*IDENTITY, *CONTACT, "consents"), Group.IDENTITY)
    | dict.fromkeys(("override_reason", "access_reason"), Group.NOTES)
    | dict.fromkeys(("events", "disclosures"), Group.AUDIT)
)
"""The group of every field: the columns of ``CALLERS``, of identity and contacts, and what is kept in other tables."""

DISCLOSED = (Group.IDENTITY, Group.ATTRIBUTES, Group.CLINICAL)
"""Groups a consent can name."""
DISCLOSABLE = tuple(name for name in (*IDENTITY, *ATTRIBUTES) if GROUPS[name] in DISCLOSED)
"""Fields a consent can name: nothing of a contact, of a note, or of where somebody is placed."""


def may_see(role: Role, name: str, case: Case = UNKNOWN) -> bool:
    """Whether a role sees a field in this case."""
    group = GROUPS.get(name)
    return group is not None and MEETS[ROLES[role][group]](name, case)


def may_write(role: Role, name: str) -> bool:
    """Whether a role writes a field."""
    group = GROUPS.get(name)
    return group is not None and ROLES[role][group] is Right.WRITE


def seen(role: Role, record: Mapping[str, str], case: Case = UNKNOWN) -> dict[str, str]:
    """Return what a role sees of a record in this case; the rest is left out, not blanked."""
    return {name: text for name, text in record.items() if may_see(role, name, case)}


def refuse_read(role: Role, names: Iterable[str], case: Case = UNKNOWN) -> None:
    """Raise ``Denied`` where a role does not see one of these fields in this case."""
    if kept := sorted(name for name in names if not may_see(role, name, case)):
        raise Denied("read", f"the role {role} does not see {', '.join(kept)}")


def refuse_write(role: Role, names: Iterable[str]) -> None:
    """Raise ``Denied`` where a role does not write one of these fields."""
    if kept := sorted(name for name in names if not may_write(role, name)):
        raise Denied("write", f"the role {role} does not write {', '.join(kept)}")


def expanded(named: Iterable[str]) -> tuple[str, ...]:
    """Return the fields that names in a consent stand for, of fields or groups. Raises ``Malformed`` for any other."""
    words = set(named)
    strange = words - set(DISCLOSABLE) - set(DISCLOSED)
    if strange or not words:
        allowed = ", ".join((*DISCLOSED, *DISCLOSABLE))
        raise Malformed("fields", f"{', '.join(sorted(strange)) or 'nothing'} cannot be disclosed; allowed: {allowed}")
    return tuple(name for name in DISCLOSABLE if name in words or GROUPS[name] in words)
