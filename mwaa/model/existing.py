"""How a program tells a plan what it looked up: as the property ``existing`` of a component.

A policy pack is shown resources, not lookups. Each fact is a mapping with the properties that the
resource itself would have, and with two more: ``type``, the resource's type token, and ``account``,
the account in which the program works.
"""

from typing import Any, Final, TypeAlias

Fact: TypeAlias = dict[str, Any]

PROPERTY: Final = "existing"

VPC: Final = "aws:ec2/vpc:Vpc"
CIDR: Final = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"
SUBNET: Final = "aws:ec2/subnet:Subnet"
ROLE: Final = "aws:iam/role:Role"
KEY: Final = "aws:kms/key:Key"
BUCKET: Final = "aws:s3/bucket:Bucket"
