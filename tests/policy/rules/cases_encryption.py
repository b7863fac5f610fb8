"""One broken fact in the KMS key."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mwaa.model.platform import UNKNOWN, BucketEncryption, Decision, Platform
from tests.fixtures import changes
from tests.fixtures.records import ACCOUNT, KEY_ARN
from tests.policy.rules.cases import (
    Change,
    account,
    bucket,
    environment,
    key,
    platform,
    rule_cases,
    running,
)


def policy(sid: str, **statement: Any) -> Change:
    """The key's policy with one statement changed; without changes it is taken away."""

    def change(found: Platform) -> Platform:
        document = changes.present(found.key).policy
        assert isinstance(document, Mapping)
        if statement:
            return changes.with_key(found, policy=changes.edited(document, sid, **statement))
        kept = [s for s in document["Statement"] if s["Sid"] != sid]
        return changes.with_key(found, policy={**document, "Statement": kept})

    return change


def other_key(arn: str) -> Change:
    """The environment, its key and its bucket with another ARN for the key."""

    def change(found: Platform) -> Platform:
        changed = changes.with_environment(found, kms_key=arn)
        encryption = BucketEncryption(algorithm="aws:kms", key=arn, bucket_key=True)
        return changes.with_bucket(changes.with_key(changed, arn=arn), encryption=encryption)

    return change


def more(action: Any, **statement: Any) -> Change:
    """One more statement in the key's policy, for everybody; None takes a field away."""
    usual = {
        "Sid": "More",
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": "*",
    }
    given = {k: v for k, v in {**usual, **statement}.items() if v is not None}

    def change(found: Platform) -> Platform:
        document = changes.present(found.key).policy
        assert isinstance(document, Mapping)
        wider = {**document, "Statement": [*document["Statement"], given]}
        return changes.with_key(found, policy=wider)

    return change


GRANT = Decision(
    action="kms:CreateGrant", resource=KEY_ARN, allowed=False, reason="no policy allows it"
)
DEPLOYER = f"arn:aws:sts::{ACCOUNT}:assumed-role/deployer/session"
# A role below a path: a session's ARN does not tell it.
DEPLOYER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ci/deployer"


def granting(**statement: Any) -> Change:
    """A caller whom IAM gives nothing, and a statement for it in the key's policy."""

    def change(found: Platform) -> Platform:
        asked = account(caller=DEPLOYER, caller_rights=(GRANT,))(found)
        return more("kms:CreateGrant", Principal={"AWS": DEPLOYER_ROLE}, **statement)(asked)

    return change


def withholding(found: Platform) -> Platform:
    """A caller whom IAM gives all, and a key's policy that does not ask IAM."""
    asked = account(caller=DEPLOYER, caller_rights=(replace(GRANT, allowed=True),))(found)
    return changes.with_key(asked, policy={"Version": "2012-10-17", "Statement": []})


NO_KEY = platform(key=UNKNOWN)


def _grants_of(*environments: str) -> Change:
    """The grants that MWAA makes on a key which serves these environments."""

    def change(platform: Platform) -> Platform:
        grants = changes.items(changes.present(platform.key).grants)
        made = [
            replace(grant, name=f"{(grant.name or '').removesuffix('-prod')}-{environment}")
            for environment in environments
            for grant in grants
        ]
        return changes.with_key(platform, grants=tuple(made))

    return change


CASES = [
    *rule_cases(
        "mwaa-encryption-customer-key",
        fail=[environment(kms_key=None)],
        unknown=[environment(kms_key=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases("mwaa-encryption-customer-key", fail=[key(manager="AWS")]),
    *rule_cases(
        "mwaa-encryption-policy-serves-logs",
        fail=[
            policy("CloudWatchLogs"),
            policy("CloudWatchLogs", Principal={"Service": "logs.eu-west-1.amazonaws.com"}),
            policy("CloudWatchLogs", Action=["kms:Decrypt*"]),
        ],
        unknown=[key(policy=UNKNOWN), NO_KEY, account(region=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-encryption-policy-keeps-administrators",
        fail=[policy("Account", Action=["kms:Describe*"])],
        unknown=[key(policy=UNKNOWN)],
        also=["mwaa-identity-may-use-customer-key"],
    ),
    *rule_cases(
        "mwaa-encryption-policy-keeps-administrators", fail=[key(bypass_lockout_check=True)]
    ),
    *rule_cases(
        "mwaa-encryption-policy-not-open",
        fail=[policy("Account", Principal="*")],
        unknown=[key(policy=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-encryption-policy-not-open",
        fail=[
            more("kms:CreateGrant"),
            more("kms:PutKeyPolicy", Principal={"AWS": ["*"]}),
            more(UNKNOWN),
            more("kms:ScheduleKeyDeletion", Principal=None, NotPrincipal={"AWS": ACCOUNT}),
        ],
        unknown=[more("kms:CreateGrant", Condition=UNKNOWN)],
        passing=[
            more("kms:CreateGrant", Effect="Deny"),
            more("kms:CreateGrant", Condition={"StringEquals": {"kms:CallerAccount": ACCOUNT}}),
            more("kms:*", Principal={"AWS": ACCOUNT}),
        ],
    ),
    *rule_cases(
        "mwaa-encryption-deployer-may-grant",
        fail=[
            account(caller=DEPLOYER, caller_rights=(GRANT,)),
            granting(Effect="Deny"),
        ],
        unknown=[
            account(caller_rights=UNKNOWN),
            account(caller=DEPLOYER, caller_rights=(replace(GRANT, allowed=UNKNOWN),)),
            granting(Condition={"StringEquals": {"kms:ViaService": "airflow.amazonaws.com"}}),
        ],
        passing=[
            account(caller=DEPLOYER, caller_rights=(replace(GRANT, allowed=True),)),
            granting(),
        ],
        base=running,
    ),
    *rule_cases("mwaa-encryption-deployer-may-grant", fail=[withholding], base=running, also=["*"]),
    *rule_cases(
        "mwaa-encryption-grants-present",
        fail=[key(grants=()), _grants_of("prod-2")],
        unknown=[key(grants=UNKNOWN)],
        passing=[_grants_of("prod-2", "prod")],
        base=running,
    ),
    *rule_cases(
        "mwaa-encryption-key-usable",
        fail=[
            key(state="PendingDeletion"),
            key(spec="RSA_2048"),
            key(usage="SIGN_VERIFY"),
            key(multi_region=True),
        ],
        unknown=[key(state=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-encryption-key-named-by-arn",
        fail=[environment(kms_key="alias/airflow"), environment(kms_key=KEY_ARN.split("/")[-1])],
        unknown=[environment(kms_key=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-encryption-key-in-region",
        fail=[other_key(KEY_ARN.replace("us-east-1", "eu-west-1"))],
        unknown=[environment(kms_key=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-encryption-key-in-account",
        fail=[other_key(KEY_ARN.replace(ACCOUNT, "999999999999"))],
        unknown=[environment(kms_key=UNKNOWN)],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-encryption-bucket-uses-key",
        fail=[
            bucket(encryption=BucketEncryption(algorithm="aws:kms", key="other", bucket_key=True))
        ],
        unknown=[bucket(encryption=UNKNOWN), environment(kms_key=UNKNOWN)],
        passing=[bucket(encryption=BucketEncryption(algorithm="AES256"))],
    ),
    *rule_cases(
        "mwaa-encryption-key-rotates",
        fail=[key(rotation=False)],
        unknown=[key(rotation=UNKNOWN)],
    ),
    *rule_cases(
        "mwaa-encryption-deletion-window-long",
        fail=[key(deletion_window=7)],
        unknown=[key(deletion_window=UNKNOWN)],
    ),
]
