"""Reads what bears on an environment from the account, as the facts that ``proofs`` judge.

Only what the service itself would look at is read: network, role, key and bucket policy.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from mwaa.model import platform as facts
from rehearsal.emulator.mwaa import survey_network
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.world import world


def read(environment: Environment) -> facts.Platform:
    """The environment and everything that its verdict depends on."""
    account, region = environment.account, environment.region

    ec2 = world().accounts.client("ec2", account, region)
    wanted = environment.config["NetworkConfiguration"]["SubnetIds"]
    try:
        vpc = ec2.describe_subnets(SubnetIds=wanted)["Subnets"][0]["VpcId"]
    except ClientError:
        vpc = ""  # the customer took the network away
    return facts.Platform(
        origin="live",
        environment=_environment(environment),
        account=facts.Account(id=account, region=region, partition=environment.names.partition),
        **survey_network.read(ec2, vpc),
        hosted_zones=(),
        bucket=_bucket(environment),
        key=key(environment),
        role=role(environment),
    )


def subject_of_role(environment: Environment, role: facts.Role) -> facts.Platform:
    """Just enough to judge whether the service may assume ``role``."""
    account = facts.Account(
        id=environment.account, region=environment.region, partition=environment.names.partition
    )
    record = _environment(environment)
    return facts.Platform(
        origin="live", environment=record, account=account, role=role, bucket=None
    )


def _environment(environment: Environment) -> facts.Environment:
    config = environment.config
    side = environment.service
    return facts.Environment(
        id=environment.arn,
        name=environment.name,
        airflow_version=config["AirflowVersion"],
        environment_class=config["EnvironmentClass"],
        webserver_access_mode=config["WebserverAccessMode"],
        endpoint_management=config["EndpointManagement"],
        kms_key=config.get("KmsKey"),
        execution_role=config["ExecutionRoleArn"],
        source_bucket=config["SourceBucketArn"],
        dag_s3_path=config["DagS3Path"],
        subnets=tuple(config["NetworkConfiguration"]["SubnetIds"]),
        security_groups=tuple(config["NetworkConfiguration"]["SecurityGroupIds"]),
        status=environment.status,
        database_endpoint_service=side.database_service if side else None,
        webserver_endpoint_service=(
            side.webserver_service if side and environment.is_private else None
        ),
        celery_queue=side.queue_arn if side else None,
    )


def _absent(call: Callable[[], Any]) -> Any:
    """The answer, None where what is asked for does not exist."""
    with suppress(ClientError):
        return call()
    return None


def _bucket(environment: Environment) -> facts.Bucket | None:
    s3 = world().accounts.client("s3", environment.account, environment.region)
    name = environment.config["SourceBucketArn"].rpartition(":::")[2]
    if _absent(lambda: s3.head_bucket(Bucket=name)) is None:
        return None
    policy = _absent(lambda: s3.get_bucket_policy(Bucket=name))
    return facts.Bucket(
        id=environment.config["SourceBucketArn"],
        name=name,
        policy=json.loads(policy["Policy"]) if policy else None,
    )


def key(environment: Environment) -> facts.Key | None:
    """The environment's key; None without one, or where it does not exist."""
    kms = world().accounts.client("kms", environment.account, environment.region)
    wanted = environment.config.get("KmsKey")
    if not wanted:
        return None
    found = _absent(lambda: kms.describe_key(KeyId=wanted))
    if found is None:
        return None
    item = found["KeyMetadata"]
    policy = kms.get_key_policy(KeyId=item["KeyId"], PolicyName="default")["Policy"]
    return facts.Key(
        id=item["Arn"],
        arn=item["Arn"],
        state=item["KeyState"],
        policy=json.loads(policy),
        grants=(),
    )


def _document(value: Any) -> Any:
    return json.loads(unquote(value)) if isinstance(value, str) else value


def _managed(iam: Any, arn: str) -> facts.Policy:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]
    name = arn.rpartition("/")[2]
    return facts.Policy(id=arn, name=name, arn=arn, document=_document(document["Document"]))


def role(environment: Environment) -> facts.Role | None:
    """The execution role with its policies; None where it does not exist."""
    iam = world().accounts.client("iam", environment.account, environment.region)
    arn = environment.config["ExecutionRoleArn"]
    name = arn.rpartition("/")[2]
    found = _absent(lambda: iam.get_role(RoleName=name))
    if found is None:
        return None
    answer = found["Role"]
    inline = [
        facts.Policy(
            id=f"{name}:{policy}",
            name=policy,
            document=_document(
                iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            ),
        )
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    ]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    boundary = answer.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return facts.Role(
        id=arn,
        name=name,
        arn=answer["Arn"],
        trust=_document(answer["AssumeRolePolicyDocument"]),
        policies=(*inline, *(_managed(iam, item["PolicyArn"]) for item in attached)),
        boundary=_managed(iam, boundary) if boundary else None,
    )
