"""A consent over HTTP: every moment in a zone that is said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

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
