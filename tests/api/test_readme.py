from api.readme import README, current, table
from matcher.rules import RULES


def test_the_readme_shows_the_rules_as_they_are() -> None:
    text = README.read_text(encoding="utf-8")
    assert current(text) == text


def test_a_readme_with_an_old_title_is_not_current() -> None:
    text = README.read_text(encoding="utf-8")
    assert current(text.replace(RULES[0].title, "An old title")) == text
    assert text.replace(RULES[0].title, "An old title") != text


def test_every_rule_has_its_row() -> None:
    assert [row.split("`")[1] for row in table().splitlines()[2:]] == [rule.code for rule in RULES]
