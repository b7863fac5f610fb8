"""Who makes the environment's endpoints in a VPC of another account."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import short, vpc
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class SharedVpcCustomerEndpoints(Rule):
    id = "mwaa-network-shared-vpc-customer-endpoints"
    title = "In a VPC that another account shares, the customer makes the environment's endpoints"
    enforcement = "mandatory"
    severity = "high"
    why = "MWAA cannot make endpoints in a VPC of another account: the create fails."
    fix = Fix(
        setting="endpointManagement: CUSTOMER",
        command="aws mwaa create-environment --name NAME --endpoint-management CUSTOMER"
        " (only at create)",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        mode = require(platform.environment.endpoint_management, "the endpoint management")
        if mode == "CUSTOMER":
            return
        found = vpc(platform)
        owner = require(found.owner, f"the owner of VPC {short(found.id)}")
        if owner != require(platform.account.id, "the account"):
            what = f"VPC {short(found.id)} belongs to account {owner}"
            yield fail(f"{what}, and the endpoint management is {mode or 'SERVICE'}", found.id)
