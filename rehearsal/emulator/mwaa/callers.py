"""Who calls, what IAM lets them do, and as which Airflow role they come in.

MWAA acts with the rights of its caller, and IAM decides by the ARN of each Airflow role.
https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html and
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmanagedworkflowsforapacheairflow.html
(resource ``rbac-role`` of CreateWebLoginToken and InvokeRestApi)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError
from moto.sts.models import sts_backends

from mwaa.model.platform import Decision, Platform, known
from ops.live import simulation
from ops.live.reader import AwsReader
from ops.live.rights import rights_to_create, rights_to_update
from policy.analysis.iam import caller as weighed
from rehearsal.airflow.tokens import ROLES, Token
from rehearsal.emulator.mwaa import reading
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.mwaa.exceptions import AccessDeniedError
from rehearsal.emulator.mwaa.reading import InProcess
from rehearsal.emulator.world import world

ACTIONS = {"web": "airflow:CreateWebLoginToken", "rest": "airflow:InvokeRestApi"}
BY_ROLE = frozenset({"CreateWebLoginToken", "InvokeRestApi"})
"""Operations that IAM judges on an Airflow role, and not on the environment."""


def arn_of(account: str, partition: str, region: str, access_key: str) -> str:
    """Whose ``access_key`` it is; of a key that is nobody's, the root user."""
    arn: str = sts_backends[account][partition].get_caller_identity(access_key, region)[1]
    return arn


def _denied(
    account: str,
    region: str,
    arn: str,
    wanted: Mapping[str, tuple[str, ...]],
    platform: Platform | None = None,
) -> Decision | None:
    """The first of the rights that ``arn`` lacks."""
    if not _is_bound(account, region, arn):
        return None
    rights = simulation.rights(AwsReader(InProcess(account, region)), arn, wanted)
    if platform is not None:
        of_caller = replace(platform.account, caller=arn, caller_rights=rights)
        rights = weighed.rights(replace(platform, account=of_caller))
    found = rights if known(rights) else ()
    return next((one for one in found if one.allowed is False), None)


def _is_bound(account: str, region: str, arn: str) -> bool:
    """No policy binds root, nor a session of a role that nobody made: the emulated STS gives those
    to whoever asks."""
    if ":assumed-role/" not in arn:
        return not arn.endswith(":root")
    iam = world().accounts.client("iam", account, region)
    try:
        iam.get_role(RoleName=arn.split("/")[1])
    except ClientError:
        return False
    return True


def authorize(operation: str, account: str, region: str, arn: str, resource: str) -> None:
    """Raises AccessDeniedError where ``arn`` may not call ``operation`` on ``resource``."""
    if operation in BY_ROLE:
        return
    action = f"airflow:{operation}"
    if _denied(account, region, arn, {action: (resource,)}):
        raise AccessDeniedError(_unauthorized(arn, action, resource))


def authorize_create(environment: Environment, arn: str) -> None:
    """Raises AccessDeniedError for the first right that creating ``environment`` takes."""
    wanted = rights_to_create(environment.describe(), environment.region, _identity(arn))
    iam = world().accounts.client("iam", environment.account, environment.region)
    if iam.list_roles(PathPrefix="/aws-service-role/airflow.amazonaws.com/")["Roles"]:
        wanted.pop("iam:CreateServiceLinkedRole")
    _require(environment, arn, wanted)


def authorize_update(environment: Environment, changed: Mapping[str, Any], arn: str) -> None:
    """The same for an update of ``environment`` to what is ``changed``."""
    described = environment.describe()
    asked = {**described, **changed}
    wanted = rights_to_update(asked, environment.region, _identity(arn), had=described)
    _require(environment, arn, wanted)


def _require(environment: Environment, arn: str, wanted: Mapping[str, tuple[str, ...]]) -> None:
    if not _is_bound(environment.account, environment.region, arn):
        return  # what stands around it need not be read
    platform = reading.around_caller(environment)
    lacks = _denied(environment.account, environment.region, arn, wanted, platform)
    if lacks is None:
        return
    if lacks.action == "ec2:CreateVpcEndpoint":
        # Wording: https://github.com/ministryofjustice/modernisation-platform/pull/4351
        raise AccessDeniedError("User does not have permissions to manage VPC endpoints.")
    raise AccessDeniedError(_unauthorized(arn, lacks.action, lacks.resource))


def _identity(arn: str) -> dict[str, str]:
    return {"Arn": arn, "Account": arn.split(":")[4]}


def _unauthorized(arn: str, action: str, resource: str) -> str:
    # Wording: https://github.com/ministryofjustice/modernisation-platform/pull/4120
    return f"User: {arn} is not authorized to perform: {action} on resource: {resource}"


def user_name(arn: str) -> str:
    """What Airflow calls the owner of an ARN."""
    return arn.rpartition("/")[2][:64] if "/" in arn else "root"


def identified(environment: Environment, access_key: str, kind: str) -> Token:
    """What Airflow shall know of the owner of ``access_key``; for the CLI everybody is Admin.

    The first of the roles, mightiest first, that IAM allows. Raises AccessDeniedError for none.
    """
    account, region = environment.account, environment.region
    arn = arn_of(account, environment.names.partition, region, access_key)
    name = user_name(arn)
    if kind not in ACTIONS:
        return Token(kind, ROLES[0], name)
    for role in ROLES:
        resource = environment.names.airflow_role_arn(role)
        if _denied(account, region, arn, {ACTIONS[kind]: (resource,)}) is None:
            return Token(kind, role, name)
    resource = environment.names.airflow_role_arn("*")
    raise AccessDeniedError(_unauthorized(arn, ACTIONS[kind], resource))
