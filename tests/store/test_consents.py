"""Consents as 42 CFR 2.31 asks: every element, revoked at any time, ended by the clock; in both databases."""

import re
from datetime import UTC, datetime

import pytest
from data.store.change import Store
from data.store.consents import Given, Purpose, open_consents, revoke
from data.store.erasure import erase
from data.store.errors import Denied, Malformed, Missing
from data.store.identity import write_identity
from data.store.life import FOLLOW_UP, act
from data.store.roles import Group
from data.store.tables import tasks
from data.store.words import Act
from sqlalchemy import select

from .consenting import DAY, WANTED, asking, given, listed, may, told_to
from .ledgers import NOON, Clock
from .people import all_there_is, placed, referred, told


def test_a_consent_comes_back_with_every_element(store: Store) -> None:
    one = asking(store)
    kept = given(store, one.caller_id)
    assert kept == WANTED._replace(
        caller_id=one.caller_id, consent_id=kept.consent_id, fields=("name", "need", "medications")
    )
    assert store.write("other", lambda change: open_consents(change, one.caller_id)) == [kept]
    assert told(store, "user:other") == [("opened", one.caller_id, '{"fields":["consents"]}')]


@pytest.mark.parametrize("name", ["discloser", "recipient", "recipient_name", "signature"])
@pytest.mark.parametrize("text", ["", "  ", "a\0b", "x" * 501])
def test_a_consent_without_an_element_is_none(store: Store, name: str, text: str) -> None:
    one = asking(store)
    with pytest.raises(Malformed, match=f"names its {name}"):
        given(store, one.caller_id, **{name: text})


@pytest.mark.parametrize(
    "elements",
    [
        {"told_revocable": False},
        {"expires_at": NOON},
        {"signed_at": NOON + 1},
        {"fields": ()},
        {"fields": ("ssn",)},
        {"fields": (Group.NOTES,)},
        {"fields": (Group.AUDIT,)},
        {"fields": ("excluded",)},
        {"fields": ("placed",)},
        {"fields": ("contact_name",)},
        {"given": Given.SPOKEN},
    ],
    ids=str,
)
def test_a_consent_that_the_law_would_not_count_is_none(store: Store, elements: dict[str, object]) -> None:
    one = asking(store)
    with pytest.raises(Malformed):
        given(store, one.caller_id, **elements)
    given(store, one.caller_id)


@pytest.mark.parametrize(("name", "number"), [("signed_at", NOON + 1), ("expires_at", NOON)])
def test_of_two_moments_the_wrong_one_is_named_with_its_value(store: Store, name: str, number: int) -> None:
    with pytest.raises(Malformed, match=re.escape(datetime.fromtimestamp(number, UTC).isoformat())) as refused:
        given(store, asking(store).caller_id, **{name: number})
    assert refused.value.code == name


def test_who_signed_for_what_recipient_cannot_be_read_in_the_tables(store: Store) -> None:
    given(store, asking(store).caller_id)
    everything = all_there_is(store)
    assert b"Quux" not in everything
    assert b"Harbor Clinic" not in everything
    assert b"treatment" in everything


def test_a_group_means_the_fields_it_holds_when_consent_is_given(store: Store) -> None:
    one = asking(store)
    kept = given(store, one.caller_id, fields=(Group.CLINICAL, "name"))
    assert {"name", "need", "medications", "withdrawal"} <= set(kept.fields)
    assert not {"phone", "zip", "excluded", "placed"} & set(kept.fields)


def test_a_consent_ends_by_the_clock(store: Store, clock: Clock) -> None:
    one = asking(store)
    given(store, one.caller_id)
    clock.now = NOON + DAY - 1
    assert may(store, one.caller_id)
    told_to(store, one.caller_id)
    clock.now += 1
    assert not may(store, one.caller_id)
    with pytest.raises(Denied):
        told_to(store, one.caller_id)


def test_revocation_counts_from_now_on_and_not_before(store: Store, clock: Clock) -> None:
    one = asking(store)
    kept = given(store, one.caller_id)
    told_to(store, one.caller_id)
    clock.now += 60
    store.write("advisor", lambda change: revoke(change, one.caller_id, kept.consent_id))
    assert not may(store, one.caller_id)
    assert may(store, one.caller_id, now=NOON + 59)
    with pytest.raises(Denied):
        told_to(store, one.caller_id)
    assert [line.at for line in listed(store, one.caller_id)] == [NOON]
    clock.now += 60
    store.write("advisor", lambda change: revoke(change, one.caller_id, kept.consent_id))
    (after,) = store.write("advisor", lambda change: open_consents(change, one.caller_id))
    assert after.revoked_at == NOON + 60


def test_revoking_one_consent_leaves_the_others(store: Store) -> None:
    one = asking(store)
    kept = given(store, one.caller_id)
    given(store, one.caller_id, fields=("name",))
    store.write("advisor", lambda change: revoke(change, one.caller_id, kept.consent_id))
    assert told_to(store, one.caller_id).cells == {"name": "Ann Quux"}


def test_the_consent_of_another_caller_is_not_revoked(store: Store) -> None:
    kept, other = given(store, asking(store).caller_id), asking(store).caller_id
    with pytest.raises(Missing):
        store.write("advisor", lambda change: revoke(change, other, kept.consent_id))
    assert may(store, kept.caller_id)


TO_BE_CALLED = {"purpose": Purpose.FOLLOW_UP, "given": Given.SPOKEN, "recipient": "helpline", "fields": ("phone",)}


def reached(store: Store, caller_id: str, by: str) -> None:
    store.write("advisor", lambda change: write_identity(change, caller_id, {"reached_by": by}))


def admitted(store: Store, caller_id: str) -> None:
    held = placed(store, referred(store, caller_id))
    for what in (Act.CONFIRM, Act.ADMIT):
        store.write("advisor", lambda change, what=what: act(change, held.placement_id, what))  # type: ignore[misc]


def calls(store: Store) -> int:
    """How many follow-up calls are to be made."""
    with store.database.read() as connection:
        return len(connection.execute(select(tasks).where(tasks.c.done_at.is_(None))).all())


@pytest.mark.parametrize("spoken", [True, False])
def test_follow_up_is_opened_by_consent_alone(store: Store, spoken: bool) -> None:
    one = asking(store)
    reached(store, one.caller_id, "call")
    assert Purpose.FOLLOW_UP.value == FOLLOW_UP
    if spoken:
        given(store, one.caller_id, **TO_BE_CALLED)
    admitted(store, one.caller_id)
    assert calls(store) == (3 if spoken else 0)
    store.write("advisor", lambda change: erase(change, one.caller_id))
    assert calls(store) == 0


@pytest.mark.parametrize(("by", "number"), [("", 0), ("do-not-reach-out", 0), ("text;voicemail", 3)])
def test_nobody_is_to_be_called_who_did_not_say_how(store: Store, by: str, number: int) -> None:
    one = asking(store)
    reached(store, one.caller_id, by)
    given(store, one.caller_id, **TO_BE_CALLED)
    admitted(store, one.caller_id)
    assert calls(store) == number


@pytest.mark.parametrize("says", ["revokes", "do-not-reach-out"])
def test_who_wants_to_be_called_no_more_is_not(store: Store, says: str) -> None:
    caller_id = asking(store).caller_id
    reached(store, caller_id, "call")
    kept = [given(store, caller_id, **TO_BE_CALLED) for _ in range(2)]
    admitted(store, caller_id)
    store.write("advisor", lambda change: revoke(change, caller_id, kept[0].consent_id))
    reached(store, caller_id, "text")
    assert calls(store) == 3  # the control: another consent stands, and another way to be reached
    if says == "revokes":
        store.write("advisor", lambda change: revoke(change, caller_id, kept[1].consent_id))
    else:
        reached(store, caller_id, says)
    assert calls(store) == 0
