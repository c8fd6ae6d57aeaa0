"""A caller who tells who they are is kept in one request, or found again; and who phones for them."""

from typing import Any

import pytest
from data.store import identity
from data.store.change import Store
from data.store.tables import callers, referrals
from data.store.words import Role
from sqlalchemy import func, select

from .desk import CALLER, Desk

ANN = {"name": "Ann Quux", "phone": "206-555-0134", "birth_date": "1990-05-17", "reached_by": ["text"]}
MOTHER = {"contact_name": "May Quux", "contact_phone": "206-555-0135", "relation": "mother"}


def kept(store: Store) -> tuple[int, int]:
    """How many callers and referrals there are."""
    with store.database.read() as connection:
        found = [
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (callers, referrals)
        ]
    return found[0], found[1]


def keep(desk: Desk, **more: Any) -> tuple[int, Any]:
    return desk.post("/v1/callers", {"caller": CALLER, "identity": ANN} | more)


def send(desk: Desk, method: str, path: str, body: Any) -> tuple[int, Any]:
    """Send a write; its status and what it says."""
    told = desk.client.request(method, path, json=body, headers=desk.headers())
    return told.status_code, told.json()


def test_who_tells_who_they_are_is_kept_in_one_request(desk: Desk) -> None:
    status, told = keep(desk)
    assert (status, told["version"], len(told["referral_ids"])) == (201, 2, 1), told
    shown = desk.get(f"/v1/callers/{told['caller_id']}?groups=identity&groups=attributes")[1]
    assert (shown["cells"]["name"], shown["cells"]["zip"], shown["version"]) == ("Ann Quux", "98101", 2)


def test_who_may_be_known_is_answered_as_the_search_does_and_nothing_is_kept(desk: Desk, store: Store) -> None:
    _, first = keep(desk)
    other = {"name": "Bob Quux", "phone": ANN["phone"]}
    searched = desk.post("/v1/callers/search", other)
    assert searched[1]["candidates"][0]["caller_id"] == first["caller_id"]
    assert keep(desk, identity=other) == searched
    assert kept(store) == (1, 1)
    chain = desk.user_id
    told = Desk(desk.client, store, Role.SUPERVISOR).get(f"/v1/events?chain=user:{chain}")[1]["events"]
    assert [one["kind"] for one in told].count("searched") == 3  # each search is told, that of the first one too


def test_who_is_said_to_be_somebody_else_is_kept(desk: Desk, store: Store) -> None:
    assert [keep(desk)[0], keep(desk)[0], keep(desk, distinct=True)[0]] == [201, 200, 201]
    assert kept(store) == (2, 2)


def test_an_identity_that_cannot_be_kept_keeps_nothing(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, told = keep(desk, identity={"phone": "12"})
    assert (status, kept(store)) == (422, (0, 0)), told

    def fail(*_: object, **__: object) -> None:
        raise InterruptedError

    with monkeypatch.context() as patch:
        patch.setattr(identity, "write_identity", fail)
        assert keep(desk)[0] == 500
    assert kept(store) == (0, 0)
    assert (keep(desk)[0], kept(store)) == (201, (1, 1))  # the control


def test_contacts_are_kept_listed_and_removed(desk: Desk) -> None:
    place = f"/v1/callers/{keep(desk)[1]['caller_id']}/contacts"
    status, added = desk.post(place, MOTHER)
    assert status == 201, added
    assert desk.post(place, {"relation": "brother"})[0] == 201
    found = desk.get(place)[1]["contacts"]
    assert sorted(one["cells"]["relation"] for one in found) == ["brother", "mother"]
    assert MOTHER in [one["cells"] for one in found]
    removed = desk.client.delete(f"{place}/{added['contact_id']}", headers=desk.headers())
    assert (removed.status_code, removed.json()) == (200, {})
    assert [one["cells"] for one in desk.get(place)[1]["contacts"]] == [{"relation": "brother"}]
    assert desk.client.delete(f"{place}/{added['contact_id']}", headers=desk.headers()).status_code == 404


@pytest.mark.parametrize("body", [{}, {"contact_phone": "12"}, {"name": "May"}, {"relation": "x" * 301}])
def test_a_contact_that_cannot_be_kept_is_refused(desk: Desk, body: Any) -> None:
    assert desk.post(f"/v1/callers/{keep(desk)[1]['caller_id']}/contacts", body)[0] == 422


def test_contacts_are_opened_as_who_the_caller_is(desk: Desk, store: Store) -> None:
    caller_id = keep(desk)[1]["caller_id"]
    place = f"/v1/callers/{caller_id}/contacts"
    desk.post(place, MOTHER)
    boss = Desk(desk.client, store, Role.SUPERVISOR)
    assert boss.get(place)[0] == 403  # the control of the reason
    assert boss.get(f"{place}?reason=complaint")[1]["contacts"][0]["cells"] == MOTHER
    assert boss.post(place, MOTHER)[0] == 403
    told = boss.get(f"/v1/events?chain=user:{boss.user_id}")[1]["events"][-1]
    assert (told["kind"], told["body"]) == ("opened", {"fields": ["contacts"], "reason": "complaint"})
    assert desk.get(f"/v1/callers/{'0' * 32}/contacts")[0] == 404


def test_what_is_written_is_answered_and_nothing_else_that_is_known(desk: Desk) -> None:
    place = f"/v1/callers/{keep(desk)[1]['caller_id']}"
    boss = Desk(desk.client, desk.store, Role.SUPERVISOR)
    assert send(boss, "PUT", f"{place}/identity", {})[0] == 403
    assert send(desk, "PUT", f"{place}/identity", {})[1]["cells"] == {}
    assert send(desk, "PUT", f"{place}/identity", {"name": "Ann Q"})[1]["cells"] == {"name": "Ann Q"}
    assert send(desk, "PATCH", place, {"caller": {}})[1]["attributes"] == {}
    assert send(desk, "PATCH", place, {"caller": {"zip": "98102"}})[1]["attributes"] == {"zip": "98102"}
    chain = f"/v1/events?chain=user:{desk.user_id}"
    assert "opened" not in [one["kind"] for one in boss.get(chain)[1]["events"]]
    shown = desk.get(f"{place}?groups=identity&groups=attributes")[1]["cells"]
    assert (shown["name"], shown["phone"], shown["zip"]) == ("Ann Q", ANN["phone"], "98102")
    assert boss.get(chain)[1]["events"][-1]["kind"] == "opened"  # the control: who is shown the rest is told of


@pytest.mark.parametrize("blank", ["", None])
def test_what_is_sent_blank_is_known_no_more_and_what_is_left_out_stays(desk: Desk, blank: str | None) -> None:
    caller_id = keep(desk)[1]["caller_id"]
    place, shown = f"/v1/callers/{caller_id}", f"/v1/callers/{caller_id}?groups=identity&groups=attributes"
    before = desk.get(shown)[1]["cells"]
    assert send(desk, "PUT", f"{place}/identity", {"phone": blank, "reached_by": None})[0] == 200
    assert send(desk, "PATCH", place, {"caller": {"medicaid_state": None, "zip": "98102"}})[0] == 200
    after = desk.get(shown)[1]["cells"]
    assert before.keys() - after.keys() == {"phone", "reached_by", "medicaid_state"}
    assert after == {name: before[name] for name in after} | {"zip": "98102"}  # the control: the others
    found = desk.post("/v1/callers/search", {"phone": ANN["phone"], "name": blank})
    assert found == (200, {"candidates": []})


def test_who_saw_an_older_record_does_not_write_over_what_another_wrote(desk: Desk) -> None:
    place = f"/v1/callers/{keep(desk)[1]['caller_id']}/identity"
    assert send(desk, "PUT", place, {"phone": "206-555-0139", "version": 2})[1]["version"] == 3
    status, told = send(desk, "PUT", place, {"phone": "206-555-0138", "version": 2})
    assert (status, told["type"].rpartition(":")[2]) == (412, "changed")
    assert send(desk, "PUT", place, {"phone": "206-555-0138", "version": 3})[1]["version"] == 4  # the control


@pytest.mark.parametrize(
    ("field", "value"), [("need", "banana"), ("zip", "00000"), ("excluded", ["nowhere"]), ("zip", None)]
)
def test_what_no_match_could_read_is_not_kept(desk: Desk, field: str, value: Any) -> None:
    kept = desk.post("/v1/callers", {"caller": CALLER})[1]
    place, asked = f"/v1/callers/{kept['caller_id']}", {"referral_id": kept["referral_ids"][0]}
    status, told = send(desk, "PATCH", place, {"caller": {field: value}})
    assert (status, told["errors"][0]["field"]) == (422, f"caller.{field}")
    shown = desk.get(f"{place}?groups=attributes&groups=clinical")[1]
    assert (shown["cells"]["zip"], shown["cells"]["need"], shown["version"]) == (CALLER["zip"], CALLER["need"], 1)
    assert desk.post(f"{place}/matches", asked)[0] == 200
    assert send(desk, "PATCH", place, {"caller": {"need": "outpatient", "zip": "98102"}})[0] == 200  # the control
