"""The README's rules table, made from ``RULES``; a test keeps the file current."""

from pathlib import Path

from matcher.rules import RULES

README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- rules: python -m api.readme -->\n", "<!-- end of rules -->\n"


def table() -> str:
    """Return the rules as a Markdown table, in the order in which reasons are read."""
    rows = [f"| `{rule.code}` | {rule.kind.value} | {rule.title} | {rule.unit} |" for rule in RULES]
    return "\n".join(["| rule | kind | what it says | unit |", "|---|---|---|---|", *rows]) + "\n"


def current(text: str) -> str:
    """Return the README's text with the table of the rules as they are."""
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    return head + START + table() + END + tail


if __name__ == "__main__":
    README.write_text(current(README.read_text(encoding="utf-8")), encoding="utf-8")
