"""What is told in a medical emergency without consent, and what is written of it (42 CFR 2.51); in both databases."""

from functools import partial

import pytest
from data.store import disclosures
from data.store.access import Reason
from data.store.change import Store
from data.store.disclosures import DISCLOSES, EMERGENCY, WITHOUT_CONSENT, Disclosed, disclose_in_emergency
from data.store.emergencies import LONGEST, Emergency
from data.store.erasure import erase
from data.store.errors import Denied, Erased, Malformed, Missing
from data.store.roles import Group
from data.store.users import Who, add_user
from data.store.words import Role
from matcher.vocabulary import LANGUAGES

from .consenting import ANN, asking, listed
from .ledgers import Clock
from .people import all_there_is, made, referred, told

OVERDOSE = Emergency("Dr. Zzyzx", "Harbor ED", "found unresponsive, naloxone given")
ADVISOR = Who("advisor", Role.ADVISOR, None)


def tell(
    store: Store, caller_id: str, *fields: str, who: Who = ADVISOR, emergency: Emergency = OVERDOSE,
    referral_id: str | None = None,
) -> Disclosed:  # fmt: skip
    return store.write(
        who.owner,
        partial(
            disclose_in_emergency, who=who, caller_id=caller_id, emergency=emergency,
            fields=fields or ("name", "medications"), referral_id=referral_id,
        ),
    )  # fmt: skip


def test_medical_personnel_are_told_what_is_named_and_no_more(store: Store) -> None:
    one = asking(store)
    shown = tell(store, one.caller_id)
    assert shown.cells == {"name": ANN["name"], "medications": "methadone"}
    assert shown.notice == WITHOUT_CONSENT
    assert set(WITHOUT_CONSENT) == set(LANGUAGES)
    assert set(tell(store, one.caller_id, Group.IDENTITY).cells) == set(ANN)


def test_the_report_says_to_whom_by_whom_when_and_why(store: Store, clock: Clock) -> None:
    one = asking(store)
    user_id = store.write("boss", lambda change: add_user(change, "ada", "correct horse battery", Role.ADVISOR))
    clock.now += 60
    tell(store, one.caller_id, who=ADVISOR._replace(owner=user_id))
    (line,) = listed(store, one.caller_id)
    assert (line.recipient_name, line.affiliation, line.nature) == OVERDOSE[:3]
    assert (line.by, line.discloser, line.at, line.purpose) == (user_id, "ada", clock.now, Reason.EMERGENCY)
    assert line.fields == ("name", "medications")


def test_it_is_told_in_the_chain_by_code_and_its_words_are_sealed(store: Store) -> None:
    one = asking(store)
    tell(store, one.caller_id)
    kind, subject, body = told(store)[-1]
    assert (kind, subject, EMERGENCY in body) == ("disclosed", one.caller_id, True)
    everything = all_there_is(store)
    assert not [word for word in (*OVERDOSE[:3], *ANN.values()) if word.encode() in everything]


@pytest.mark.parametrize("name", ["recipient_name", "affiliation", "nature"])
@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST + 1)])
def test_what_must_be_written_down_is_asked_for(store: Store, name: str, text: str) -> None:
    one = asking(store)
    with pytest.raises(Malformed, match=f"states its {name}"):
        tell(store, one.caller_id, emergency=OVERDOSE._replace(**{name: text}))
    assert listed(store, one.caller_id) == []


@pytest.mark.parametrize("field", ["excluded", "contact_name", "placed", "everything", Group.NOTES, Group.AUDIT])
def test_notes_contacts_and_placements_are_told_to_nobody(store: Store, field: str) -> None:
    with pytest.raises(Malformed, match="cannot be disclosed"):
        tell(store, asking(store).caller_id, field)


@pytest.mark.parametrize("role", [role for role in Role if role not in DISCLOSES])
def test_no_program_tells_anything_in_an_emergency(store: Store, role: Role) -> None:
    one = asking(store)
    with pytest.raises(Denied, match="allowed: advisor, supervisor"):
        tell(store, one.caller_id, "zip", who=Who("program", role, None))
    assert tell(store, one.caller_id, "zip", who=Who("boss", Role.SUPERVISOR, None)).cells == {"zip": "43215"}


def test_without_the_check_of_roles_a_program_would(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(disclosures, "DISCLOSES", tuple(Role))
    assert tell(store, asking(store).caller_id, "zip", who=Who("program", Role.SYSTEM, None)).cells


def test_what_the_referral_says_counts_before_what_its_caller_says(store: Store) -> None:
    one = asking(store)
    own, other = referred(store, one.caller_id, need="IOP"), referred(store, made(store).caller_id)
    assert tell(store, one.caller_id, "need", referral_id=own.referral_id).cells == {"need": "IOP"}
    with pytest.raises(Missing):
        tell(store, one.caller_id, "need", referral_id=other.referral_id)


def test_nothing_is_told_of_an_erased_caller(store: Store) -> None:
    one = asking(store)
    tell(store, one.caller_id)
    store.write("advisor", lambda change: erase(change, one.caller_id))
    for work in (lambda: tell(store, one.caller_id), lambda: listed(store, one.caller_id)):
        with pytest.raises(Erased):
            work()


def test_what_cannot_be_documented_is_not_told(store: Store) -> None:
    one = asking(store)

    def cut(step: str) -> None:
        if step == "documented":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        tell(Store(store.database, store.keys, store.clock, cut), one.caller_id)
    assert listed(store, one.caller_id) == []
