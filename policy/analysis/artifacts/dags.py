"""What the text of a DAG file shows without running it.

Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/t-apache-airflow-202.html (queues),
https://airflow.apache.org/docs/apache-airflow/stable/best-practices.html (code outside of tasks),
https://airflow.apache.org/docs/apache-airflow/stable/installation/upgrading_to_airflow3.html
(tasks have no access to the metadata database), read 2026-11-27.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from mwaa.service.credentials import credential, named_credential
from policy.analysis.artifacts.text import is_undecoded

# All of a file, in the order of ``ast.walk``.
Nodes: TypeAlias = tuple[ast.AST, ...]

# What takes the arguments of a task: operators, sensors, decorators, and their defaults.
_TASK_CALL = re.compile(r"(Operator|Sensor|DAG|^dag|^task|^partial|^override|^default_args)")
_TASK_DICT = re.compile(r"args|kwargs|params|defaults", re.IGNORECASE)
# Commands of Airflow's CLI that read or write the metadata database.
_CLI = re.compile(
    r"\bairflow\s+(?:db|dags|tasks|pools|variables|connections|users|roles|jobs|backfill|assets)\b"
)
_READS = {
    ("Variable", "get"),
    ("Variable", "get_variable_from_secrets"),
    ("Connection", "get_connection_from_secrets"),
    ("Connection", "get"),
    ("BaseHook", "get_connection"),
    ("BaseHook", "get_hook"),
}
_SESSIONS = {"create_session", "provide_session", "settings.Session", "settings.engine"}
# Methods of the models that ask the database themselves.
_QUERIES = {
    *("DagRun.find", "DagRun.find_duplicates", "DagModel.get_dagmodel", "DagModel.get_current"),
    *("Pool.get_pool", "Pool.get_pools", "Pool.create_or_update_pool"),
    *("TaskInstance.get_task_instance", "XCom.get_many", "XCom.clear"),
}
_UNITS = {"weeks": 168.0, "days": 24.0, "hours": 1.0, "minutes": 1 / 60, "seconds": 1 / 3600}


@dataclass(frozen=True)
class Spot:
    """Something at a line of a file, in a few words that hold no secret."""

    line: int
    what: str


@dataclass(frozen=True)
class DagFile:
    """What a file shows. ``hours`` are execution timeouts, ``reads`` what it asks of Airflow's
    variables and connections whenever it is parsed."""

    syntax: Spot | None = None
    queues: tuple[Spot, ...] = ()
    hours: tuple[tuple[int, float], ...] = ()
    credentials: tuple[Spot, ...] = ()
    commands: tuple[Spot, ...] = ()
    sessions: tuple[Spot, ...] = ()
    reads: tuple[Spot, ...] = ()


# A line of a file of settings (.env, .ini, YAML, JSON): a name and its value.
_SETTING = re.compile(
    r"""^\s*(?:export\s+)?["']?([\w.-]+)["']?\s*[:=]\s*["']?([^"'\s,#]+)["']?\s*,?\s*$"""
)


def secrets_in(text: str, *, settings: bool = False) -> tuple[Spot, ...]:
    """Credentials that have a form of their own, in a file of any kind; of ``settings``, also
    those that their name tells."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        given = _SETTING.match(line) if settings else None
        if what := credential(line) or (named_credential(given[1], given[2]) if given else ""):
            found.append(Spot(number, what))
    return tuple(found)


def parse(text: str) -> ast.Module | Spot:
    """A Python file, or why it is none."""
    if strange := next((n for n, x in enumerate(text.split("\n"), 1) if is_undecoded(x)), 0):
        return Spot(strange, "bytes in no encoding that the file declares")
    try:
        return ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "") or str(error)
        return Spot(getattr(error, "lineno", 0) or 0, reason)


@lru_cache(maxsize=512)
def look(text: str) -> DagFile:
    """The facts of a Python file."""
    formed = secrets_in(text)
    tree = parse(text)
    if isinstance(tree, Spot):
        return DagFile(syntax=tree, credentials=formed)
    nodes = tuple(ast.walk(tree))
    arguments = list(_arguments(nodes))
    names = _imported(nodes)
    lines = {spot.line for spot in formed}
    named = [spot for spot in _named(nodes) if spot.line not in lines]
    return DagFile(
        queues=_by_line(
            Spot(line, "queue")
            for name, value, line in arguments
            if name == "queue" and isinstance(value, ast.Constant) and isinstance(value.value, str)
        ),
        hours=tuple(
            sorted(
                (line, hours)
                for name, value, line in arguments
                if name == "execution_timeout" and (hours := _hours(value)) is not None
            )
        ),
        credentials=_by_line((*formed, *named)),
        commands=_by_line(_commands(nodes)),
        sessions=_by_line(_sessions(nodes, names)),
        reads=_by_line(_reads(tree, names)),
    )


def _by_line(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    return tuple(sorted(spots, key=lambda spot: spot.line))


def _arguments(nodes: Nodes) -> Iterator[tuple[str, ast.expr, int]]:
    """The arguments of tasks: of calls that make them, and of dictionaries of such arguments."""
    for node in nodes:
        if isinstance(node, ast.Call):
            if not _TASK_CALL.search(_name(node.func)):
                continue
            for keyword in node.keywords:
                yield keyword.arg or "", keyword.value, keyword.value.lineno
                if isinstance(keyword.value, ast.Dict) and keyword.arg == "default_args":
                    yield from _entries(keyword.value)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if any(_TASK_DICT.search(name) for name in names):
                yield from _entries(node.value)


def _entries(node: ast.Dict) -> Iterator[tuple[str, ast.expr, int]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value, key.lineno


def _named(nodes: Nodes) -> Iterator[Spot]:
    """Text given to a name that says it is a secret."""
    for node in nodes:
        pairs: list[tuple[str, ast.expr, int]] = []
        if isinstance(node, ast.Call):
            pairs = [(one.arg or "", one.value, one.value.lineno) for one in node.keywords]
        elif isinstance(node, ast.Dict):
            pairs = list(_entries(node))
        elif isinstance(node, ast.Assign):
            pairs = [(_name(one), node.value, node.lineno) for one in node.targets]
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            pairs = [(_name(node.target), node.value, node.lineno)]
        for name, value, line in pairs:
            text = value.value if isinstance(value, ast.Constant) else None
            if isinstance(text, str) and (what := named_credential(name, text)):
                yield Spot(line, what)


def _commands(nodes: Nodes) -> Iterator[Spot]:
    """Commands of Airflow's CLI that need the metadata database, in a text or a list of words."""
    documents = {
        id(node.body[0].value)
        for node in nodes
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = "" if id(node) in documents else node.value
        elif isinstance(node, ast.List | ast.Tuple):
            words = [one.value if isinstance(one, ast.Constant) else "" for one in node.elts]
            text = " ".join(str(word) for word in words)
        else:
            continue
        if found := _CLI.search(text):
            yield Spot(node.lineno, found[0])


def _imported(nodes: Nodes) -> dict[str, str]:
    """What each imported name is: ``V`` -> ``airflow.models.Variable``."""
    found = {}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            for one in node.names:
                found[one.asname or one.name] = f"{node.module or ''}.{one.name}"
        elif isinstance(node, ast.Import):
            found |= {one.asname: one.name for one in node.names if one.asname}
    return found


def _full(node: ast.expr, names: dict[str, str]) -> str:
    """The dotted name of what is called, imported names resolved."""
    head, dot, rest = _dotted(node).partition(".")
    return names.get(head, head) + dot + rest


def _sessions(nodes: Nodes, names: dict[str, str]) -> Iterator[Spot]:
    """Uses of a session of the metadata database, and queries that open one."""
    for node in nodes:
        if isinstance(node, ast.Call):
            if used := _database(_full(node.func, names)):
                yield Spot(node.lineno, used)
        elif isinstance(node, ast.Attribute) and _dotted(node).endswith("settings.engine"):
            yield Spot(node.lineno, "settings.engine")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if not isinstance(decorator, ast.Call):
                    used = _database(_full(decorator, names))
                    if used:
                        yield Spot(decorator.lineno, used)


def _database(name: str) -> str:
    """The way to the database that a full name is; empty for any other."""
    parts = name.split(".")
    last, two = parts[-1], ".".join(parts[-2:])
    if last in _SESSIONS:
        return last
    of_models = two in _QUERIES and name.startswith("airflow.models")
    return two if two in _SESSIONS or of_models else ""


def _reads(tree: ast.Module, names: dict[str, str]) -> Iterator[Spot]:
    """Variables and connections that are read while the file is parsed: outside of functions, in
    functions that Airflow calls then (``@dag``, ``@task_group``), and in those the file calls."""
    plain = {
        one.name: one
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and not one.decorator_list
    }
    entered: set[str] = set()

    def look_at(node: ast.AST) -> Iterator[Spot]:
        if isinstance(node, ast.Lambda):
            yield from look_into(_defaults(node.args))
            return
        if isinstance(node, ast.If) and _is_for_others(node.test):
            yield from look_into(node.orelse)
            return
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            # Python asks for these when it defines the function, not when it is called.
            yield from look_into((*node.decorator_list, *_defaults(node.args)))
            if {_name(one) for one in node.decorator_list} & {"dag", "task_group"}:
                yield from look_into(node.body)
            return
        if isinstance(node, ast.Call):
            owner, _, method = _full(node.func, names).rpartition(".")
            if (owner.rpartition(".")[2], method) in _READS:
                yield Spot(node.lineno, f"{owner.rpartition('.')[2]}.{method}")
            called = plain.get(_dotted(node.func))
            if called is not None and called.name not in entered:
                entered.add(called.name)
                yield from look_into(called.body)
        yield from look_into(ast.iter_child_nodes(node))

    def look_into(nodes: Iterable[ast.AST]) -> Iterator[Spot]:
        for node in nodes:
            yield from look_at(node)

    return look_into(tree.body)


def _defaults(arguments: ast.arguments) -> Iterator[ast.expr]:
    """The defaults of a function's parameters."""
    yield from arguments.defaults
    yield from (one for one in arguments.kw_defaults if one is not None)


def _is_for_others(test: ast.expr) -> bool:
    """Whether a condition holds only for a script or a type checker, not for Airflow."""
    if isinstance(test, ast.Compare):
        return _dotted(test.left) == "__name__" and isinstance(test.ops[0], ast.Eq)
    return _dotted(test).rpartition(".")[2] == "TYPE_CHECKING"


def _name(node: ast.expr) -> str:
    """The last name of a call's function, a decorator or a target."""
    if isinstance(node, ast.Call):
        return _name(node.func)
    if isinstance(node, ast.Subscript):
        key = node.slice
        return str(key.value) if isinstance(key, ast.Constant) else ""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}".lstrip(".")
    return getattr(node, "id", "")


def _hours(value: ast.expr) -> float | None:
    """The length of a literal ``timedelta(...)``, or ``None`` if it is not one."""
    if not isinstance(value, ast.Call) or _name(value.func) not in {"timedelta", "duration"}:
        return None
    places = zip(("days", "seconds"), value.args, strict=False)
    total = 0.0
    for unit, amount in [*places, *((one.arg or "", one.value) for one in value.keywords)]:
        try:
            total += _UNITS.get(unit, 0.0) * float(ast.literal_eval(amount))
        except (ValueError, TypeError):
            return None
    return total
