"""When two ways of writing stand for the same person: phone numbers and the sound of names."""

import re

import pytest
from data.store.errors import Malformed
from data.store.likeness import e164, sounds
from hypothesis import given
from hypothesis import strategies as st

ALIKE = [
    ("Stephen", "Steven"),
    ("Smith", "Smyth"),
    ("Gonzalez", "Gonsales"),
    ("Hernández", "Ernandes"),
    ("Javier", "Xavier"),
    ("Jiménez", "Gimenez"),
    ("Vásquez", "Bazques"),
    ("Muhammad", "Mohamed"),
    ("Sean", "Shawn"),
    ("Brian", "Bryan"),
    ("O'Neil", "O\u2019Neil"),
    ("Анна", "анна"),
]
UNLIKE = [("Maria", "Carlos"), ("Lopez", "Garcia"), ("Anna", "Анна"), ("李", "王")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_sound_alike_share_a_sound(one: str, other: str) -> None:
    assert sounds(one) & sounds(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_names_that_do_not_sound_alike_share_none(one: str, other: str) -> None:
    assert not sounds(one) & sounds(other)


@given(st.text(max_size=60))
def test_case_accents_and_order_do_not_change_the_sound(name: str) -> None:
    assert sounds(name) == sounds(name.casefold()) == sounds(" ".join(reversed(name.split())))
    assert all(sound.encode() for sound in sounds(name))


@given(st.text(max_size=400) | st.from_regex(r"[+(]?[0-9 ().x-]{3,25}", fullmatch=True))
def test_a_number_has_one_form_or_is_refused(text: str) -> None:
    try:
        form = e164(text)
    except Malformed:
        return
    assert re.fullmatch(r"\+[0-9]{5,17}", form)


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_a_number_is_the_same_however_it_is_dialed(ten: str) -> None:
    area, exchange, line = ten[:3], ten[3:6], ten[6:]
    ways = [ten, f"({area}) {exchange}-{line}", f"{area}.{exchange}.{line}", f"1-{area}-{exchange}-{line}", f"+1{ten}"]
    assert {e164(way) for way in ways} == {f"+1{ten}"}
