"""Programs run against a recording monitor: what was registered, under whom, depending on what.

The plain mocks of the SDK hand a test only type, name and inputs. Parents, dependencies, protection
and secrets stand in the request itself, so the monitor is asked, not the mock.
"""

import json
import warnings
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pulumi_aws as aws
import pulumi_awsx
import pytest
from google.protobuf import json_format
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from mwaa.names import Names
from tests.fixtures import existing, programs

with warnings.catch_warnings():
    # The SDKs load a service at its first use, and then warn about their own deprecated resources.
    warnings.simplefilter("ignore", DeprecationWarning)
    for service in (pulumi_awsx.ec2, aws.cloudwatch, aws.ec2, aws.iam, aws.kms, aws.s3, aws.sns):
        hasattr(service, "any attribute loads it")

ACCOUNT = "123456789012"
REGION = "eu-west-1"
S3_PREFIX_LIST = "pl-6da54004"


@dataclass
class Registered:
    """One resource as the engine was asked to register it."""

    type: str
    name: str
    urn: str
    parent: str
    inputs: dict[str, Any]
    depends_on: set[str]
    property_depends_on: dict[str, set[str]]
    request: Any
    wire: str = field(repr=False)

    def document(self, property_name: str) -> Any:
        """A policy or dashboard, parsed."""
        return json.loads(self.inputs[property_name])


@dataclass(frozen=True)
class Refusal:
    """An answer of a provider's function that is none."""

    reason: str


class Recording:
    """Everything one program registered and asked for, and what the test's function returned."""

    def __init__(self) -> None:
        self.resources: list[Registered] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.result: Any = None

    def of(self, type_: str) -> list[Registered]:
        return [r for r in self.resources if r.type == type_]

    def one(self, type_: str, name: str | None = None) -> Registered:
        """The only one of a type, or the one of that name."""
        found = [r for r in self.of(type_) if name in (None, r.name)]
        assert len(found) == 1, (type_, name, [r.name for r in self.of(type_)])
        return found[0]

    def names(self, type_: str) -> set[str]:
        return {r.name for r in self.of(type_)}

    def wire(self) -> str:
        """All requests as they went over the wire."""
        return "\n".join(r.wire for r in self.resources)


class _Cloud(mocks.Mocks):
    """Answers as the providers do: inputs come back, with an id and an ARN that are predictable."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.awsx: dict[str, Any] = {}
        self.answers: dict[str, Any] = {
            **existing.ANSWERS,
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:ec2/getManagedPrefixList:getManagedPrefixList": {"id": S3_PREFIX_LIST},
            "aws:cloudwatch/getLogGroups:getLogGroups": {"logGroupNames": []},
            "aws:ec2/getVpcEndpointService:getVpcEndpointService": {
                "vpcEndpointPolicySupported": True,
                "privateDnsName": "service.eu-west-1.amazonaws.com",
            },
        }
        self.stacks: dict[str, dict[str, Any]] = {}

    def call(self, args: mocks.MockCallArgs) -> Any:
        self.recording.calls.append((args.token, args.args))
        answer = self.answers[args.token]
        if isinstance(answer, Refusal):
            return {}, [("", answer.reason)]
        return answer(args.args) if callable(answer) else answer

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if args.typ == "awsx:ec2:Vpc":
            return "", self.awsx
        if args.typ == "pulumi:pulumi:StackReference":
            name = args.inputs["name"]
            return name, {
                "name": name,
                "outputs": self.stacks.get(name, {}),
                "secretOutputNames": [],
            }
        computed = {"arn": f"arn:{args.typ}:{args.name}"}
        if args.typ == "aws:mwaa/environment:Environment":
            computed |= {
                "status": "AVAILABLE",
                "webserverUrl": "abc-vpce.c2.eu-west-1.airflow.amazonaws.com",
                "databaseVpcEndpointService": "com.amazonaws.vpce.eu-west-1.vpce-svc-database",
                "webserverVpcEndpointService": "com.amazonaws.vpce.eu-west-1.vpce-svc-webserver",
            }
        if args.typ == "aws:s3/bucketObjectv2:BucketObjectv2":
            computed["versionId"] = f"version-of-{args.name}"
        if args.inputs.get("vpcEndpointType") == "Gateway":
            computed["prefixListId"] = S3_PREFIX_LIST
        if args.typ == "aws:kms/key:Key":
            computed["keyId"] = f"id-of-{args.name}"
        return f"id-of-{args.name}", {**args.inputs, **computed}


class _Monitor(mocks.MockMonitor):
    """The mock monitor, which also writes down every request."""

    def __init__(self, cloud: _Cloud, recording: Recording) -> None:
        super().__init__(cloud)
        self.recording = recording

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (name of the gRPC method)
        copy = resource_pb2.RegisterResourceRequest()
        copy.CopyFrom(request)
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if copy.type != "pulumi:pulumi:Stack":
            self.recording.resources.append(
                Registered(
                    type=copy.type,
                    name=copy.name,
                    urn=response.urn,
                    parent=copy.parent,
                    inputs=_plain(json_format.MessageToDict(copy.object)),
                    depends_on=set(copy.dependencies),
                    property_depends_on={
                        name: set(found.urns) for name, found in copy.propertyDependencies.items()
                    },
                    request=copy,
                    wire=json_format.MessageToJson(copy),
                )
            )
        return response


# How the engine's protocol marks a value that is more than JSON, and one that is a resource.
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"


def _plain(value: Any) -> Any:
    """Wire values as a reader thinks of them: secrets opened, assets as their path or text."""
    if isinstance(value, dict):
        if _SIGNATURE in value:
            return _plain(value.get("value", value.get("path", value.get("urn"))))
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


Build = Callable[..., Recording]


@pytest.fixture
def cloud() -> _Cloud:
    """The providers' answers; a test may change them before it builds."""
    return _Cloud(Recording())


@pytest.fixture
def build(cloud: _Cloud) -> Build:
    """Runs a function as a Pulumi program to its end and returns what it registered.

    Waiting for every outstanding registration is what makes a missing child visible: collections
    of children are plain lists and say nothing about those that came late.
    """

    def run(program: Callable[[], Any], *, egress: str = "none") -> Recording:
        recording = cloud.recording
        monitor = _Monitor(cloud, recording)
        cloud.awsx = _vpc(monitor, egress)

        async def entry() -> None:
            found = program()
            recording.result = await found if isinstance(found, Coroutine) else found

        programs.run(entry, cloud, monitor)
        return recording

    return run


def _vpc(monitor: _Monitor, egress: str) -> dict[str, Any]:
    """The outputs of awsx.ec2.Vpc: references to resources, as the genuine plugin returns them."""

    def reference(type_: str, name: str) -> dict[str, str]:
        urn = monitor.make_urn("", type_, name)
        monitor.resources[urn] = monitor.ResourceRegistration(urn, f"id-of-{name}", {})
        return {_SIGNATURE: _REFERENCE, "urn": urn, "id": f"id-of-{name}", "packageVersion": ""}

    def subnets(kind: str) -> list[dict[str, str]]:
        return [reference("aws:ec2/subnet:Subnet", f"{kind}-{zone}") for zone in (1, 2)]

    return {
        "vpc": reference("aws:ec2/vpc:Vpc", "vpc"),
        "vpcId": "id-of-vpc",
        "isolatedSubnets" if egress == "none" else "privateSubnets": subnets("private"),
        "publicSubnets": [] if egress == "none" else subnets("public"),
        "routeTables": [
            reference("aws:ec2/routeTable:RouteTable", f"private-{zone}") for zone in (1, 2)
        ],
    }


@pytest.fixture
def names() -> Names:
    return Names("orders", REGION, ACCOUNT)
