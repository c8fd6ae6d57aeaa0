"""Medical emergencies: what 42 CFR 2.51 asks to be written down where something was told without consent.

Name and affiliation of the medical personnel, who told it, and the nature of the emergency, sealed under the caller's
key; date, time and fields stand with the disclosure itself.
"""

import json
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from .change import Change
from .errors import Malformed
from .keys import Seal
from .tables import disclosures, emergencies, users

LONGEST = 2000
"""Characters of each text."""


class Emergency(NamedTuple):
    """Medical personnel by name and affiliation, and the emergency's nature. ``discloser``: who told it, by login."""

    recipient_name: str
    affiliation: str
    nature: str
    discloser: str = ""


def expect_documented(emergency: Emergency) -> None:
    """Raise ``Malformed`` with all that must be written down and is missing, or too long."""
    names = [name for name in ("recipient_name", "affiliation", "nature") if not _is_said(getattr(emergency, name))]
    if names:
        said = f"a disclosure in an emergency states its {', its '.join(names)}, each in 1 to {LONGEST} characters"
        raise Malformed(names[0], said)


def _is_said(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST


def document(change: Change, seal: Seal, disclosure_id: str, emergency: Emergency) -> None:
    """Write down a disclosure's emergency, by whoever acts."""
    login = change.connection.execute(select(users.c.login).where(users.c.user_id == change.by)).scalar()
    told = emergency._replace(discloser=login or change.by)._asdict()
    content = seal.close(json.dumps(told, sort_keys=True).encode(), _what(disclosure_id))
    change.connection.execute(insert(emergencies), {"disclosure_id": disclosure_id, "content": content})
    change.passed("documented")


def documented(connection: Connection, seal: Seal) -> dict[str, Emergency]:
    """Return the emergencies in which anything of a caller was told, by disclosure."""
    mine = select(emergencies).join(disclosures).where(disclosures.c.caller_id == seal.caller_id)
    return {
        row.disclosure_id: Emergency(**json.loads(seal.open(row.content, _what(row.disclosure_id))))
        for row in connection.execute(mine)
    }


def _what(disclosure_id: str) -> str:
    return f"emergencies.content.{disclosure_id}"
