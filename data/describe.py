"""The words that go with our tables: ``data/tables/README.md``, made from the lists that readers and writers follow.

``python -m data.describe`` writes it; a test holds it current.
"""

from collections.abc import Mapping
from pathlib import Path

from .columns import OPTIONAL, TABLES
from .sources.delimited import write_whole
from .sources.samhsa_codes import meanings

README = Path(__file__).parent / "tables" / "README.md"

HEAD = """# Tables

Made from `data/columns.py` by `python -m data.describe`; do not edit.

A directory is a folder with `facilities.csv` and `openings.csv`, and where known `medication_starts.csv` and
`vans.csv`. Callers are one more file. Text is UTF-8; Windows-1252 is read too, with a finding. The first row is the
header, with all the columns below in any order; {optional} may be missing. Several values in one cell are joined by
`;`. In a cell of codes, `medicaid` is reported yes, `!medicaid` is reported no, and absent is not reported.

A cell that cannot be used counts as not reported. A row without a usable id, place, level of care or need is refused.
Both are findings, with file, row, column, value and what is allowed; nothing else is left out.
"""

POLICY = """## policy.csv

Every number of policy: `code`, `number`, `unit`, `in_force_since` (ISO date), `source`. Of each code the newest row in
force counts; a change is a new row, and the old one stays.
"""

ANSWERS = """## answers.csv

The questions that can be asked of a caller: `column` and `cell` of callers.csv that an answer fills, `asks_en`,
`asks_es`, `answer_en`, `answer_es`, and `figures`: how often the answer is given, as names of published figures joined
by `;`, or behind `!` what they leave of the whole.
"""

CODES = """## samhsa_codes.csv

What each of {count} service codes of the SAMHSA directories says in our words, reviewed one by one: `code`,
`category`, `label` (federal), `within` (the settings whose plainest level it makes needless), `column`, `means`,
`source`, `note`. A code that speaks to two columns stands in two rows.

| column | means | codes |
|---|---|---|
{rows}

A code that is absent says nothing. Only a code that means "no" makes a no, written `!medication`, or `no` for `otp`.
`samhsa_categories.csv` names the categories by the codes of the locator's JSON answers, where a label means a code only
within its category.

Where the codes of one site contradict each other, the fact is not known.
"""

SAYS = {
    "level": "an opening at this level of care; `CODE:level` only where the site has that code too",
    "setting": "an opening at its plainest level, only where no code within the setting is given",
    "payers": "payers taken",
    "medications": "medications started and continued here",
    "elsewhere": "medications for which a prescriber elsewhere is accepted",
    "otp": "federally certified opioid treatment program",
    "ages": "age groups accepted",
    "genders": "genders accepted",
    "only": "special populations, where it serves nobody else",
    "programs": "special populations with a program of their own",
    "languages": "languages care is given in, besides English",
    "services": "services and therapies offered",
    "co_occurring": "treats mental illness beside substance use",
    "telehealth": "can be attended by video",
    "takes_children": "beds or day care for clients' children",
    "block_grant": "gets federal substance use block-grant funds",
    "assistance": "payment assistance or a payment plan",
    "prose": "words that slipped in among the codes; moved to the note",
    "none": "kept in `codes` for people to read; no rule reads it",
}


def readme() -> str:
    """The whole text."""
    tables = "\n".join(_table(name, columns) for name, columns in TABLES.items())
    optional = " and ".join(f"`{column}` of `{name}`" for name, columns in OPTIONAL.items() for column in columns)
    return "\n".join([HEAD.format(optional=optional), tables, POLICY, ANSWERS, _codes()])


def _table(name: str, columns: Mapping[str, str]) -> str:
    rows = "\n".join(f"| `{column}` | {meaning.replace('|', chr(92) + '|')} |" for column, meaning in columns.items())
    return f"## {name}\n\n| column | meaning |\n|---|---|\n{rows}\n"


def _codes() -> str:
    every = [meaning for found in meanings().values() for meaning in found]
    counts = {column: sum(meaning.column == column for meaning in every) for column in SAYS}
    rows = "\n".join(f"| `{column}` | {says} | {counts[column]} |" for column, says in SAYS.items())
    return CODES.format(count=len(meanings()), rows=rows)


if __name__ == "__main__":
    write_whole(README, readme().encode())
