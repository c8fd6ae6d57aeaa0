"""Who may ask: people with a login and a password, programs with a token; and who stands behind a token.

Passwords are kept as argon2 hashes, tokens as BLAKE2b marks: neither can be read out of the ledger. A token is 256 bits
of chance, so its mark needs no salt.
"""

import hashlib
import secrets
from functools import cache, partial
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from . import attempts
from .attempts import Tried
from .change import Change, Store, fresh_id
from .errors import Malformed, Missing, Stranger
from .tables import tokens, users
from .words import Role

HASHER = PasswordHasher()
SHORTEST, LONGEST = 12, 256
"""Characters of a password."""
SESSION = 12 * 3600
"""Seconds a person stays signed in: a shift."""
PROGRAMS = (Role.FACILITY, Role.SYSTEM)
"""Roles a program's token may have."""
WRONG = "no such login and password"
DOOR, NOBODY = "sign-in", "nobody"
"""By whom failed attempts are told, and of whom where the login is nobody's."""


class Who(NamedTuple):
    """Who asks. ``owner``: the id of the user or token; ``facility_id``: of the role facility alone."""

    owner: str
    role: Role
    facility_id: str | None


class Issued(NamedTuple):
    """A token, told once and kept nowhere; ``expires_at``: seconds since 1970 in UTC."""

    owner: str
    token: str
    expires_at: int


WHO = select(tokens.c.owner, tokens.c.role, tokens.c.facility_id).where(
    tokens.c.mark == bindparam("mark"), tokens.c.expires_at > bindparam("now"), tokens.c.ended_at.is_(None)
)


def who(connection: Connection, token: str, now: int) -> Who:
    """Return who stands behind a token. Raises ``Stranger`` where nobody does, or not any more."""
    row = connection.execute(WHO, {"mark": _mark(token), "now": now}).first()
    if row is None:
        raise Stranger("token", "this token is not known, or over; sign in again")
    return Who(row.owner, Role(row.role), row.facility_id)


def user_of(connection: Connection, login: str) -> str:
    """Return the id of the person with this login. Raises ``Missing``."""
    found = connection.execute(select(users.c.user_id).where(users.c.login == login.strip().casefold())).scalar()
    if found is None:
        raise Missing("user", f"nobody signs in as {login}")
    return str(found)


def add_user(change: Change, login: str, password: str, role: Role, facility_id: str | None = None) -> str:
    """Add a person who may sign in, and return their id. Raises ``Malformed``, also where the login is in use.

    The hash takes about 50 ms; it is made inside the write, since people are added seldom.
    """
    _check_scope(role, facility_id)
    name = _login(login)
    row = {
        "user_id": fresh_id(), "login": name, "role": role, "facility_id": facility_id,
        "password": _hashed(password), "made_at": change.now, "ended_at": None,
    }  # fmt: skip
    change.take_own()
    try:
        with change.connection.begin_nested():
            change.connection.execute(insert(users), row)
    except IntegrityError as error:
        raise Malformed("login", f"the login {name} is in use; choose another") from error
    change.tell_own("user-added", str(row["user_id"]), role=role.value, facility=facility_id)
    return str(row["user_id"])


def set_password(change: Change, user_id: str, password: str) -> None:
    """Give a person a new password; their sessions end, and attempts with the old one count no more.

    Raises ``Missing`` and ``Malformed``.
    """
    hashed = _hashed(password)
    change.take_own()
    _update_user(change, user_id, password=hashed)
    login = change.connection.execute(select(users.c.login).where(users.c.user_id == user_id)).scalar_one()
    attempts.begin_anew(change, login)
    revoke(change, user_id)
    change.tell_own("password-set", user_id)


def end_user(change: Change, user_id: str) -> None:
    """Let a person sign in no more, and end their sessions. Raises ``Missing``."""
    change.take_own()
    _update_user(change, user_id, ended_at=change.now)
    revoke(change, user_id)
    change.tell_own("user-ended", user_id)


def sign_in(store: Store, login: str, password: str, address: str = "") -> Issued:
    """Begin a session. Raises ``Stranger``, after the same time and in the same words, whatever was wrong.

    Raises ``Throttled`` where too many attempts failed (see ``attempts``). The password is verified
    outside the writes, which others wait for.
    """
    name = login.strip().casefold()
    tried = Tried(name if name.isprintable() else "", address)
    failures = store.write(DOOR, partial(attempts.count, tried=tried))
    with store.database.read() as connection:
        found = connection.execute(select(users).where(users.c.login == tried.login)).first()
    known = found is not None and found.ended_at is None
    verified = _verified(found.password if found is not None and known else _nobody(), password)
    if found is None or not (known and verified):
        store.write(DOOR, partial(_tell_failed, user_id=NOBODY if found is None else found.user_id, failures=failures))
        raise Stranger("sign-in", WRONG)
    again = _hashed(password) if HASHER.check_needs_rehash(found.password) else None
    return store.write(found.user_id, lambda change: _begin(change, tried, found.password, again))


def issue(change: Change, role: Role, expires_at: int, facility_id: str | None = None) -> Issued:
    """Make a token for a program: of one facility, or of the system. Raises ``Malformed``."""
    _check_scope(role, facility_id)
    if role not in PROGRAMS:
        raise Malformed("role", f"a program is no {role}; allowed: {', '.join(PROGRAMS)}")
    if expires_at <= change.now:
        raise Malformed("expires_at", f"a token that ends at {expires_at} is over; now it is {change.now}")
    issued = _issued(change, Who(f"program-{fresh_id()}", role, facility_id), expires_at)
    change.tell_own("token-issued", issued.owner, role=role.value, facility=facility_id, until=expires_at)
    return issued


def revoke(change: Change, owner: str) -> int:
    """End every token of a user or a program from now on; return how many there were."""
    mine = update(tokens).where(tokens.c.owner == owner, tokens.c.ended_at.is_(None)).values(ended_at=change.now)
    ended = change.connection.execute(mine).rowcount
    change.tell_own("tokens-revoked", owner, number=ended)
    return ended


def sign_out(change: Change, token: str) -> None:
    """End one session; one that is over already stays so."""
    mine = update(tokens).where(tokens.c.mark == _mark(token), tokens.c.ended_at.is_(None))
    change.connection.execute(mine.values(ended_at=change.now))
    change.tell_own("signed-out", change.by)


def _tell_failed(change: Change, user_id: str, failures: int) -> None:
    """Tell of a failed attempt, and neither the password nor a login that nobody has: it may be a password."""
    change.tell_own("sign-in-failed", user_id, failures=failures)


def _begin(change: Change, tried: Tried, password: str, again: str | None) -> Issued:
    """Begin the session of a person whose password was right, unless it was changed since."""
    row = change.connection.execute(select(users).where(users.c.user_id == change.by).with_for_update()).one()
    if row.ended_at is not None or row.password != password:
        raise Stranger("sign-in", WRONG)
    if again is not None:
        _update_user(change, change.by, password=again)
    attempts.succeeded(change, tried)
    change.tell_own("signed-in", change.by)
    return _issued(change, Who(row.user_id, Role(row.role), row.facility_id), change.now + SESSION)


def _issued(change: Change, one: Who, expires_at: int) -> Issued:
    token = secrets.token_urlsafe(32)
    row = {**one._asdict(), "mark": _mark(token), "made_at": change.now, "expires_at": expires_at, "ended_at": None}
    change.connection.execute(insert(tokens), row)
    return Issued(one.owner, token, expires_at)


def _update_user(change: Change, user_id: str, **values: object) -> None:
    found = change.connection.execute(update(users).where(users.c.user_id == user_id).values(**values))
    if found.rowcount != 1:
        raise Missing("user", f"no user {user_id}")


def _check_scope(role: Role, facility_id: str | None) -> None:
    if (role is Role.FACILITY) != bool(facility_id):
        raise Malformed(
            "facility_id", f"role {role} with facility {facility_id}; a facility has one, no other role has"
        )


def _login(login: str) -> str:
    name = login.strip().casefold()
    if not name.isprintable() or not 1 <= len(name) <= LONGEST:
        raise Malformed("login", f"a login is 1 to {LONGEST} characters that can be printed")
    return name


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Malformed("password", f"a password is {SHORTEST} to {LONGEST} characters")
    return HASHER.hash(password.encode("utf-8", "surrogatepass"))


def _verified(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password[: LONGEST + 1].encode("utf-8", "surrogatepass"))
    except VerificationError:
        return False


@cache
def _nobody() -> str:
    """A hash that stands for whoever is not known, so that it takes as long to refuse them."""
    return HASHER.hash(secrets.token_urlsafe(32))


def _mark(token: str) -> bytes:
    return hashlib.blake2b(token.encode("utf-8", "replace"), digest_size=32).digest()
