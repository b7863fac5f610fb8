"""The number of environments against the account's quota."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class WithinQuota(Check):
    id = "mwaa-environment-within-quota"
    title = "The account's quota has room for the environment"
    severity = "mandatory"
    why = "MWAA refuses the create; ten environments in a region are the default."
    remedy = Remedy(
        command="aws service-quotas request-service-quota-increase --service-code airflow ..."
    )
    source = GUIDE + "mwaa-quotas.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        existing = need(subject.account.environments, "the environments of the account")
        name = need(subject.environment.name, "the environment's name")
        if name in existing:
            return
        quota = need(subject.account.environment_quota, "the quota of environments")
        if len(existing) >= quota:
            yield fail(f"{len(existing)} environments exist and the quota is {quota}")
