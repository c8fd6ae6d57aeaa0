"""The command that repairs a standing placement after events, and shows the plan before anything is changed."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from data.wording import counted
from matcher.plan import Change, Plan

from .load import Loaded
from .options import Callers, Folder, Json, Now, Seconds, out, print_json, watched

SHOWN = 40
"""Changes shown of a plan in a terminal; --json has all of them."""


def reassign(
    folder: Folder,
    state: Annotated[Path, typer.Option(help="Folder of the standing placement, as assign --state writes it.")],
    events: Annotated[Path, typer.Option(help="Events since then, a CSV file: event,id,units.")],
    callers: Callers = None,
    weight: Annotated[
        int | None, typer.Option(min=0, help="Minutes a week an option must be better to move somebody.")
    ] = None,
    most: Annotated[int | None, typer.Option(min=0, help="Most who may be moved, where nobody else must wait.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Carry the plan out: write the new state.")] = False,
    seconds: Seconds = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Repair a placement after seats were lost or gained, and show the plan: who moves, why, and who waits."""
    import numpy as np

    from api import load
    from api.written import json_of
    from data import events as happenings
    from data import state as states
    from matcher.solve.reassign import reassign as reassigned
    from matcher.solve.standing import Standing

    loaded = load.load(folder, now)
    batch, _ = load.problem(loaded, callers)
    happened = happenings.read(events, batch, states.heard(state, batch.directory))
    standing = states.read(state, happened.problem)
    heavy = int(loaded.policy["move_minutes"][0]) if weight is None else weight
    with watched("Reassigning", as_json, seconds) as watch:
        plan, certificate = reassigned(
            happened.problem,
            Standing(standing.claims, standing.certificate, happened.fixed),
            np.array(happened.touched, np.int64),
            heavy,
            most,
            watch,
        )
    if apply:
        states.write(state, happened.problem, plan.placements, certificate, happened.heard)
    if as_json:
        told = {"simulated": loaded.simulated, "moves": plan.moves, "minutes": plan.minutes, "applied": apply}
        print_json(told | json_of(loaded, plan))
        return
    show(loaded, plan, apply, most)


def show(loaded: Loaded, plan: Plan, applied: bool, most: int | None) -> None:
    """Print a plan: what changes, who is left waiting and for which pool, and what is proven."""
    from api import show as shown

    shown.notice(out, loaded)
    places = dict(zip(loaded.directory.opening_ids, range(len(loaded.directory.opening_ids)), strict=True))

    def named(opening_id: str) -> str:
        if opening_id not in places:
            return opening_id or "waiting"
        number = places[opening_id]
        start = loaded.facilities.start_dates[number] or "?"
        return f"{shown.named(loaded, number)}\n[dim]{shown.level_of(loaded, number)}, {start}[/dim]"

    table = Table(title=counted(len(plan.changes), "change"), title_justify="left", box=SIMPLE_HEAD)
    for heading in ("caller", "from", "to", "min/week", "why"):
        table.add_column(heading, justify="right" if heading == "min/week" else "left")
    for change in plan.changes[:SHOWN]:
        minutes = f"{change.minutes:+d}" if change.before and change.after else ""
        table.add_row(change.referral_id, named(change.before), named(change.after), minutes, _why(change))
    if plan.changes:
        out.print(table)
    if len(plan.changes) > SHOWN:
        out.print(f"{counted(len(plan.changes) - SHOWN, 'more change')}; --json lists all.")
    proof = plan.proof
    out.print(
        f"[bold]{plan.moves} move[/bold], {plan.minutes:+d} minutes a week together; {len(plan.waiting)} are left "
        f"waiting. But for who would else wait, nobody moves for less "
        f"than {plan.weight} minutes a week. At most {proof.gap_people} more people and "
        f"{proof.minutes - proof.minutes_bound} fewer of {proof.minutes} minutes a week are possible with any moves."
    )
    if most is not None and plan.moves > most:
        out.print(f"[red]More than {most} move[/red]: what they held is gone, or others would wait.")
    if plan.capped != (0, 0):
        out.print(f"The cap on moves costs {plan.capped[0]} people placed and {plan.capped[1]} minutes a week.")
    for pool in plan.overpromised:
        out.print(f"[red]Overpromised[/red]: more is held of {pool}, by people who must not move, than there is.")
    for pool, count in Counter(change.pool_id for change in plan.waiting if change.pool_id).most_common(SHOWN // 4):
        out.print(f"{count} wait for {pool}", highlight=False)
    out.print("The plan is carried out: the state is written." if applied else "Nothing is changed yet; --apply does.")


def _why(change: Change) -> str:
    elsewhere = change.pool_id and not change.pool_id.endswith(f"/{change.before}")
    return f"{change.why}: {change.pool_id}" if elsewhere else change.why.value
