"""What is opened on purpose: people whom the role trusts, environments that share it, and what DAGs
write to the bucket."""

from typing import Any

from mwaa.iam_policies import TRUSTED_SID
from mwaa.model.platform import UNKNOWN, Platform
from tests.fixtures import changes
from tests.fixtures.records import ACCOUNT, BUCKET, NAME, REGION
from tests.policy.rules.cases import (
    Change,
    account,
    endpoint,
    environment,
    platform,
    role,
    rule_cases,
    together,
    without,
)
from tests.policy.rules.cases_identity import ENVIRONMENTS, allow, bound_to

DEBUGGER = f"arn:aws:iam::{ACCOUNT}:role/debugger"


def let_in(principal: str, sid: str = TRUSTED_SID) -> Change:
    """One more statement in the role's trust."""

    def change(found: Platform) -> Platform:
        trust: Any = changes.present(found.role).trust
        more = {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": "sts:AssumeRole",
        }
        return changes.with_role(found, trust={**trust, "Statement": [*trust["Statement"], more]})

    return change


def passing(*places: str) -> dict[str, Any]:
    """A policy of the S3 endpoint: all may be read, and these parts of the bucket written."""
    written = [f"arn:aws:s3:::{BUCKET}/{place}" for place in places]
    opened = {"Effect": "Allow", "Principal": "*"}
    statements = [{**opened, "Action": ["s3:Get*", "s3:List*"], "Resource": "*"}]
    if written:
        statements.append({**opened, "Action": "s3:PutObject", "Resource": written})
    return {"Version": "2012-10-17", "Statement": statements}


def exporting(policy: Any) -> Change:
    """The role may write an export, and the S3 endpoint has this policy."""
    return together(
        allow(["s3:Get*", "s3:Put*"], f"arn:aws:s3:::{BUCKET}/export/*"),
        endpoint("vpce-s3", policy=policy),
    )


SHARED = bound_to(f"{ENVIRONMENTS}{NAME}", f"{ENVIRONMENTS}other")

CASES = [
    *rule_cases(
        "mwaa-identity-trust-bound-to-environment",
        # Whoever makes an environment of the name that is free gets the role.
        fail=[together(SHARED, account(environments=(NAME,)))],
        passing=[
            together(SHARED, account(environments=UNKNOWN)),
            together(SHARED, account(environments=(NAME, "other"))),
            together(bound_to(f"{ENVIRONMENTS}{NAME}"), account(environments=())),
            together(
                bound_to(f"{ENVIRONMENTS}{NAME}", f"{ENVIRONMENTS}x".replace(REGION, "eu-west-1")),
                account(environments=(NAME,)),
            ),
        ],
    ),
    *rule_cases(
        "mwaa-identity-trust-only-mwaa",
        fail=[
            let_in(DEBUGGER, sid="Unnamed"),
            let_in("arn:aws:iam::999999999999:role/debugger"),
            let_in(f"arn:aws:iam::{ACCOUNT}:root"),
            let_in(f"arn:aws:iam::{ACCOUNT}:role/*"),
            let_in("*"),
        ],
        unknown=[together(let_in(DEBUGGER), account(id=UNKNOWN))],
        passing=[let_in(DEBUGGER), let_in(f"arn:aws:iam::{ACCOUNT}:user/team/anna")],
        also=["*"],
    ),
    *rule_cases(
        "mwaa-identity-writes-pass-endpoint",
        fail=[exporting(passing()), exporting(passing("other/*"))],
        unknown=[
            exporting(UNKNOWN),
            together(exporting(passing()), role(policies=UNKNOWN)),
            together(
                exporting(passing()), platform(bucket=UNKNOWN), environment(source_bucket=UNKNOWN)
            ),
        ],
        passing=[
            exporting(None),
            exporting(passing("export/*")),
            endpoint("vpce-s3", policy=passing()),
            together(exporting(passing()), without("endpoints", "vpce-s3")),
        ],
        also=["*"],
    ),
]
