"""How much there is to read, room by room, and to install; beside what there was at 9b712f1."""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
BEFORE = "9b712f1"
# Lines at BEFORE, counted by `lines`, of the folders that each room was made of:
# policy of checks, policy and proofs; ops of day2; rehearsal of local.
LINES_BEFORE = {
    "mwaa": 3305,
    "components": 1770,
    "policy": 9475,
    "ops": 6718,
    "rehearsal": 10690,
    "tests": 20650,
}
PRODUCT = ("mwaa", "components", "policy", "ops")
# What its requirements.txt brought, rehearsal and tools included, counted by `installed`.
PACKAGES_BEFORE = 122
MEGABYTES_BEFORE = 468


def lines(folder: Path) -> int:
    """Lines of Python that are neither blank nor a comment alone; docstrings count."""
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#")
        for path in folder.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
    )


def installed(requirements: Path) -> tuple[int, float]:
    """How many packages a file of requirements brings, and their MB, as they are installed here.

    What Python compiles from them is left out: it depends on who imported what.
    """
    texts = (line.split("#")[0].strip() for line in requirements.read_text("utf-8").splitlines())
    wanted = [(Requirement(text), frozenset({""})) for text in texts if text]
    seen: set[tuple[str, str]] = set()
    found: dict[str, metadata.Distribution] = {}
    while wanted:
        need, asked = wanted.pop()
        if need.marker and not any(need.marker.evaluate({"extra": extra}) for extra in asked):
            continue
        name, extras = canonicalize_name(need.name), frozenset({"", *need.extras})
        if all((name, extra) in seen for extra in extras):
            continue
        seen |= {(name, extra) for extra in extras}
        found[name] = metadata.distribution(name)
        wanted += [(Requirement(text), extras) for text in found[name].requires or []]
    size = sum(
        file.size or 0
        for distribution in found.values()
        for file in distribution.files or []
        if file.suffix != ".pyc"
    )
    return len(found), size / 1e6


def figures() -> Iterator[Figure]:
    """Lines by room, of the product as a whole, then packages and megabytes."""
    now = {room: lines(ROOT / room) for room in LINES_BEFORE}
    for room, count in now.items():
        yield _lines(room, count, LINES_BEFORE[room])
    product = (sum(counts[room] for room in PRODUCT) for counts in (now, LINES_BEFORE))
    yield _lines("the product", *product)
    packages, megabytes = installed(ROOT / "requirements.txt")
    yield Figure(
        name="pip install -r requirements.txt",
        value=packages,
        unit="packages",
        note=f"{PACKAGES_BEFORE} at {BEFORE}",
    )
    yield Figure(
        name="pip install -r requirements.txt",
        value=megabytes,
        unit="MB",
        note=f"{MEGABYTES_BEFORE} at {BEFORE}",
    )


def _lines(name: str, now: int, before: int) -> Figure:
    return Figure(
        name=f"lines of code, {name}", value=now, unit="lines", note=f"{before} at {BEFORE}"
    )
