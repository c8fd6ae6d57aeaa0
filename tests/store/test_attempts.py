"""Who guesses passwords must wait, and learns nothing of who exists; in both databases."""

from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv6Address

import pytest
from argon2 import PasswordHasher
from data.store import attempts, users
from data.store.attempts import Tried
from data.store.change import Store
from data.store.errors import Refused, Stranger, Throttled
from data.store.tables import attempts as kept
from data.store.users import add_user, set_password, sign_in
from data.store.words import Role
from sqlalchemy import select

from .ledgers import Clock
from .people import all_there_is, told

RIGHT, GUESS = "correct horse battery", "wrong horse battery"
OFFICE = "203.0.113.7"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost less, for tests that sign in often."""
    monkeypatch.setattr(users, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def ann(store: Store) -> str:
    return store.write("boss", lambda change: add_user(change, "ann", RIGHT, Role.ADVISOR))


def tried(store: Store, login: str = "ann", password: str = GUESS, address: str = "") -> int:
    """Seconds to wait, 0 where the attempt was heard and failed, -1 where it was right."""
    try:
        sign_in(store, login, password, address)
    except Throttled as refused:
        return refused.seconds
    except Stranger:
        return 0
    return -1


def guessed(store: Store, clock: Clock, login: str, number: int, address: str = "") -> list[int]:
    """Guess so often, each time as soon as it is allowed; the waits."""
    waits = []
    for _ in range(number):
        waits.append(tried(store, login, address=address))
        clock.now += waits[-1]
        if waits[-1]:
            assert tried(store, login, address=address) == 0
    return waits


def test_each_failure_after_the_first_few_doubles_the_wait(store: Store, clock: Clock, ann: str) -> None:
    assert guessed(store, clock, "ann", 11) == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900]


def test_while_it_must_wait_the_right_password_is_refused_too_and_then_clears_it(
    store: Store, clock: Clock, ann: str
) -> None:
    guessed(store, clock, "ann", 5)
    assert tried(store, password=RIGHT) == 30
    clock.now += 30
    assert tried(store, password=RIGHT) == -1
    assert guessed(store, clock, "ann", 6) == [0] * 5 + [30]


def test_a_refusal_is_the_same_whether_the_login_exists_or_not(store: Store, clock: Clock, ann: str) -> None:
    terms = store.terms()
    for _ in range(terms.sign_in_most + 2):
        said = []
        for login in ("ann", "nobody-of-this-name"):
            with pytest.raises(Refused) as refused:
                sign_in(store, login, GUESS)
            said.append((type(refused.value), str(refused.value)))
        assert said[0] == said[1]
        clock.now += terms.sign_in_longest_minutes * 60
    assert "new password" in said[0][1]


def test_a_login_with_too_many_failures_needs_a_new_password(store: Store, clock: Clock, ann: str) -> None:
    most = store.terms().sign_in_most
    assert most <= 100  # NIST SP 800-63B section 5.2.2
    for _ in range(most):
        assert tried(store) == 0
        clock.now += 900
    clock.now += 86_400 * 30
    assert tried(store, password=RIGHT) == 900
    store.write("boss", lambda change: set_password(change, ann, "another battery staple"))
    assert tried(store, password="another battery staple") == -1


def test_an_address_that_guesses_many_logins_must_wait(store: Store, clock: Clock, ann: str) -> None:
    free = store.terms().sign_in_address_free
    assert [tried(store, f"login-{number}", address=OFFICE) for number in range(free + 1)] == [0] * free + [30]
    assert tried(store, password=RIGHT, address=OFFICE) == 30
    assert tried(store, password=RIGHT, address="203.0.113.8") == -1
    clock.now += 86_401
    assert tried(store, "login-x", address=OFFICE) == 0
    assert tried(store, "login-y", address=OFFICE) == 0  # forgotten: it begins with none


def test_an_office_whose_people_sign_in_rightly_never_waits(store: Store, ann: str) -> None:
    for _ in range(store.terms().sign_in_address_free + 5):
        assert tried(store, password=RIGHT, address=OFFICE) == -1


def test_one_customers_addresses_are_one(store: Store) -> None:
    free = store.terms().sign_in_address_free
    for number in range(free):
        tried(store, f"login-{number}", address=f"2001:db8:1:2::{number:x}")
    assert tried(store, "x", address="2001:db8:1:2:ffff::1") == 30
    assert tried(store, "x", address="2001:db8:1:3::1") == 0


def test_many_at_once_are_no_more_than_one_by_one(store: Store, ann: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(lambda _: tried(store), range(40)))
    assert heard.count(0) == store.terms().sign_in_free


def test_counted_after_the_verification_many_at_once_would_be_heard(
    store: Store, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: nothing is counted before the password is verified."""
    monkeypatch.setattr(attempts, "count", lambda change, tried: 0)
    assert [tried(store) for _ in range(8)] == [0] * 8


def test_a_failure_is_told_without_login_or_password(store: Store, ann: str) -> None:
    tried(store, "ann")
    tried(store, RIGHT, address=OFFICE)  # somebody typed the password for the login
    found = [(kind, subject, body) for kind, subject, body in told(store, "user:sign-in")]
    assert found == [("sign-in-failed", ann, '{"failures":1}'), ("sign-in-failed", "nobody", '{"failures":1}')]
    everything = all_there_is(store)
    assert not [word for word in (RIGHT, GUESS, OFFICE) if word.encode() in everything]


def test_quiet_addresses_are_forgotten_and_logins_are_not(store: Store, clock: Clock) -> None:
    tried(store, "ann", address=OFFICE)
    clock.now += 86_401
    assert store.write("clock", attempts.forget) == 1
    with store.database.read() as connection:
        assert connection.execute(select(kept.c.kind)).scalars().all() == [attempts.LOGIN]


def strangers_guess(store: Store, clock: Clock, login: str = "ann") -> None:
    """Guess from one address after the other, till only a new password helps whoever comes from a new place."""
    for number in range(store.terms().sign_in_most):
        assert tried(store, login, address=f"198.51.100.{number}") == 0
        clock.now += 900
    assert tried(store, login, RIGHT, address="192.0.2.1") == 900


def test_strangers_keep_nobody_out_of_where_they_have_signed_in(store: Store, clock: Clock, ann: str) -> None:
    assert tried(store, password=RIGHT, address=OFFICE) == -1
    strangers_guess(store, clock)
    assert tried(store, password=RIGHT, address=OFFICE) == -1
    assert tried(store, password=RIGHT, address="192.0.2.1") == 900  # and their count stays theirs
    store.write("boss", lambda change: set_password(change, ann, "another battery staple"))
    assert tried(store, password="another battery staple", address="192.0.2.1") == -1


def test_without_known_places_they_do(store: Store, clock: Clock, ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(attempts, "_is_known", lambda change, place: False)
    assert tried(store, password=RIGHT, address=OFFICE) == -1
    strangers_guess(store, clock)
    assert tried(store, password=RIGHT, address=OFFICE) == 900


def waits_of_both_addresses(store: Store) -> list[int]:
    """Be known at an address as IPv6 wraps it, be guessed at from others so wrapped, and come back in either form."""
    assert tried(store, password=RIGHT, address=f"::ffff:{OFFICE}") == -1
    for number in range(store.terms().sign_in_free):
        assert tried(store, address=f"::ffff:198.51.100.{number}") == 0
    return [tried(store, password=RIGHT, address=form) for form in (f"::ffff:{OFFICE}", OFFICE)]


def test_a_server_of_ipv4_and_ipv6_tells_strangers_apart(store: Store, ann: str) -> None:
    assert waits_of_both_addresses(store) == [-1, -1]


def test_by_network_alone_all_of_ipv4_were_one_place(store: Store, ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(IPv6Address, "ipv4_mapped", None)
    assert waits_of_both_addresses(store)[0] == 30


def test_who_guesses_other_logins_from_the_same_place_keeps_nobody_out(store: Store, clock: Clock, ann: str) -> None:
    assert tried(store, password=RIGHT, address=OFFICE) == -1
    free = store.terms().sign_in_address_free
    assert [tried(store, f"login-{number}", address=OFFICE) for number in range(free + 1)] == [0] * free + [30]
    assert tried(store, password=RIGHT, address=OFFICE) == -1


def test_guesses_at_a_known_place_wait_and_end_there_alone(store: Store, clock: Clock, ann: str) -> None:
    for address in (OFFICE, "192.0.2.1"):
        assert tried(store, password=RIGHT, address=address) == -1
    assert guessed(store, clock, "ann", 7, OFFICE) == [0] * 5 + [30, 60]
    for _ in range(store.terms().sign_in_most):
        tried(store, address=OFFICE)
        clock.now += 900
    assert tried(store, password=RIGHT, address=OFFICE) == 900
    assert tried(store, password=RIGHT, address="192.0.2.1") == -1
    store.write("boss", lambda change: set_password(change, ann, "another battery staple"))
    assert tried(store, password="another battery staple", address=OFFICE) == -1


def test_many_at_once_at_a_known_place_are_no_more_than_one_by_one(store: Store, ann: str) -> None:
    assert tried(store, password=RIGHT, address=OFFICE) == -1
    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(lambda _: tried(store, address=OFFICE), range(40)))
    assert heard.count(0) == store.terms().sign_in_free


@pytest.mark.parametrize(("days", "known"), [(29, True), (31, False)])
def test_a_place_is_known_for_a_while_alone(store: Store, clock: Clock, ann: str, days: int, known: bool) -> None:
    assert tried(store, password=RIGHT, address=OFFICE) == -1
    clock.now += (days - 1) * 86_400
    for number in range(6):
        tried(store, address=f"198.51.100.{number}")
    clock.now += 86_400 - 1
    for number in range(6, 20):
        tried(store, address=f"198.51.100.{number}")
    assert (tried(store, password=RIGHT, address=OFFICE) == -1) is known


def test_places_nobody_came_from_for_long_are_forgotten(store: Store, clock: Clock, ann: str) -> None:
    tried(store, password=RIGHT, address=OFFICE)
    clock.now += 86_400 * 2
    store.write("clock", attempts.forget)
    with store.database.read() as connection:
        assert connection.execute(select(kept.c.kind)).scalars().all() == [attempts.PLACE]
    clock.now += 86_400 * 29
    store.write("clock", attempts.forget)
    with store.database.read() as connection:
        assert connection.execute(select(kept.c.kind)).scalars().all() == []
    assert OFFICE.encode() not in all_there_is(store)


def test_an_attempt_is_counted_for_the_login_and_the_address(store: Store) -> None:
    for number in (1, 2):
        assert store.write("sign-in", lambda change: attempts.count(change, Tried("ann", OFFICE))) == number
