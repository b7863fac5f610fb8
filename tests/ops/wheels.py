"""Makes tiny wheels and runs verbs as a user does."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ops.cli import main

ROOT = Path(__file__).parents[2]


def wheel(folder: Path, name: str, version: str, requires: Sequence[str] = ()) -> Path:
    """A pure wheel of one module, ``name``, in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
    members = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{member},,\n" for member in [*members, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(zipfile.ZipInfo(member), content)
        archive.writestr(zipfile.ZipInfo(f"{info}/RECORD"), record)
    return path


def mwaa(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """``mwaa <arguments>`` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ops", *(str(argument) for argument in arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=300,
    )


def mwaa_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in this process, which is at once: for what ends before anything is done."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["mwaa", *arguments])
        patch.setenv("TYPER_STANDARD_TRACEBACK", "1")
        with pytest.raises(SystemExit) as end:
            main()
    code = end.value.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
