"""The way to Secrets Manager."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need, unknown
from checks.endpoints import needs_endpoints, present
from checks.sources import GUIDE
from mwaa.subject import Subject


class SecretsReachable(Check):
    id = "mwaa-network-secrets-reachable"
    title = "With a secrets backend and without NAT there is an endpoint for Secrets Manager"
    severity = "advisory"
    why = "Every connection and variable is looked up there first: each lookup hangs, then fails."
    remedy = Remedy(
        setting="additionalEndpointServices: [secretsmanager]",
        command="aws ec2 create-vpc-endpoint --vpc-id VPC --vpc-endpoint-type Interface"
        " --service-name com.amazonaws.REGION.secretsmanager ...",
    )
    source = GUIDE + "connections-secrets-manager.html"

    def judge(self, subject: Subject) -> Iterator[Finding]:
        options = need(subject.environment.options, "the Airflow options")
        if "secrets.backend" not in options or not needs_endpoints(subject):
            return
        if not present(subject, "secretsmanager", need(subject.account.region, "the region")):
            verdict = unknown if "endpoints" in subject.partial else fail
            yield verdict("secrets.backend is set and no endpoint for secretsmanager exists")
