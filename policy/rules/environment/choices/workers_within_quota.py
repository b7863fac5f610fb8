"""The number of workers against the account's quota."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import LIVE, Finding, Fix, Rule, fail, require
from policy.rules.sources import GUIDE


class WorkersWithinQuota(Rule):
    id = "mwaa-environment-workers-within-quota"
    title = "The account's quota allows the environment's maximum of workers"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA refuses more workers than the quota; the default is 25 per environment."
    fix = Fix(
        setting="maxWorkers",
        command="aws service-quotas list-service-quotas --service-code airflow (and"
        " request-service-quota-increase with the code of the quota)",
    )
    source = GUIDE + "mwaa-quotas.html"
    origins = LIVE
    of_account = True

    def judge(self, platform: Platform) -> Iterator[Finding]:
        most = require(platform.environment.max_workers, "the most workers")
        quota = require(platform.account.worker_quota, "the quota of workers per environment")
        if most is not None and most > quota:
            yield fail(f"maxWorkers {most} above the quota of {quota}")
