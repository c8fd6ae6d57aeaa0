"""What is disclosed, with what notice, and how it is listed, as 42 CFR part 2 asks; in both databases."""

import pytest
from data.store.change import Store
from data.store.consents import Purpose, open_consents, revoke
from data.store.contacts import add_contact
from data.store.disclosures import LISTED, NOTICE, disclose
from data.store.erasure import erase
from data.store.errors import Denied, Erased, Malformed, Missing
from data.store.roles import Group
from data.store.tables import disclosures
from matcher.vocabulary import LANGUAGES
from sqlalchemy import func, select

from .consenting import ANN, DAY, asking, given, listed, may, told_to
from .ledgers import NOON, Clock
from .people import made, referred, told


def rows(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(disclosures)).scalar_one()


def test_only_what_is_consented_is_disclosed_and_only_to_whom(store: Store) -> None:
    one = asking(store)
    given(store, one.caller_id)
    assert [name for name in (*ANN, *one.attributes) if may(store, one.caller_id, name)] == [
        "name",
        "need",
        "medications",
    ]
    assert not may(store, one.caller_id, recipient="b")
    assert not may(store, made(store).caller_id)
    shown = told_to(store, one.caller_id, Group.IDENTITY, Group.ATTRIBUTES, Group.CLINICAL)
    assert shown.cells == {"name": "Ann Quux", "need": "outpatient", "medications": "methadone"}


def test_without_the_check_more_would_be_disclosed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = asking(store)
    kept = given(store, one.caller_id)
    monkeypatch.setattr("data.store.disclosures._covered", lambda *asked: {kept.consent_id: list(asked[-1])})
    shown = told_to(store, one.caller_id, Group.IDENTITY)
    assert shown.cells == ANN


def test_every_disclosure_carries_the_notice_in_every_language(store: Store) -> None:
    one = asking(store)
    given(store, one.caller_id)
    assert told_to(store, one.caller_id).notice == NOTICE
    assert set(NOTICE) == set(LANGUAGES)
    assert all("42 CFR" in text for text in NOTICE.values())


def test_without_consent_nothing_is_disclosed_and_nothing_listed(store: Store) -> None:
    one = asking(store)
    given(store, one.caller_id, purpose=Purpose.PAYMENT)
    with pytest.raises(Denied, match="does not consent"):
        told_to(store, one.caller_id)
    with pytest.raises(Denied, match="does not consent"):
        told_to(store, one.caller_id, recipient="b")
    assert rows(store) == 0


def test_each_disclosure_is_listed_under_the_consent_that_allowed_it(store: Store, clock: Clock) -> None:
    one = asking(store)
    given(store, one.caller_id, fields=("name",))
    clock.now += 1
    given(store, one.caller_id, fields=("name", "need"), recipient_name="Harbor West")
    told_to(store, one.caller_id, "name", "need", "zip")
    lines = {(line.recipient, line.recipient_name, line.fields, line.by) for line in listed(store, one.caller_id)}
    assert lines == {
        ("a", "Harbor Clinic", ("name",), "advisor"),
        ("a", "Harbor West", ("need",), "advisor"),
    }


def test_the_report_reaches_back_three_years(store: Store, clock: Clock) -> None:
    one = asking(store)
    given(store, one.caller_id, expires_at=NOON + 10 * 365 * DAY)
    told_to(store, one.caller_id)
    clock.now = NOON + LISTED - 1
    told_to(store, one.caller_id, "need")
    assert [line.fields for line in listed(store, one.caller_id)] == [("need",), ("name", "need", "medications")]
    clock.now += 1
    assert [line.fields for line in listed(store, one.caller_id)] == [("need",)]
    assert told(store, "user:boss")[-1] == ("opened", one.caller_id, '{"fields":["disclosures"]}')


def test_a_disclosure_that_cannot_be_listed_is_not_made(store: Store) -> None:
    one = asking(store)
    given(store, one.caller_id)

    def cut(step: str) -> None:
        if step == "listed":
            raise InterruptedError

    cutting = Store(store.database, store.keys, store.clock, cut)
    with pytest.raises(InterruptedError):
        told_to(cutting, one.caller_id)
    assert rows(store) == 0


def test_what_the_referral_says_is_disclosed_instead(store: Store) -> None:
    one = asking(store)
    two, other = referred(store, one.caller_id, need="residential"), referred(store, made(store).caller_id)
    given(store, one.caller_id)
    asked = (one.caller_id, "a", Purpose.TREATMENT, ["need"])
    shown = store.write("advisor", lambda change: disclose(change, *asked, two.referral_id))
    assert shown.cells == {"need": "residential"}
    with pytest.raises(Missing):
        store.write("advisor", lambda change: disclose(change, *asked, other.referral_id))


def test_nothing_is_disclosed_to_a_contact(store: Store) -> None:
    one = asking(store)
    contact_id = store.write("advisor", lambda change: add_contact(change, one.caller_id, {"relation": "mother"}))
    with pytest.raises(Malformed, match="no recipient"):
        given(store, one.caller_id, recipient=contact_id)
    with pytest.raises(Denied):
        told_to(store, one.caller_id, recipient=contact_id)


def test_nothing_is_disclosed_of_an_erased_caller(store: Store) -> None:
    one = asking(store)
    kept = given(store, one.caller_id)
    told_to(store, one.caller_id)
    store.write("advisor", lambda change: erase(change, one.caller_id))
    assert not may(store, one.caller_id)
    for work in (
        lambda: told_to(store, one.caller_id),
        lambda: listed(store, one.caller_id),
        lambda: given(store, one.caller_id),
        lambda: store.write("advisor", lambda change: revoke(change, one.caller_id, kept.consent_id)),
        lambda: store.write("advisor", lambda change: open_consents(change, one.caller_id)),
    ):
        with pytest.raises(Erased):
            work()


def test_events_tell_neither_recipient_nor_fields(store: Store) -> None:
    one = asking(store)
    given(store, one.caller_id, recipient="zanzibar")
    told_to(store, one.caller_id, "medications", recipient="zanzibar")
    bodies = [body for _, _, body in told(store)]
    assert [body for body in bodies if "zanzibar" in body or "medications" in body] == []
