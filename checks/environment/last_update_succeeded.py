"""The last create or update."""

from collections.abc import Iterator

from checks.check import LIVE, Check, Finding, Remedy, fail, need, unknown
from checks.sources import GUIDE
from mwaa.subject import Subject


class LastUpdateSucceeded(Check):
    id = "mwaa-environment-last-update-succeeded"
    title = "The last create or update succeeded"
    severity = "mandatory"
    why = "A failed update is rolled back in silence: the environment runs what it ran before."
    remedy = Remedy(command="aws mwaa get-environment --name NAME --query Environment.LastUpdate")
    source = GUIDE + "t-create-update-environment.html"
    origins = LIVE

    def judge(self, subject: Subject) -> Iterator[Finding]:
        update = need(subject.environment.last_update, "the last update")
        if update is None or update.status == "SUCCESS":
            return
        if update.status == "FAILED":
            yield fail(f"{update.error_code or 'FAILED'}: {update.error_message or 'no message'}")
        else:
            yield unknown(f"the last update is {update.status}")
