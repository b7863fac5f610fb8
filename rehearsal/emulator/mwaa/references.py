"""What the service looks up when a request arrives: bucket, role, network and key.

The answers come from the account by Describe calls, as the service makes them.
"""

from typing import Any

from botocore.exceptions import ClientError

from mwaa.model.unknown import known
from ops.live.storage import region_of
from policy.analysis.iam import permissions
from policy.analysis.iam.kms import logs_may_use
from rehearsal.emulator.mwaa import reading
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.mwaa.exceptions import ValidationError
from rehearsal.emulator.world import world

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _client(environment: Environment, service: str) -> Any:
    return world().accounts.client(service, environment.account, environment.region)


def _code(problem: ClientError) -> str:
    return str(problem.response["Error"]["Code"])


def _block(client: Any, **whose: str) -> dict[str, bool]:
    try:
        found: dict[str, bool] = client.get_public_access_block(**whose)[
            "PublicAccessBlockConfiguration"
        ]
    except ClientError:
        return {}
    return found


def check_bucket(environment: Environment) -> None:
    """https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-s3-bucket.html"""
    config = environment.config
    s3 = _client(environment, "s3")
    bucket = config["SourceBucketArn"].rpartition(":::")[2]
    try:
        place = region_of(s3.get_bucket_location(Bucket=bucket).get("LocationConstraint"))
    except ClientError as problem:
        raise ValidationError(
            f"Invalid request provided: The bucket {bucket} cannot be read ({_code(problem)})."
        ) from None
    if place != environment.region:
        raise ValidationError(
            f"Invalid request provided: The bucket {bucket} is in {place}; it must be in "
            f"{environment.region}, where the environment is."
        )
    of_bucket = _block(s3, Bucket=bucket)
    of_account = _block(_client(environment, "s3control"), AccountId=environment.account)
    # https://github.com/awslabs/aws-support-tools/pull/168 (either will do; read 2026-11-27)
    if not all(of_bucket.get(flag) or of_account.get(flag) for flag in FLAGS):
        # Wording: https://github.com/094459/innovateaiml-airflow/issues/1
        raise ValidationError(
            "Invalid request provided: Provided bucket does not have BlockPublicAccess set for "
            f"s3 bucket {bucket}."
        )
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        raise ValidationError(
            f"Invalid request provided: Versioning is not enabled for s3 bucket {bucket}."
        )
    for artifact in ("Plugins", "Requirements", "StartupScript"):
        key, version = config.get(f"{artifact}S3Path"), config.get(f"{artifact}S3ObjectVersion")
        if not key:
            continue
        pinned = {"VersionId": version} if version else {}
        try:
            s3.head_object(Bucket=bucket, Key=key, **pinned)
        except ClientError:
            raise ValidationError(
                f"Invalid request provided: {artifact}S3Path {key} with version {version} does "
                f"not exist in s3 bucket {bucket}."
            ) from None


def check_role(environment: Environment) -> None:
    """https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html (trust policy) and
    https://docs.aws.amazon.com/mwaa/latest/userguide/cross-service-confused-deputy-prevention.html"""
    arn = environment.config["ExecutionRoleArn"]
    role = reading.role(environment)
    if not known(role) or role is None or role.arn != arn:
        raise ValidationError(_assume(arn, permissions.SERVICE_PRINCIPALS[1]))
    for principal, proof in permissions.assumable(reading.with_role(environment, role)):
        if not proof.passed:
            raise ValidationError(_assume(arn, principal))


def _assume(arn: str, principal: str) -> str:
    # Wording: https://github.com/idealo/terraform-aws-mwaa/issues/156
    return (
        f"Failed to assume role {arn}. This could be due to the role's trust policy. Please ensure "
        f"your role is assumable by '{principal}' Service Principal and try again."
    )


def check_network(environment: Environment) -> None:
    """https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html"""
    ec2 = _client(environment, "ec2")
    network = environment.config["NetworkConfiguration"]
    wanted, groups = network.get("SubnetIds"), network.get("SecurityGroupIds")
    if not wanted or not groups:
        missing = "subnetIds" if not wanted else "securityGroupIds"
        raise ValidationError(
            f"1 validation error detected: Value null at 'networkConfiguration.{missing}' failed "
            "to satisfy constraint: Member must not be null"
        )
    try:
        subnets = ec2.describe_subnets(SubnetIds=wanted)["Subnets"]
    except ClientError as problem:
        raise ValidationError(_lookup(problem)) from None
    if len({subnet["AvailabilityZoneId"] for subnet in subnets}) != 2:
        raise ValidationError(
            f"Subnets {', '.join(wanted)} must be two, in different Availability Zones."
        )
    vpcs = {subnet["VpcId"] for subnet in subnets}
    if len(vpcs) != 1:
        raise ValidationError(f"Subnets {', '.join(wanted)} must belong to the same VPC.")
    shared = any(subnet["OwnerId"] != environment.account for subnet in subnets)
    if shared and environment.config["EndpointManagement"] != "CUSTOMER":
        # EndpointManagement in
        # https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html
        raise ValidationError(
            f"Subnets {', '.join(wanted)} are shared by another account: EndpointManagement must "
            "be CUSTOMER in a shared VPC."
        )
    try:
        found = ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"]
    except ClientError as problem:
        raise ValidationError(_lookup(problem)) from None
    for group in found:
        if group["VpcId"] not in vpcs:
            raise ValidationError(
                f"Security group {group['GroupId']} belongs to {group['VpcId']}, and the subnets "
                f"to {', '.join(vpcs)}: they must belong to the same VPC."
            )
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [*vpcs]}])
    for subnet in wanted:
        for route in _effective(tables["RouteTables"], subnet):
            if route.get("GatewayId", "").startswith("igw-"):
                raise ValidationError(
                    f"Subnet {subnet} is public: it has a route to internet gateway "
                    f"{route['GatewayId']}. The subnets of an environment must be private."
                )


def _lookup(problem: ClientError) -> str:
    return f"Invalid request provided: {problem.response['Error']['Message']}"


def _effective(tables: list[dict[str, Any]], subnet: str) -> list[dict[str, Any]]:
    """Routes of the table that serves ``subnet``: its own, or else the VPC's main table."""
    main: list[dict[str, Any]] = []
    for table in tables:
        for link in table.get("Associations", []):
            if link.get("SubnetId") == subnet:
                return list(table["Routes"])
            if link.get("Main"):
                main = list(table["Routes"])
    return main


def check_key(environment: Environment) -> None:
    """https://docs.aws.amazon.com/mwaa/latest/userguide/custom-keys-certs.html"""
    wanted = environment.config.get("KmsKey")
    if not wanted:
        return
    if "alias/" in wanted:
        raise ValidationError(f"KmsKey {wanted} is an alias; aliases are not supported.")
    if wanted.startswith("arn:") and wanted.split(":")[3] != environment.region:
        raise ValidationError(
            f"KmsKey {wanted} is in {wanted.split(':')[3]}; it must be in {environment.region}, "
            "where the environment is."
        )
    kms = _client(environment, "kms")
    try:
        key = kms.describe_key(KeyId=wanted.removeprefix("key/"))["KeyMetadata"]
    except ClientError as problem:
        raise ValidationError(f"KmsKey {wanted} cannot be used: {_code(problem)}.") from None
    for fact, needed in (
        ("KeyState", "Enabled"),
        ("KeyUsage", "ENCRYPT_DECRYPT"),
        ("KeySpec", "SYMMETRIC_DEFAULT"),
        ("MultiRegion", False),
    ):
        if key.get(fact, needed) != needed:
            raise ValidationError(
                f"KmsKey {wanted} cannot be used: its {fact} is {key[fact]}, and {needed} is "
                "needed."
            )
    group = environment.names.log_group_arn("task")
    used = reading.key(environment)
    assert known(used) and used is not None
    if logs_may_use(used, region=environment.region, log_group_arn=group).failed:
        # Wording: https://github.com/LBHackney-IT/Data-Platform/pull/1765
        raise ValidationError(
            f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'"
        )
