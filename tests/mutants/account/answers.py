"""What no account can be made to be: altered answers, and rules that nothing breaks in an account.

The service fills members in or refuses values, and so does ``mwaa.settings.load`` before a create.
An altered answer shows that the doctor would see what the rule forbids."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.mutants.account.emulated import LiveMutant

E, N, K = "mwaa-environment-", "mwaa-network-", "mwaa-encryption-"
KEY = "123456789012:key/00000000-0000-0000-0000-000000000000"
SIX = [f"sg-{number}" for number in range(6)]


def altered(rule: str, reason: str, **answered: Any) -> LiveMutant:
    return LiveMutant(rule=rule, answered=answered, reason=reason)


FILLED_IN = "the service fills the member in, and GetEnvironment always tells it"
REFUSED = "CreateEnvironment and UpdateEnvironment refuse the value, and so does the stack file"

MUTANTS = [
    altered(f"{E}access-mode-explicit", FILLED_IN, WebserverAccessMode=None),
    altered(f"{E}version-pinned", FILLED_IN, AirflowVersion=None),
    altered(f"{E}class-known", REFUSED, EnvironmentClass="mw1.huge"),
    altered(
        f"{E}micro-not-scaling",
        REFUSED,
        EnvironmentClass="mw1.micro",
        Schedulers=1,
        MinWebservers=1,
        MaxWebservers=1,
    ),
    altered(
        f"{E}image-without-known-defects",
        "the service alone says when an environment got its image",
        LastUpdate={"Status": "SUCCESS", "CreatedAt": datetime(2026, 5, 1, tzinfo=UTC)},
    ),
    altered(f"{E}schedulers-in-range", REFUSED, Schedulers=9),
    altered(f"{E}webservers-in-range", REFUSED, MaxWebservers=9),
    altered(f"{E}workers-in-range", REFUSED, MinWorkers=0),
    altered(
        f"{N}webserver-url-private",
        "only a service that contradicts itself answers at a public URL in a private mode",
        WebserverUrl="https://x.c1.us-east-1.airflow.amazonaws.com",
    ),
]

# Rules of both origins that no mutant breaks in an account, with what would break them.
PLAN_ALONE = [
    altered(f"{E}name-valid", REFUSED, Name="1 wrong name"),
    altered(f"{K}key-in-account", REFUSED, KmsKey="arn:aws:kms:us-east-1:999999999999:key/theirs"),
    altered(f"{K}key-in-region", REFUSED, KmsKey=f"arn:aws:kms:eu-west-1:{KEY}"),
    altered(f"{K}key-named-by-arn", REFUSED, KmsKey="alias/mwaa"),
    altered(
        f"{N}group-count",
        REFUSED,
        NetworkConfiguration={"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": SIX},
    ),
    altered(
        f"{N}two-subnets",
        REFUSED,
        NetworkConfiguration={"SubnetIds": ["subnet-1"], "SecurityGroupIds": SIX[:1]},
    ),
    altered(
        f"{E}region-supported", "in such a region AWS has no endpoint of MWAA that could be asked"
    ),
]
