"""Numbers are said with their nouns as a person says them."""

import pytest
from data.wording import counted


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (0, "placement", "0 placements"),
        (1, "placement", "1 placement"),
        (2, "placement", "2 placements"),
        (1, "facility", "1 facility"),
        (3, "facility", "3 facilities"),
    ],
)
def test_one_of_them_is_said_in_the_singular(number: int, noun: str, said: str) -> None:
    assert counted(number, noun) == said
