"""What an advisor does over HTTP, in a few words."""

import secrets
from typing import Any

import httpx2
from data.store.change import Store
from data.store.users import add_user, issue
from data.store.words import Role

PASSWORD = "correct horse battery"
CALLER: dict[str, Any] = {
    "zip": "98101", "need": "IOP", "payers": ["medicaid", "self-pay"], "medicaid_state": "WA", "modes": ["car"],
    "daily_limit": 1440, "admission_limit": 1440,
}  # fmt: skip


class Desk:
    """A client of an advisor who has signed in; answers are told with their status."""

    def __init__(self, client: httpx2.Client, store: Store, role: Role = Role.ADVISOR) -> None:
        self.client, self.store = client, store
        login = f"{role}-{secrets.token_hex(4)}"
        self.user_id = store.write("setup", lambda change: add_user(change, login, PASSWORD, role))
        self.token = self._signed_in(login)

    def _signed_in(self, login: str) -> str:
        told = self.client.post("/v1/sessions", json={"login": login, "password": PASSWORD})
        assert told.status_code == 201, told.text
        return str(told.json()["token"])

    def headers(self, key: str | None = None) -> dict[str, str]:
        """The headers of a write."""
        return {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key or secrets.token_hex(8)}

    def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> tuple[int, Any]:
        """Send a write; its status and what it says."""
        told = self.client.post(path, json=body, headers=self.headers(key) | headers)
        return told.status_code, told.json()

    def get(self, path: str) -> tuple[int, Any]:
        """Read something."""
        told = self.client.get(path, headers=self.headers())
        return told.status_code, told.json()

    def keep(self, **more: Any) -> str:
        """Keep a caller; the id of their referral."""
        status, told = self.post("/v1/callers", {"caller": CALLER | more})
        assert status == 201, told
        return str(told["referral_ids"][0])

    def best(self, number: int = 0) -> str:
        """The id of one of the best openings for the usual caller."""
        told = self.client.post("/v1/matches", json={"caller": CALLER}).json()
        return str(told["matches"][number]["opening_id"])

    def report(self, opening_id: str, number: int | None, **headers: str) -> tuple[int, Any]:
        """Report the seats of an opening."""
        path = f"/v1/openings/{opening_id}/seats"
        told = self.client.put(path, json={"number": number}, headers=self.headers() | headers)
        return told.status_code, told.json()

    def hold(self, referral_id: str, opening_id: str, key: str | None = None) -> tuple[int, Any]:
        """Hold an opening for a referral."""
        return self.post("/v1/placements", {"referral_id": referral_id, "opening_id": opening_id}, key)


def facility_token(store: Store, facility_id: str) -> str:
    """A program's token."""
    until = store.clock() + 3600
    return store.write("setup", lambda change: issue(change, Role.FACILITY, until, facility_id)).token
