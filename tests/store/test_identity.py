"""Who a caller is: sealed, and found again however it is written; in both databases."""

import hashlib

import pytest
from data.store import identity
from data.store.callers import change_caller
from data.store.change import Store
from data.store.contacts import CONTACT, add_contact, open_contacts, remove_contact
from data.store.erasure import erase
from data.store.errors import Erased, Malformed, Missing, Stale
from data.store.identity import Candidate, Reach, open_identity, reachable, search, write_identity
from data.store.keys import Keys
from data.store.tables import contacts, identities, identity_marks, metadata
from sqlalchemy import func, select

from .people import all_there_is, made, told

ANN = {"name": "Catherine Muñoz", "phone": "(614) 555-0134", "birth_date": "1990-05-17", "reached_by": "call;text"}
SAME = [
    {"phone": "614.555.0134"},
    {"phone": "+1 614 555 0134"},
    {"phone": "1-614-555-0134"},
    {"phone": "6145550134 ext. 5"},
    {"name": "Kathryn Munoz", "birth_date": "1990-05-17"},
    {"name": "MUNOZ, Cathrin", "birth_date": "19900517"},
    {"name": "Katherine Smith", "birth_date": "1990-05-17"},
    {"name": "Cate Munios", "birth_date": "1990-05-17"},
]
OTHER = [
    {"phone": "614-555-0135"},
    {"name": "Catherine Muñoz", "birth_date": "1990-05-18"},
    {"name": "Catherine Muñoz"},
    {"name": "Robert Lee", "birth_date": "1990-05-17"},
    {"name": "C M", "birth_date": "1990-05-17"},
    {},
]


def known(store: Store, **cells: str) -> str:
    caller_id = made(store).caller_id
    store.write("advisor", lambda change: write_identity(change, caller_id, cells or ANN))
    return caller_id


def found(store: Store, cells: dict[str, str]) -> list[Candidate]:
    return store.write("advisor", lambda change: search(change, cells))


def test_who_a_caller_is_comes_back_to_whoever_opens_it_and_is_told(store: Store) -> None:
    caller_id = known(store)
    assert store.write("other", lambda change: open_identity(change, caller_id)) == ANN
    assert told(store, "user:other") == [("opened", caller_id, '{"fields":["identity"]}')]


def test_nobody_can_be_recognized_in_the_tables(store: Store) -> None:
    known(store)
    everything = all_there_is(store)
    plain = [b"Catherine", b"Mu\xc3\xb1oz", b"6145550134", b"555-0134", b"1990-05-17", b"KTRN", b"K0RN"]
    assert [part for part in plain if part in everything] == []
    store.write("advisor", lambda change: change.tell_own("leak", "Catherine"))
    assert b"Catherine" in all_there_is(store)


@pytest.mark.parametrize("cells", SAME, ids=str)
def test_the_same_person_is_found_however_it_is_written(store: Store, cells: dict[str, str]) -> None:
    caller_id = known(store)
    known(store, name="Robert Lee", phone="614-555-0199", birth_date="1971-01-02")
    assert [one.caller_id for one in found(store, cells)] == [caller_id]


@pytest.mark.parametrize("cells", OTHER, ids=str)
def test_another_person_is_not_found(store: Store, cells: dict[str, str]) -> None:
    known(store)
    assert found(store, cells) == []


def test_without_likeness_other_ways_of_writing_are_missed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "e164", str)
    monkeypatch.setattr(identity, "sounds", lambda name: set(name.split()))
    known(store)
    assert [cells for cells in SAME if found(store, cells)] == []
    assert found(store, ANN) != []


def test_what_matched_is_said_and_the_likeliest_stands_first(store: Store) -> None:
    family = known(store, name="Jorge Muñoz", phone=ANN["phone"], birth_date="1960-01-01")
    herself = known(store)
    assert found(store, ANN) == [Candidate(herself, ("name", "phone")), Candidate(family, ("phone",))]


def test_nothing_is_merged(store: Store) -> None:
    one, other = known(store), known(store)
    assert {candidate.caller_id for candidate in found(store, ANN)} == {one, other}


def test_a_search_is_told_without_what_was_searched_for(store: Store) -> None:
    known(store)
    found(store, ANN)
    assert told(store)[-1] == ("searched", "identities", '{"found":1}')


def test_marks_tell_nothing_without_the_key(store: Store) -> None:
    known(store)
    with store.database.read() as connection:
        kept = {(row.kind, row.mark) for row in connection.execute(select(identity_marks))}
    assert kept == identity.marks(store.keys, ANN)
    assert not kept & identity.marks(Keys.of("A" * 43 + "="), ANN)
    guessed = [hashlib.sha256(text.encode()).digest() for text in ("+16145550134", "phone:+16145550134")]
    assert not {mark for _, mark in kept} & set(guessed)


def test_a_number_is_found_as_it_is_now_and_not_as_it_was(store: Store) -> None:
    caller_id = known(store)
    store.write("advisor", lambda change: write_identity(change, caller_id, {"phone": "614-555-0177"}))
    assert found(store, {"phone": ANN["phone"]}) == []
    assert found(store, {"phone": "6145550177"}) == [Candidate(caller_id, ("phone",))]
    after = store.write("advisor", lambda change: open_identity(change, caller_id))
    assert after == ANN | {"phone": "614-555-0177"}


def test_whoever_saw_an_older_record_does_not_change_who_it_is(store: Store) -> None:
    caller_id = known(store)
    store.write("advisor", lambda change: change_caller(change, caller_id, {"ages": "35"}))
    with pytest.raises(Stale, match="version 3, not 2"):
        store.write("advisor", lambda change: write_identity(change, caller_id, {"name": "X"}, 2))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("phone", "555-0134"),
        ("phone", "nobody"),
        ("phone", "+1 614 555 0134 999 999"),
        ("birth_date", "17.05.1990"),
        ("birth_date", "1990-02-30"),
        ("birth_date", "2990-05-17"),
        ("birth_date", "1890-05-17"),
        ("name", "Nemo" * 100),
        ("reached_by", "pigeon"),
        ("reached_by", "do-not-reach-out;call"),
    ],
)
def test_what_cannot_be_is_refused_without_repeating_it(store: Store, column: str, text: str) -> None:
    caller_id = made(store).caller_id
    for work in (
        lambda change: write_identity(change, caller_id, {column: text}),
        lambda change: search(change, {column: text}),
    ):
        with pytest.raises(Malformed) as refused:
            store.write("advisor", work)
        assert refused.value.code == column
        assert text not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "means"),
    [("", ()), ("do-not-reach-out", ()), ("call", (Reach.CALL,)), ("text; call", (Reach.TEXT, Reach.CALL))],
)
def test_nobody_is_reached_who_did_not_say_how(text: str, means: tuple[Reach, ...]) -> None:
    assert reachable({"reached_by": text}) == means


def test_erasure_leaves_neither_identity_nor_marks_nor_contacts(store: Store) -> None:
    caller_id, other = known(store), known(store, phone="614-555-0199")
    for one in (caller_id, other):
        store.write("advisor", lambda change, one=one: add_contact(change, one, {"relation": "mother"}))  # type: ignore[misc]
    store.write("advisor", lambda change: erase(change, caller_id))
    assert found(store, ANN) == []
    with store.database.read() as connection:
        for table in (identities, identity_marks, contacts):
            ids = connection.execute(select(table.c.caller_id).distinct()).scalars().all()
            assert ids == [other]
    for work in (
        lambda change: open_identity(change, caller_id),
        lambda change: write_identity(change, caller_id, ANN),
        lambda change: open_contacts(change, caller_id),
        lambda change: add_contact(change, caller_id, {"relation": "mother"}),
    ):
        with pytest.raises(Erased):
            store.write("advisor", work)


def test_who_phones_for_a_caller_is_kept_sealed(store: Store) -> None:
    caller_id = made(store).caller_id
    cells = {"contact_name": "Zelda Quux", "contact_phone": "614-555-0111", "relation": "mother"}
    contact_id = store.write("advisor", lambda change: add_contact(change, caller_id, cells))
    assert b"Quux" not in all_there_is(store)
    (one,) = store.write("other", lambda change: open_contacts(change, caller_id))
    assert (one.contact_id, one.cells) == (contact_id, cells)
    assert told(store, "user:other") == [("opened", caller_id, '{"fields":["contacts"]}')]
    store.write("advisor", lambda change: remove_contact(change, caller_id, contact_id))
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(contacts)).scalar_one() == 0


def test_a_contact_of_another_caller_is_not_removed(store: Store) -> None:
    one, other = made(store).caller_id, made(store).caller_id
    contact_id = store.write("advisor", lambda change: add_contact(change, one, {"relation": "mother"}))
    with pytest.raises(Missing):
        store.write("advisor", lambda change: remove_contact(change, other, contact_id))


def test_no_table_leads_from_a_contact_to_a_placement() -> None:
    leads = [table.name for table in metadata.sorted_tables if "contact_id" in table.c]
    assert leads == ["contacts"]
    assert set(contacts.c.keys()) == {"contact_id", "caller_id", "content", "made_at"}
    assert not {"placement_id", "opening_id", "facility_id", "placed"} & set(CONTACT)
