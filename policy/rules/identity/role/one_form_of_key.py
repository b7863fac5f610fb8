"""No other keys beside the environment's own."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.analysis.iam.kms import service_host
from policy.analysis.iam.permissions import may
from policy.analysis.iam.required import SERVICE_ACCOUNT
from policy.analysis.verdict import Verdict
from policy.rules.facts.resources import role
from policy.rules.rule import Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE

# A key that nobody has: only a wildcard, or a list of exceptions, can allow it.
NOBODYS = "key/00000000-0000-0000-0000-000000000000"


class OneFormOfKey(Rule):
    id = "mwaa-identity-one-form-of-key"
    title = "With a customer managed key the execution role may use no key that is not named"
    enforcement = "mandatory"
    severity = "medium"
    why = "Statements of both forms contradict, and a wildcard opens the keys of everything else."
    fix = Fix(
        setting="existingRoleArn: empty, to have the role made",
        command="aws iam put-role-policy --role-name ROLE --policy-name mwaa --policy-document"
        " ROLE_POLICY (and no NotResource, no * for kms in another)",
    )
    source = GUIDE + "mwaa-create-role.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        if require(platform.environment.kms_key, "the KMS key") is None:
            return
        identity = role(platform).id
        region = require(platform.account.region, "the region")
        partition = require(platform.account.partition, "the partition")
        account = require(platform.account.id, "the account")
        for owner, whose in (
            (SERVICE_ACCOUNT, "keys of other accounts"),
            (account, "any key of the account"),
        ):
            key = f"arn:{partition}:kms:{region}:{owner}:{NOBODYS}"
            decisions = [
                may(platform, "kms:Decrypt", key, **{"kms:ViaService": service_host(name, region)})
                for name in ("sqs", "s3")
            ]
            for verdict, finding, modal in (
                (Verdict.PASS, fail, "may"),
                (Verdict.UNKNOWN, unknown, "may perhaps"),
            ):
                found = next((d for d in decisions if d.verdict is verdict), None)
                if found is not None:
                    yield finding(
                        f"the role {modal} decrypt with {whose}: {found.reason}", identity
                    )
                    break
