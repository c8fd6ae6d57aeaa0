"""Disclosures: what of a caller was told to whom, by whose consent or in what emergency; listed before it is made."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import insert, select

from .callers import caller
from .change import Change, fresh_id
from .consents import Purpose, in_force, read_consent
from .emergencies import Emergency, document, documented, expect_documented
from .errors import Denied, Missing
from .identity import identity
from .keys import Seal
from .referrals import referral
from .roles import Case, expanded, refuse_read
from .seals import locked
from .tables import consents, disclosures
from .users import Who
from .words import Role

LISTED = (3 * 365 + 1) * 86_400
"""Seconds a disclosure stands in the report: three years (42 CFR 2.24)."""
NOTICE: Mapping[str, str] = MappingProxyType(
    {
        "en": (
            "This record is protected by federal law on the confidentiality of substance use disorder records "
            "(42 CFR part 2). You have it because the person it is about consented. You may not pass it on, unless "
            "their written consent or 42 CFR part 2 allows it. It may not be used against them in any civil, "
            "criminal, administrative or legislative proceeding, without their written consent or a court order."
        ),
        "es": (
            "Este registro está protegido por la ley federal de confidencialidad de los registros de trastornos por "
            "consumo de sustancias (42 CFR parte 2). Usted lo tiene porque la persona de quien trata dio su "
            "consentimiento. No puede compartirlo, salvo que lo permita el consentimiento escrito de esa persona o la "
            "norma 42 CFR parte 2. No puede usarse en su contra en ningún proceso civil, penal, administrativo o "
            "legislativo sin su consentimiento escrito o una orden judicial."
        ),
    }
)
"""What goes with every disclosure by consent (42 CFR 2.32), in our own words."""
EMERGENCY = "medical-emergency"
"""The purpose of what is told without consent to meet a medical emergency (42 CFR 2.51)."""
PERSONNEL = "medical-personnel"
"""Whom it is told to; who that is stands sealed."""
DISCLOSES = (Role.ADVISOR, Role.SUPERVISOR)
"""Who may tell medical personnel."""
WITHOUT_CONSENT: Mapping[str, str] = MappingProxyType(
    {
        "en": (
            "This record is protected by federal law on the confidentiality of substance use disorder records "
            "(42 CFR part 2). You have it without the person's consent, to meet a medical emergency (42 CFR 2.51): "
            "use it for that alone. That you were told, and why, is written down."
        ),
        "es": (
            "Este registro está protegido por la ley federal de confidencialidad de los registros de trastornos por "
            "consumo de sustancias (42 CFR parte 2). Usted lo tiene sin el consentimiento de la persona, para atender "
            "una emergencia médica (42 CFR 2.51): úselo solo para eso. Queda constancia de que se le informó y por qué."
        ),
    }
)
"""What goes with a disclosure in an emergency."""


class Disclosed(NamedTuple):
    """What a recipient is given, and the notice that must go with it, by language."""

    cells: Mapping[str, str]
    notice: Mapping[str, str]


class Disclosure(NamedTuple):
    """One line of the report of 42 CFR 2.24. ``at``: seconds since 1970 in UTC. ``by``: the user or token.

    ``affiliation``, ``nature``, ``discloser``: in an emergency alone, as 42 CFR 2.51 asks.
    """

    disclosure_id: str
    at: int
    recipient: str
    recipient_name: str
    purpose: str
    fields: tuple[str, ...]
    by: str
    affiliation: str | None = None
    nature: str | None = None
    discloser: str | None = None


def disclose(
    change: Change, caller_id: str, recipient: str, purpose: Purpose, fields: Iterable[str],
    referral_id: str | None = None,
) -> Disclosed:  # fmt: skip
    """Give a recipient what the caller consented to of these fields or groups, and list it.

    What a referral says counts before what its caller says. Raises ``Missing``, ``Erased``, ``Malformed``, and
    ``Denied`` where no consent in force covers any of the fields.
    """
    wanted = expanded(fields)
    seal = locked(change, caller_id)
    covered = _covered(change, caller_id, recipient, purpose, wanted)
    if not covered:
        raise Denied("consent", f"caller {caller_id} does not consent to tell {recipient} this for {purpose}")
    for consent_id, names in covered.items():
        disclosure_id = _list(change, caller_id, consent_id, recipient, purpose, names)
        change.tell_own("disclosed", caller_id, disclosure=disclosure_id)
    record = record_of(change, seal, referral_id)
    named = [name for names in covered.values() for name in names]
    return Disclosed({name: record[name] for name in wanted if name in named and name in record}, NOTICE)


def disclose_in_emergency(
    change: Change, who: Who, caller_id: str, emergency: Emergency, fields: Iterable[str],
    referral_id: str | None = None,
) -> Disclosed:  # fmt: skip
    """Tell medical personnel these fields or groups without consent, written down as 42 CFR 2.51 asks.

    No more than the emergency needs is named in ``fields``: the person who tells it answers for that. Raises
    ``Missing``, ``Erased``, ``Malformed``, and ``Denied`` where the role may not.
    """
    if who.role not in DISCLOSES:
        raise Denied("role", f"the role {who.role} tells nothing in an emergency; allowed: {', '.join(DISCLOSES)}")
    wanted = expanded(fields)
    refuse_read(who.role, wanted, Case(reason=True))
    expect_documented(emergency)
    seal = locked(change, caller_id)
    record = record_of(change, seal, referral_id)
    disclosure_id = _list(change, caller_id, None, PERSONNEL, EMERGENCY, wanted)
    document(change, seal, disclosure_id, emergency)
    change.tell_own("disclosed", caller_id, disclosure=disclosure_id, reason=EMERGENCY)
    return Disclosed({name: record[name] for name in wanted if name in record}, WITHOUT_CONSENT)


def report(change: Change, caller_id: str) -> list[Disclosure]:
    """Return every disclosure of a caller in the last three years, latest first, and tell that it was asked for.

    Raises ``Missing`` and ``Erased``.
    """
    seal = locked(change, caller_id)
    change.tell_own("opened", caller_id, fields=["disclosures"])
    mine = select(consents).where(consents.c.caller_id == caller_id)
    names = {row.consent_id: read_consent(seal, row).recipient_name for row in change.connection.execute(mine)}
    told = documented(change.connection, seal)
    found = (
        select(disclosures)
        .where(disclosures.c.caller_id == caller_id, disclosures.c.at > change.now - LISTED)
        .order_by(disclosures.c.at.desc(), disclosures.c.disclosure_id)
    )
    listed = [
        Disclosure(
            row.disclosure_id, row.at, row.recipient, names.get(row.consent_id, row.recipient), row.purpose,
            tuple(row.fields.split(";")), row.by,
        )
        for row in change.connection.execute(found)
    ]  # fmt: skip
    return [one._replace(**told[one.disclosure_id]._asdict()) if one.disclosure_id in told else one for one in listed]


def _list(
    change: Change, caller_id: str, consent_id: str | None, recipient: str, purpose: str, names: Iterable[str]
) -> str:
    """List a disclosure, and return its id."""
    row = {
        "disclosure_id": fresh_id(), "caller_id": caller_id, "consent_id": consent_id, "recipient": recipient,
        "purpose": purpose, "fields": ";".join(names), "by": change.by, "at": change.now,
    }  # fmt: skip
    change.connection.execute(insert(disclosures), row)
    change.passed("listed")
    return str(row["disclosure_id"])


def _covered(
    change: Change, caller_id: str, recipient: str, purpose: Purpose, wanted: tuple[str, ...]
) -> dict[str, list[str]]:
    """The wanted fields that consents of this purpose cover, each under the oldest consent that does."""
    left, covered = list(wanted), dict[str, list[str]]()
    for row in change.connection.execute(in_force(caller_id, recipient, change.now)):
        names = [name for name in left if name in row.fields.split(";")]
        if row.purpose == purpose and names:
            covered[row.consent_id] = names
            left = [name for name in left if name not in names]
    return covered


def record_of(change: Change, seal: Seal, referral_id: str | None) -> dict[str, str]:
    """All that is known of a caller, as the referral has it."""
    asked = (change.connection, change.keys)
    record = {**caller(*asked, seal.caller_id).attributes, **identity(*asked, seal.caller_id)}
    if referral_id is None:
        return record
    one = referral(*asked, referral_id)
    if one.caller_id != seal.caller_id:
        raise Missing("referral", f"no referral {referral_id} of caller {seal.caller_id}")
    return {**record, **one.cells}
