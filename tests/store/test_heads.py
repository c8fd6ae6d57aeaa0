"""The file of signed heads: what was signed stays signed, and nothing is signed over a loss."""

from base64 import b64encode
from functools import partial
from pathlib import Path

import pytest
from data.store.change import Store
from data.store.heads import Forged, Heads
from data.store.keys import Keys
from data.store.reports import report
from data.store.verify import verify

from .tampering import ends, every, put


@pytest.fixture
def heads(store: Store, tmp_path: Path) -> Heads:
    """Four heads, the last two over one chain that moved."""
    heads = Heads(tmp_path / "heads", store.keys.signing)
    for pool in ("seats/a/1", "seats/b/1", "seats/b/1", "seats/b/1"):
        store.write("facility", partial(report, pool_id=pool, number=2))
        assert heads.write(store)
    return heads


def read(store: Store, heads: Heads) -> Heads:
    return Heads(heads.path, store.keys.signing).follow()


def test_each_line_names_the_chains_that_moved(store: Store, heads: Heads) -> None:
    again = read(store, heads)
    assert (again.lines, again.signed, again.at) == (4, heads.signed, store.clock())
    assert {chain: head.seq for chain, head in again.signed.items()} == {"a": 1, "b": 3}
    assert heads.path.read_text().count('"a":[') == 1


def lines_of(heads: Heads) -> list[bytes]:
    return heads.path.read_bytes().splitlines(keepends=True)


def test_a_line_changed_left_out_or_put_elsewhere_is_found(store: Store, heads: Heads) -> None:
    one, two, three, four = lines_of(heads)
    forgeries = {
        "line 2: the signature": [one, two.replace(b'"count":2', b'"count":3'), three, four],
        "line 3: the line before": [one, two, four],
        "line 1: the line before": [two, three, four],
        "line 2: the line before": [one, three, two, four],
        "line 4: the signature": [one, two, three, b"{}\n"],
        "line 5: the line before": [one, two, three, four, four],
    }
    for said, lines in forgeries.items():
        heads.path.write_bytes(b"".join(lines))
        with pytest.raises(Forged, match=said):
            read(store, heads)
        assert [fault.kind for fault in verify(store.database, Heads(heads.path, store.keys.signing)).faults] == [
            "head"
        ]
    heads.path.write_bytes(b"".join((one, two, three, four)))
    assert read(store, heads).lines == 4


def test_another_key_signs_nothing_of_ours(store: Store, heads: Heads) -> None:
    other = Keys.of(b64encode(bytes(32)).decode())
    with pytest.raises(Forged, match="line 1: the signature"):
        Heads(heads.path, other.signing).write(store)


def test_a_line_never_finished_does_not_count_and_the_next_takes_its_place(store: Store, heads: Heads) -> None:
    lines = lines_of(heads)
    heads.path.write_bytes(b"".join(lines[:3]) + lines[3][:40])
    again = read(store, heads)
    assert again.lines == 3
    assert again.write(store)
    assert read(store, heads).lines == 4


def test_two_writers_write_one_file(store: Store, heads: Heads) -> None:
    other = read(store, heads)
    for writer in (other, heads, other):
        store.write("facility", lambda change: report(change, "seats/a/2", 1))
        assert writer.write(store)
    assert read(store, heads).lines == 7


def test_a_file_cut_while_it_is_in_use_is_noticed(store: Store, heads: Heads) -> None:
    heads.path.write_bytes(b"".join(lines_of(heads)[:2]))
    with pytest.raises(Forged, match="shorter than it was"):
        heads.write(store)


def test_nothing_is_signed_over_events_that_were_lost(store: Store, heads: Heads) -> None:
    with store.database.read() as connection:
        rows = every(connection)
    put(store.database, rows[:-1], ends(rows[:-1]))
    with pytest.raises(Forged, match="chain b ends before event 3"):
        heads.write(store)
    assert len(lines_of(heads)) == 4
