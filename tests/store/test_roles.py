"""Who sees what of a caller: the whole table, field by field, and the door that asks it; in both databases."""

from collections.abc import Iterator
from itertools import product

import pytest
from data.columns import CALLERS
from data.store import roles
from data.store.access import LONGEST, Reason, Record, Stated, open_record
from data.store.callers import ATTRIBUTES, Caller
from data.store.change import Store
from data.store.consents import consent
from data.store.contacts import CONTACT
from data.store.disclosures import NOTICE
from data.store.erasure import erase
from data.store.errors import Denied, Erased, Malformed, Missing
from data.store.identity import IDENTITY, write_identity
from data.store.life import act
from data.store.roles import DISCLOSABLE, GROUPS, ROLES, Case, Group, Right, may_see, may_write, refuse_read, seen
from data.store.tables import accesses, disclosures
from data.store.users import Who
from data.store.words import Act, Role
from sqlalchemy import select

from .consenting import ANN, WANTED
from .people import all_there_is, made, placed, referred, told

PERSONAL = (*IDENTITY, *CONTACT, "consents", "latitude", "longitude")
CLINICAL = (
    "need", "medications", "uses", "substances", "pregnant", "injecting", "populations", "services", "withdrawal",
    "co_occurring", "own_therapist",
)  # fmt: skip
NOTED = ("excluded", "override_reason", "access_reason")
AUDITED = ("placed", "events", "disclosures")
ADVISOR, SUPERVISOR, SYSTEM = (Who(role.value, role, None) for role in (Role.ADVISOR, Role.SUPERVISOR, Role.SYSTEM))
CLINIC, STRANGER = Who("clinic", Role.FACILITY, "a"), Who("stranger", Role.FACILITY, "b")
ALL = tuple(Group)


def plain(name: str) -> bool:
    """Whether a field is neither identity nor clinical, note or audit, by this file's own lists."""
    return name not in (*PERSONAL, *CLINICAL, *NOTED, *AUDITED)


def lawful(role: Role, name: str, case: Case) -> bool:
    """Whether a role may see a field, said once more and otherwise than in the table."""
    if role is Role.ADVISOR:
        return name not in AUDITED
    if role is Role.SUPERVISOR:
        return case.reason or name not in (*PERSONAL, *NOTED)
    if role is Role.SYSTEM:
        return plain(name)
    if name in AUDITED:
        return case.own
    return case.own and name in case.consented and name not in NOTED


def cases() -> Iterator[Case]:
    """Every case: with and without reason, own, nothing consented, one field, and all."""
    consents = [frozenset[str](), frozenset(GROUPS), *(frozenset([name]) for name in GROUPS)]
    for reason, own, consented in product((False, True), (False, True), consents):
        yield Case(reason, own, consented)


def leaks() -> list[tuple[Role, str, Case]]:
    """Every field that a role sees unlawfully, or lawfully would and does not."""
    return [
        (role, name, case)
        for case, role, name in product(cases(), Role, GROUPS)
        if may_see(role, name, case) != lawful(role, name, case)
    ]


def test_every_field_has_a_group_and_every_role_a_right_to_it() -> None:
    assert set(CALLERS) | set(IDENTITY) | set(CONTACT) <= set(GROUPS)
    assert set(ROLES) == set(Role)
    assert all(set(rights) == set(Group) for rights in ROLES.values())
    assert set(roles.MEETS) == set(Right)
    assert set(GROUPS.values()) == set(Group)


def test_no_role_sees_more_than_it_may_nor_less() -> None:
    assert leaks() == []


@pytest.mark.parametrize("right", [Right.NONE, Right.WITH_REASON, Right.WITH_CONSENT, Right.OWN_FACILITY])
def test_a_check_that_is_left_out_is_found(right: Right, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(roles.MEETS, right, lambda name, case: True)
    assert leaks()


@pytest.mark.parametrize("name", list(GROUPS))
def test_a_field_in_a_wrong_group_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for group in set(Group) - {GROUPS[name]}:
        monkeypatch.setattr(roles, "GROUPS", {**GROUPS, name: group})
        assert leaks()


@pytest.mark.parametrize(("role", "group", "right"), [(a, b, c) for a in Role for b in Group for c in Right])
def test_a_wrong_right_in_the_table_is_found(
    role: Role, group: Group, right: Right, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = {ROLES[role][group], right} <= {Right.READ, Right.WRITE} or ROLES[role][group] is right
    monkeypatch.setattr(roles, "ROLES", {**ROLES, role: {**ROLES[role], group: right}})
    assert bool(leaks()) is not same


def test_a_field_of_no_group_is_seen_and_written_by_nobody() -> None:
    everything = Case(True, True, frozenset(["ssn"]))
    assert [role for role in Role if may_see(role, "ssn", everything) or may_write(role, "ssn")] == []


def test_advisors_alone_write_of_a_caller() -> None:
    writes = {(role, name) for role in Role for name in GROUPS if may_write(role, name)}
    assert writes == {(Role.ADVISOR, name) for name in GROUPS if name not in AUDITED}
    roles.refuse_write(Role.ADVISOR, ["zip", "name"])
    with pytest.raises(Denied, match="does not write name, zip"):
        roles.refuse_write(Role.SUPERVISOR, ["zip", "name"])


def test_a_read_of_any_field_too_many_is_refused() -> None:
    refuse_read(Role.SUPERVISOR, ["zip", "need"])
    with pytest.raises(Denied, match="does not see name"):
        refuse_read(Role.SUPERVISOR, ["zip", "name"])


def test_what_is_not_seen_is_left_out() -> None:
    assert seen(Role.SYSTEM, {"zip": "43215", "name": "Ann", "ssn": "1"}) == {"zip": "43215"}


def test_a_consent_can_name_no_note_no_contact_and_no_placement() -> None:
    assert not set(DISCLOSABLE) & {*NOTED, *AUDITED, *CONTACT, "consents"}
    assert set(DISCLOSABLE) == {*IDENTITY, *ATTRIBUTES} - {"excluded"}


def asking(store: Store) -> Caller:
    one = made(store, latitude="39.9", excluded="b")
    store.write("advisor", lambda change: write_identity(change, one.caller_id, ANN))
    return one


def shown(store: Store, who: Who, caller_id: str, *groups: Group, stated: Stated | None = None) -> Record:
    return store.write(who.owner, lambda change: open_record(change, who, caller_id, groups, stated))


def test_an_advisor_opens_one_caller_and_it_is_told(store: Store) -> None:
    one = asking(store)
    groups = (Group.IDENTITY, Group.ATTRIBUTES, Group.CLINICAL, Group.NOTES)
    record = shown(store, ADVISOR, one.caller_id, *groups)
    assert record.cells == {**one.attributes, **ANN}
    assert record.notice is None
    assert told(store)[-1] == (
        "opened",
        one.caller_id,
        '{"fields":["identity","attributes","clinical","notes"]}',
    )


def test_only_the_groups_that_are_asked_for_are_shown(store: Store) -> None:
    one = asking(store)
    assert shown(store, ADVISOR, one.caller_id, Group.CLINICAL).cells == {
        "need": "outpatient",
        "medications": "methadone",
        "pregnant": "yes",
    }


def test_a_supervisor_sees_no_identity_without_a_stated_reason(store: Store) -> None:
    one = asking(store)
    for group in (Group.IDENTITY, Group.NOTES):
        with pytest.raises(Denied, match="without a stated reason"):
            shown(store, SUPERVISOR, one.caller_id, group)
    assert "latitude" not in shown(store, SUPERVISOR, one.caller_id, Group.ATTRIBUTES, Group.CLINICAL).cells
    stated = Stated(Reason.COMPLAINT, "Quokka called")
    record = shown(store, SUPERVISOR, one.caller_id, Group.IDENTITY, stated=stated)
    assert record.cells == ANN | {"latitude": "39.9"}
    assert told(store, "user:supervisor")[-1][2] == '{"fields":["identity"],"reason":"complaint"}'
    with store.database.read() as connection:
        (row,) = connection.execute(select(accesses.c.reason, accesses.c.by)).all()
    assert tuple(row) == ("complaint", "supervisor")
    assert b"Quokka" not in all_there_is(store)


def test_a_reason_has_an_end(store: Store) -> None:
    one = asking(store)
    with pytest.raises(Malformed):
        shown(store, SUPERVISOR, one.caller_id, Group.IDENTITY, stated=Stated(Reason.LAW, "x" * (LONGEST + 1)))


def test_the_system_sees_attributes_alone(store: Store) -> None:
    one = asking(store)
    assert shown(store, SYSTEM, one.caller_id, Group.ATTRIBUTES).cells == {"zip": "43215", "ages": "34"}
    for group in set(Group) - {Group.ATTRIBUTES}:
        with pytest.raises(Denied):
            shown(store, SYSTEM, one.caller_id, group, stated=Stated(Reason.LAW))


def test_a_facility_sees_its_own_placements_caller_after_consent_and_only_what_it_names(store: Store) -> None:
    one = asking(store)
    two = referred(store, one.caller_id, need="residential")
    groups = (Group.IDENTITY, Group.CLINICAL)
    with pytest.raises(Missing):
        shown(store, CLINIC, one.caller_id, *groups)
    held = placed(store, two)
    with pytest.raises(Denied, match="without consent"):
        shown(store, CLINIC, one.caller_id, *groups)
    wanted = WANTED._replace(caller_id=one.caller_id, fields=("name", "need"))
    store.write("advisor", lambda change: consent(change, wanted))
    record = shown(store, CLINIC, one.caller_id, *groups)
    assert record.cells == {"name": "Ann Quux", "need": "residential"}
    assert record.notice == NOTICE
    with store.database.read() as connection:
        assert connection.execute(select(disclosures.c.by, disclosures.c.fields)).all() == [("clinic", "name;need")]
    store.write("advisor", lambda change: act(change, held.placement_id, Act.RELEASE))
    with pytest.raises(Missing):
        shown(store, CLINIC, one.caller_id, *groups)


def test_a_facility_learns_nothing_of_another_ones_caller_not_even_that_there_is_one(store: Store) -> None:
    one = asking(store)
    placed(store, referred(store, one.caller_id))
    store.write("advisor", lambda change: consent(change, WANTED._replace(caller_id=one.caller_id, recipient="b")))
    sentences = set()
    for caller_id in (one.caller_id, "nobody"):
        with pytest.raises(Missing) as refused:
            shown(store, STRANGER, caller_id, *ALL)
        sentences.add(str(refused.value).replace(caller_id, "-"))
    assert len(sentences) == 1


@pytest.mark.parametrize("group", [Group.NOTES, Group.AUDIT])
def test_no_consent_opens_notes_or_audit_to_a_facility(store: Store, group: Group) -> None:
    one = asking(store)
    placed(store, referred(store, one.caller_id))
    wanted = WANTED._replace(caller_id=one.caller_id, fields=(Group.IDENTITY, Group.ATTRIBUTES, Group.CLINICAL))
    store.write("advisor", lambda change: consent(change, wanted))
    with pytest.raises((Denied, Malformed)):
        shown(store, CLINIC, one.caller_id, group)


@pytest.mark.parametrize("who", [ADVISOR, SUPERVISOR, SYSTEM], ids=lambda who: str(who.role))
def test_nobody_opens_an_erased_caller(store: Store, who: Who) -> None:
    one = asking(store)
    store.write("advisor", lambda change: erase(change, one.caller_id))
    with pytest.raises(Erased):
        shown(store, who, one.caller_id, Group.ATTRIBUTES)
