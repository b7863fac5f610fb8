"""Ways to break a customer's account that the service finds only while it builds."""

import json
from collections.abc import Callable

from mwaa import iam_policies
from tests.rehearsal.emulator.platforms.customer import Customer


def _no_endpoint(service: str) -> Callable[[Customer], None]:
    def take_away(customer: Customer) -> None:
        customer.ec2.delete_vpc_endpoints(VpcEndpointIds=[customer.endpoints[service]])

    take_away.__name__ = f"no_{service}"
    return take_away


def _no_self_rule(port: int) -> Callable[[Customer], None]:
    def revoke(customer: Customer) -> None:
        customer.ec2.revoke_security_group_ingress(
            GroupId=customer.group,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port,
                    "UserIdGroupPairs": [{"GroupId": customer.group}],
                }
            ],
        )

    revoke.__name__ = f"no_self_rule_{port}"
    return revoke


def acl_in_the_way(customer: Customer) -> None:
    acls = customer.ec2.describe_network_acls(
        Filters=[{"Name": "vpc-id", "Values": [customer.vpc]}]
    )["NetworkAcls"]
    customer.ec2.create_network_acl_entry(
        NetworkAclId=acls[0]["NetworkAclId"],
        RuleNumber=1,
        Protocol="6",
        RuleAction="deny",
        Egress=False,
        CidrBlock="10.192.0.0/16",
        PortRange={"From": 5432, "To": 5432},
    )


def endpoint_without_private_dns(customer: Customer) -> None:
    _no_endpoint("sqs")(customer)
    customer.endpoint("sqs", PrivateDnsEnabled=False)


def endpoint_closed_by_its_group(customer: Customer) -> None:
    customer.ec2.revoke_security_group_ingress(
        GroupId=customer.endpoint_group,
        IpPermissions=customer.ec2.describe_security_groups(GroupIds=[customer.endpoint_group])[
            "SecurityGroups"
        ][0]["IpPermissions"],
    )


def endpoint_closed_by_its_policy(customer: Customer) -> None:
    _no_endpoint("sqs")(customer)
    nothing = iam_policies.document(
        iam_policies.allow("Other", ["sqs:ListQueues"], "*", Principal="*")
    )
    customer.endpoint("sqs", PolicyDocument=json.dumps(nothing))


def _without(sid: str) -> Callable[[Customer], None]:
    def narrow(customer: Customer) -> None:
        document = iam_policies.execution_permissions(customer.names)
        document["Statement"] = [s for s in document["Statement"] if s.get("Sid") != sid]
        customer.allow("permissions", document)

    narrow.__name__ = f"role_without_{sid}"
    return narrow


def role_without_the_key(customer: Customer) -> None:
    customer.client("iam").delete_role_policy(RoleName=customer.names.role, PolicyName="key")


def role_behind_a_boundary(customer: Customer) -> None:
    iam = customer.client("iam")
    arn = iam.create_policy(
        PolicyName="narrow",
        PolicyDocument=json.dumps(iam_policies.document(iam_policies.allow("S3", ["s3:*"], "*"))),
    )["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=customer.names.role, PermissionsBoundary=arn)


LATE = [
    *(_no_endpoint(service) for service in ("s3", "sqs", "logs", "monitoring", "kms")),
    _no_self_rule(443),
    _no_self_rule(5432),
    acl_in_the_way,
    endpoint_without_private_dns,
    endpoint_closed_by_its_group,
    endpoint_closed_by_its_policy,
    *(_without(sid) for sid in ("ReadSourceBucket", "WriteLogs", "UseCeleryQueue")),
    role_without_the_key,
    role_behind_a_boundary,
]
