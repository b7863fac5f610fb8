"""An environment that this pack cannot read is named."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import PLAN, Finding, Fix, Rule, fail, require

READ = "aws:mwaa/environment:Environment and aws-native:mwaa:Environment"


class DeclaredReadably(Rule):
    id = "mwaa-environment-declared-readably"
    title = "The environment is declared by a resource whose properties the rules can read"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "The rules read environments of the providers aws and aws-native. What a CloudFormation "
        "template, a bridged provider or a command makes is not judged, which is no pass."
    )
    fix = Fix(
        command="declare it as aws.mwaa.Environment; or disable this rule for the stack and judge "
        "the environment after its create: mwaa doctor --environment NAME --region REGION"
    )
    source = "https://www.pulumi.com/registry/packages/aws/api-docs/mwaa/environment/"
    origins = PLAN
    of_unread = True

    def judge(self, platform: Platform) -> Iterator[Finding]:
        where = platform.environment.id
        how = require(platform.unread, f"whether {where} declares an environment")
        if how is not None:
            yield fail(
                f"this program declares {how}; the rules read {READ}: nothing of it was judged",
                where,
            )
