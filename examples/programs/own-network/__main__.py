"""An environment in the network that you have, component by component."""

import pulumi
import pulumi_aws as aws
from mwaa.components import (
    CLASSES,
    AirflowEnvironment,
    AirflowEnvironmentArgs,
    EnvironmentKey,
    EnvironmentKeyArgs,
    ExecutionRole,
    ExecutionRoleArgs,
    LogGroups,
    LogGroupsArgs,
    Names,
    Network,
    NetworkArgs,
    SourceBucket,
    SourceBucketArgs,
    size,
)

config = pulumi.Config()
region = pulumi.Config("aws").require("region")
# Every physical name, and every ARN that follows from one, comes from here.
names = Names("orders", region, aws.get_caller_identity().account_id)

key = EnvironmentKey("orders-key", EnvironmentKeyArgs(names=names))
network = Network(
    "orders-network",
    NetworkArgs(
        names=names,
        egress="existing",
        existing_vpc_id=config.require("vpcId"),
        existing_subnet_ids=config.require_object("subnetIds"),
        client_cidrs=["10.64.0.0/16"],
    ),
)
bucket = SourceBucket(
    "orders-source", SourceBucketArgs(names=names, dag_path="dags", key_arn=key.key_arn)
)
role = ExecutionRole("orders-role", ExecutionRoleArgs(names=names, key_arn=key.key_arn))
logs = LogGroups("orders-logs", LogGroupsArgs(names=names, key_arn=key.key_arn))

environment = AirflowEnvironment(
    "orders",
    AirflowEnvironmentArgs(
        names=names,
        airflow_version="2.10.3",
        sizing=size(CLASSES["mw1.small"], max_workers=5),
        role_arn=role.role_arn,
        bucket_arn=bucket.bucket_arn,
        dag_path=bucket.dag_path,
        subnet_ids=network.subnet_ids,
        security_group_ids=network.security_group_ids,
        key_arn=key.key_arn,
        # MWAA looks at these when it creates the environment; their outputs alone do not say so.
        prerequisites=[key, network, bucket, role, logs],
    ),
)

pulumi.export("webserverUrl", environment.webserver_url)
