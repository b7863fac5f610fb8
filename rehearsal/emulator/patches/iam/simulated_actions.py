"""What IAM's policy simulator knows of actions: the template of their ARNs, and what they take.

The templates are those that AWS answered with (recordings of September 2026) where there are any;
kinds of resources: https://docs.aws.amazon.com/service-authorization/latest/reference/ (read
2026-11-27). An action is known where botocore's model of its service has an operation of its name,
or where it is named here.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache

import botocore.session
from botocore.exceptions import UnknownServiceError

TEMPLATES = {
    "airflow": "airflow:${Region}:${Account}:environment/${EnvironmentName}",
    "cloudwatch": "cloudwatch:${Region}:${Account}:alarm:${AlarmName}",
    "ec2": "ec2:${Region}:${Account}:${ResourceType}/${ResourcePath}",
    "iam": "iam::${Account}:${ResourceType}/${ResourceName}",
    "kms": "kms:${Region}:${Account}:${ResourceType}/${Id}",
    "lambda": "lambda:${Region}:${Account}:${ResourceType}:${ResourceId}",
    "logs": "logs:${Region}:${Account}:log-group:${LogGroupName}",
    "s3": "s3:::${BucketName}/${KeyName}",
    "secretsmanager": "secretsmanager:${Region}:${Account}:secret:${SecretId}",
    "sns": "sns:${Region}:${Account}:${TopicName}",
    "sqs": "sqs:${Region}:${Account}:${QueueName}",
    "ssm": "ssm:${Region}:${Account}:parameter/${ParameterNameWithoutLeadingSlash}",
    "sts": "iam::${Account}:${RelativeId}",
}
# Prefix of an action -> botocore's name of the service, where they differ.
MODELS = {"airflow": "mwaa"}
# Actions that are no operations of their service, or operations of another name.
MORE = {
    "airflow": "createweblogintoken createclitoken publishmetrics",
    "iam": "passrole",
    "kms": "reencryptfrom reencryptto",
    "lambda": "invokefunction",
    "s3": "getaccountpublicaccessblock getbucketpublicaccessblock getencryptionconfiguration "
    "getlifecycleconfiguration listallmybuckets listbucket listbucketversions getobjectversion "
    "putencryptionconfiguration",
}
# What an action takes, as patterns of ARNs without `arn:` and partition. The first name that fits
# tells; a service's `*` stands last.
TAKES: dict[str, tuple[str, ...]] = {
    "ec2:describe*": (),
    "ec2:createnetworkinterface": tuple(
        f"ec2:*:*:{kind}/*" for kind in ("network-interface", "security-group", "subnet")
    ),
    "ec2:createvpcendpoint": tuple(
        f"ec2:*:*:{kind}/*"
        for kind in ("route-table", "security-group", "subnet", "vpc", "vpc-endpoint")
    ),
    "iam:listusers": (),
    "iam:listroles": (),
    "iam:listpolicies": (),
    "iam:getaccount*": (),
    "iam:getuser": ("iam::*:user/*",),
    "iam:*role": ("iam::*:role/*",),
    "kms:createkey": (),
    "kms:listkeys": (),
    "kms:listaliases": (),
    "lambda:invokefunction": ("lambda:*:*:function:*",),
    "s3:listallmybuckets": (),
    "s3:getaccountpublicaccessblock": (),
    "sts:getcalleridentity": (),
    "sts:assumerole": ("iam::*:role/*",),
    "airflow:listenvironments": (),
    "airflow:createweblogintoken": ("airflow:*:*:role/*",),
    "airflow:invokerestapi": ("airflow:*:*:role/*",),
    "airflow:*": ("airflow:*:*:environment/*",),
    "kms:*": ("kms:*:*:key/*", "kms:*:*:alias/*"),
}


@cache
def _operations(service: str) -> frozenset[str]:
    try:
        model = botocore.session.get_session().get_service_model(MODELS.get(service, service))
    except UnknownServiceError:
        return frozenset()
    return frozenset(name.lower() for name in model.operation_names)


def is_known(action: str) -> bool:
    """Whether the simulator has the action in its tables; a name with a wildcard is not."""
    service, _, name = action.lower().partition(":")
    if service not in TEMPLATES:
        return False
    return name in _operations(service) or name in MORE.get(service, "").split()


def template(action: str, resources: Iterable[str]) -> str:
    """What stands for the action's resources where there are several of them."""
    if not is_known(action):
        return "*"
    partition = next((one.split(":")[1] for one in resources), "aws")
    return f"arn:{partition}:{TEMPLATES[action.lower().partition(':')[0]]}"


def takes(action: str, resource: str) -> bool:
    """Whether the resource is of a kind that the action takes; unknown actions take any."""
    if resource == "*" or not is_known(action):
        return True
    lowered = action.lower()
    rest = resource.split(":", 2)[2]
    for name, patterns in TAKES.items():
        if fnmatchcase(lowered, name):
            return any(fnmatchcase(rest, pattern) for pattern in patterns)
    return rest.startswith(f"{lowered.partition(':')[0]}:")
