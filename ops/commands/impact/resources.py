"""What a change of each type of resource means to Airflow: a table of all that the rules read and
that rehearsal knows. A test names the type that is missing."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from ops.commands.impact.disruption import Disruption

Words: TypeAlias = tuple[Disruption, str]


@dataclass(frozen=True, kw_only=True)
class ResourceDisruption:
    """What a change of one type of resource means: when it is deleted or replaced, and updated.

    ``beside`` is for a resource of the type that no environment of the plan stands on.
    """

    replaced: Words
    updated: Words = (Disruption.NOTHING, "")
    beside: Words | None = None


UNTIL = " until the new one stands"
"""How long what a replacement takes away is missing; what is deleted does not come back."""

_RULES = (
    Disruption.IN_PLACE,
    "new connections obey the new rules at once, tasks that use them notice",
)
_RIGHTS = (Disruption.IN_PLACE, "tasks get the new rights within minutes")
_NO_ROLE = (Disruption.NOTHING, "no environment has this role")
KEPT = (Disruption.NOTHING, "it leaves the stack and stays in AWS")


def _interrupts(words: str, updated: Words = _RULES) -> ResourceDisruption:
    return ResourceDisruption(replaced=(Disruption.INTERRUPTION, words), updated=updated)


_REFUSED = _interrupts("what it allowed is refused")
_ROLE_POLICY = ResourceDisruption(
    replaced=(Disruption.INTERRUPTION, "tasks lose these rights at once"),
    updated=_RIGHTS,
    beside=_NO_ROLE,
)
_UNNOTICED = ResourceDisruption(replaced=(Disruption.NOTHING, ""))
RESOURCES = {
    "aws:s3/bucket:Bucket": ResourceDisruption(
        replaced=(Disruption.LOSS, "DAGs, plugins and their history are gone"),
    ),
    "aws:kms/key:Key": ResourceDisruption(
        replaced=(
            Disruption.LOSS,
            "what it encrypted, the metadata database too, can no longer be read",
        ),
        updated=(Disruption.IN_PLACE, "who may use the key changes at once"),
    ),
    "aws:cloudwatch/logGroup:LogGroup": ResourceDisruption(
        replaced=(Disruption.LOSS, "the logs of past runs are gone"),
        updated=(Disruption.NOTHING, "only how long and how logs are kept"),
    ),
    "aws:iam/role:Role": ResourceDisruption(
        replaced=(
            Disruption.INTERRUPTION,
            f"tasks have no AWS identity{UNTIL}",
        ),
        updated=_RIGHTS,
        beside=_NO_ROLE,
    ),
    "aws:iam/rolePolicy:RolePolicy": _ROLE_POLICY,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _ROLE_POLICY,
    "aws:iam/policyAttachment:PolicyAttachment": _ROLE_POLICY,
    "aws:iam/policy:Policy": _ROLE_POLICY,
    "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": ResourceDisruption(
        replaced=KEPT, updated=_RIGHTS
    ),
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": ResourceDisruption(
        replaced=KEPT, updated=_RIGHTS
    ),
    # Rights of people, not of the environment.
    "aws:iam/userPolicy:UserPolicy": _UNNOTICED,
    "aws:iam/groupPolicy:GroupPolicy": _UNNOTICED,
    "aws:ssm/parameter:Parameter": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "pipelines and stacks that read it find nothing"),
        updated=(Disruption.IN_PLACE, "pipelines and stacks that read it find another value"),
    ),
    "aws:ec2/vpc:Vpc": ResourceDisruption(
        replaced=(Disruption.LOSS, "the environment must go with its network")
    ),
    "aws:ec2/subnet:Subnet": ResourceDisruption(
        replaced=(Disruption.LOSS, "the environment must go with its subnet"),
        beside=(Disruption.NOTHING, "no environment stands in this subnet"),
    ),
    "aws:ec2/routeTable:RouteTable": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, f"the subnets have no routes{UNTIL}"),
        updated=_RULES,
    ),
    "aws:ec2/route:Route": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, "its targets cannot be reached")
    ),
    "aws:ec2/natGateway:NatGateway": ResourceDisruption(
        replaced=(Disruption.INTERRUPTION, f"tasks reach no internet{UNTIL}")
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ResourceDisruption(
        replaced=(
            Disruption.INTERRUPTION,
            f"its service cannot be reached privately{UNTIL}",
        ),
        updated=_RULES,
    ),
    "aws:ec2/securityGroup:SecurityGroup": ResourceDisruption(
        replaced=(
            Disruption.INTERRUPTION,
            "the environment's parts may not speak to each other",
        ),
        updated=_RULES,
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ResourceDisruption(
        # Taken out of the stack it stays in AWS; a replacement goes with its VPC, which says so.
        replaced=(Disruption.NOTHING, "AWS keeps the group as long as its VPC"),
        updated=_RULES,
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _REFUSED,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _REFUSED,
    "aws:ec2/securityGroupRule:SecurityGroupRule": _REFUSED,
    "aws:ec2/managedPrefixList:ManagedPrefixList": _REFUSED,
    "aws:ec2/networkAclRule:NetworkAclRule": _REFUSED,
    "aws:ec2/networkAcl:NetworkAcl": _interrupts("its subnets obey the VPC's default ACL"),
    "aws:ec2/networkAclAssociation:NetworkAclAssociation": _interrupts(
        "its subnet obeys the VPC's default ACL"
    ),
    "aws:ec2/eip:Eip": _interrupts("what tasks reach sees another address, or none"),
    "aws:ec2/internetGateway:InternetGateway": _interrupts(f"the VPC has no internet{UNTIL}"),
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": _interrupts(
        f"the VPC has no internet{UNTIL}"
    ),
    "aws:ec2/carrierGateway:CarrierGateway": _interrupts("what it leads to cannot be reached"),
    "aws:ec2/vpnGateway:VpnGateway": _interrupts("what it leads to cannot be reached"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _interrupts(
        f"its subnet has the routes of the VPC's main table{UNTIL}"
    ),
    "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation": _interrupts(
        "subnets without a table of their own get other routes"
    ),
    "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation": _interrupts(
        "subnets of this table reach the service no longer privately"
    ),
    "aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": _interrupts(
        "the endpoint has no address in this subnet"
    ),
    "aws:ec2/vpcEndpointSecurityGroupAssociation:VpcEndpointSecurityGroupAssociation": _REFUSED,
    "aws:ec2/vpcDhcpOptions:VpcDhcpOptions": _interrupts("names are resolved otherwise, or not"),
    "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation": _interrupts(
        "names are resolved otherwise, or not"
    ),
    "aws:route53/zone:Zone": _interrupts("its names are not resolved"),
    "aws:route53/record:Record": _interrupts("its name is not resolved"),
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": ResourceDisruption(
        replaced=(Disruption.LOSS, "the environment must go with the subnets of these addresses")
    ),
    "aws:ec2/defaultVpc:DefaultVpc": ResourceDisruption(replaced=KEPT),
    "aws:ec2/defaultSubnet:DefaultSubnet": ResourceDisruption(replaced=KEPT),
    "aws:ec2/defaultRouteTable:DefaultRouteTable": ResourceDisruption(
        replaced=KEPT, updated=_RULES
    ),
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": ResourceDisruption(
        replaced=KEPT, updated=_RULES
    ),
    "aws:kms/keyPolicy:KeyPolicy": _interrupts(
        "what it allowed is refused, writing logs among it",
        (Disruption.IN_PLACE, "who may use the key changes at once"),
    ),
    "aws:kms/grant:Grant": _REFUSED,
    # The environment, its logs and its bucket name the key by its ARN.
    "aws:kms/alias:Alias": _UNNOTICED,
    "aws:s3/bucketPolicy:BucketPolicy": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "what it allowed is refused, what it denied is allowed"),
        updated=(Disruption.IN_PLACE, "who may use the bucket changes at once"),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "MWAA refuses new artifacts of a bucket without versions")
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "MWAA refuses an environment whose bucket can be public")
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "old versions of artifacts are kept otherwise"),
        updated=(Disruption.IN_PLACE, "old versions of artifacts are kept otherwise"),
    ),
    "aws:s3/bucketObject:BucketObject": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "running containers keep it, new ones may not find it")
    ),
    "aws:s3/objectCopy:ObjectCopy": ResourceDisruption(
        replaced=(Disruption.IN_PLACE, "running containers keep it, new ones may not find it")
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        _UNNOTICED
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _UNNOTICED,
    "aws:s3/bucketLogging:BucketLogging": _UNNOTICED,
    "aws:ec2/flowLog:FlowLog": _UNNOTICED,
    "aws:cloudwatch/dashboard:Dashboard": _UNNOTICED,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _UNNOTICED,
    "aws:sns/topic:Topic": _UNNOTICED,
    "aws:sns/topicPolicy:TopicPolicy": _UNNOTICED,
    "aws:sns/topicSubscription:TopicSubscription": _UNNOTICED,
}


def disruption_of(kind: str) -> ResourceDisruption | None:
    """The row of a type token, whichever of its two names is used; None: no row.

    >>> disruption_of("aws:s3/bucketV2:BucketV2") is disruption_of("aws:s3/bucket:Bucket")
    True
    """
    return RESOURCES.get(re.sub(r"[Vv]2\b", "", kind))
