"""The customer's account as the plan that would make it: a first preview, before ids exist.

``PLANNED`` breaks the plan in the way in which the functions of the same names break the account.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mwaa import iam_policies
from mwaa.model.platform import UNKNOWN
from mwaa.names import Names
from mwaa.service import endpoints
from policy.plan import access, exclusive, keys, network, routes
from policy.plan.resources import Resource
from tests.policy.plan.plans import BLOCK, BUCKET, ENV, LINK, resource, urn
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, SERVICES

ENDPOINT, GROUP, ACL = access.ENDPOINT, access.GROUP, routes.ACL
INGRESS, EGRESS = access.INGRESS_RULE, access.EGRESS_RULE
ROLE, ROLE_POLICY, POLICY = exclusive.ROLE, exclusive.ROLE_POLICY, exclusive.POLICY
VPC, TABLE, KEY = network.VPC, routes.TABLE, keys.KEY
SUBNET = network.SUBNETS[0]
ZONES = ("a", "b")
ANYWHERE = {"protocol": "-1", "cidrBlock": "0.0.0.0/0", "action": "allow", "fromPort": 0}

Plan = dict[tuple[str, str], Resource]


class Planned:
    """The resources of the plan by type and name; ``put`` adds one or replaces it."""

    def __init__(self) -> None:
        self.names = Names("etl", REGION, ACCOUNT)
        self.resources: Plan = {}
        self.vpc = {"vpcId": [urn(VPC, "net")]}
        self.subnets = [urn(SUBNET, zone) for zone in ZONES]
        self._network()
        for service in SERVICES:
            self.endpoint(service)
        self.put(KEY, "key", policy=json.dumps(iam_policies.key_policy(self.names)))
        self._bucket()
        self._role()
        self._environment()

    def put(
        self, kind: str, name: str, deps: Mapping[str, list[str]] | None = None, /, **props: Any
    ) -> None:
        self.resources[kind, name] = resource(kind, name, deps, **props)

    def drop(self, kind: str, name: str) -> None:
        """The program does not have it; a name that is not there is a mistake of the test."""
        del self.resources[kind, name]

    def _network(self) -> None:
        self.put(
            VPC,
            "net",
            cidrBlock="10.192.0.0/16",
            enableDnsHostnames=True,
            enableDnsSupport=True,
        )
        for number, zone in enumerate(ZONES):
            block, where = f"10.192.{number}.0/24", f"{REGION}{zone}"
            self.put(SUBNET, zone, self.vpc, cidrBlock=block, availabilityZone=where)
            self.put(TABLE, zone, self.vpc)
            both = {"routeTableId": [urn(TABLE, zone)], "subnetId": [urn(SUBNET, zone)]}
            self.put(LINK, zone, both)
        for name in ("airflow", "endpoints"):
            self.put(GROUP, name, self.vpc, name=name)
            own = {"securityGroupId": [urn(GROUP, name)]}
            self.put(EGRESS, name, own, ipProtocol="-1", cidrIpv4="0.0.0.0/0")
        for name, port in (("airflow", 443), ("airflow", 5432), ("endpoints", 443)):
            both = {
                "securityGroupId": [urn(GROUP, name)],
                "referencedSecurityGroupId": [urn(GROUP, "airflow")],
            }
            ports = {"fromPort": port, "toPort": port}
            self.put(INGRESS, f"{name}-{port}", both, ipProtocol="tcp", **ports)

    def endpoint(self, service: str, **changes: Any) -> None:
        """An endpoint for ``service`` in the environment's subnets."""
        name = endpoints.service_name(service, REGION)
        if service == "s3":
            tables = {"routeTableIds": [urn(TABLE, zone) for zone in ZONES]}
            self.put(ENDPOINT, service, self.vpc | tables, serviceName=name)
            return
        inside = {"subnetIds": self.subnets, "securityGroupIds": [urn(GROUP, "endpoints")]}
        wish = {"vpcEndpointType": "Interface", "privateDnsEnabled": True} | changes
        self.put(ENDPOINT, service, self.vpc | inside, serviceName=name, **wish)

    def _bucket(self) -> None:
        bucket = self.names.bucket
        document = json.dumps(iam_policies.bucket_policy(self.names.bucket_arn))
        self.put(BUCKET, "bucket", bucket=bucket, versioning={"enabled": True})
        flags = (
            "blockPublicAcls",
            "ignorePublicAcls",
            "blockPublicPolicy",
            "restrictPublicBuckets",
        )
        self.put(BLOCK, "bucket", bucket=bucket, **dict.fromkeys(flags, True))
        self.put("aws:s3/bucketPolicy:BucketPolicy", "bucket", bucket=bucket, policy=document)

    def _role(self, **props: Any) -> None:
        trust = json.dumps(iam_policies.execution_trust(self.names))
        self.put(ROLE, "role", name=self.names.role, assumeRolePolicy=trust)
        self.permissions(iam_policies.execution_permissions(self.names))
        own = {"role": [urn(ROLE, "role")], "policy": [urn(KEY, "key")]}
        self.put(ROLE_POLICY, "key", own, name="key")

    def permissions(self, document: Any) -> None:
        """The role's policy that hangs on names alone, and so is known at once."""
        own = {"role": [urn(ROLE, "role")]}
        self.put(ROLE_POLICY, "permissions", own, name="permissions", policy=json.dumps(document))

    def _environment(self) -> None:
        behind = {
            "networkConfiguration": [*self.subnets, urn(GROUP, "airflow")],
            "kmsKey": [urn(KEY, "key")],
        }
        self.put(
            ENV,
            "etl",
            behind,
            name="etl",
            region=REGION,
            airflowVersion="2.10.3",
            webserverAccessMode="PRIVATE_ONLY",
            dagS3Path="dags",
            sourceBucketArn=self.names.bucket_arn,
            executionRoleArn=self.names.role_arn,
            networkConfiguration={
                "subnetIds": [UNKNOWN, UNKNOWN],
                "securityGroupIds": [UNKNOWN],
            },
        )


def _no_endpoint(service: str) -> Callable[[Planned], None]:
    return lambda plan: plan.drop(ENDPOINT, service)


def _without(sid: str) -> Callable[[Planned], None]:
    def narrow(plan: Planned) -> None:
        document = iam_policies.execution_permissions(plan.names)
        document["Statement"] = [s for s in document["Statement"] if s.get("Sid") != sid]
        plan.permissions(document)

    return narrow


def _acl(plan: Planned) -> None:
    ports = {"protocol": "tcp", "fromPort": 5432, "toPort": 5432}
    deny = ports | {"ruleNo": 1, "action": "deny", "cidrBlock": "10.192.0.0/16"}
    rest = ANYWHERE | {"ruleNo": 100, "toPort": 0}
    behind = plan.vpc | {"subnetIds": plan.subnets}
    plan.put(ACL, "closed", behind, ingress=[deny, rest], egress=[rest])


def _closed_by_policy(plan: Planned) -> None:
    nothing = iam_policies.document(
        iam_policies.allow("Other", ["sqs:ListQueues"], "*", Principal="*")
    )
    plan.endpoint("sqs", policy=json.dumps(nothing))


def _boundary(plan: Planned) -> None:
    narrow = iam_policies.document(iam_policies.allow("S3", ["s3:*"], "*"))
    plan.put(POLICY, "narrow", name="narrow", policy=json.dumps(narrow))
    role = plan.resources[ROLE, "role"].props
    plan.put(ROLE, "role", {"permissionsBoundary": [urn(POLICY, "narrow")]}, **role)


PLANNED: dict[str, Callable[[Planned], None]] = {
    **{f"no_{service}": _no_endpoint(service) for service in SERVICES},
    "no_self_rule_443": lambda plan: plan.drop(INGRESS, "airflow-443"),
    "no_self_rule_5432": lambda plan: plan.drop(INGRESS, "airflow-5432"),
    "acl_in_the_way": _acl,
    "endpoint_without_private_dns": lambda plan: plan.endpoint("sqs", privateDnsEnabled=False),
    "endpoint_closed_by_its_group": lambda plan: plan.drop(INGRESS, "endpoints-443"),
    "endpoint_closed_by_its_policy": _closed_by_policy,
    **{
        f"role_without_{sid}": _without(sid)
        for sid in ("ReadSourceBucket", "WriteLogs", "UseCeleryQueue")
    },
    "role_without_the_key": lambda plan: plan.drop(ROLE_POLICY, "key"),
    "role_behind_a_boundary": _boundary,
}
