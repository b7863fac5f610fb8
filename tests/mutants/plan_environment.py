"""Planned environments, and what is delivered into them, with one thing broken."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from tests.mutants.plan import (
    ENVIRONMENT,
    Change,
    Plan,
    add,
    drop,
    edit,
    environment,
    fact,
    identity,
    mutant,
    together,
)

E, D = "mwaa-environment-", "mwaa-delivery-"
OPTIONS = {"core.default_task_retries": "2"}
GOOD = (
    '--constraint "/usr/local/airflow/plugins/constraints.txt"\n--no-index\n'
    "--find-links /usr/local/airflow/plugins\npython-slugify==8.0.4\n"
)


def options(**more: str) -> Change:
    return environment(airflowConfigurationOptions={**OPTIONS, **more})


def option(name: str, value: str) -> Change:
    return options(**{name: value})


def requirements(text: str) -> Change:
    return edit("BucketObjectv2", "mwaa-source-requirements", content=text)


def script(text: str) -> Change:
    return edit("BucketObjectv2", "mwaa-source-startup-script", content=text)


def _waits_for_plugins(plan: Plan) -> Plan:
    (upload,) = [r.urn for r in plan if r.name == "plugins"]
    (one,) = [r for r in plan if r.type.startswith("aws:mwaa/environment:")]
    return fact("Environment", ENVIRONMENT, dependencies=(*one.dependencies, upload))(plan)


def plugins(*names: str) -> Change:
    """A plugins.zip with these files, read while the plan is."""

    def change(plan: Plan) -> Plan:
        folder = Path(tempfile.mkdtemp(prefix="mutant-"))
        with zipfile.ZipFile(folder / "plugins.zip", "w") as archive:
            for name in names:
                archive.writestr(name, "")
        bucket = identity(plan, "Bucket", "mwaa-source-bucket")
        made = {
            "bucket": bucket,
            "key": "plugins.zip",
            "versionId": "v1",
            "source": {"path": str(folder / "plugins.zip")},
        }
        return together(
            add("aws:s3/bucketObjectv2:BucketObjectv2", "plugins", lambda _: made),
            environment(pluginsS3Path="plugins.zip", pluginsS3ObjectVersion="v1"),
            _waits_for_plugins,
        )(plan)

    return change


MUTANTS = [
    mutant(f"{E}access-mode-explicit", environment(webserverAccessMode=None)),
    mutant(f"{E}alarms-exist", drop("MetricAlarm", "mwaa-monitoring-scheduler-heartbeat")),
    mutant(f"{E}class-known", environment(environmentClass="mw1.huge")),
    mutant(
        f"{E}lazy-plugins-off",
        together(environment(airflowVersion="2.10.3"), options(), plugins("orders.py")),
    ),
    mutant(f"{E}maintenance-window-set", environment(weeklyMaintenanceWindowStart=None)),
    mutant(
        f"{E}micro-not-scaling",
        environment(environmentClass="mw1.micro", schedulers=1, minWebservers=1, maxWebservers=1),
    ),
    mutant(f"{E}multi-team-off", option("core.multi_team", "True")),
    mutant(f"{E}name-valid", environment(name="1 wrong name")),
    mutant(f"{E}option-keys-valid", option("nosection", "x")),
    mutant(f"{E}options-hold-no-secrets", option("smtp.smtp_password", "hunter2hunter2")),
    mutant(f"{E}options-not-locked", option("core.executor", "LocalExecutor")),
    mutant(f"{E}protected", fact("Environment", ENVIRONMENT, protect=False)),
    mutant(f"{E}region-supported", environment(region="mars-north-1")),
    mutant(f"{E}schedulers-in-range", environment(schedulers=9)),
    mutant(f"{E}secrets-backend-valid", option("secrets.backend", "mine.Backend")),
    mutant(f"{E}timeouts-fit", fact("Environment", ENVIRONMENT, timeouts={"create": 60.0})),
    mutant(f"{E}version-not-ending", environment(airflowVersion="3.9.1")),
    mutant(f"{E}version-pinned", environment(airflowVersion=None)),
    mutant(f"{E}version-supported", environment(airflowVersion="1.10.12")),
    mutant(f"{E}webservers-in-range", environment(maxWebservers=9)),
    mutant(f"{E}workers-in-range", environment(minWorkers=0)),
    mutant(f"{E}workers-replaced-gracefully", environment(workerReplacementStrategy="FORCED")),
    mutant(f"{D}airflow-not-replaced", requirements(GOOD + "celery[sqs]==5.0.0\n")),
    mutant(f"{D}no-shadowing", plugins("types.py", "orders.py")),
    mutant(f"{D}plugins-at-root", plugins("plugins/a.py", "plugins/b.py")),
    mutant(f"{D}requirements-constrained", requirements("".join(GOOD.splitlines(True)[1:]))),
    mutant(f"{D}requirements-offline", requirements(GOOD.replace("--no-index\n", ""))),
    mutant(
        f"{D}requirements-offline",
        requirements(
            "--index-url https://ours-123456789012.d.codeartifact.us-east-1.amazonaws.com/pypi/x/\n"
            + GOOD
        ),
    ),
    mutant(f"{D}requirements-pinned", requirements(GOOD + "pandas\n")),
    mutant(f"{D}startup-script-is-shell", script("#!/usr/bin/python3\nprint()\n")),
    mutant(f"{D}startup-script-offline", script("#!/bin/bash\npip install pandas\n")),
    mutant(f"{D}wheels-fit", plugins("numpy-2.0.0-cp39-cp39-macosx_11_0_arm64.whl")),
]
