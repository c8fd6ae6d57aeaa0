"""The door through which people and programs read of a caller: by role, one caller at a time, and each time told."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from . import consents, contacts, exclusions
from .callers import caller
from .change import Change, fresh_id
from .consents import Consent, Purpose, consented
from .contacts import CONTACT, Contact
from .disclosures import EMERGENCY, disclose, record_of
from .errors import Denied, Malformed, Missing
from .exclusions import Exclusion
from .keys import Seal
from .roles import GROUPS, ROLES, Case, Group, Right, may_see, refuse_read, seen
from .seals import locked
from .tables import accesses, claims, placements, pools
from .users import Who
from .words import CLAIMING, PlacementState, Role

LONGEST = 2000
"""Characters of a stated reason."""


class Reason(StrEnum):
    """Why somebody has to see who a caller is."""

    CALLER_ASKS = "caller-asks"
    COMPLAINT = "complaint"
    EMERGENCY = EMERGENCY
    INCIDENT = "incident"
    LAW = "law"
    QUALITY = "quality-review"


class Stated(NamedTuple):
    """A stated reason: its code is told, its words are sealed under the caller's key."""

    reason: Reason
    words: str = ""


class Record(NamedTuple):
    """What somebody is shown of a caller. ``notice``: what must go with it, by language; None inside the helpline."""

    caller_id: str
    cells: Mapping[str, str]
    version: int
    notice: Mapping[str, str] | None = None


def open_record(
    change: Change, who: Who, caller_id: str, groups: Iterable[Group],
    stated: Stated | None = None, referral_id: str | None = None,
) -> Record:  # fmt: skip
    """Show somebody these groups of what is known of a caller, as their role allows, and tell of it.

    ``referral_id``: what this referral says counts before what its caller says. A facility is shown, of the referral
    it has placed, what the caller consented to, and that is listed as a disclosure. Raises ``Missing``, ``Erased``,
    ``Malformed``, and ``Denied`` where the role, the missing reason or the missing consent forbids it.
    """
    wanted = list(dict.fromkeys(groups))
    if who.role is Role.FACILITY:
        return _to_facility(change, who, caller_id, wanted)
    case = Case(reason=stated is not None)
    _refuse(who.role, wanted, case)
    seal = locked(change, caller_id)
    said = {} if stated is None else {"reason": stated.reason.value}
    if stated is not None:
        _keep_reason(change, seal, stated)
    change.tell_own("opened", caller_id, fields=[group.value for group in wanted], **said)
    record = record_of(change, seal, referral_id)
    asked = {name: text for name, text in record.items() if GROUPS[name] in wanted}
    return Record(caller_id, seen(who.role, asked, case), _version(change, caller_id))


def open_contacts(change: Change, who: Who, caller_id: str, stated: Stated | None = None) -> list[Contact]:
    """Show somebody who phones for a caller, as their role allows it of who the caller is, and tell of it.

    Raises ``Missing``, ``Erased``, ``Malformed``, and ``Denied`` where the role or the missing reason forbids it.
    """
    return contacts.open_contacts(change, caller_id, **_stated(change, who, caller_id, CONTACT, stated))


def open_consents(change: Change, who: Who, caller_id: str, stated: Stated | None = None) -> list[Consent]:
    """Show somebody what a caller consents to, as their role allows it of who the caller is, and tell of it.

    Raises ``Missing``, ``Erased``, ``Malformed``, and ``Denied`` where the role or the missing reason forbids it.
    """
    return consents.open_consents(change, caller_id, **_stated(change, who, caller_id, ("consents",), stated))


def open_exclusions(change: Change, who: Who, caller_id: str, stated: Stated | None = None) -> list[Exclusion]:
    """Show somebody which facilities declines have ruled out for a caller, as their role allows it; tell of it.

    Raises ``Missing``, ``Erased``, ``Malformed``, and ``Denied`` where the role or the missing reason forbids it.
    """
    return exclusions.open_exclusions(change, caller_id, **_stated(change, who, caller_id, ("excluded",), stated))


def placed_at(connection: Connection, facility_id: str, caller_id: str) -> str | None:
    """Return the referral by which a caller is placed at a facility, promised or admitted; None where there is none.

    A facility whose seats an option draws on beside another's is one of both.
    """
    drawn = select(claims.c.placement_id).join(pools).where(pools.c.facility_id == facility_id)
    found = (
        select(placements.c.referral_id)
        .where(placements.c.caller_id == caller_id, placements.c.state.in_((*CLAIMING, PlacementState.ADMITTED)))
        .where((placements.c.facility_id == facility_id) | placements.c.placement_id.in_(drawn))
        .order_by(placements.c.made_at.desc(), placements.c.placement_id)
    )
    return connection.execute(found).scalars().first()


def _to_facility(change: Change, who: Who, caller_id: str, groups: list[Group]) -> Record:
    """A facility learns of its own placements' callers alone; of others not even that they exist."""
    facility_id = who.facility_id or ""
    change.take_own()
    referral_id = placed_at(change.connection, facility_id, caller_id)
    if referral_id is None:
        raise Missing("caller", f"no caller {caller_id}")
    consent = consented(change.connection, caller_id, facility_id, change.now, Purpose.TREATMENT)
    case = Case(own=True, consented=consent)
    _refuse(who.role, groups, case)
    shown = disclose(change, caller_id, facility_id, Purpose.TREATMENT, groups, referral_id)
    return Record(caller_id, seen(who.role, shown.cells, case), _version(change, caller_id), shown.notice)


def _refuse(role: Role, groups: list[Group], case: Case) -> None:
    """Raise ``Denied`` for a group of which a role sees no field in this case."""
    for group in groups:
        if not any(may_see(role, name, case) for name, its in GROUPS.items() if its is group):
            how = {Right.WITH_REASON: " without a stated reason", Right.WITH_CONSENT: " without consent"}
            raise Denied("role", f"the role {role} does not see {group}{how.get(ROLES[role][group], '')}")


def _stated(
    change: Change, who: Who, caller_id: str, names: Iterable[str], stated: Stated | None
) -> dict[str, str]:  # fmt: skip
    """Refuse a role that does not see these fields, keep the reason where one is stated; return what is told of it."""
    refuse_read(who.role, names, Case(reason=stated is not None))
    if stated is None:
        return {}
    _keep_reason(change, locked(change, caller_id), stated)
    return {"reason": stated.reason.value}


def _keep_reason(change: Change, seal: Seal, stated: Stated) -> None:
    if len(stated.words) > LONGEST:
        raise Malformed("reason", f"a reason is at most {LONGEST} characters")
    access_id = fresh_id()
    row = {
        "access_id": access_id, "caller_id": seal.caller_id, "reason": stated.reason, "by": change.by,
        "at": change.now, "content": seal.close(stated.words.encode(), f"accesses.content.{access_id}"),
    }  # fmt: skip
    change.connection.execute(insert(accesses), row)
    change.passed("stated")


def _version(change: Change, caller_id: str) -> int:
    return caller(change.connection, change.keys, caller_id).version
