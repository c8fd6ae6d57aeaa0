"""Attempts to sign in: each that failed makes the next of its kind wait longer, so that nobody guesses a password.

Who guesses has no token and no password, may know every login, and may come from many addresses; they must neither get
in nor keep an advisor out. So three things are counted, each by itself:

- a login from places it was never signed in from, all of them together: guesses from a thousand addresses are no more
  than from one, and after too many of them only a new password helps, there;
- a login from a place where it was signed in rightly not long ago, each place by itself: whatever strangers elsewhere
  do to the login, or to others from this place, its advisor signs in as ever. A guesser who sits there too (one office,
  one network) has that place's count against them, and at worst locks the login there;
- an address, for logins that are not known there: it cannot go through a list of logins.

What is left: an advisor whose login is guessed at from elsewhere must wait, or ask for a new password, when they come
from a place that is new. And who shares a place can tell a login that is known there from others by its wait.

Kept in the ledger and not in a process: several processes serve one ledger, and whoever guesses would find in each of
them, and after each start, a count of its own. An attempt counts as failed from before its password is verified, so
that a thousand at once are no more than a thousand one by one. Logins that nobody has are counted as all others, so a
refusal does not tell who exists. Logins and addresses are kept as marks: somebody types a password for a login. An
address is the one of the connection; behind a proxy, what the settings' own proxies say of it (``trusted_proxies``).
"""

from typing import NamedTuple

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..networks import site_of
from ..terms import Terms
from .change import Change
from .errors import Throttled
from .keys import Keys
from .tables import attempts

MINUTE, HOUR, DAY = 60, 3600, 86_400
LOGIN, ADDRESS, PLACE = "login", "address", "place"
"""What an attempt counts for; a place is a login with an address from which it was signed in rightly."""
DOUBLED = 20
"""Times a wait is doubled at most: after that it is longer than any limit."""


class Tried(NamedTuple):
    """Who tries to sign in: with which login, from which address; blank: not known."""

    login: str
    address: str = ""


def count(change: Change, tried: Tried) -> int:
    """Count an attempt as failed, and return how many of its login have, where it comes from.

    Raises ``Throttled`` while it must wait.
    """
    failures = 0
    for kind, mark in _counted(change, tried):
        before = _locked(change, kind, mark)
        _expect_ripe(change, kind, *before)
        again = update(attempts).where(attempts.c.mark == mark)
        change.connection.execute(again.values(failures=before[0] + 1, last_at=change.now))
        failures = failures if kind == ADDRESS else before[0] + 1
    change.passed("counted")
    return failures


def succeeded(change: Change, tried: Tried) -> None:
    """Forget the failures of a login that was right at last, where it was, and know the place from now on.

    Of its address only that one failure is forgotten, for others guess there; and of a login that was right at a known
    place those from elsewhere are not, for it was somebody else who failed there.
    """
    for kind, mark in _counted(change, tried):
        same = attempts.c.mark == mark
        if kind == LOGIN:
            change.connection.execute(delete(attempts).where(same))
        elif kind == ADDRESS:
            one_less = update(attempts).where(same, attempts.c.failures > 0).values(failures=attempts.c.failures - 1)
            change.connection.execute(one_less)
    if tried.address:
        _know(change, tried)


def begin_anew(change: Change, login: str) -> None:
    """Forget all that was counted of a login, and its places, for it has a new password."""
    mark = _login(change.keys, login)
    change.connection.execute(delete(attempts).where(or_(attempts.c.mark == mark, attempts.c.login == mark)))


def forget(change: Change) -> int:
    """Forget addresses that were quiet, and places nobody came from for long; return how many.

    Failures of a login from elsewhere count till somebody has it right.
    """
    quiet = attempts.c.last_at < change.now - change.terms.sign_in_forget_hours * HOUR
    left = attempts.c.last_at < change.now - change.terms.sign_in_place_days * DAY
    old = or_((attempts.c.kind == ADDRESS) & quiet, (attempts.c.kind == PLACE) & left)
    return change.connection.execute(delete(attempts).where(old)).rowcount


def _counted(change: Change, tried: Tried) -> list[tuple[str, bytes]]:
    """Kind and mark of all that an attempt counts for, in the order in which they are locked: a known place first."""
    if not tried.address:
        return [(LOGIN, _login(change.keys, tried.login))]
    place = _place(change.keys, tried)
    if _is_known(change, place):
        return [(PLACE, place)]
    address = change.keys.mark("sign-in-address", site_of(tried.address))
    return sorted([(LOGIN, _login(change.keys, tried.login)), (ADDRESS, address)], key=lambda one: one[1])


def _is_known(change: Change, place: bytes) -> bool:
    """Whether a login was signed in from a place not long ago; the place is then locked."""
    since = change.now - change.terms.sign_in_place_days * DAY
    found = select(attempts.c.mark).where(attempts.c.mark == place, attempts.c.last_at >= since).with_for_update()
    return change.connection.execute(found).first() is not None


def _know(change: Change, tried: Tried) -> None:
    """Know a place from now on; nothing has failed there since."""
    place = _place(change.keys, tried)
    row = {"mark": place, "kind": PLACE, "login": _login(change.keys, tried.login), "failures": 0}
    change.connection.execute(BEGIN[change.connection.dialect.name], row | {"last_at": change.now})
    known = update(attempts).where(attempts.c.mark == place)
    change.connection.execute(known.values(failures=0, last_at=change.now))


def _login(keys: Keys, login: str) -> bytes:
    return keys.mark("sign-in-login", login)


def _place(keys: Keys, tried: Tried) -> bytes:
    return keys.mark("sign-in-place", f"{site_of(tried.address)} {tried.login}")


def _locked(change: Change, kind: str, mark: bytes) -> tuple[int, int]:
    """Return failures and the moment of the last, the row locked."""
    row = {"mark": mark, "kind": kind, "login": None, "failures": 0, "last_at": change.now}
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
    if kind != ADDRESS and failures >= terms.sign_in_most:
        raise Throttled("sign-ins", "too many attempts to sign in failed; ask for a new password", longest)
    left = last_at + min(longest, _wait(terms, kind, failures)) - change.now
    if left > 0:
        raise Throttled("sign-ins", f"too many attempts to sign in failed; try again in {left} seconds", left)


def _wait(terms: Terms, kind: str, failures: int) -> int:
    """Seconds after so many failures: none after the first few, then twice as long after each."""
    free = terms.sign_in_address_free if kind == ADDRESS else terms.sign_in_free
    return 0 if failures < free else terms.sign_in_wait_seconds << min(failures - free, DOUBLED)
