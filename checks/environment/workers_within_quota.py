"""The number of workers against the account's quota."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need
from checks.sources import GUIDE
from mwaa.subject import Subject


class WorkersWithinQuota(Check):
    id = "mwaa-environment-workers-within-quota"
    title = "The account's quota admits the most workers of the environment"
    severity = "mandatory"
    why = "MWAA refuses more workers than the quota; the default is 25 per environment."
    remedy = Remedy(
        setting="maxWorkers",
        command="aws service-quotas request-service-quota-increase --service-code airflow ...",
    )
    source = GUIDE + "mwaa-quotas.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        most = need(subject.environment.max_workers, "the most workers")
        quota = need(subject.account.worker_quota, "the quota of workers per environment")
        if most is not None and most > quota:
            yield fail(f"maxWorkers {most} above the quota of {quota}")
