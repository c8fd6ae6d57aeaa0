"""Rich tables of the answers, for a person at a terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from data.findings import Findings, Severity
from data.wording import counted
from matcher.explain import Explanation
from matcher.placement import Assignment
from matcher.rank import Interim, Match, Ranking
from matcher.rule import Kind
from matcher.rules import RULES
from matcher.say import Verdict
from matcher.spoken import amount
from matcher.vocabulary import LevelOfCare, Tier, TravelMode

from .load import Loaded, also_says
from .notice import NOTICE

MARKS = {Verdict.FOR: "+", Verdict.AGAINST: "-", Verdict.FULL: "-", Verdict.ASK: "?", Verdict.COST: "·"}
STYLES = {
    Verdict.FOR: "green",
    Verdict.AGAINST: "red",
    Verdict.FULL: "red",
    Verdict.ASK: "yellow",
    Verdict.COST: "",
}


def notice(console: Console, loaded: Loaded) -> None:
    """Say what the numbers are and are not."""
    text = "Seat numbers are simulated. " if loaded.simulated else ""
    console.print(Text(text + NOTICE["en"], style="yellow" if loaded.simulated else "dim"))


def named(loaded: Loaded, number: int) -> str:
    """Return the facility of an opening as a person knows it."""
    shown, facility = loaded.facilities, int(loaded.directory.openings["facility"][number])
    return f"{shown.names[facility]}, {shown.cities[facility]}, {shown.states[facility]}"


def level_of(loaded: Loaded, number: int) -> str:
    """Return the level of care of an opening."""
    return LevelOfCare.at(int(loaded.directory.openings["level"][number])).en


def trip(explanation: Explanation) -> str:
    """Return how long and by what means, and how far."""
    way = explanation.way
    if way.mode < 0:
        return amount(way.distance, "tenths of a mile")
    return f"{explanation.minutes} {TravelMode.at(way.mode).en}"


def ranking(console: Console, loaded: Loaded, answer: Ranking, why_not: int) -> None:
    """Print the ranked matches, the reasons of the first, and what else there is."""
    if answer.matches:
        console.print(_matches(loaded, answer.matches))
        console.print(_reasons(loaded, "Why the first", [answer.matches[0].explanation]))
    else:
        console.print(Text("No opening fits. These come nearest, and this would change it:", style="bold red"))
        console.print(_reasons(loaded, "Nearest misses", answer.misses, against=True))
    for told in answer.notices:
        console.print(Text(f"! {told.sentence} ({told.source})", style="yellow"))
    if answer.full:
        console.print(_reasons(loaded, "Full, and worth waiting for", answer.full, against=True))
    if answer.interim:
        console.print(_interim(loaded, answer.interim))
    if why_not:
        console.print(_reasons(loaded, "Why not the others nearby", answer.others[:why_not], against=True))


def explanation(console: Console, loaded: Loaded, one: Explanation) -> None:
    """Print all reasons for and against one opening."""
    console.print(_reasons(loaded, "Every reason", [one]))
    verdict = "It fits." if one.fits else "It does not fit."
    console.print(Text(f"{verdict} Cost: {one.cost} minutes a week.", style="bold"))
    for facility, said in also_says(loaded, one.opening):
        console.print(Text(f"{facility} also says of itself, and no rule reads it: {said}"))


def assignment(console: Console, answer: Assignment) -> None:
    """Print who was placed, tier by tier, and what was proven."""
    proof = answer.proof
    table = Table(title="Placed, in legal order", title_justify="left", box=SIMPLE_HEAD)
    for heading in ("tier", "people placed", "bound"):
        table.add_column(heading, justify="left" if heading == "tier" else "right")
    for tier in Tier:
        table.add_row(tier.en, str(proof.people[tier]), str(proof.people_bound[tier]))
    table.add_row("all", str(sum(proof.people)), str(sum(proof.people_bound)), style="bold")
    console.print(table)
    kept = f", begun with the best {answer.kept} options of each caller" if answer.kept else ""
    parts = ", ".join(f"{count} by {method}" for method, count in answer.parts.items() if count)
    console.print(
        f"[bold]{proof.status}[/bold]{kept}: gap {proof.gap_people} people, {100 * proof.gap:.3f} % of "
        f"{proof.minutes} minutes a week. Left waiting: {len(answer.unplaced)}. "
        f"Contested pools: {100 * answer.contested:.0f} %. Parts that share pools: {parts or 'none'}."
    )


def findings(console: Console, found: Findings, most: int = 12) -> None:
    """Print what was found in the input, counted by problem."""
    if not len(found):
        return
    table = Table(title=counted(len(found), "finding"), title_justify="left", box=SIMPLE_HEAD)
    table.add_column("rows", justify="right")
    table.add_column("severity")
    table.add_column("problem")
    for severity in Severity:
        for problem, count in list(found.counts(severity).items())[:most]:
            table.add_row(str(count), severity.value, problem)
    console.print(table)


def rules(console: Console) -> None:
    """Print the rules in the order in which reasons are read."""
    table = Table(title=f"{len(RULES)} rules", title_justify="left", box=SIMPLE_HEAD)
    for heading in ("code", "kind", "title", "unit"):
        table.add_column(heading, no_wrap=heading == "code")
    for rule in RULES:
        table.add_row(rule.code, rule.kind.value, rule.title, rule.unit)
    console.print(table)


def _matches(loaded: Loaded, matches: Sequence[Match]) -> Table:
    table = Table(title="Ranked matches", title_justify="left", box=SIMPLE_HEAD)
    for heading in ("#", "facility", "trip", "first session", "pools", "to ask", "min/week"):
        table.add_column(heading, justify="right" if heading in ("#", "to ask", "min/week") else "left")
    for match in matches:
        one = match.explanation
        table.add_row(
            str(match.place) if match.group == match.place else f"= {match.group}",
            f"{named(loaded, one.opening)}\n[dim]{level_of(loaded, one.opening)}[/dim]",
            trip(one),
            loaded.facilities.start_dates[one.opening] or "?",
            _pools(one),
            str(len(one.those(Verdict.ASK)) or ""),
            str(one.cost),
        )
    table.caption = "min/week: burden on the caller; = n: tied with n, the trip estimate cannot tell them apart"
    table.caption_justify = "left"
    return table


def _pools(one: Explanation) -> str:
    """Return what is left in each pool it draws on, and how old the report is."""
    kinds = {rule.code for rule in RULES if rule.kind is Kind.CAPACITY}
    return "\n".join(reason.sentence for reason in one.reasons if reason.code in kinds)


def _reasons(loaded: Loaded, title: str, ones: Sequence[Explanation], against: bool = False) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column("facility")
    table.add_column("reason")
    table.add_column("what would change it")
    shown = (Verdict.AGAINST, Verdict.FULL) if against else tuple(Verdict)
    for one in ones:
        who = f"{named(loaded, one.opening)}: {level_of(loaded, one.opening)}, {trip(one)}"
        for reason in one.those(*shown) or one.those(Verdict.COST):
            style = STYLES[reason.verdict]
            table.add_row(who, Text(f"{MARKS[reason.verdict]} {reason.sentence}", style=style), reason.change)
            who = ""
    return table


def _interim(loaded: Loaded, steps: Sequence[Interim]) -> Table:
    table = Table(title="First, or until then", title_justify="left", box=SIMPLE_HEAD)
    for heading in ("step", "facility", "trip", "first session"):
        table.add_column(heading)
    for step in steps:
        one = step.match.explanation
        start = loaded.facilities.start_dates[one.opening] or "?"
        table.add_row(step.level.en, named(loaded, one.opening), trip(one), start)
    return table
