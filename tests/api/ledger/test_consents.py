"""A consent over HTTP: kept, listed and revoked; every moment in a zone that is said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from data.store.words import Role

from .desk import CALLER, Desk


def consent(**elements: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "discloser": "the helpline", "recipient": "harbor", "recipient_name": "Harbor Clinic", "purpose": "treatment",
        "fields": ["attributes"], "expires_at": (now + timedelta(days=30)).isoformat(), "told_revocable": True,
        "given": "written", "signature": "Ann Quux", "signed_at": (now - timedelta(minutes=1)).isoformat(),
    } | elements  # fmt: skip


@pytest.fixture
def place(desk: Desk) -> str:
    """Where the consents of a caller are kept."""
    return f"/v1/callers/{desk.post('/v1/callers', {'caller': CALLER})[1]['caller_id']}/consents"


@pytest.mark.parametrize("name", ["signed_at", "expires_at"])
@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "2031-01-01T00:00:00",
        "2031-01-01",
        10**18,
        "1899-12-31T23:59:59Z",
    ],
)
def test_a_moment_that_is_none_or_in_no_zone_is_refused(desk: Desk, place: str, name: str, moment: Any) -> None:
    status, told = desk.post(place, consent(**{name: moment}))
    assert (status, told["errors"][0]["field"]) == (422, name), told


@pytest.mark.parametrize(
    ("moment", "kept"),
    [("2099-12-31T23:00:00-05:00", "2100-01-01T04:00:00Z"), ("2100-01-01T04:00Z", "2100-01-01T04:00:00Z")],
)
def test_a_moment_is_kept_by_the_zone_it_says(desk: Desk, place: str, moment: str, kept: str) -> None:
    assert desk.post(place, consent(expires_at=moment))[1]["expires_at"] == kept


def test_of_two_moments_the_wrong_one_is_named(desk: Desk, place: str) -> None:
    for name, moment in (("signed_at", "2099-01-01T00:00:00+00:00"), ("expires_at", "2001-01-01T00:00:00+00:00")):
        status, told = desk.post(place, consent(**{name: moment}))
        assert (status, told["type"].rpartition(":")[2], moment in told["detail"]) == (422, name, True), told
    assert desk.post(place, consent())[0] == 201  # the control


def test_a_consent_is_found_again_and_revoked(desk: Desk, place: str) -> None:
    wanted = consent(expires_at="2100-01-01T00:00:00Z", signed_at="2026-01-01T00:00:00Z", fields=["zip"])
    kept = desk.post(place, wanted)[1]["consent_id"]
    assert desk.post(place, consent())[0] == 201
    shown = {"consent_id": kept, **wanted, "revoked_at": None}
    found = desk.client.get(place, headers=desk.headers())
    assert (found.status_code, found.headers["cache-control"]) == (200, "no-store")
    (one,) = [one for one in found.json()["consents"] if one["consent_id"] == kept]
    assert one == shown
    assert desk.post(f"{place}/{kept}/revoke", {})[0] == 200
    revoked = {one["consent_id"]: one["revoked_at"] is not None for one in desk.get(place)[1]["consents"]}
    assert (revoked.pop(kept), list(revoked.values())) == (True, [False])  # the control: the other stands
    assert desk.get(f"/v1/callers/{'0' * 32}/consents")[0] == 404


def test_consents_are_opened_as_who_the_caller_is(desk: Desk, place: str) -> None:
    desk.post(place, consent())
    boss = Desk(desk.client, desk.store, Role.SUPERVISOR)
    assert boss.get(place)[0] == 403  # the control of the reason
    assert boss.get(f"{place}?reason=complaint")[1]["consents"][0]["signature"] == "Ann Quux"
    told = boss.get(f"/v1/events?chain=user:{boss.user_id}")[1]["events"][-1]
    assert (told["kind"], told["body"]) == ("opened", {"fields": ["consents"], "reason": "complaint"})
