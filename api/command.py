"""The command line: read, simulate, screen, ask, rank, assign, reassign, explain, rules, check, serve, replay, store.

Exit codes: 0 done, 1 the answer checked is wrong, 2 bad input, 3 out of memory, 4 out of time, 130 interrupted.
Bad input gets one sentence and never a traceback.
"""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from data.findings import InputError
from data.wording import counted

from . import asked, bring, intake, moved, replayed, serving, staff, stored
from .caller import Caller, told_of_a_caller
from .options import Callers, Folder, Json, Language, Now, Seconds, app, language_of, out, print_json, watched

app.command()(bring.read)
app.command()(bring.simulate)
app.command("screen")(intake.screening)
app.command()(asked.ask)
app.command()(moved.reassign)
app.command()(serving.serve)
app.command()(replayed.replay)
stored.store.command("user")(staff.add)
stored.store.command("password")(staff.renew)
stored.store.command()(staff.token)
stored.store.command()(staff.revoke)
stored.store.command()(staff.end)
app.add_typer(stored.store, name="store")


@app.command()
@told_of_a_caller
def rank(
    folder: Folder,
    caller: Caller,
    keep: Annotated[int, typer.Option(min=1, max=200, help="Matches shown.")] = 10,
    why_not: Annotated[int, typer.Option(min=0, max=200, help="Others nearby shown with all reasons.")] = 0,
    language: Language = "en",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Rank the openings for one caller, with reasons; where nothing fits, what comes nearest."""
    from api import load, show
    from api.written import json_of
    from matcher.rank import rank as ranked
    from matcher.sweep import Sweep

    loaded = load.load(folder, now)
    row = load.referral(loaded, caller)
    sweep = Sweep(loaded.directory, loaded.policy, compile_rules=False)
    answer = ranked(sweep, row, keep, max(why_not, 200), language_of(language))
    if as_json:
        cut = replace(answer, others=answer.others[:why_not])
        print_json({"simulated": loaded.simulated, **json_of(loaded, cut)})
        return
    show.notice(out, loaded)
    show.ranking(out, loaded, answer, why_not)


@app.command()
@told_of_a_caller
def explain(
    folder: Folder,
    opening_id: Annotated[str, typer.Argument(help="Id of the opening.")],
    caller: Caller,
    language: Language = "en",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Give every reason for and against one opening for one caller, and what would change it."""
    from api import load, show
    from api.written import json_of
    from matcher.explain import Explainer
    from matcher.sweep import Sweep

    loaded = load.load(folder, now)
    row = load.referral(loaded, caller)
    sweep = Sweep(loaded.directory, loaded.policy, compile_rules=False)
    explainer = Explainer(sweep, row, language_of(language))
    one = explainer(loaded.opening(opening_id))
    if as_json:
        print_json({"simulated": loaded.simulated, **json_of(loaded, one)})
        return
    show.notice(out, loaded)
    show.explanation(out, loaded, one)


@app.command()
def assign(
    folder: Folder,
    callers: Callers = None,
    keep: Annotated[
        int | None,
        typer.Option(min=0, help="Options of each caller to begin with, 0 for all; else few where no pools cross."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--out", help="Write the placements to this CSV file.")] = None,
    state: Annotated[Path | None, typer.Option(help="Write what reassign needs into this folder.")] = None,
    proof_file: Annotated[Path | None, typer.Option("--proof", help="Write the prices that prove them here.")] = None,
    seconds: Seconds = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Place a batch of callers: tier by tier as many people as possible, then the least minutes."""
    from api import load, show
    from api.written import json_of
    from data import placements, prices
    from data import state as states
    from matcher.solve import assign as assigned

    loaded = load.load(folder, now)
    batch, findings = load.problem(loaded, callers)
    with watched(f"Placing {len(batch.referrals.ids)} callers", as_json, seconds) as watch:
        answer = assigned(batch, keep, certified=proof_file is not None or state is not None, watch=watch)
    if file is not None:
        placements.write(file, answer.placements)
    if answer.certificate is not None:
        if proof_file is not None:
            prices.write(proof_file, batch, answer.certificate)
        if state is not None:
            states.write(state, batch, answer.placements, answer.certificate)
        answer = replace(answer, certificate=None)
    if as_json:
        proven = answer.proof
        proof = {**asdict(proven), "status": proven.status, "gap_people": proven.gap_people, "gap": proven.gap}
        print_json(
            {
                "simulated": loaded.simulated,
                **json_of(loaded, answer),
                "proof": proof,
                "refused": load.refused(findings),
            }
        )
        return
    show.notice(out, loaded)
    show.findings(out, findings)
    show.assignment(out, answer)


@app.command()
def check(
    folder: Folder,
    file: Annotated[Path, typer.Argument(help="Placements, a CSV file as assign writes it.")],
    callers: Callers = None,
    passed_over: Annotated[bool, typer.Option(help="Also judge who was passed over, and cheaper options.")] = True,
    proof: Annotated[Path | None, typer.Option(help="Prices, as assign writes them: what do they prove?")] = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Judge placements by every requirement, pool and tier, independently of the solver."""
    from api import load
    from api.proved import proved
    from data import placements
    from matcher.check import check as judged

    loaded = load.load(folder, now)
    batch, _ = load.problem(loaded, callers)
    claims = placements.read(file)
    verdict = judged(batch, claims, passed_over=passed_over)
    proven = proved(batch, claims, verdict, proof)
    if as_json:
        violations = [asdict(one) for one in verdict.violations]
        print_json(
            {"right": verdict.right, "placed": verdict.placed, "minutes": verdict.minutes, "violations": violations}
            | {"proven": proven}
        )
    else:
        for violation in verdict.violations:
            out.print(f"[red]{violation.kind}[/red] {violation.sentence}", highlight=False)
        out.print(
            f"{counted(len(verdict.violations), 'violation')}; {sum(verdict.placed)} people, "
            f"{verdict.minutes} minutes a week."
        )
        if proven is not None:
            out.print(proven["sentence"], highlight=False)
    raise typer.Exit(0 if verdict.right else 1)


@app.command()
def rules(as_json: Json = False) -> None:
    """List the rules, in the order in which reasons are read."""
    from api import show
    from matcher.rules import RULES

    if as_json:
        print_json([rule.public() for rule in RULES])
    else:
        show.rules(out)


def main() -> None:
    """Run a command; bad input is told in one sentence and ends with exit code 2."""
    try:
        app()
    except (InputError, ValueError, OSError) as error:
        typer.echo(f"matcher: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
