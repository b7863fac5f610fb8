"""Reads a living MWAA environment as a ``mwaa.subject.Subject``, whoever created it.

The twin of ``policy/plan.py``: the checks cannot tell which of the two read for them, except by
``origin``. All calls only read; they run in parallel, and a denied one becomes UNKNOWN.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from day2.living import metrics, network, resources
from day2.living.eyes import Eyes
from mwaa.maybe import UNKNOWN
from mwaa.subject import Environment, LastUpdate, LogModule, Subject

MODULES = {
    "DagProcessingLogs": "dag_processing",
    "SchedulerLogs": "scheduler",
    "TaskLogs": "task",
    "WebserverLogs": "webserver",
    "WorkerLogs": "worker",
}
THREADS = 12

# What the doctor's calls need; `mwaa permissions doctor` prints them as a policy.
PERMISSIONS = (
    "airflow:GetEnvironment",
    "airflow:ListEnvironments",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNatGateways",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribePrefixLists",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcEndpointServices",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:ListPolicies",
    "iam:ListRolePolicies",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketLocation",
    "s3:GetBucketLogging",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketPolicy",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration",
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:ListBucket",
    "sts:GetCallerIdentity",
)


def read(eyes: Eyes, description: Mapping[str, Any]) -> Subject:
    """Everything around the environment that ``description`` (GetEnvironment) describes."""
    name = description["Name"]
    bucket_name = description["SourceBucketArn"].split(":")[-1]
    subnets = [*description.get("NetworkConfiguration", {}).get("SubnetIds", [])]
    # Two pools: a task that waits for others must not hold the threads they need.
    with ThreadPoolExecutor(THREADS) as calls, ThreadPoolExecutor(8) as parts:
        reading = {
            "bucket": parts.submit(resources.bucket, eyes, bucket_name, description),
            "key": parts.submit(resources.key, eyes, description.get("KmsKey")),
            "role": parts.submit(resources.role, eyes, description["ExecutionRoleArn"]),
            "log_groups": parts.submit(resources.log_groups, eyes, name),
            "access_policies": parts.submit(resources.access_policies, eyes, name),
            "metrics": parts.submit(metrics.read, eyes, name, description.get("CreatedAt")),
            "alarms": parts.submit(resources.alarms, eyes, name),
            "account": parts.submit(resources.account, eyes, description),
        }
        around = parts.submit(network.read, eyes, subnets, calls).result()
        found: dict[str, Any] = {part: future.result() for part, future in reading.items()}
    return Subject(
        origin="live",
        environment=environment(description),
        **found,
        **around,
        denied=tuple(sorted(set(eyes.denied), key=lambda one: one.call)),
    )


def environment(description: Mapping[str, Any]) -> Environment:
    """GetEnvironment's answer as the subject's record."""
    network_ids = description.get("NetworkConfiguration", {})
    last = description.get("LastUpdate")
    created = description.get("CreatedAt")
    return Environment(
        id=description["Arn"],
        name=description["Name"],
        airflow_version=description.get("AirflowVersion"),
        environment_class=description.get("EnvironmentClass"),
        min_workers=description.get("MinWorkers"),
        max_workers=description.get("MaxWorkers"),
        schedulers=description.get("Schedulers"),
        min_webservers=description.get("MinWebservers"),
        max_webservers=description.get("MaxWebservers"),
        webserver_access_mode=description.get("WebserverAccessMode"),
        endpoint_management=description.get("EndpointManagement"),
        kms_key=description.get("KmsKey"),
        execution_role=description["ExecutionRoleArn"],
        source_bucket=description["SourceBucketArn"],
        dag_s3_path=description.get("DagS3Path", UNKNOWN),
        requirements_s3_path=description.get("RequirementsS3Path"),
        requirements_s3_object_version=description.get("RequirementsS3ObjectVersion"),
        plugins_s3_path=description.get("PluginsS3Path"),
        plugins_s3_object_version=description.get("PluginsS3ObjectVersion"),
        startup_script_s3_path=description.get("StartupScriptS3Path"),
        startup_script_s3_object_version=description.get("StartupScriptS3ObjectVersion"),
        subnets=tuple(network_ids.get("SubnetIds", [])),
        security_groups=tuple(network_ids.get("SecurityGroupIds", [])),
        options={**(description.get("AirflowConfigurationOptions") or {})},
        logging={
            module: LogModule(
                enabled=one.get("Enabled", False),
                level=one.get("LogLevel"),
                log_group_arn=one.get("CloudWatchLogGroupArn"),
            )
            for member, module in MODULES.items()
            if (one := description.get("LoggingConfiguration", {}).get(member))
        },
        weekly_maintenance_window_start=description.get("WeeklyMaintenanceWindowStart"),
        # The API tells the strategy of the last update only, which is no setting.
        worker_replacement_strategy=UNKNOWN,
        tags={
            name: value
            for name, value in (description.get("Tags") or {}).items()
            if not name.startswith("aws:")
        },
        status=description.get("Status"),
        created_at=created.timestamp() if created else None,
        last_update=_last_update(last) if last else None,
        webserver_url=description.get("WebserverUrl"),
        database_endpoint_service=description.get("DatabaseVpcEndpointService"),
        webserver_endpoint_service=description.get("WebserverVpcEndpointService"),
        celery_queue=description.get("CeleryExecutorQueue"),
    )


def _last_update(last: Mapping[str, Any]) -> LastUpdate:
    error = last.get("Error") or {}
    when = last.get("CreatedAt")
    return LastUpdate(
        status=last.get("Status", ""),
        created_at=when.timestamp() if when else None,
        error_code=error.get("ErrorCode"),
        error_message=error.get("ErrorMessage"),
        source=last.get("Source"),
        worker_replacement_strategy=last.get("WorkerReplacementStrategy"),
    )
