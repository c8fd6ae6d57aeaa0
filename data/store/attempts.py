"""Attempts to sign in: each that failed makes the next of the same login, or from the same address, wait longer.

Kept in the ledger and not in a process: several processes serve one ledger, and whoever guesses would find in each of
them, and after each start, a count of its own. An attempt counts as failed from before its password is verified, so
that a thousand at once are no more than a thousand one by one. Logins that nobody has are counted as all others, so a
refusal does not tell who exists. Logins and addresses are kept as marks: somebody types a password for a login.
"""

from ipaddress import ip_address, ip_network
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..terms import Terms
from .change import Change
from .errors import Throttled
from .keys import Keys
from .tables import attempts

MINUTE, HOUR = 60, 3600
LOGIN, ADDRESS = "login", "address"
DOUBLED = 20
"""Times a wait is doubled at most: after that it is longer than any limit."""
SITE = 64
"""Bits of an IPv6 address that one customer has: who has one such address has all the others of it."""


class Tried(NamedTuple):
    """Who tries to sign in: with which login, from which address; blank: not known."""

    login: str
    address: str = ""


def count(change: Change, tried: Tried) -> int:
    """Count an attempt as failed, and return how many of its login have. Raises ``Throttled`` while it must wait."""
    failures = 0
    for kind, mark in _marks(change.keys, tried):
        before = _locked(change, kind, mark)
        _expect_ripe(change, kind, *before)
        again = update(attempts).where(attempts.c.mark == mark)
        change.connection.execute(again.values(failures=before[0] + 1, last_at=change.now))
        failures = before[0] + 1 if kind == LOGIN else failures
    change.passed("counted")
    return failures


def succeeded(change: Change, tried: Tried) -> None:
    """Forget the failures of a login that was right at last; of its address only that one, for others guess there."""
    for kind, mark in _marks(change.keys, tried):
        same = attempts.c.mark == mark
        if kind == LOGIN:
            change.connection.execute(delete(attempts).where(same))
        else:
            one_less = update(attempts).where(same, attempts.c.failures > 0).values(failures=attempts.c.failures - 1)
            change.connection.execute(one_less)


def forget(change: Change) -> int:
    """Forget the failures of addresses that were quiet; of a login they count till somebody has it right."""
    quiet = attempts.c.last_at < change.now - change.terms.sign_in_forget_hours * HOUR
    return change.connection.execute(delete(attempts).where(attempts.c.kind == ADDRESS, quiet)).rowcount


def _marks(keys: Keys, tried: Tried) -> list[tuple[str, bytes]]:
    """Kind and mark of all that an attempt counts for, in the order in which they are locked."""
    found = [(LOGIN, tried.login)] + ([(ADDRESS, _site(tried.address))] if tried.address else [])
    return sorted(((kind, keys.mark(f"sign-in-{kind}", value)) for kind, value in found), key=lambda one: one[1])


def _site(address: str) -> str:
    try:
        return str(ip_network((address, SITE), strict=False)) if ip_address(address).version == 6 else address
    except ValueError:
        return address


def _locked(change: Change, kind: str, mark: bytes) -> tuple[int, int]:
    """Return failures and the moment of the last, the row locked."""
    row = {"mark": mark, "kind": kind, "failures": 0, "last_at": change.now}
    change.connection.execute(BEGIN[change.connection.dialect.name], row)
    failures, last_at = _read(change.connection, mark)
    quiet = last_at < change.now - change.terms.sign_in_forget_hours * HOUR
    return (0, last_at) if kind == ADDRESS and quiet else (failures, last_at)


def _read(connection: Connection, mark: bytes) -> tuple[int, int]:
    found = select(attempts.c.failures, attempts.c.last_at).where(attempts.c.mark == mark).with_for_update()
    failures, last_at = connection.execute(found).one()
    return failures, last_at


BEGIN = {
    "postgresql": postgresql.insert(attempts).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(attempts).on_conflict_do_nothing(),
}


def _expect_ripe(change: Change, kind: str, failures: int, last_at: int) -> None:
    terms = change.terms
    longest = terms.sign_in_longest_minutes * MINUTE
    if kind == LOGIN and failures >= terms.sign_in_most:
        raise Throttled("sign-ins", "too many attempts to sign in failed; ask for a new password", longest)
    left = last_at + min(longest, _wait(terms, kind, failures)) - change.now
    if left > 0:
        raise Throttled("sign-ins", f"too many attempts to sign in failed; try again in {left} seconds", left)


def _wait(terms: Terms, kind: str, failures: int) -> int:
    """Seconds after so many failures: none after the first few, then twice as long after each."""
    free = terms.sign_in_free if kind == LOGIN else terms.sign_in_address_free
    return 0 if failures < free else terms.sign_in_wait_seconds << min(failures - free, DOUBLED)
