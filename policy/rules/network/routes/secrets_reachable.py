"""The way to Secrets Manager."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.endpoints import missing, needs_endpoints
from policy.rules.rule import Finding, Fix, Rule, fail, require, unknown
from policy.rules.sources import GUIDE


class SecretsReachable(Rule):
    id = "mwaa-network-secrets-reachable"
    title = "With a secrets backend and without NAT there is an endpoint for Secrets Manager"
    enforcement = "advisory"
    severity = "high"
    why = "Every connection and variable is looked up there first: each lookup hangs, then fails."
    fix = Fix(
        setting="additionalEndpointServices: [secretsmanager]",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name com.amazonaws.REGION.secretsmanager --subnet-ids SUBNETS"
        " --security-group-ids GROUPS --private-dns-enabled",
    )
    source = GUIDE + "connections-secrets-manager.html"

    def judge(self, platform: Platform) -> Iterator[Finding]:
        options = require(platform.environment.options, "the Airflow options")
        if "secrets.backend" not in options or not needs_endpoints(platform):
            return
        region = require(platform.account.region, "the region")
        absent, far = missing(platform, ("secretsmanager",), region)
        for words in far.values():
            yield unknown(f"no endpoint for secretsmanager in the VPC: {words}")
        if absent:
            verdict = unknown if "endpoints" in platform.partial else fail
            yield verdict("secrets.backend is set and no endpoint for secretsmanager exists")
