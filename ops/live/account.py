"""Facts about the account: quotas, names taken, MWAA's own role, who asks and what they may."""

import time
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any

from mwaa.model.platform import (
    UNKNOWN,
    Account,
    Decision,
    Maybe,
    PublicAccessBlock,
    known,
    or_unknown,
)
from ops.live import identity, simulation
from ops.live.reader import Answer, AwsReader, member
from ops.live.storage import public_access

LINKED_ROLE = "AWSServiceRoleForAmazonMWAA"
NO_BLOCK = ("NoSuchPublicAccessBlockConfiguration",)


def account(
    aws: AwsReader,
    caller: Maybe[Answer | None],
    region: str,
    pool: Executor,
    wanted: Mapping[str, tuple[str, ...]] | None = None,
) -> Account:
    """The account of ``caller`` (GetCallerIdentity's answer). ``wanted`` are the rights that
    matter, resources by action; None asks for none."""
    arn, number = member(caller, "Arn"), member(caller, "Account")
    partition = arn.split(":")[1] if isinstance(arn, str) else UNKNOWN
    names = pool.submit(aws.each, "mwaa", "list_environments", "Environments").result
    linked = pool.submit(aws.call, "iam", "get_role", identity.NO_ROLE, RoleName=LINKED_ROLE).result
    quotas = pool.submit(
        aws.each, "service-quotas", "list_service_quotas", "Quotas", ServiceCode="airflow"
    ).result
    access: Maybe[PublicAccessBlock | None] = UNKNOWN
    if isinstance(number, str):
        access = public_access(
            aws.call("s3control", "get_public_access_block", NO_BLOCK, AccountId=number)
        )
    rights: Maybe[tuple[Decision, ...]] = UNKNOWN
    if wanted is not None and isinstance(arn, str):
        rights = simulation.rights(aws, arn, wanted)
    taken, role = names(), linked()
    return Account(
        id=or_unknown(number),
        region=region,
        partition=partition,
        caller=or_unknown(arn),
        caller_rights=rights,
        environments=tuple(sorted(taken)) if known(taken) else UNKNOWN,
        environment_quota=_quota(quotas(), "environments per"),
        worker_quota=_quota(quotas(), "workers per"),
        has_service_linked_role=role is not None if known(role) else UNKNOWN,
        public_access=access,
        now=time.time(),
    )


def _quota(quotas: Maybe[list[Any]], words: str) -> Maybe[int]:
    """The quota whose name holds ``words``: names are documented, codes are not.

    https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-quotas.html
    """
    if not known(quotas):
        return UNKNOWN
    found = [one["Value"] for one in quotas if words in one["QuotaName"].lower()]
    return int(found[0]) if found else UNKNOWN
