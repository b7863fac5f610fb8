"""A customer's account in which an environment can run, made by the AWS API."""

import copy
import json
from typing import Any

from mwaa import iam_policies
from mwaa.names import Names
from mwaa.service import endpoints
from rehearsal.emulator.accounts import Accounts

ACCOUNT = "123456789012"
REGION = "us-east-1"
SERVICES = ("s3", "sqs", "logs", "monitoring", "kms")


class Customer:
    """Two private subnets without internet, the required endpoints, bucket, key, role.

    ``wish`` is the input of CreateEnvironment; ``clients`` speak to the emulator's front door.
    ``inside`` is whose network another environment stands in, with a group of its own.
    """

    def __init__(
        self,
        clients: Accounts,
        name: str = "etl",
        *,
        key: bool = True,
        inside: "Customer | None" = None,
    ) -> None:
        self._clients = clients
        self.names = Names(name, REGION, ACCOUNT)
        self.key = self._key() if key else ""
        self.vpc: str
        self.subnets: list[str]
        self.tables: list[str]
        self.group: str
        self.endpoint_group: str
        self.endpoints: dict[str, str]
        if inside is None:
            self._network()
        else:
            self.vpc, self.subnets, self.tables = inside.vpc, inside.subnets, inside.tables
            self.endpoint_group, self.endpoints = inside.endpoint_group, inside.endpoints
            self.group = self._group()
        self._bucket()
        self.role = self._role()
        self.wish: dict[str, Any] = {
            "Name": name,
            "ExecutionRoleArn": self.role,
            "SourceBucketArn": self.names.bucket_arn,
            "DagS3Path": "dags",
            "AirflowVersion": "2.10.3",
            "NetworkConfiguration": {
                "SubnetIds": list(self.subnets),
                "SecurityGroupIds": [self.group],
            },
            **({"KmsKey": self.key} if key else {}),
        }

    def __deepcopy__(self, memo: dict[int, Any]) -> "Customer":
        """The same account by the same clients, with a wish of its own."""
        other = copy.copy(self)
        for name in ("wish", "subnets", "tables", "endpoints"):
            setattr(other, name, copy.deepcopy(getattr(self, name), memo))
        return other

    def client(self, service: str) -> Any:
        """A boto3 client of the customer's account."""
        return self._clients.client(service, ACCOUNT, REGION)

    @property
    def mwaa(self) -> Any:
        return self.client("mwaa")

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    def admit_listed_clients(self) -> None:
        """People reach the web server from the networks of a prefix list of the customer's own."""
        clients = self.ec2.create_managed_prefix_list(
            PrefixListName="clients",
            MaxEntries=1,
            AddressFamily="IPv4",
            Entries=[{"Cidr": "10.64.0.0/16"}],
        )["PrefixList"]["PrefixListId"]
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
        self.ec2.authorize_security_group_ingress(
            GroupId=self.group,
            IpPermissions=[{**rule, "PrefixListIds": [{"PrefixListId": clients}]}],
        )

    def create(self, **changes: Any) -> str:
        """CreateEnvironment with ``changes``; None takes a member away."""
        wish = {k: v for k, v in {**self.wish, **changes}.items() if v is not None}
        arn: str = self.mwaa.create_environment(**wish)["Arn"]
        return arn

    def get(self) -> dict[str, Any]:
        """The Environment of GetEnvironment."""
        found: dict[str, Any] = self.mwaa.get_environment(Name=self.wish["Name"])["Environment"]
        return found

    @property
    def status(self) -> str:
        return str(self.get()["Status"])

    def _key(self) -> str:
        kms = self.client("kms")
        policy = json.dumps(iam_policies.key_policy(self.names))
        arn: str = kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]
        return arn

    def _network(self) -> None:
        ec2 = self.ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.192.0.0/16")["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsSupport={"Value": True})
        self.subnets = []
        self.tables = []
        for number, zone in enumerate("ab"):
            subnet = ec2.create_subnet(
                VpcId=self.vpc,
                CidrBlock=f"10.192.{number}.0/24",
                AvailabilityZone=f"{REGION}{zone}",
            )["Subnet"]["SubnetId"]
            table = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
            ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
            self.subnets.append(subnet)
            self.tables.append(table)
        self.group = self._group()
        self.endpoint_group = ec2.create_security_group(
            GroupName="endpoints", Description="endpoints", VpcId=self.vpc
        )["GroupId"]
        ec2.authorize_security_group_ingress(
            GroupId=self.endpoint_group,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 443,
                    "ToPort": 443,
                    "UserIdGroupPairs": [{"GroupId": self.group}],
                }
            ],
        )
        self.endpoints = {service: self.endpoint(service) for service in SERVICES}

    def _group(self) -> str:
        """A group that admits itself to web server and database."""
        made: str = self.ec2.create_security_group(
            GroupName=f"airflow-{self.names.environment}",
            Description="environment",
            VpcId=self.vpc,
        )["GroupId"]
        self.ec2.authorize_security_group_ingress(
            GroupId=made,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": port,
                    "ToPort": port,
                    "UserIdGroupPairs": [{"GroupId": made}],
                }
                for port in (443, 5432)
            ],
        )
        return made

    def endpoint(self, service: str, **changes: Any) -> str:
        """An endpoint for ``service`` in the environment's subnets."""
        wish: dict[str, Any] = {
            "VpcId": self.vpc,
            "ServiceName": endpoints.service_name(service, REGION),
        }
        if service == "s3":
            wish |= {"VpcEndpointType": "Gateway", "RouteTableIds": self.tables}
        else:
            wish |= {
                "VpcEndpointType": "Interface",
                "SubnetIds": self.subnets,
                "SecurityGroupIds": [self.endpoint_group],
                "PrivateDnsEnabled": True,
            }
        made = self.ec2.create_vpc_endpoint(**(wish | changes))
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def _bucket(self) -> None:
        s3 = self.client("s3")
        s3.create_bucket(Bucket=self.names.bucket)
        s3.put_bucket_versioning(
            Bucket=self.names.bucket, VersioningConfiguration={"Status": "Enabled"}
        )
        self.block_public_access()
        s3.put_bucket_policy(
            Bucket=self.names.bucket,
            Policy=json.dumps(iam_policies.bucket_policy(self.names.bucket_arn)),
        )
        s3.put_object(Bucket=self.names.bucket, Key="dags/hello.py", Body=b"# a DAG\n")

    def block_public_access(self, **changes: bool) -> None:
        """The four flags of the bucket, all set but for ``changes``."""
        flags = {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        }
        self.client("s3").put_public_access_block(
            Bucket=self.names.bucket, PublicAccessBlockConfiguration=flags | changes
        )

    def _role(self) -> str:
        iam = self.client("iam")
        trust = json.dumps(iam_policies.execution_trust(self.names))
        arn: str = iam.create_role(RoleName=self.names.role, AssumeRolePolicyDocument=trust)[
            "Role"
        ]["Arn"]
        self.allow("permissions", iam_policies.execution_permissions(self.names))
        if self.key:
            self.allow("key", iam_policies.key_permissions(self.names, self.key))
        else:
            self.allow("key", iam_policies.aws_owned_key_permissions(self.names))
        return arn

    def allow(self, name: str, document: Any) -> None:
        """Give the execution role an inline policy, or replace it."""
        self.client("iam").put_role_policy(
            RoleName=self.names.role, PolicyName=name, PolicyDocument=json.dumps(document)
        )
