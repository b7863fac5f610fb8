"""Who calls, and as which Airflow role: IAM decides by the ARN of each role.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedworkflowsforapacheairflow.html
(resource ``rbac-role`` of CreateWebLoginToken and InvokeRestApi)
"""

from moto.sts.models import sts_backends

from rehearsal.airflow.tokens import ROLES, Token
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.mwaa.exceptions import AccessDeniedError
from rehearsal.emulator.world import world

ACTIONS = {"web": "airflow:CreateWebLoginToken", "rest": "airflow:InvokeRestApi"}


def arn_of(environment: Environment, access_key: str) -> str:
    """The ARN of the owner of ``access_key``."""
    partition, account = environment.names.partition, environment.account
    backend = sts_backends[account][partition]
    _, arn, _ = backend.get_caller_identity(access_key, environment.region)
    return str(arn)


def user_name(arn: str) -> str:
    """What Airflow calls the owner of an ARN."""
    return arn.rpartition("/")[2][:64] if "/" in arn else "root"


def identified(environment: Environment, access_key: str, kind: str) -> Token:
    """What Airflow shall know of the owner of ``access_key``; for the CLI everybody is Admin.

    The first of the roles, mightiest first, that IAM allows. Raises AccessDeniedError for none.
    """
    arn = arn_of(environment, access_key)
    name = user_name(arn)
    if kind not in ACTIONS or arn.endswith(":root"):
        return Token(kind, ROLES[0], name)
    iam = world().accounts.client("iam", environment.account, environment.region)
    if ":assumed-role/" in arn:
        arn = iam.get_role(RoleName=arn.split("/")[1])["Role"]["Arn"]
    for role in ROLES:
        resource = environment.names.airflow_role_arn(role)
        (found,) = iam.simulate_principal_policy(
            PolicySourceArn=arn, ActionNames=[ACTIONS[kind]], ResourceArns=[resource]
        )["EvaluationResults"]
        if found["EvalDecision"] == "allowed":
            return Token(kind, role, name)
    raise AccessDeniedError(
        f"{arn} is not authorized to perform: {ACTIONS[kind]} on resource: "
        f"{environment.names.airflow_role_arn('*')}"
    )
