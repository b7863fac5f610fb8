"""What the text of the DAGs shows without running it: shadowed modules, queues, timeouts, secrets.

Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/t-apache-airflow-202.html (queues, the
twelve-hour visibility timeout of the Celery queue).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mwaa.service.image import TAKEN
from ops.artifacts.problem import Problem, Weight

TASK_HOURS = 12  # after this SQS hands the task to a second worker
_SECRETS = (
    ("an AWS access key", re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----")),
    ("a GitHub token", re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b")),
    ("a password in a URL", re.compile(r"\b[a-z][a-z0-9+]*://[^\s:/@\"'{}]+:[^\s:/@\"'{}]{4,}@\w")),
)
_SECRET_NAME = re.compile(r"(?:password|passwd|secret_key|secret_access_key|api_key|auth_token)$")
_PLACEHOLDER = re.compile(r"^(?:x+|\*+|<.*>|\{.*\}|.*example.*|changeme|test)$", re.IGNORECASE)


def inspect_tree(folder: Path) -> Iterator[Problem]:
    """Problems of every Python file under ``folder`` (dags/ or plugins/)."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if "__pycache__" in parts or ".git" in parts:
            continue
        if len(parts) == 1:
            yield from _shadowing(path)
        if path.is_file() and path.suffix in {".py", ".yaml", ".yml", ".json", ".env", ".cfg"}:
            yield from _secrets(path)
        if path.is_file() and path.suffix == ".py":
            yield from _tree(path)


def _shadowing(path: Path) -> Iterator[Problem]:
    is_module = path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    if is_module and path.stem in TAKEN:
        yield Problem(
            "dag-module-shadowing",
            Weight.ERROR,
            str(path),
            0,
            f"the module {path.stem} hides Python's or Airflow's own of that name in every "
            "process; rename it",
        )


def _secrets(path: Path) -> Iterator[Problem]:
    text = path.read_bytes().decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in _SECRETS:
            if pattern.search(line):
                # The value itself is never printed.
                yield _secret(path, number, what)


def _secret(path: Path, line: int, what: str) -> Problem:
    return Problem(
        "dag-secret",
        Weight.ERROR,
        str(path),
        line,
        f"this looks like {what}, and everyone who reads the bucket can read it: keep it in a "
        "connection or in Secrets Manager, and replace it, since it is known now",
    )


def _tree(path: Path) -> Iterator[Problem]:
    try:
        tree = ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        yield Problem("dag-syntax", Weight.ERROR, str(path), line, f"not Python: {error}")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                yield from _argument(path, keyword.arg or "", keyword.value, keyword.lineno)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield from _argument(path, key.value, value, key.lineno)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield from _credential(path, target.id, node.value, node.lineno)


def _argument(path: Path, name: str, value: ast.expr, line: int) -> Iterator[Problem]:
    if name == "queue" and isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield Problem(
            "dag-queue",
            Weight.ERROR,
            str(path),
            line,
            "queue= sends the task to a queue that no MWAA worker reads, so it waits forever "
            "without a log: remove the argument",
        )
    if name == "execution_timeout":
        hours = _hours(value)
        if hours is not None and hours > TASK_HOURS:
            yield Problem(
                "dag-task-timeout",
                Weight.WARNING,
                str(path),
                line,
                f"execution_timeout is {hours:g} h; after {TASK_HOURS} h the queue gives a running "
                "task to a second worker: split the task, or use a deferrable operator",
            )
    yield from _credential(path, name, value, line)


def _credential(path: Path, name: str, value: ast.expr, line: int) -> Iterator[Problem]:
    if not _SECRET_NAME.search(name.lower()):
        return
    text = value.value if isinstance(value, ast.Constant) else None
    if isinstance(text, str) and len(text) >= 6 and not _PLACEHOLDER.match(text):
        yield _secret(path, line, f"a secret in {name}")


def _hours(value: ast.expr) -> float | None:
    """The length of a literal ``timedelta(...)``, or ``None`` if it is not one."""
    if not isinstance(value, ast.Call):
        return None
    name = (
        value.func.attr if isinstance(value.func, ast.Attribute) else getattr(value.func, "id", "")
    )
    if name not in {"timedelta", "duration"}:
        return None
    units = {"weeks": 168.0, "days": 24.0, "hours": 1.0, "minutes": 1 / 60, "seconds": 1 / 3600}
    places = dict(zip(("days", "seconds"), value.args, strict=False))
    total = 0.0
    for unit, amount in [*places.items(), *((one.arg or "", one.value) for one in value.keywords)]:
        try:
            total += units.get(unit, 0.0) * float(ast.literal_eval(amount))
        except (ValueError, TypeError):
            return None
    return total
