"""Callers who consent, and what is then disclosed, for tests."""

from data.store.callers import Caller
from data.store.change import Store
from data.store.consents import Consent, Given, Purpose, consent, consented
from data.store.disclosures import Disclosed, Disclosure, disclose, report
from data.store.identity import write_identity

from .ledgers import NOON
from .people import made

DAY = 86_400
ANN = {"name": "Ann Quux", "phone": "614-555-0134", "birth_date": "1990-05-17"}
WANTED = Consent(
    caller_id="", discloser="The helpline", recipient="a", recipient_name="Harbor Clinic", purpose=Purpose.TREATMENT,
    fields=("name", "need", "medications"), expires_at=NOON + DAY, told_revocable=True, given=Given.WRITTEN,
    signature="Ann Quux", signed_at=NOON,
)  # fmt: skip


def asking(store: Store) -> Caller:
    one = made(store)
    store.write("advisor", lambda change: write_identity(change, one.caller_id, ANN))
    return one


def given(store: Store, caller_id: str, **elements: object) -> Consent:
    wanted = WANTED._replace(caller_id=caller_id)._replace(**elements)  # type: ignore[arg-type]
    return store.write("advisor", lambda change: consent(change, wanted))


def told_to(store: Store, caller_id: str, *fields: str, recipient: str = "a") -> Disclosed:
    return store.write(
        "advisor", lambda change: disclose(change, caller_id, recipient, Purpose.TREATMENT, fields or WANTED.fields)
    )


def may(store: Store, caller_id: str, field: str = "name", recipient: str = "a", now: int | None = None) -> bool:
    with store.database.read() as connection:
        return field in consented(connection, caller_id, recipient, store.clock() if now is None else now)


def listed(store: Store, caller_id: str) -> list[Disclosure]:
    return store.write("boss", lambda change: report(change, caller_id))
