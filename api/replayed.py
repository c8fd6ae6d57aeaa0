"""The command that decides a placement again, from what the ledger kept of it, and compares the two to the byte."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import orjson
import typer

from data.store import given, placements
from data.store.change import Store
from data.store.referrals import caller_of
from data.store.seals import seal_of
from matcher.brief import MATCHES, listed
from matcher.facts import Referral
from matcher.records import dtype, frozen
from matcher.sweep import Sweep

from .options import Json, out, print_json
from .stored import HERE, Url, a_store


@dataclass(frozen=True, slots=True)
class Replayed:
    """A decision as it was kept and as it is made now; ``rules``: whether the code that decides is still the same."""

    kept: bytes
    made: bytes
    rules: bool
    release: str

    @property
    def same(self) -> bool:
        """Whether it is the same to the byte."""
        return self.kept == self.made


def replayed(store: Store, placement_id: str) -> Replayed:
    """Decide a placement again. Raises ``Missing``, ``Erased``, and ``Unfit`` where this release cannot read it."""
    from .serve.wanting import brief_of, decision, draws_of

    with store.database.read() as connection:
        one = placements.placement(connection, placement_id)
        seal = seal_of(connection, store.keys, caller_of(connection, one.referral_id))
        sealed = placements.decision_of(connection, placement_id)
        found, rules, release = given.read(connection, one.given_id)
    kept = seal.open(sealed, f"placements.decision:{one.referral_id}")
    said = orjson.loads(kept)
    row = frozen(np.frombuffer(b64decode(said["referral"]), dtype(Referral)).copy().view(np.recarray))
    sweep = Sweep(found.directory, found.policy, compile_rules=False)
    matches = listed(sweep, row, MATCHES)
    number = found.directory.opening_ids.index(one.opening_id)
    options = (*matches, brief_of(sweep, row, matches, number))
    made = decision(sweep, row, options, draws_of(sweep.directory, options))
    return Replayed(kept, made, rules == given.rules_hash(), release)


def replay(
    placement_id: Annotated[str, typer.Argument(help="Id of the placement.")],
    url: Url = HERE,
    as_json: Json = False,
) -> None:
    """Decide a placement of the ledger again, and say whether it comes out the same, to the byte."""
    with a_store(url) as store:
        found = replayed(store, placement_id)
    if as_json:
        print_json({"same": found.same, "same_rules": found.rules, "release": found.release})
    else:
        rules = "the same rules" if found.rules else "other rules than now"
        verdict = "comes out the same, to the byte" if found.same else "comes out otherwise"
        out.print(f"{placement_id} {verdict}; it was decided by release {found.release}, {rules}.", highlight=False)
    raise typer.Exit(0 if found.same else 1)
