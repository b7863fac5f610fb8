"""What the service's own messages mean: message fragment -> cause in words and where to look.

Sources: https://docs.aws.amazon.com/mwaa/latest/userguide/t-create-update-environment.html and
https://docs.aws.amazon.com/mwaa/latest/userguide/t-cloudwatch-cloudtrail-logs.html
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """A likely cause: ``fragment`` of the message (lower case), what it means, what to do."""

    fragment: str
    meaning: str
    remedy: str


CAUSES = (
    Cause(
        "failed to assume role",
        "the execution role's trust policy does not let MWAA in",
        "trust airflow.amazonaws.com and airflow-env.amazonaws.com; check the conditions on "
        "aws:SourceArn and aws:SourceAccount",
    ),
    Cause(
        "does not have sufficient permissions for s3 location",
        "the execution role, the bucket policy or the key policy keeps MWAA from the bucket",
        "allow s3:GetObject*, s3:GetBucket*, s3:List* on the bucket and its objects, and use one "
        "KMS key for bucket and environment",
    ),
    Cause(
        "blockpublicaccess",
        "neither the bucket nor its account blocks all four kinds of public access",
        "set all four flags of the bucket's public access block, or of the account's",
    ),
    Cause(
        "does not have permissions to manage vpc endpoints",
        "the identity that deploys may not manage VPC endpoints",
        "allow ec2:CreateVpcEndpoint, ec2:ModifyVpcEndpoint, ec2:DescribeVpcEndpoints and "
        "ec2:DeleteVpcEndpoints to the deployer",
    ),
    Cause(
        "kms key does not exist or is not allowed",
        "the key policy does not let CloudWatch Logs use the key for the environment's log groups",
        "allow the logs service of the region kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, "
        "kms:GenerateDataKey*, kms:Describe* in the key policy",
    ),
    Cause(
        "conflicting dns domain",
        "another endpoint of the VPC already owns the private DNS name",
        "remove the second endpoint of that service, or switch its private DNS off",
    ),
    Cause(
        "service, partition, or resource must be passed",
        "a path or the bucket's ARN is malformed",
        "give paths relative to the bucket, without s3:// and without a slash at the start",
    ),
    Cause(
        "requirements",
        "the requirements could not be installed, so the containers never became healthy",
        "run `mwaa preflight`, and read the requirements_install streams of the log groups",
    ),
    Cause(
        "startup script",
        "the startup script failed or ran longer than five minutes",
        "read the startup_script_execution streams of the log groups",
    ),
    Cause(
        "incorrect_configuration",
        "the containers could not reach a service they need, or were not allowed to use it: "
        "a missing endpoint or route, a security group without its self-rule, a network ACL, the "
        "execution role or the key policy",
        "`mwaa doctor` checks each of these",
    ),
    Cause(
        "72 hours",
        "the customer-managed endpoints were not made within 72 hours",
        "delete the environment and create it again with the endpoints in the same program",
    ),
)


def causes(message: str, error_code: str = "") -> list[Cause]:
    """The causes that ``message`` (and the error's code) point to, the most exact ones first."""
    text = f"{error_code} {message}".lower()
    return [cause for cause in CAUSES if cause.fragment in text]
