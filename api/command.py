"""The command line: read, simulate, rank, assign, explain, rules, check.

Exit codes: 0 done, 1 the answer checked is wrong, 2 bad input. Bad input gets one sentence and never a traceback.
"""

import json
import sys
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from data.findings import InputError

app = typer.Typer(
    help="Referral placement matching for addiction treatment. Not clinical advice.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
out, err = Console(width=None if sys.stdout.isatty() else 110), Console(stderr=True)

Folder = Annotated[Path, typer.Argument(help="Directory: a folder with facilities.csv and openings.csv.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Now = Annotated[str | None, typer.Option(help="The moment it is asked, ISO 8601; the clock's unless given.")]
Callers = Annotated[Path | None, typer.Option(help="Callers table; callers.csv of the folder unless given.")]
Caller = Annotated[str | None, typer.Option(help="Referral id of a caller in the callers table.")]
Zip = Annotated[str, typer.Option(help="Five digits: where the caller is.")]
Need = Annotated[str, typer.Option(help="Level of care needed: a code (intensive-outpatient, IOP) or asam:2.1@3rd.")]
Pays = Annotated[str, typer.Option("--payer", help="Ways to pay, joined by ;, such as medicaid.")]
State = Annotated[str, typer.Option("--state", help="State whose Medicaid the caller has.")]
Plan = Annotated[str, typer.Option(help="Name of the private plan.")]
Meds = Annotated[str, typer.Option("--medication", help="Medications wanted, any one of them, joined by ;.")]
Uses = Annotated[str, typer.Option("--use", help="start, continue, elsewhere, joined by ;.")]
Substances = Annotated[str, typer.Option("--substance", help="Substances used, joined by ;.")]
Modes = Annotated[
    str, typer.Option("--mode", help="Means of travel, joined by ;: walk, car, transit, van, ride-benefit.")
]
Daily = Annotated[
    str, typer.Option(help="Minutes one way for a trip made every visit; the policy's usual unless given.")
]
Once = Annotated[str, typer.Option(help="Minutes one way for the one trip to a bed; the policy's usual unless given.")]
Yes = Annotated[str, typer.Option(help="yes, no, or nothing where it is not known.")]
Language = Annotated[str, typer.Option(help="Language of the reasons: en or es.")]


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="SAMHSA directory, CSV.")],
    folder: Annotated[Path, typer.Option("--out", help="Folder for our tables.")],
    as_json: Json = False,
) -> None:
    """Read a SAMHSA directory into our tables and report all that was found in it."""
    from api import show
    from data.sources import samhsa
    from data.sources.tables import write_table

    with _working(f"Reading {file}", as_json):
        facilities, openings, findings = samhsa.read(file)
        folder.mkdir(parents=True, exist_ok=True)
        write_table(folder / "facilities.csv", "facilities.csv", facilities)
        write_table(folder / "openings.csv", "openings.csv", openings)
    counts = {"facilities": len(facilities["facility_id"]), "openings": len(openings["opening_id"])}
    if as_json:
        _print_json(counts | {"findings": findings.rows()})
        return
    out.print(f"{counts['facilities']} facilities and {counts['openings']} openings written to {folder}.")
    show.findings(out, findings)


@app.command()
def simulate(
    folder: Annotated[Path, typer.Option("--out", help="Folder for the tables.")],
    directory: Annotated[Path | None, typer.Option(help="Put simulated seats on this directory's facilities.")] = None,
    facilities: Annotated[int, typer.Option(min=1, help="Made-up facilities, where no directory is given.")] = 2000,
    callers: Annotated[int, typer.Option(min=0, help="Made-up callers.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 1,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Make up openings, seats and callers from published figures; every seat number is marked simulated."""
    from api.load import moment
    from data import simulate as made_up
    from data.findings import Findings
    from data.sources.tables import read_table, write_table

    start = moment(now).date()
    with _working("Simulating", as_json):
        if directory is None:
            tables = dict(made_up.simulate_directory(facilities, seed, start))
        else:
            given = [
                read_table(directory / name, name, Findings()).columns for name in ("facilities.csv", "openings.csv")
            ]
            tables = dict(made_up.simulate_seats(given[0], given[1], seed, start))
        tables["callers.csv"] = made_up.simulate_callers(callers, seed, start, tables)
        folder.mkdir(parents=True, exist_ok=True)
        for name, columns in tables.items():
            write_table(folder / name, name, columns)
    counts = {name: len(next(iter(columns.values()))) for name, columns in tables.items()}
    if as_json:
        _print_json({"simulated": True, "rows": counts})
    else:
        rows = ", ".join(f"{count} rows of {name}" for name, count in counts.items())
        out.print(f"Simulated, seed {seed}: {rows}, in {folder}.")


@app.command()
def rank(
    folder: Folder,
    caller: Caller = None,
    callers: Callers = None,
    zip_code: Annotated[str, typer.Option("--zip", help="Five digits: where the caller is.")] = "",
    need: Need = "",
    payer: Pays = "",
    state: State = "",
    plan: Plan = "",
    medication: Meds = "",
    use: Uses = "",
    substance: Substances = "",
    mode: Modes = "",
    daily_limit: Daily = "",
    admission_limit: Once = "",
    pregnant: Yes = "",
    injecting: Yes = "",
    keep: Annotated[int, typer.Option(min=1, max=200, help="Matches shown.")] = 10,
    why_not: Annotated[int, typer.Option(min=0, max=200, help="Others nearby shown with all reasons.")] = 0,
    language: Language = "en",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Rank the openings for one caller, with reasons; where nothing fits, what comes nearest."""
    from api import load, show
    from matcher.rank import rank as ranked
    from matcher.sweep import Sweep

    loaded = load.load(folder, now)
    said = _said(locals())
    row = load.one_of(loaded, callers, caller) if caller else load.described(loaded, said)
    answer = ranked(Sweep(loaded.directory, loaded.policy), row, keep, max(why_not, 200), _language(language))
    if as_json:
        cut = {"others": list(map(asdict, answer.others[:why_not]))}
        _print_json({"simulated": loaded.simulated, **asdict(answer), **cut})
        return
    show.notice(out, loaded)
    show.ranking(out, loaded, answer, why_not)


@app.command()
def explain(
    folder: Folder,
    opening_id: Annotated[str, typer.Argument(help="Id of the opening.")],
    caller: Caller = None,
    callers: Callers = None,
    zip_code: Annotated[str, typer.Option("--zip", help="Five digits: where the caller is.")] = "",
    need: Need = "",
    payer: Pays = "",
    state: State = "",
    plan: Plan = "",
    medication: Meds = "",
    use: Uses = "",
    substance: Substances = "",
    mode: Modes = "",
    daily_limit: Daily = "",
    admission_limit: Once = "",
    pregnant: Yes = "",
    injecting: Yes = "",
    language: Language = "en",
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Give every reason for and against one opening for one caller, and what would change it."""
    from api import load, show
    from matcher.explain import Explainer

    loaded = load.load(folder, now)
    said = _said(locals())
    row = load.one_of(loaded, callers, caller) if caller else load.described(loaded, said)
    explainer = Explainer(loaded.directory, loaded.policy, row[0], _language(language))
    one = explainer(loaded.opening(opening_id))
    if as_json:
        _print_json({"simulated": loaded.simulated, "opening_id": opening_id, "fits": one.fits, **asdict(one)})
        return
    show.notice(out, loaded)
    show.explanation(out, loaded, one)


@app.command()
def assign(
    folder: Folder,
    callers: Callers = None,
    keep: Annotated[int, typer.Option(min=0, help="Options considered for each caller, 0 for all.")] = 0,
    file: Annotated[Path | None, typer.Option("--out", help="Write the placements to this CSV file.")] = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Place a batch of callers: tier by tier as many people as possible, then the least minutes."""
    from api import load, show
    from data import placements
    from matcher.solve import assign as assigned

    loaded = load.load(folder, now)
    batch, findings = load.problem(loaded, callers)
    with _working(f"Placing {len(batch.referrals.ids)} callers", as_json):
        answer = assigned(batch, keep)
    if file is not None:
        placements.write(file, answer.placements)
    if as_json:
        proof = {**asdict(answer.proof), "status": answer.proof.status, "gap_people": answer.proof.gap_people}
        proof["gap"] = answer.proof.gap
        _print_json(
            {"simulated": loaded.simulated, **asdict(answer), "proof": proof, "refused": load.refused(findings)}
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
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Judge placements by every requirement, pool and tier, independently of the solver."""
    from api import load
    from data import placements
    from matcher.check import check as judged

    loaded = load.load(folder, now)
    batch, _ = load.problem(loaded, callers)
    verdict = judged(batch, placements.read(file), passed_over=passed_over)
    if as_json:
        _print_json({"right": verdict.right, "placed": verdict.placed, "minutes": verdict.minutes})
    else:
        for violation in verdict.violations:
            out.print(f"[red]{violation.kind}[/red] {violation.sentence}", highlight=False)
        out.print(
            f"{len(verdict.violations)} violations; {sum(verdict.placed)} people, {verdict.minutes} minutes a week."
        )
    raise typer.Exit(0 if verdict.right else 1)


@app.command()
def rules(as_json: Json = False) -> None:
    """List the rules, in the order in which reasons are read."""
    from api import show
    from matcher.rules import RULES

    if as_json:
        _print_json([rule.public() for rule in RULES])
    else:
        show.rules(out)


CELLS = {
    "zip_code": "zip",
    "need": "need",
    "payer": "payers",
    "state": "medicaid_state",
    "plan": "plan",
    "medication": "medications",
    "use": "uses",
    "substance": "substances",
    "mode": "modes",
    "daily_limit": "daily_limit",
    "admission_limit": "admission_limit",
    "pregnant": "pregnant",
    "injecting": "injecting",
}
"""Which column of a callers table each option fills."""


def _said(options: dict[str, Any]) -> dict[str, str]:
    return {"referral_id": "caller"} | {column: options[name] for name, column in CELLS.items()}


def _language(code: str) -> str:
    from matcher.vocabulary import LANGUAGES

    if code not in LANGUAGES:
        raise InputError(f"--language {code!r} is not spoken; allowed: {', '.join(LANGUAGES)}")
    return code


def _working(text: str, quiet: bool) -> AbstractContextManager[object]:
    return err.status(text, spinner="dots") if not quiet else Console(quiet=True).status(text)


def _print_json(answer: object) -> None:
    typer.echo(json.dumps(answer, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def main() -> None:
    """Run a command; bad input is told in one sentence and ends with exit code 2."""
    try:
        app()
    except (InputError, ValueError, OSError) as error:
        typer.echo(f"matcher: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
