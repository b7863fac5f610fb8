"""`rehearsal/` can be deleted: program, pack, verbs and their unit tests need nothing of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns, rmtree

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("components", "docs", "examples", "mwaa", "ops", "policy", "tests")
FILES = ("__main__.py", "Makefile", "pyproject.toml", "setup.py")
# Every test of the product is collected, which imports it; a few of each room are run.
PRODUCT = ("tests/components", "tests/mwaa", "tests/ops", "tests/policy")
RUN = "test_stack or (test_cli and short_name) or test_pack or (test_urns and internet)"


@pytest.fixture
def rest() -> Iterator[Path]:
    """A copy of the checkout without the rehearsal. It lies in the same place each time, so that
    Python finds what it compiled there the last time."""
    copied = ROOT / ".local" / "without-rehearsal"
    rmtree(copied, ignore_errors=True)
    for folder in FOLDERS:
        copytree(ROOT / folder, copied / folder, ignore=ignore_patterns("__pycache__"))
    single = (ROOT / file for file in FILES)
    for path in (*single, *ROOT.glob("*.txt"), *ROOT.glob("Pulumi*.yaml")):
        copy2(path, copied)
    yield copied
    rmtree(copied)


@pytest.mark.copy
def test_the_product_and_its_tests_do_without_rehearsal(rest: Path) -> None:
    def python(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=rest,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert python("-c", "import rehearsal").returncode != 0
    rooms = python("-c", "import mwaa, components, policy, ops; print(mwaa.__file__)")
    assert rooms.stdout.startswith(str(rest)), "the copy is tested, not the checkout"
    # Rewriting the asserts of so many files would take the most time.
    plain = ("-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain")
    done = python("-m", "pytest", "-q", *plain, "-m", "not emulator", "-k", RUN, *PRODUCT)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
