"""Looks up what exists already, so that a preview judges it as it judges what is new.

Only an id that the stack file gives is looked up: an id that is an output belongs to a resource of
the program, which the plan shows anyway. Each lookup answers with the facts of
``mwaa.model.existing``; what the deployer may not see is not among them.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pulumi
from pulumi_aws import ec2, iam, kms, s3

from mwaa.model import existing
from mwaa.model.existing import Fact
from mwaa.names import Names
from mwaa.service.endpoints import service_name

T = TypeVar("T")

# How the services, and the provider between us and them, say that the caller may not look.
_DENIED = ("accessdenied", "unauthorizedoperation", "forbidden", "403", "not authorized")


def properties(facts: Iterable[Fact]) -> dict[str, Any]:
    """The facts as inputs and outputs of the component that looked them up."""
    found = list(facts)
    return {existing.PROPERTY: found} if found else {}


def vpc(
    vpc_id: pulumi.Input[str] | None, names: Names, opts: pulumi.ResourceOptions | None
) -> list[Fact]:
    """The VPC and its further blocks."""
    if not isinstance(vpc_id, str):
        return []
    found = _look_up(
        lambda: ec2.get_vpc(id=vpc_id, opts=_as_component(opts)),
        ("Network", "existing_vpc_id", vpc_id),
        names,
    )
    if found is None:
        return []
    further = [
        {"vpcId": found.id, "cidrBlock": block.cidr_block}
        for block in found.cidr_block_associations
        if block.cidr_block != found.cidr_block and block.state == "associated"
    ]
    return [
        _fact(
            existing.VPC,
            names,
            id=found.id,
            arn=found.arn,
            cidrBlock=found.cidr_block,
            enableDnsSupport=found.enable_dns_support,
            enableDnsHostnames=found.enable_dns_hostnames,
            dhcpOptionsId=found.dhcp_options_id,
            mainRouteTableId=found.main_route_table_id,
            ownerId=found.owner_id,
        ),
        *(_fact(existing.CIDR, names, **block) for block in further),
    ]


def subnet(
    subnet_id: pulumi.Input[str], names: Names, opts: pulumi.ResourceOptions | None
) -> list[Fact]:
    """One subnet."""
    if not isinstance(subnet_id, str):
        return []
    found = _look_up(
        lambda: ec2.get_subnet(id=subnet_id, opts=_as_component(opts)),
        ("Network", "existing_subnet_ids", subnet_id),
        names,
    )
    if found is None:
        return []
    return [
        _fact(
            existing.SUBNET,
            names,
            id=found.id,
            arn=found.arn,
            vpcId=found.vpc_id,
            cidrBlock=found.cidr_block,
            availabilityZone=found.availability_zone,
            availabilityZoneId=found.availability_zone_id,
            mapPublicIpOnLaunch=found.map_public_ip_on_launch,
            assignIpv6AddressOnCreation=found.assign_ipv6_address_on_creation,
        )
    ]


def role(
    arn: pulumi.Input[str] | None, names: Names, opts: pulumi.ResourceOptions | None
) -> list[Fact]:
    """The role; of one in another account no more than its ARN, which a rule judges."""
    if not isinstance(arn, str):
        return []
    if not _is_ours(arn, names):
        return [_fact(existing.ROLE, names, arn=arn)]
    found = _look_up(
        lambda: iam.get_role(name=arn.rsplit("/", 1)[-1], opts=_as_component(opts)),
        ("ExecutionRole", "existing_role_arn", arn),
        names,
    )
    if found is None:
        return [_fact(existing.ROLE, names, arn=arn)]
    return [
        _fact(
            existing.ROLE,
            names,
            id=found.name,
            name=found.name,
            arn=found.arn,
            assumeRolePolicy=found.assume_role_policy,
            permissionsBoundary=found.permissions_boundary,
        )
    ]


def key(
    arn: pulumi.Input[str] | None, names: Names, opts: pulumi.ResourceOptions | None
) -> list[Fact]:
    """The key; of one in another account or region no more than its ARN, which rules judge."""
    if not isinstance(arn, str):
        return []
    if not _is_ours(arn, names):
        return [_fact(existing.KEY, names, arn=arn)]
    found = _look_up(
        lambda: kms.get_key(key_id=arn, opts=_as_component(opts)),
        ("EnvironmentKey", "existing_key_arn", arn),
        names,
    )
    if found is None:
        return [_fact(existing.KEY, names, arn=arn)]
    return [
        _fact(
            existing.KEY,
            names,
            id=found.id,
            arn=found.arn,
            keyState=found.key_state,
            keyUsage=found.key_usage,
            customerMasterKeySpec=found.customer_master_key_spec,
            keyManager=found.key_manager,
            multiRegion=found.multi_region,
        )
    ]


def bucket(name: str | None, names: Names, opts: pulumi.ResourceOptions | None) -> list[Fact]:
    """The bucket: that it is there, and in which region."""
    if name is None:
        return []
    found = _look_up(
        lambda: s3.get_bucket(bucket=name, opts=_as_component(opts)),
        ("SourceBucket", "existing_bucket_name", name),
        names,
    )
    if found is None:
        return []
    return [
        _fact(
            existing.BUCKET,
            names,
            id=found.bucket,
            arn=found.arn,
            bucket=found.bucket,
            region=found.bucket_region,
        )
    ]


def endpoint_service(
    service: str, names: Names, opts: pulumi.ResourceOptions | None
) -> "ec2.GetVpcEndpointServiceResult | None":  # as text, or ec2 is loaded with this file
    """What EC2 says of a service of interface endpoints; None where the caller may not look."""
    return _look_up(
        lambda: ec2.get_vpc_endpoint_service(
            service_name=service_name(service, names.region),
            service_type="Interface",
            opts=_as_component(opts),
        ),
        ("PrivateEndpoints", "services", service),
        names,
    )


def _fact(kind: str, names: Names, **properties: Any) -> Fact:
    given = {key: value for key, value in properties.items() if value is not None}
    return {"type": kind, "account": names.account, **given}


def _is_ours(arn: str, names: Names) -> bool:
    """Whether an ARN names this account and, where it names a region, this one."""
    _, _, _, region, account, *_ = [*arn.split(":"), *[""] * 5]
    return account == names.account and region in ("", names.region)


def _look_up(call: Callable[[], T], given: tuple[str, str, str], names: Names) -> T | None:
    """The answer; None where the caller may not look. What is not there ends the program."""
    component, argument, value = given
    try:
        return call()
    except Exception as error:
        # The SDK's invokes fail with bare exceptions; the last of their lines is the cause.
        cause = " ".join(str(error).split())
        where = f"account {names.account}, region {names.region}"
        if any(word in cause.lower() for word in _DENIED):
            pulumi.log.warn(
                f"{component}: `{argument}` {value} cannot be looked up in {where}: it belongs to "
                "another account, or the deployer may not read it. What only it could tell is not "
                f"judged at preview. AWS said: {cause}"
            )
            return None
        raise pulumi.RunError(
            f"{component}: `{argument}` is {value!r}, and it cannot be found in {where}; allowed "
            "is what exists there, because the environment is built on it. Correct it, or look "
            f"whether the credentials are those of its account. AWS said: {cause}"
        ) from None


def _as_component(opts: pulumi.ResourceOptions | None) -> pulumi.InvokeOptions | None:
    """Asks with the provider with which the component itself would ask."""
    if opts is None:
        return None
    given = opts.providers.values() if isinstance(opts.providers, dict) else opts.providers or ()
    own = [one for one in (opts.provider, *given) if isinstance(one, pulumi.ProviderResource)]
    provider = next((one for one in own if one.package == "aws"), None)
    return pulumi.InvokeOptions(parent=opts.parent, provider=provider)
