"""The region."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from mwaa.service.regions import READ_ON, REGIONS
from policy.rules.rule import Finding, Fix, Rule, fail, require


class RegionSupported(Rule):
    id = "mwaa-environment-region-supported"
    title = "MWAA is known to be offered in the region"
    enforcement = "advisory"
    severity = "low"
    why = "Elsewhere the API has no address, and the create ends in a connection error."
    fix = Fix(
        setting="aws:region: a region of MWAA",
        command="aws mwaa list-environments --region REGION",
    )
    source = "https://docs.aws.amazon.com/general/latest/gr/mwaa.html"
    of_account = True

    def judge(self, platform: Platform) -> Iterator[Finding]:
        region = require(platform.account.region, "the region")
        if region not in REGIONS:
            yield fail(f"region {region} is not in MWAA's list of regions as read on {READ_ON}")
