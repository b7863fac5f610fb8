"""Environments that are named by the SSM parameters of their stack: ``--environment ssm:PREFIX``.

A stack with the setting ``ssmPrefix`` writes its outputs below that path, so that who may neither
see its state nor run Pulumi still finds the environment.
"""

from ops.aws import AwsSession
from ops.errors import RefusedError, code

SCHEME = "ssm:"
"""No environment's name holds a colon, so this begins none."""


def named(aws: AwsSession, environment: str) -> str:
    """The environment's name, read below the prefix where ``environment`` is ``ssm:PREFIX``.

    Raises ``RefusedError`` where nothing stands there.
    """
    if not environment.startswith(SCHEME):
        return environment
    from botocore.exceptions import ClientError

    prefix = environment.removeprefix(SCHEME).rstrip("/")
    name = f"{prefix}/environmentName"
    if not prefix.startswith("/"):
        raise RefusedError(
            f"--environment {environment}: allowed is {SCHEME} and a path, as {SCHEME}/mwaa/prod"
        )
    try:
        answer = aws.client("ssm").get_parameter(Name=name)
    except ClientError as error:
        if code(error) != "ParameterNotFound":
            raise
        raise RefusedError(
            f"there is no parameter {name} in {aws.region_name}: set ssmPrefix to {prefix} in the "
            "environment's stack and run `pulumi up`, choose another --region, or give the "
            "environment's name"
        ) from None
    return str(answer["Parameter"]["Value"])
