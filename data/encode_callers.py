"""Callers as the engine's numbers: the table of callers becomes ``Referrals``, one row a step of care."""

from collections.abc import Sequence

import numpy as np

from matcher import problem
from matcher.problem import Directory, Referral, Referrals
from matcher.records import Ints, Rows, blank
from matcher.vocabulary import UNKNOWN, Medication, MedicationUse, Payer, Substance, TravelMode

from .cells import NEED, STATE, WEEK, YES, codes, whole
from .columns import Columns
from .encode import in_id_order, plan_key
from .findings import Findings
from .located import located
from .table import Table

LONGEST = 1440
"""Minutes of the longest trip that can be asked for: a day."""

MASKS = (
    ("payers", Payer),
    ("medications", Medication),
    ("uses", MedicationUse),
    ("substances", Substance),
    ("modes", TravelMode),
)


def encode_callers(
    callers: Columns, directory: Directory, policy: Rows, seed: int = 0, rows: Sequence[int] | None = None
) -> tuple[Referrals, Findings]:
    """The referrals, and what was found. A caller without a usable place or need is refused, and counted.

    ``rows``: the row numbers that findings speak of where rows were left out before. Raises ``InputError`` when a
    column is missing.
    """
    findings = Findings()
    table = Table("callers.csv", callers, findings, rows)
    ids = table.texts("referral_id")
    table.refuse_repeated("referral_id", ids)
    found = blank(Referral, table.count)
    found["need"] = table.read("need", NEED, required=True)
    place = located(table)
    found["latitude"], found["longitude"], found["zip_only"] = place.latitude, place.longitude, place.by_zip
    for name, kind in MASKS:
        found[name] = table.read(name, codes(kind, negatives=False))[:, 0]
    start = (found["medications"] != 0) & (found["uses"] == 0)
    found["uses"][start] = MedicationUse.START.bit
    found["medicaid_state"] = table.read("medicaid_state", STATE)
    found["plan"] = _plans(table, directory.plans)
    for name in ("daily_limit", "admission_limit"):
        found[name] = table.read(name, whole(0, LONGEST))
    found["pregnant"], found["injecting"] = table.read("pregnant", YES), table.read("injecting", YES)
    found["free"] = table.read("free", WEEK)
    table.read("simulated", YES)
    order = in_id_order(table, ids)
    return problem.referrals(found[order].view(np.recarray), [ids[i] for i in order], policy, seed), findings


def _plans(table: Table, plans: Sequence[str]) -> Ints:
    numbers = {plan_key(name): number for number, name in enumerate(plans)} | {"": UNKNOWN}
    names = table.texts("plan")
    keys = {name: numbers.get(plan_key(name), UNKNOWN) for name in set(names)}
    stranger = table.where(names, lambda name: name and keys[name] == UNKNOWN)
    table.note("plan", stranger, "a plan no facility has reported", "taken as not known", "a plan of the directory")
    return np.fromiter((keys[name] for name in names), np.int64, table.count)
