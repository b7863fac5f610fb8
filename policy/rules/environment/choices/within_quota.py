"""The number of environments against the account's quota."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class WithinQuota(Rule):
    id = "mwaa-environment-within-quota"
    title = "The account's quota has room for the environment"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses the create; ten environments in a region are the default."
    fix = Fix(
        command="aws service-quotas list-service-quotas --service-code airflow (and"
        " request-service-quota-increase with the code of the quota)"
    )
    source = GUIDE + "mwaa-quotas.html"
    origins = LIVE
    of_account = True

    def judge(self, platform: Platform) -> Iterator[Finding]:
        existing = require(platform.account.environments, "the environments of the account")
        name = require(platform.environment.name, "the environment's name")
        if name in existing:
            return
        quota = require(platform.account.environment_quota, "the quota of environments")
        if len(existing) >= quota:
            yield fail(f"{len(existing)} environments exist and the quota is {quota}")
