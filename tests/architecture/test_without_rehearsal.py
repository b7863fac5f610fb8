"""`rehearsal/` can be deleted: program, pack, verbs and their unit tests need nothing of it."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("components", "docs", "examples", "mwaa", "ops", "policy", "tests")
FILES = ("__main__.py", "Makefile", "pyproject.toml", "setup.py")
# Every test of the product is collected, which imports it; a few of each room are run.
PRODUCT = ("tests/components", "tests/mwaa", "tests/ops", "tests/policy")
RUN = "test_stack or test_cli or test_pack or (test_urns and internet)"


@pytest.fixture
def rest(tmp_path: Path) -> Path:
    """A copy of the checkout without the rehearsal."""
    for folder in FOLDERS:
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__"))
    single = (ROOT / file for file in FILES)
    for path in (*single, *ROOT.glob("*.txt"), *ROOT.glob("Pulumi*.yaml")):
        copy(path, tmp_path)
    return tmp_path


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
    # Nothing of the copy is compiled yet, and rewriting its asserts would take the most time.
    plain = ("-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain")
    done = python("-m", "pytest", "-q", *plain, "-m", "not emulator", "-k", RUN, *PRODUCT)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
