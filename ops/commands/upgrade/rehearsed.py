"""``--rehearse``: the upgrade on a copy first, with the real Airflow of each version.

The copy has what the environment's API exports and the files of its bucket. The rehearsal is a
program of its own, which a checkout has and an installed package has not; nothing of it is imported
here.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mwaa.words import counted
from ops.airflow.api import Airflow
from ops.airflow.secrecy import Secrecy
from ops.airflow.taken import Taken
from ops.errors import FailedError, RefusedError
from ops.history import KINDS
from ops.target import Target
from ops.terminal import say

CHECKOUT: Final = Path(__file__).resolve().parents[3]
PREFIX: Final = "mwaa-rehearsal-"
END_SECONDS: Final = 30


def require() -> None:
    """Raises ``RefusedError`` where there is no rehearsal."""
    if not (CHECKOUT / "rehearsal" / "__main__.py").is_file():
        raise RefusedError(
            "--rehearse: this installation has no rehearsal. Run it in a checkout of the project "
            "with `pip install -r requirements-dev.txt`, or leave --rehearse out"
        )


def rehearse(target: Target, to: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """What happened to a copy of the environment; ``files`` go with the first step.

    The copy is deleted again. Raises ``FailedError`` where it could not be built.
    """
    require()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        say(f"copying what {target.name} holds, and its files")
        _copy(target, folder, files)
        done = _run([sys.executable, "-m", "rehearsal", "upgrade", str(folder), "--to", to])
    if done.returncode != 0:
        raise FailedError("the copy could not be built, for the reason above; nothing was changed")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def problems(report: Mapping[str, Any]) -> list[str]:
    """What of a report stops the upgrade."""
    found = [str(report["failure"])] if report["failure"] else []
    found += [f"{file}: {error}" for file, error in report["import_errors"].items()]
    found += [f"{kind} lost: {', '.join(names)}" for kind, names in report["lost"].items()]
    if report["missing"] and not report["import_errors"]:
        found.append(f"DAGs that are not there afterwards: {', '.join(report['missing'])}")
    return found


def words(report: Mapping[str, Any]) -> list[str]:
    """A report for people, line by line."""
    lines = ["rehearsed on a copy:"]
    lines += [
        f"   {one['from']} to {one['to']} in {one['seconds']:.0f} s (there, not at AWS)"
        for one in report["steps"]
    ]
    objects = report["objects"].items()
    held = ", ".join(counted(number, kind.removesuffix("s")) for kind, number in objects if number)
    lines.append(f"   {counted(report['dags'], 'DAG')}; {held}")
    lines += [f"   PROBLEM  {one}" for one in problems(report)]
    lines += [f"   not copied: {name}: {why}" for name, why in report["not_copied"].items()]
    return lines


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    # Progress goes to standard error, as this verb's.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as running:
        try:
            said, _ = running.communicate()
        except BaseException:
            # Ctrl-C reaches both; what it started takes some seconds to end.
            running.wait(END_SECONDS)
            raise
        return subprocess.CompletedProcess(command, running.returncode, said)


def _copy(target: Target, folder: Path, files: Mapping[str, bytes]) -> None:
    options = target.description.get("AirflowConfigurationOptions", {})
    held = Taken(Airflow(target), Secrecy.of(options)).document()
    held.write(folder / "objects.json")
    described = json.dumps(target.description, default=str)
    (folder / "environment.json").write_text(described, encoding="utf-8")
    pages = target.aws.s3.get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=target.bucket, Prefix=target.dag_prefix):
        for one in page.get("Contents", []):
            if not one["Key"].endswith("/"):
                _get(target, folder, one["Key"])
    facts: Mapping[str, Any] = {**target.description}
    for path, version in KINDS.values():
        if facts.get(path):
            _get(target, folder, facts[path], facts.get(version) or "")
    for kind, content in files.items():
        (folder / "new").mkdir(exist_ok=True)
        (folder / "new" / kind).write_bytes(content)


def _get(target: Target, folder: Path, key: str, version: str = "") -> None:
    file = (folder / "bucket" / key).resolve()
    if not file.is_relative_to(folder.resolve()):
        return  # a key such as ../x names no file of Airflow's
    which: dict[str, Any] = {"VersionId": version} if version else {}
    answer = target.aws.s3.get_object(Bucket=target.bucket, Key=key, **which)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(answer["Body"].read())
