"""Every operation by every role: who may not is refused, and what is another's is not there."""

from collections.abc import Iterator
from typing import Any

import pytest
from api.serve.ledger import Ledger
from data.store import tasks
from data.store.change import Store
from data.store.users import Who
from data.store.words import Role, TaskKind
from fastapi import FastAPI
from starlette.testclient import TestClient

from .desk import CALLER, Desk, facility_token

ADVISOR, FACILITY, SUPERVISOR, SYSTEM = Role
OPEN = frozenset({*Role, None})
"""None: nobody who has signed in."""
STAFF = frozenset({ADVISOR, SUPERVISOR})
MAY: dict[str, frozenset[Role | None]] = {
    **dict.fromkeys(("matchCaller", "screenCall", "listRules", "isAlive", "isReady", "readMetrics", "signIn"), OPEN),
    **dict.fromkeys(("signOut", "openCaller"), frozenset(Role)),
    **dict.fromkeys(("keepCaller", "changeCaller", "searchCallers", "consent"), frozenset({ADVISOR})),
    "writeIdentity": frozenset({ADVISOR}),
    **dict.fromkeys(("matchKeptCaller", "revokeConsent", "holdPlacement", "extendPlacement"), STAFF),
    **dict.fromkeys(("releasePlacement", "acceptPlacement", "joinWaitlist", "readWaitlist", "leaveWaitlist"), STAFF),
    **dict.fromkeys(("listDisclosures", "eraseCaller"), frozenset({SUPERVISOR})),
    **dict.fromkeys(("discloseInEmergency", "openContacts", "openConsents", "openExclusions"), STAFF),
    **dict.fromkeys(("addContact", "removeContact", "liftExclusion"), frozenset({ADVISOR})),
    **dict.fromkeys(("readPlacement", "confirmPlacement", "admitPlacement"), STAFF | {FACILITY}),
    **dict.fromkeys(("declinePlacement", "missPlacement"), STAFF | {FACILITY}),
    "findPlacement": frozenset({FACILITY}),
    "readSeats": frozenset(Role),
    **dict.fromkeys(("reportSeats", "reportManySeats"), frozenset({ADVISOR, FACILITY, SYSTEM})),
    **dict.fromkeys(("listTasks", "finishTask"), STAFF | {SYSTEM}),
    "listEvents": frozenset({SUPERVISOR, SYSTEM, FACILITY}),
    **dict.fromkeys(("askReassignment", "applyReassignment"), frozenset({SUPERVISOR, SYSTEM})),
    "readReassignment": STAFF | {SYSTEM},
}
"""Who may ask for what, by operation: the whole list."""
EXACT: frozenset[Role | None] = MAY["listTasks"]
"""Who is told counts of fewer than 11 people exactly by ``readMetrics``: those who may list them."""


class Walk:
    """Requests to every operation about somebody else's objects, with a token of each role."""

    def __init__(self, client: TestClient, store: Store) -> None:
        self.client, self.store, desk = client, store, Desk(client, store)
        _, kept = desk.post("/v1/callers", {"caller": CALLER})
        self.caller_id, self.referral_id = kept["caller_id"], kept["referral_ids"][0]
        _, self.held = desk.hold(self.referral_id, desk.best())
        self.opening_id = desk.best(1)
        self.tokens = {role: Desk(client, store, role).token for role in (ADVISOR, SUPERVISOR)}
        self.tokens[FACILITY] = facility_token(store, "elsewhere")
        until = store.clock() + 3600
        from data.store.users import issue

        self.tokens[SYSTEM] = store.write("setup", lambda change: issue(change, SYSTEM, until)).token
        self.paths = client.get("/openapi.json").json()["paths"]

    def operations(self) -> Iterator[tuple[str, str, str]]:
        """Yield operation, method and path."""
        for path, found in self.paths.items():
            for method, told in found.items():
                yield told["operationId"], method.upper(), path

    def ask(self, operation: str, method: str, path: str, role: Role | None) -> int:
        """Ask for it about what is not the asker's; the status."""
        place = path.replace("{caller_id}", self.caller_id).replace("{placement_id}", self.held["placement_id"])
        place = place.replace("{opening_id}", self.opening_id).replace("{entry_id}", "0" * 32)
        for name in ("task_id", "consent_id", "contact_id", "reassignment_id"):
            place = place.replace(f"{{{name}}}", "0" * 32)
        query = {"chain": self.held["facility_id"], "code": self.held["code"], "opening_id": self.opening_id}
        wanted = [one["name"] for one in self.paths[path][method.lower()].get("parameters", ()) if one["in"] == "query"]
        headers = {"Idempotency-Key": f"{operation}-{role}"} | (
            {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        )
        send: dict[str, Any] = {"params": {name: query[name] for name in wanted if name in query}, "headers": headers}
        if operation == "reportManySeats":
            send["content"] = f"pool_id,number\nseats/{self.opening_id},3\n".encode()
        elif method in ("POST", "PUT", "PATCH"):
            send["json"] = BODIES.get(operation, {}) | self._named(operation)
        return self.client.request(method, place, **send).status_code

    def _named(self, operation: str) -> dict[str, Any]:
        both = {"referral_id": self.referral_id, "opening_id": self.opening_id}
        return {"holdPlacement": both, "joinWaitlist": both, "matchKeptCaller": {"referral_id": self.referral_id}}.get(
            operation, {}
        )


BODIES: dict[str, dict[str, Any]] = {
    "matchCaller": {"caller": CALLER},
    "signIn": {"login": "nobody", "password": "nothing of the kind"},
    "keepCaller": {"caller": CALLER},
    "changeCaller": {"caller": {}},
    "declinePlacement": {"reason": "not-ready"},
    "reportSeats": {"number": 3},
    "liftExclusion": {"facility_id": "elsewhere", "why": "caller-changed-mind"},
    "finishTask": {"outcome": "reached"},
    "applyReassignment": {"moves": "all"},
    "discloseInEmergency": {"recipient_name": "R", "affiliation": "A", "nature": "overdose", "fields": ["zip"]},
    "consent": {
        "discloser": "helpline", "recipient": "a", "recipient_name": "A", "purpose": "treatment", "fields": ["zip"],
        "expires_at": "2030-01-01T00:00:00Z", "told_revocable": True, "given": "written", "signature": "X",
        "signed_at": "2026-01-01T00:00:00Z",
    },
}  # fmt: skip


def leaks(walk: Walk) -> list[str]:
    """What a role may do that it may not, or what a facility gets of another's."""
    found = []
    for operation, method, path in walk.operations():
        allowed = MAY[operation]
        if operation == "signOut":
            continue
        for role in (None, *Role):
            status = walk.ask(operation, method, path, role)
            if status >= 500:
                found.append(f"{operation} by {role}: {status}")
            elif role not in allowed and status != (401 if role is None else 403):
                found.append(f"{operation} by {role}: {status}, and it may not")
            elif role is FACILITY and operation not in FREE and status not in (403, 404, 422):
                found.append(f"{operation} of another facility: {status}")
    return found


FREE = {"matchCaller", "screenCall", "listRules", "isAlive", "isReady", "readMetrics", "signIn", "readSeats"}
"""What tells nothing of anybody: free seats are for every facility to see."""


@pytest.fixture
def walk(app: FastAPI, store: Store) -> Iterator[Walk]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Walk(client, store)


def test_every_operation_stands_in_the_table(walk: Walk) -> None:
    assert {operation for operation, _, _ in walk.operations()} == set(MAY)


def test_nobody_gets_what_they_may_not(walk: Walk) -> None:
    assert leaks(walk) == []


def test_one_check_removed_is_found(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a ledger that asks for a token and not for the role."""

    async def anybody(ledger: Ledger, request: Any, roles: Any) -> Who:
        return await ledger.behind(request.headers.get("authorization", "").removeprefix("Bearer "))

    monkeypatch.setattr(Ledger, "asking", anybody)
    assert any("it may not" in leak for leak in leaks(walk))


def test_few_people_are_counted_exactly_for_those_alone_who_may_list_them(walk: Walk) -> None:
    walk.store.write("clock", lambda change: tasks.open_once(change, TaskKind.MOVED, "p", None))
    for role in (None, *Role):
        headers = {"Authorization": f"Bearer {walk.tokens[role]}"} if role else {}
        told = walk.client.get("/metrics", headers=headers)
        exact = f'matcher_tasks{{kind="{TaskKind.MOVED}",state="open"}} 1.0' in told.text
        assert (told.status_code, exact) == (200, role in EXACT), role
    assert walk.client.get("/metrics", headers={"Authorization": "Bearer nobody"}).status_code == 401
