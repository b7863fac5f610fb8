"""The region."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.rule import Finding, Fix, Rule, fail, require

# botocore's endpoint data for MWAA, read 2026-11; a newer region is news, not a mistake.
REGIONS = """
    af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
    ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7
    ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1
    eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1
    us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1
"""


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
        if region not in REGIONS.split():
            yield fail(f"region {region} is not in MWAA's list of regions of November 2026")
