"""Who makes the environment's endpoints in a VPC of another account."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import short, vpc
from checks.sources import API
from mwaa.subject import Subject


class SharedVpcCustomerEndpoints(Check):
    id = "mwaa-network-shared-vpc-customer-endpoints"
    title = "In a VPC that another account shares, the customer makes the environment's endpoints"
    severity = "mandatory"
    why = "MWAA cannot make endpoints in a VPC of another account: the create fails."
    remedy = Remedy(
        setting="endpointManagement: CUSTOMER",
        command="aws mwaa create-environment --endpoint-management CUSTOMER ...",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        mode = need(subject.environment.endpoint_management, "the endpoint management")
        if mode == "CUSTOMER":
            return
        found = vpc(subject)
        owner = need(found.owner, f"the owner of VPC {short(found.id)}")
        if owner != need(subject.account.id, "the account"):
            what = f"VPC {short(found.id)} belongs to account {owner}"
            yield fail(f"{what}, and the endpoint management is {mode or 'SERVICE'}", found.id)
