"""Answers to lookups of what exists: a compliant VPC, subnets, role, key and bucket."""

import json
from typing import Any

ANSWERS: dict[str, Any] = {
    "aws:ec2/getVpc:getVpc": lambda asked: {
        "id": asked["id"],
        "arn": f"arn:aws:ec2:eu-west-1:123456789012:vpc/{asked['id']}",
        "cidrBlock": "10.9.0.0/16",
        "cidrBlockAssociations": [
            {"associationId": "1", "cidrBlock": "10.9.0.0/16", "state": "associated"},
            {"associationId": "2", "cidrBlock": "100.64.0.0/16", "state": "associated"},
            {"associationId": "3", "cidrBlock": "10.8.0.0/16", "state": "disassociated"},
        ],
        "enableDnsSupport": True,
        "enableDnsHostnames": True,
        "dhcpOptionsId": "dopt-1",
        "mainRouteTableId": "rtb-main",
        "ownerId": "123456789012",
    },
    "aws:ec2/getSubnet:getSubnet": lambda asked: {
        "id": asked["id"],
        "arn": f"arn:aws:ec2:eu-west-1:123456789012:subnet/{asked['id']}",
        "vpcId": "vpc-1",
        "cidrBlock": f"10.9.{asked['id'][-1]}.0/24",
        "availabilityZone": f"eu-west-1{'abc'[int(asked['id'][-1]) - 1]}",
        "availabilityZoneId": f"euw1-az{asked['id'][-1]}",
        "mapPublicIpOnLaunch": False,
        "assignIpv6AddressOnCreation": False,
    },
    "aws:iam/getRole:getRole": lambda asked: {
        "id": asked["name"],
        "name": asked["name"],
        "arn": f"arn:aws:iam::123456789012:role/{asked['name']}",
        "assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": []}),
        "permissionsBoundary": "",
    },
    "aws:kms/getKey:getKey": lambda asked: {
        "id": asked["keyId"].rpartition("/")[2],
        "arn": asked["keyId"],
        "keyState": "Enabled",
        "keyUsage": "ENCRYPT_DECRYPT",
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "keyManager": "CUSTOMER",
        "multiRegion": False,
    },
    "aws:s3/getBucket:getBucket": lambda asked: {
        "id": asked["bucket"],
        "bucket": asked["bucket"],
        "arn": f"arn:aws:s3:::{asked['bucket']}",
        "bucketRegion": "eu-west-1",
    },
}
