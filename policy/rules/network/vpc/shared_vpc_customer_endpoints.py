"""Who makes the environment's endpoints in a VPC of another account."""

from collections.abc import Iterator

from mwaa.model.platform import Platform, known
from policy.rules.facts.resources import short, vpc
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import API


class SharedVpcCustomerEndpoints(Rule):
    id = "mwaa-network-shared-vpc-customer-endpoints"
    title = "In a VPC that another account shares, its owner makes the environment's endpoints"
    enforcement = "mandatory"
    severity = "high"
    why = (
        "Only the owner of a VPC makes endpoints in it, neither MWAA nor this account: the create "
        "fails, or waits for 72 hours and fails."
    )
    fix = Fix(
        setting="endpointManagement: CUSTOMER, with endpointOwnerRoleArn or customerEndpoints:"
        " wait",
        command="aws mwaa create-environment --name NAME --endpoint-management CUSTOMER"
        " (only at create)",
    )
    source = API + "API_CreateEnvironment.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        mode = require(platform.environment.endpoint_management, "the endpoint management")
        if mode == "CUSTOMER":
            yield from self._made_here(platform)
            return
        found = vpc(platform)
        owner = require(found.owner, f"the owner of VPC {short(found.id)}")
        if owner != require(platform.account.id, "the account"):
            what = f"VPC {short(found.id)} belongs to account {owner}"
            yield fail(f"{what}, and the endpoint management is {mode or 'SERVICE'}", found.id)

    def _made_here(self, platform: Platform) -> Iterator[Finding]:
        """Endpoints that this account would make though the VPC is not its own."""
        account = platform.account.id
        if not known(platform.endpoints) or not known(account):
            return
        for endpoint in platform.endpoints:
            if endpoint.owner != account:
                continue
            home = vpc(platform)
            owner = require(home.owner, f"the owner of VPC {short(home.id)}")
            if owner != account:
                what = f"made by account {account} in VPC {short(home.id)} of account {owner}"
                yield fail(f"endpoint {short(endpoint.id)} {what}", endpoint.id)
