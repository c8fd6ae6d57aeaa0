"""The laws of the house as questions to source text: each takes a file's path and text, and returns its faults."""

import ast
import dis
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from types import CodeType, FunctionType

from matcher import vocabulary

ROOT = Path(__file__).parents[1]
TOPS = ("matcher", "data", "api", "benchmarks")
LONGEST = 250

ORDER: tuple[tuple[str, ...], ...] = (
    ("vocabulary",),
    ("records",),
    ("continuum", "screen"),
    ("problem",),
    ("trip", "rule"),
    ("rules",),
    ("check", "sweep"),
    ("explain", "notices"),
    ("rank", "question"),
    ("proof",),
    ("placement",),
    ("solve",),
    ("shortage",),
    ("data",),
    ("api",),
    ("benchmarks",),
)
"""The rooms from the ground up; rooms of one floor do not import each other."""

PARTS = {
    "brief": "rank",
    "choice": "sweep",
    "draw": "sweep",
    "drawing": "sweep",
    "facts": "problem",
    "fill": "sweep",
    "form": "rank",
    "grid": "problem",
    "judge": "sweep",
    "loop": "sweep",
    "north": "sweep",
    "options": "sweep",
    "pause": "records",
    "plan": "placement",
    "fuse": "sweep",
    "fused": "sweep",
    "say": "explain",
    "spoken": "explain",
    "unchosen": "check",
}
"""Files that are part of a room of another name."""

PEERS: dict[str, tuple[str, ...]] = {
    "ortools": ("matcher/solve/", "benchmarks/peers/"),
    "networkx": ("matcher/continuum.py", "matcher/shortage.py", "benchmarks/peers/"),
    "numba": ("matcher/rule.py", "matcher/fuse.py", "matcher/trip.py", "matcher/solve/"),
    "pandas": ("data/", "benchmarks/"),
    "sqlalchemy": ("data/store/",),
    "fastapi": ("api/", "benchmarks/"),
}
"""Where alone a library may be imported."""

OUTSIDE = {"io", "os", "pathlib", "shutil", "socket", "sqlite3", "tempfile", "urllib", "http", "subprocess"}
CHANCE = {"random", "secrets", "uuid", "time"}
CACHE = "matcher/fuse.py"
"""The one file of the engine that touches the disk: the compiled sweep's cache."""

LISTS = {"RULES", "REQUIREMENTS", "CAPACITIES", "PREFERENCES"}
"""All that a module may take from the rules."""

SOLD = {
    "ad", "advert", "bid", "boost", "bounty", "bribe", "commission", "fee", "fees", "featured", "incentive", "kickback",
    "paid", "partner", "payment", "payout", "preferred", "premium", "promoted", "rebate", "revenue", "reward", "sold",
    "sponsor", "sponsored", "sponsorship",
}  # fmt: skip
"""Words of a field that would say who pays whom for a referral."""

Law = Callable[[str, str], list[str]]


def house() -> Iterator[tuple[str, str]]:
    """Path and text of every Python file of the house, tests apart."""
    for top in TOPS:
        for path in sorted((ROOT / top).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def broken(law: Law) -> list[str]:
    """All faults of the house against one law."""
    return [f"{path}: {fault}" for path, text in house() for fault in law(path, text)]


def imports(path: str, text: str) -> Iterator[str]:
    """The dotted name of everything a file imports: at its top, inside functions, for the type checker, or by name."""
    package = PurePosixPath(path).parts[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in ("import_module", "__import__"):
            yield from filter(None, map(_text, node.args))


def room(dotted: str) -> str | None:
    """The room a dotted name stands in; None for what is not of the house."""
    top, _, rest = dotted.partition(".")
    if top == "matcher":
        inner = rest.partition(".")[0]
        return PARTS.get(inner, inner)
    return top if top in TOPS else None


def upward(path: str, text: str) -> list[str]:
    """Imports of a room above, or of another room on the same floor."""
    own = room(".".join(PurePosixPath(path).with_suffix("").parts)) or ""
    if path == "matcher/__init__.py":
        return [f"imports {name}" for name in imports(path, text) if room(name)]
    if floor(own) < 0:
        return [f"room {own!r} is not on the list"]
    found = []
    for name in imports(path, text):
        other = room(name)
        if other is not None and other != own and not 0 <= floor(other) < floor(own):
            found.append(f"{own} imports {name}")
    return found


def floor(name: str) -> int:
    """How high a room stands; -1 for a room that is not on the list."""
    return next((height for height, rooms in enumerate(ORDER) if name in rooms), -1)


def misplaced_peers(path: str, text: str) -> list[str]:
    """Imports of a library outside the rooms it belongs in."""
    tops = {name.partition(".")[0] for name in imports(path, text)}
    return [f"imports {top}" for top in sorted(tops) if top in PEERS and not path.startswith(PEERS[top])]


def impure(path: str, text: str) -> list[str]:
    """What an engine without files, web, clock and hidden randomness does not do."""
    if not path.startswith("matcher/"):
        return []
    tops = {name.partition(".")[0] for name in imports(path, text)}
    banned = CHANCE if path == CACHE else CHANCE | OUTSIDE
    found = [f"imports {top}" for top in sorted(tops & banned)]
    found += [f"imports {name}" for name in imports(path, text) if name.startswith("numpy.random")]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _name(node.func) in ("now", "today", "utcnow", "open"):
            found.append(f"line {node.lineno} calls {_name(node.func)}")
        if isinstance(node, ast.Attribute) and node.attr == "random" and _name(node.value) in ("np", "numpy"):
            found.append(f"line {node.lineno} draws at random")
    return found


def sibling_rules(path: str, text: str) -> list[str]:
    """Rules that import other rules, or anything but facts, rule and vocabulary."""
    if not path.startswith("matcher/rules/") or path.endswith("__init__.py"):
        return []
    allowed = ("matcher.facts", "matcher.rule", "matcher.vocabulary")
    return [f"imports {name}" for name in imports(path, text) if name.rpartition(".")[0] not in allowed]


def handed_on(path: str, text: str) -> list[str]:
    """Rules that hand their way on, whole: what they read of the trip must stand in their own text (``reads_trip``)."""
    if not path.startswith("matcher/rules/"):
        return []
    nodes = list(ast.walk(ast.parse(text)))
    read = [node.value for node in nodes if isinstance(node, ast.Attribute)]
    whole = [node for node in nodes if isinstance(node, ast.Name) and node.id == "way" and node not in read]
    return [f"line {node.lineno} hands the way on" for node in whole]


def names_a_rule(codes: Iterable[str], ordinary: set[str]) -> Law:
    """The law that outside the rules' room no rule is named; ``ordinary`` are words that mean other things too."""
    known = set(codes)

    def law(path: str, text: str) -> list[str]:
        if path.startswith("matcher/rules/"):
            return []
        taken = [name.split(".")[2] for name in imports(path, text) if name.startswith("matcher.rules.")]
        found = [f"takes {name} from the rules" for name in taken if name not in LISTS]
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and node.value in known - ordinary:
                found.append(f"line {node.lineno} says {node.value!r}")
            if isinstance(node, ast.Compare) and any(_name(side) == "code" for side in _sides(node)):
                said = {_text(value) for side in _sides(node) for value in ast.walk(side)} & known
                found += [f"line {node.lineno} compares a code with {code!r}" for code in said]
        return found

    return law


def too_long(_: str, text: str) -> list[str]:
    """Files of more than one idea."""
    lines = len(text.splitlines())
    return [f"{lines} lines; at most {LONGEST}"] if lines > LONGEST else []


def foreign_globals(function: Callable[..., object]) -> list[str]:
    """Names a rule reads that are neither its arguments nor constants of the vocabulary nor builtins."""
    if not isinstance(function, FunctionType):
        raise TypeError(f"{function} is no plain function; a rule must be one")
    found = [f"closes over {name}" for name in function.__code__.co_freevars]
    for code in _codes(function.__code__):
        for step in dis.get_instructions(code):
            if step.opname.startswith("IMPORT"):
                found.append(f"imports {step.argval}")
            elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME") and step.argval in function.__globals__:
                value = function.__globals__[step.argval]
                if getattr(vocabulary, step.argval, None) is not value:
                    found.append(f"reads {step.argval}")
    return found


def sold(names: Iterable[str]) -> list[str]:
    """Fields that would say who pays whom for a referral."""
    return [name for name in names if SOLD & set(name.lower().split("_"))]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _sides(node: ast.Compare) -> list[ast.expr]:
    return [node.left, *node.comparators]


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
