"""Planned environments, and what is delivered into them, with one thing broken."""

from __future__ import annotations

from tests.mutants.plan.edits import (
    ENVIRONMENT,
    Change,
    drop,
    environment,
    fact,
    mutant,
    together,
)

E = "mwaa-environment-"
OPTIONS = {"core.default_task_retries": "2"}


def options(**more: str) -> Change:
    return environment(airflowConfigurationOptions={**OPTIONS, **more})


def option(name: str, value: str) -> Change:
    return options(**{name: value})


MUTANTS = [
    mutant(f"{E}access-mode-explicit", environment(webserverAccessMode=None)),
    mutant(f"{E}alarms-exist", drop("MetricAlarm", "mwaa-monitoring-scheduler-heartbeat")),
    mutant(f"{E}class-known", environment(environmentClass="mw1.huge")),
    mutant(
        f"{E}declared-readably",
        fact("Environment", ENVIRONMENT, type="awscc:index/mwaaEnvironment:MwaaEnvironment"),
    ),
    mutant(
        f"{E}lazy-plugins-off",
        together(environment(airflowVersion="2.10.3"), options()),
    ),
    mutant(f"{E}maintenance-window-set", environment(weeklyMaintenanceWindowStart=None)),
    mutant(
        f"{E}micro-not-scaling",
        environment(environmentClass="mw1.micro", schedulers=1, minWebservers=1, maxWebservers=1),
    ),
    mutant(f"{E}multi-team-off", option("core.multi_team", "True")),
    mutant(f"{E}name-valid", environment(name="1 wrong name")),
    mutant(f"{E}option-keys-valid", option("nosection", "x")),
    mutant(
        "mwaa-delivery-option-classes-delivered",
        environment(
            airflowConfigurationOptions={**OPTIONS, "core.xcom_backend": "backends.S3"},
            requirementsS3Path=None,
            requirementsS3ObjectVersion=None,
            pluginsS3Path=None,
            pluginsS3ObjectVersion=None,
        ),
    ),
    mutant(f"{E}options-fit-class", option("celery.worker_autoscale", "200,5")),
    mutant(f"{E}options-hold-no-secrets", option("smtp.smtp_password", "hunter2hunter2")),
    mutant(f"{E}options-not-locked", option("core.executor", "LocalExecutor")),
    mutant(f"{E}protected", fact("Environment", ENVIRONMENT, protect=False)),
    mutant(f"{E}region-supported", environment(region="mars-north-1")),
    mutant(f"{E}schedulers-in-range", environment(schedulers=9)),
    mutant(f"{E}secrets-backend-valid", option("secrets.backend", "mine.Backend")),
    mutant(f"{E}timeouts-fit", fact("Environment", ENVIRONMENT, timeouts={"create": 60.0})),
    mutant(f"{E}version-not-ending", environment(airflowVersion="3.9.1")),
    mutant(f"{E}version-pinned", environment(airflowVersion=None)),
    mutant(f"{E}version-supported", environment(airflowVersion="2.10.2")),
    mutant(f"{E}webservers-in-range", environment(maxWebservers=9)),
    mutant(f"{E}workers-in-range", environment(minWorkers=0)),
    mutant(f"{E}workers-replaced-gracefully", environment(workerReplacementStrategy="FORCED")),
]
