"""One broken fact in the environment's own settings and life."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, LastUpdate, Metric, Platform
from tests.fixtures import changes
from tests.policy.rules.cases import (
    Case,
    Change,
    account,
    environment,
    key,
    platform,
    rule_cases,
    running,
    together,
    without,
)


def metric(name: str, value: float | None, **dimensions: str) -> Change:
    """The newest datapoint of one metric replaced."""

    def change(found: Platform) -> Platform:
        kept = [m for m in changes.items(found.metrics) if m.name != name]
        made = Metric(
            namespace="AmazonMWAA", name=name, dimensions=dimensions, value=value, timestamp=1.0
        )
        return replace(found, metrics=(*kept, made))

    return change


def setting(
    rule: str, *, fail: list[dict[str, Any]], unknown: str, also: tuple[str, ...] = ()
) -> list[Case]:
    """A rule of one setting: values that fail, and the setting whose absence leaves it open."""
    return rule_cases(
        f"mwaa-environment-{rule}",
        fail=[environment(**values) for values in fail],
        unknown=[environment(**{unknown: UNKNOWN})],
        also=also,
    )


def life(
    rule: str,
    *,
    fail: list[Change],
    unknown: list[Change],
    also: tuple[str, ...] = (),
    base: Callable[[], Platform] = running,
) -> list[Case]:
    """A rule of a living environment."""
    return rule_cases(f"mwaa-environment-{rule}", fail=fail, unknown=unknown, also=also, base=base)


BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
NO_METRICS = platform(metrics=UNKNOWN)
MAY_2026 = 1_777_600_000.0


CASES = [
    *rule_cases(
        "mwaa-environment-parts-exist",
        fail=[
            platform(role=None),
            platform(key=None),
            platform(bucket=None),
            environment(security_groups=("sg-env", "sg-gone")),
        ],
        unknown=[platform(role=UNKNOWN), platform(key=UNKNOWN), platform(security_groups=UNKNOWN)],
        passing=[environment(kms_key=None), environment(security_groups=("sg-env", UNKNOWN))],
        base=running,
        also=["*"],
    ),
    *rule_cases(
        "mwaa-environment-image-without-known-defects",
        base=running,
        fail=[
            environment(created_at=MAY_2026, last_update=None),
            environment(last_update=LastUpdate(status="SUCCESS", created_at=MAY_2026)),
        ],
        unknown=[environment(created_at=UNKNOWN, last_update=None)],
        passing=[
            environment(created_at=MAY_2026),
            environment(airflow_version="1.10.12", created_at=MAY_2026, last_update=None),
        ],
    ),
    *rule_cases(
        "mwaa-environment-worker-heartbeat",
        base=running,
        unknown=[
            together(
                metric("CeleryWorkerHeartbeat", 0.0),
                environment(last_update=LastUpdate(status="SUCCESS", created_at=MAY_2026)),
            )
        ],
    ),
    *rule_cases(
        "mwaa-environment-name-valid",
        fail=[environment(name="1st"), environment(name="a" * 81), environment(name="a.b")],
        unknown=[environment(name=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-environment-region-supported",
        fail=[account(region="eu-nowhere-1")],
        unknown=[account(region=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-environment-options-fit-class",
        fail=[
            environment(options={"celery.worker_autoscale": "200,5"}),
            environment(options={"scheduler.parsing_processes": "400"}),
            environment(options={"core.parallelism": "1"}),
            environment(options={"core.default_pool_task_slot_count": "90000"}),
        ],
        unknown=[
            environment(options=UNKNOWN),
            environment(options={"core.parallelism": UNKNOWN}),
            environment(options={"core.parallelism": "1"}, environment_class=UNKNOWN),
            environment(options={"core.parallelism": "1"}, max_workers=UNKNOWN),
        ],
        passing=[
            environment(options={"celery.worker_autoscale": "2,0", "core.parallelism": "many"}),
            environment(options={"core.parallelism": "1"}, environment_class="mw1.huge"),
        ],
    ),
    *rule_cases(
        "mwaa-environment-declared-readably",
        fail=[platform(unread="awscc:index/mwaaEnvironment:MwaaEnvironment airflow")],
        unknown=[platform(unread=UNKNOWN)],
    ),
    *setting(
        "class-known",
        fail=[{"environment_class": None}, {"environment_class": "mw1.huge"}],
        unknown="environment_class",
    ),
    *setting(
        "workers-in-range",
        fail=[{"min_workers": 0}, {"min_workers": 6}, {"min_workers": 11, "max_workers": None}],
        unknown="min_workers",
    ),
    *life(
        "workers-within-quota",
        fail=[together(environment(max_workers=26))],
        unknown=[account(worker_quota=UNKNOWN)],
    ),
    *setting(
        "schedulers-in-range", fail=[{"schedulers": 1}, {"schedulers": 6}], unknown="schedulers"
    ),
    *setting(
        "webservers-in-range",
        fail=[{"min_webservers": 1}, {"max_webservers": 6}, {"min_webservers": 3}],
        unknown="max_webservers",
    ),
    *rule_cases(
        "mwaa-environment-micro-not-scaling",
        fail=[
            environment(
                environment_class="mw1.micro",
                schedulers=1,
                min_webservers=1,
                max_webservers=1,
                max_workers=5,
            )
        ],
        unknown=[environment(environment_class=UNKNOWN)],
    ),
    *setting(
        "access-mode-explicit",
        fail=[{"webserver_access_mode": None}],
        unknown="webserver_access_mode",
        also=("mwaa-network-webserver-private",),
    ),
    *setting("version-pinned", fail=[{"airflow_version": None}], unknown="airflow_version"),
    *setting(
        "version-supported",
        fail=[{"airflow_version": v} for v in ("2.6.3", "1.10.12", "latest")],
        unknown="airflow_version",
    ),
    *setting(
        "version-not-ending",
        fail=[
            {"airflow_version": "9.0.0"},
            # What exists may keep an ended version, and is advised to leave it.
            {"airflow_version": "2.6.3", "created_at": 1.7e9},
        ],
        unknown="airflow_version",
    ),
    *setting(
        "maintenance-window-set",
        fail=[
            {"weekly_maintenance_window_start": None},
            {"weekly_maintenance_window_start": "SUN:03:10"},
        ],
        unknown="weekly_maintenance_window_start",
    ),
    *setting(
        "option-keys-valid",
        fail=[
            {"options": {"Core.parallelism": "3"}},
            {"options": {"parallelism": "3"}},
            {"options": {"core.motto": "na\u00efve"}},
        ],
        unknown="options",
    ),
    *setting(
        "options-not-locked", fail=[{"options": {"core.executor": "Local"}}], unknown="options"
    ),
    *setting(
        "lazy-plugins-off",
        fail=[
            {
                "airflow_version": "2.10.3",
                "plugins_s3_path": "plugins.zip",
                "plugins_s3_object_version": "v1",
            }
        ],
        unknown="airflow_version",
        also=("mwaa-storage-pinned-versions-exist",),
    ),
    *setting("multi-team-off", fail=[{"options": {"core.multi_team": "True"}}], unknown="options"),
    *setting(
        "options-hold-no-secrets",
        fail=[
            {"options": {"smtp.smtp_password": "hunter2"}},
            {"options": {"smtp.smtp_password": UNKNOWN}},
            {"options": {"core.url": "postgres://me:secret@host/db"}},
        ],
        unknown="options",
    ),
    *setting(
        "secrets-backend-valid",
        fail=[
            {"options": {"secrets.backend": "some.SystemsManagerParameterStoreBackend"}},
            {"options": {"secrets.backend": BACKEND, "secrets.backend_kwargs": "not json"}},
        ],
        unknown="options",
        also=("mwaa-network-secrets-reachable",),
    ),
    *setting(
        "workers-replaced-gracefully",
        fail=[{"worker_replacement_strategy": "FORCED"}],
        unknown="worker_replacement_strategy",
    ),
    *rule_cases(
        "mwaa-environment-protected",
        fail=[environment(protected=False), key(protected=False)],
        unknown=[environment(protected=UNKNOWN)],
    ),
    *setting(
        "timeouts-fit",
        fail=[{"timeouts": {"create": 1800.0, "update": 50400.0}}, {"timeouts": {}}],
        unknown="timeouts",
    ),
    *life(
        "status-available",
        fail=[environment(status="PENDING"), environment(status="UNAVAILABLE")],
        unknown=[environment(status=UNKNOWN), environment(status="UPDATING")],
    ),
    *life(
        "last-update-succeeded",
        fail=[
            environment(
                last_update=LastUpdate(status="FAILED", error_code="INCORRECT_CONFIGURATION")
            )
        ],
        unknown=[
            environment(last_update=UNKNOWN),
            environment(last_update=LastUpdate(status="PENDING")),
        ],
    ),
    *life(
        "interfaces-present",
        fail=[platform(interfaces=())],
        unknown=[platform(interfaces=UNKNOWN)],
    ),
    *life(
        "within-quota",
        fail=[account(environments=("other",), environment_quota=1)],
        unknown=[account(environments=UNKNOWN)],
    ),
    *life(
        "name-free",
        fail=[environment(status=None)],
        unknown=[environment(status=UNKNOWN)],
    ),
    *life(
        "name-free",
        fail=[environment(status="CREATE_FAILED")],
        unknown=[],
        also=("mwaa-environment-status-available",),
    ),
    *rule_cases(
        "mwaa-environment-alarms-exist",
        fail=[without("alarms", "alarm-SchedulerHeartbeat"), platform(alarms=())],
        unknown=[platform(alarms=UNKNOWN)],
    ),
    *life("scheduler-heartbeat", fail=[metric("SchedulerHeartbeat", None)], unknown=[NO_METRICS]),
    *life("worker-heartbeat", fail=[metric("CeleryWorkerHeartbeat", 0.0)], unknown=[NO_METRICS]),
    *life(
        "queue-moves",
        fail=[together(metric("QueuedTasks", 4.0), metric("RunningTasks", 0.0))],
        unknown=[NO_METRICS],
    ),
    *life("dag-count-fits", fail=[metric("DagBagSize", 51.0)], unknown=[NO_METRICS]),
    *life("dags-import", fail=[metric("ImportErrors", 2.0)], unknown=[NO_METRICS]),
    *life(
        "utilisation-moderate",
        fail=[metric("CPUUtilization", 97.0, Cluster="Scheduler")],
        unknown=[NO_METRICS],
    ),
]
