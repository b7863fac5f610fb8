"""Denials of the bucket's policy."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mwaa.model.platform import Platform
from policy.analysis.iam.required import required_permissions
from policy.analysis.verdict import Verdict
from policy.rules.facts.permissions import layer_allows
from policy.rules.facts.resources import bucket
from policy.rules.rule import Finding, Fix, Rule, fail, require, undecided
from policy.rules.sources import GUIDE

# MWAA's own calls come neither through the customer's VPC and endpoints nor from its addresses.
FROM_MWAA: Mapping[str, None] = dict.fromkeys(
    (
        "aws:SourceVpc",
        "aws:SourceVpcArn",
        "aws:SourceVpce",
        "aws:VpceAccount",
        "aws:VpceOrgID",
        "aws:VpceOrgPaths",
        "aws:VpcSourceIp",
        "aws:SourceIp",
    )
)


class PolicyAdmitsRole(Rule):
    id = "mwaa-storage-policy-admits-role"
    title = "The bucket's policy denies nothing that the execution role needs"
    enforcement = "mandatory"
    severity = "high"
    why = "A Deny by VPC or endpoint also hits MWAA's own validation, which comes from outside."
    fix = Fix(
        setting="existingBucketName: a bucket whose policy exempts the execution role",
        command="aws s3api get-bucket-policy --bucket BUCKET",
    )
    source = GUIDE + "t-create-update-environment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        found = bucket(platform)
        if require(found.policy, "the bucket's policy") is None:
            return
        denied: dict[str, None] = {}
        shut_out: dict[str, None] = {}
        doubt = False
        for item in required_permissions(platform):
            if item.topic != "source":
                continue
            verdict = layer_allows(platform, item, resource=found.policy)
            outside = replace(item, context={**item.context, **FROM_MWAA})
            validated = layer_allows(platform, outside, resource=found.policy)
            if verdict is Verdict.FAIL:
                denied[item.action] = None
            elif validated is Verdict.FAIL:
                shut_out[item.action] = None
            doubt = doubt or Verdict.UNKNOWN in (verdict, validated)
        if denied:
            yield fail(f"the bucket's policy denies {', '.join(denied)}", found.id)
        if shut_out:
            actions = ", ".join(shut_out)
            yield fail(
                f"the bucket's policy denies {actions} to MWAA, which calls from outside of the "
                "VPC, its endpoints and addresses",
                found.id,
            )
        if doubt and not denied and not shut_out:
            undecided("what the bucket's policy denies depends on facts that are not known")
