"""Which tests need the engine, which the emulated AWS, and which nothing but the product."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore.session
import pytest

# Tests of the rehearsal or by means of it. Where a checkout has none, they are not collected.
REHEARSED = (
    *("docs", "e2e", "mutants", "rehearsal", "architecture/test_docs.py"),
    *("ops/commands/test_doctor.py", "ops/commands/test_list.py", "ops/live"),
    *("ops/commands/test_logs.py", "ops/commands/test_several.py"),
    "ops/commands/upgrade/test_upgrade.py",
)
HERE = Path(__file__).parent
collect_ignore = [] if (HERE.parent / "rehearsal").is_dir() else list(REHEARSED)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Ours for `--dist loadfile`."""
    if config.getoption("dist") != "loadfile" or collect_ignore:
        return None
    from tests.e2e.stacks.scheduling import Grouped

    return Grouped(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """`-n auto`: one more than processors for the whole suite, as one test always waits for an
    engine or an Airflow; xdist's own number for a part of it."""
    return None if config.option.markexpr else (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--drills", action="store_true", help="run what is marked as a drill, too")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Raised here, so that the summary has one line for all of them."""
    if item.get_closest_marker("drill") and not item.config.getoption("drills"):
        pytest.skip("a real Airflow is drilled for minutes more: `make drills` does it")


# What a test that uses the emulated AWS imports or asks for.
EMULATED = (
    *("rehearsal.emulator", "rehearsal.cli.server", "moto"),
    *("tests.ops.emulated", "tests.rehearsal.emulator", "tests.rehearsal.plugins.aws"),
)
# A real Airflow behind an environment takes as long as the engine does.
AIRFLOW = HERE / "e2e" / "airflow"
RANKS = ("engine", "emulator", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever rehearses needs the engine, and goes first, then what uses the emulated AWS: what
    takes long must not come last. So among the others the files of many tests come first, after
    those that copy the checkout. A file's tests stay together, as they share its fixtures."""
    ranks: dict[Path, int] = {}
    tests = Counter(item.path for item in items)
    copying = {item.path for item in items if item.get_closest_marker("copy")}
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "rehearsal" in fixtures or item.path.is_relative_to(AIRFLOW):
            item.add_marker(pytest.mark.engine)
        elif "s3" in fixtures or _emulates(getattr(item, "module", pytest)):
            item.add_marker(pytest.mark.emulator)
        rank = next(n for n, one in enumerate(RANKS) if not one or item.get_closest_marker(one))
        ranks[item.path] = min(rank, ranks.get(item.path, rank))

    def place(item: pytest.Item) -> tuple[int, bool, int]:
        rank = ranks[item.path]
        return rank, item.path not in copying, 0 if RANKS[rank] else -tests[item.path]

    items.sort(key=place)


def pytest_collection_finish() -> None:
    """What has been imported stays until the end: the garbage collector need not look at it."""
    gc.collect()
    gc.freeze()
    # Rarely: at Python's own pace a twentieth of the tests' time is the collector's.
    gc.set_threshold(50_000, 20, 100)


def pytest_sessionfinish() -> None:
    """One collection finds what nobody refers to; pytest's own five at the end are then quick."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _service_models() -> Iterator[None]:
    """AWS's service models are parsed once, not once for every session that a test opens."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@cache
def _emulates(module: ModuleType) -> bool:
    origins = [module.__name__] + [
        str(getattr(value, "__module__", None) or getattr(value, "__name__", ""))
        for value in vars(module).values()
    ]
    return any(origin.startswith(EMULATED) for origin in origins)
