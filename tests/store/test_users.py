"""Who may ask: passwords and tokens that cannot be read out of the ledger, and that end; in both databases."""

import hashlib
from typing import Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from data.store import users
from data.store.change import Store
from data.store.errors import Malformed, Missing, Stranger
from data.store.tables import tokens
from data.store.tables import users as kept
from data.store.users import SESSION, Who, add_user, end_user, issue, revoke, set_password, sign_in, sign_out, who
from data.store.words import Role
from sqlalchemy import select

from .ledgers import Clock
from .people import all_there_is, told

PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost less, for tests that sign in often."""
    monkeypatch.setattr(users, "HASHER", QUICK)


def added(store: Store, login: str = "ann", role: Role = Role.ADVISOR, site: str | None = None) -> str:
    return store.write("boss", lambda change: add_user(change, login, PASSWORD, role, site))


def known(store: Store, token: str) -> Who:
    with store.database.read() as connection:
        return who(connection, token, store.clock())


def test_whoever_signs_in_is_known_by_their_token(store: Store) -> None:
    user_id = added(store)
    session = sign_in(store, " ANN", PASSWORD)
    assert known(store, session.token) == Who(user_id, Role.ADVISOR, None)
    assert told(store, f"user:{user_id}") == [("signed-in", user_id, "{}")]


def test_neither_password_nor_token_can_be_read_in_the_tables(store: Store) -> None:
    added(store)
    session = sign_in(store, "ann", PASSWORD)
    everything = all_there_is(store)
    assert PASSWORD.encode() not in everything
    assert session.token.encode() not in everything
    assert hashlib.blake2b(session.token.encode(), digest_size=32).digest() in everything


def test_equal_passwords_do_not_look_equal(store: Store) -> None:
    added(store, "ann")
    added(store, "bob")
    with store.database.read() as connection:
        hashes = connection.execute(select(kept.c.password)).scalars().all()
    assert len(set(hashes)) == 2


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("ann", "wrong horse battery"),
        ("bob", PASSWORD),
        ("", PASSWORD),
        ("ann", ""),
        ("ann\0", PASSWORD),
        ("\ud800", PASSWORD),
        ("ann", "\ud800" * 12),
        ("ann", PASSWORD * 10_000),
        ("a" * 100_000, PASSWORD),
    ],
)
def test_whatever_is_wrong_is_refused_in_the_same_words(store: Store, login: str, password: str) -> None:
    added(store)
    with pytest.raises(Stranger, match=r"^no such login and password$"):
        sign_in(store, login, password)


class Counted(PasswordHasher):
    """Writes down with what parameters it verified: what a refusal costs, whatever else the machine does."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=64, parallelism=1)
        self.costs = list[Parameters]()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        self.costs.append(extract_parameters(str(hash)))
        return super().verify(hash, password)


def test_an_unknown_login_costs_as_much_as_a_wrong_password(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted()
    monkeypatch.setattr(users, "HASHER", counted)
    users._nobody.cache_clear()
    added(store)

    def costs(login: str) -> list[Parameters]:
        counted.costs.clear()
        with pytest.raises(Stranger):
            sign_in(store, login, "wrong horse battery")
        return list(counted.costs)

    assert costs("ann") == costs("bob")
    assert len(costs("bob")) == 1
    monkeypatch.setattr(users, "_nobody", lambda: QUICK.hash("nobody"))
    assert costs("ann") != costs("bob")


def test_a_session_ends_by_the_clock(store: Store, clock: Clock) -> None:
    added(store)
    session = sign_in(store, "ann", PASSWORD)
    assert session.expires_at == clock.now + SESSION
    clock.now = session.expires_at - 1
    known(store, session.token)
    clock.now += 1
    with pytest.raises(Stranger):
        known(store, session.token)


def test_whoever_signs_out_is_known_no_more_there_alone(store: Store) -> None:
    user_id = added(store)
    one, other = sign_in(store, "ann", PASSWORD), sign_in(store, "ann", PASSWORD)
    store.write(user_id, lambda change: sign_out(change, one.token))
    known(store, other.token)
    with pytest.raises(Stranger):
        known(store, one.token)


def test_a_new_password_ends_every_session(store: Store) -> None:
    user_id = added(store)
    session = sign_in(store, "ann", PASSWORD)
    store.write("boss", lambda change: set_password(change, user_id, "another battery staple"))
    with pytest.raises(Stranger):
        known(store, session.token)
    with pytest.raises(Stranger):
        sign_in(store, "ann", PASSWORD)
    sign_in(store, "ann", "another battery staple")


def test_whoever_has_left_signs_in_no_more(store: Store) -> None:
    user_id = added(store)
    session = sign_in(store, "ann", PASSWORD)
    store.write("boss", lambda change: end_user(change, user_id))
    with pytest.raises(Stranger):
        known(store, session.token)
    with pytest.raises(Stranger, match=users.WRONG):
        sign_in(store, "ann", PASSWORD)


def test_whoever_left_while_their_password_was_verified_is_not_let_in(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = added(store)

    def verified(*_: str) -> bool:
        store.write("boss", lambda change: end_user(change, user_id))
        return True

    monkeypatch.setattr(users, "_verified", verified)
    with pytest.raises(Stranger):
        sign_in(store, "ann", PASSWORD)
    with store.database.read() as connection:
        assert connection.execute(select(tokens)).all() == []


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(store)
    monkeypatch.setattr(users, "HASHER", PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    sign_in(store, "ann", PASSWORD)
    with store.database.read() as connection:
        hashed = connection.execute(select(kept.c.password)).scalar_one()
    assert "t=2" in hashed
    sign_in(store, "ann", PASSWORD)


def test_a_program_is_known_by_its_token_till_it_ends(store: Store, clock: Clock) -> None:
    issued = store.write("boss", lambda change: issue(change, Role.FACILITY, change.now + 60, "a"))
    assert known(store, issued.token) == Who(issued.owner, Role.FACILITY, "a")
    clock.now += 60
    with pytest.raises(Stranger):
        known(store, issued.token)


def test_a_revoked_token_is_known_no_more_and_the_others_are(store: Store) -> None:
    one, other = (store.write("boss", lambda change: issue(change, Role.SYSTEM, change.now + 60)) for _ in range(2))
    assert store.write("boss", lambda change: revoke(change, one.owner)) == 1
    known(store, other.token)
    with pytest.raises(Stranger):
        known(store, one.token)


@pytest.mark.parametrize("token", ["", "x", "\0", "\ud800", "x" * 1_000_000])
def test_a_token_nobody_was_given_is_nobodys(store: Store, token: str) -> None:
    with pytest.raises(Stranger):
        known(store, token)


@pytest.mark.parametrize(
    ("role", "site"), [(Role.FACILITY, None), (Role.FACILITY, ""), (Role.ADVISOR, "a"), (Role.SYSTEM, "a")]
)
def test_a_facility_is_one_and_no_other_role_is(store: Store, role: Role, site: str | None) -> None:
    with pytest.raises(Malformed, match="a facility has one, no other role has"):
        added(store, role=role, site=site)
    with pytest.raises(Malformed, match="a facility has one, no other role has"):
        store.write("boss", lambda change: issue(change, role, change.now + 60, site))


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.SUPERVISOR])
def test_no_program_is_a_person(store: Store, role: Role) -> None:
    with pytest.raises(Malformed, match="allowed: facility, system"):
        store.write("boss", lambda change: issue(change, role, change.now + 60))


def test_a_login_is_given_once_whatever_its_case(store: Store) -> None:
    added(store, "Ann")
    with pytest.raises(Malformed, match="in use"):
        added(store, "aNN ")


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 257])
def test_a_password_is_neither_short_nor_endless(store: Store, password: str) -> None:
    with pytest.raises(Malformed, match="12 to 256"):
        store.write("boss", lambda change: add_user(change, "ann", password, Role.ADVISOR))


@pytest.mark.parametrize("login", ["", " ", "a\0b", "x" * 257, "\ud800"])
def test_a_login_can_be_printed(store: Store, login: str) -> None:
    with pytest.raises(Malformed, match="can be printed"):
        added(store, login)


def test_an_unknown_user_is_missing(store: Store) -> None:
    with pytest.raises(Missing):
        store.write("boss", lambda change: end_user(change, "nobody"))
    with pytest.raises(Missing):
        store.write("boss", lambda change: set_password(change, "nobody", PASSWORD))
