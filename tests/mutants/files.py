"""Delivered files, each with one thing broken: the same for a plan and for an account."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Mapping

from tests.mutants.account.emulated import LiveAccount, acted
from tests.mutants.plan.edits import Change, Plan, add, edit, identity, mutant, together

D = "mwaa-delivery-"
REQUIREMENTS, SCRIPT, PLUGINS = "requirements.txt", "startup.sh", "plugins.zip"
PINNED = (
    "-c /dev/null\n--no-index\n--find-links /usr/local/airflow/plugins\npython-slugify==8.0.4\n"
)


def packed(*names: str) -> bytes:
    """A plugins.zip with these files, and with what the compliant requirements need of it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in ("constraints.txt", *names):
            archive.writestr(name, "")
    return written.getvalue()


def requirements(text: str) -> Mapping[str, bytes]:
    return {REQUIREMENTS: text.encode()}


def script(text: str) -> Mapping[str, bytes]:
    return {SCRIPT: text.encode()}


def dag(text: str, name: str = "mutant.py") -> Mapping[str, bytes]:
    return {f"dags/{name}": text.encode()}


BROKEN: tuple[tuple[str, Mapping[str, bytes]], ...] = (
    ("airflow-not-replaced", requirements(PINNED + "celery[sqs]==5.0.0\n")),
    ("requirements-constrained", requirements("".join(PINNED.splitlines(True)[1:]))),
    (
        "requirements-constraints-match",
        {
            **requirements(PINNED.replace("/dev/null", "/usr/local/airflow/dags/of.txt")),
            "dags/of.txt": b"celery==5.3.0\n",
        },
    ),
    ("requirements-files-present", requirements(PINNED + "./own.whl\n")),
    ("requirements-from-index", requirements(PINNED + "a @ https://example.org/a.whl\n")),
    (
        "requirements-hold-no-secrets",
        requirements(PINNED + "# x\na==1 --hash=ghp_" + "a" * 36 + "\n"),
    ),
    (
        "requirements-offline",
        # A script that cannot be read may give pip an index.
        {**requirements(PINNED.replace("--no-index\n", "")), **script("export A=1\n")},
    ),
    ("requirements-pinned", requirements(PINNED + "pandas\n")),
    ("requirements-readable", requirements(PINNED + "what is this\n")),
    ("startup-script-exits-zero", script("exit 3\n")),
    ("startup-script-exports-harmless", script("export PIP_USER=true\n")),
    ("startup-script-holds-no-secrets", script("export DB_PASSWORD=hunter2hunter2\n")),
    ("startup-script-is-shell", script("#!/usr/bin/python3\n")),
    ("startup-script-lets-containers-start", script("set -e\nmkdir /x\n")),
    ("startup-script-offline", script("#!/bin/bash\npip install pandas\n")),
    ("startup-script-parses", script("if true; then\n")),
    ("no-shadowing", {PLUGINS: packed("types.py", "orders.py")}),
    ("plugins-at-root", {PLUGINS: packed().replace(b"constraints.txt", b"plugins/own.txt")}),
    ("plugins-unpack", {PLUGINS: packed("../orders.py")}),
    ("wheels-fit", {PLUGINS: packed("numpy-2.0.0-cp39-cp39-macosx_11_0_arm64.whl")}),
    ("dags-hold-no-secrets", dag("connect(password='hunter2hunter2')\n")),
    ("dags-leave-database-alone", dag("run('airflow db clean')\n")),
    ("dags-local-settings-safe", dag("", "airflow_local_settings.py")),
    ("dags-parse", dag("def a(:\n")),
    ("dags-read-nothing-when-parsed", dag("X = Variable.get('x')\n")),
    ("dags-tasks-end-in-time", dag("task(execution_timeout=timedelta(days=1))\n")),
    ("dags-use-no-queue", dag("task(queue='fast')\n")),
)
"""Rule (without its section) -> objects in the bucket, by key."""

UPLOADS = {
    REQUIREMENTS: "mwaa-source-requirements",
    SCRIPT: "mwaa-source-startup-script",
    PLUGINS: "mwaa-source-plugins",
}
OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"


def uploading(objects: Mapping[str, bytes]) -> Change:
    """The plan uploads these objects: in the place of its own artifacts, or beside them."""

    def change(plan: Plan) -> Plan:
        changes = []
        for key, content in objects.items():
            inline = {"source": None, "contentBase64": base64.b64encode(content).decode()}
            if key in UPLOADS:
                changes.append(edit("BucketObjectv2", UPLOADS[key], content=None, **inline))
                continue
            bucket = identity(plan, "Bucket", "mwaa-source-bucket")
            made = {"bucket": bucket, "key": key, "contentBase64": inline["contentBase64"]}
            changes.append(add(OBJECT, key, lambda _, made=made: made))  # type: ignore[misc]
        return together(*changes)(plan)

    return change


PLANNED = [mutant(f"{D}{rule}", uploading(objects)) for rule, objects in BROKEN]

MEMBERS = {REQUIREMENTS: "Requirements", SCRIPT: "StartupScript", PLUGINS: "Plugins"}


def delivering(objects: Mapping[str, bytes]) -> Callable[[LiveAccount], None]:
    """The objects in the bucket; the environment takes the artifacts among them."""

    def act(target: LiveAccount) -> None:
        changes: dict[str, str] = {}
        for key, content in objects.items():
            made = target.client("s3").put_object(Bucket=target.bucket, Key=key, Body=content)
            if key in MEMBERS:
                changes[f"{MEMBERS[key]}S3Path"] = key
                changes[f"{MEMBERS[key]}S3ObjectVersion"] = made["VersionId"]
        if changes:
            target.update(**changes)

    return act


LIVE = [acted(f"{D}{rule}", delivering(objects)) for rule, objects in BROKEN]
