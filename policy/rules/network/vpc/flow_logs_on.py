"""Flow logs of the VPC."""

from collections.abc import Iterator

from mwaa.model.platform import Platform
from policy.rules.facts.resources import short, vpc
from policy.rules.rule import Finding, Fix, Rule, fail, require
from policy.rules.sources import VPC


class FlowLogsOn(Rule):
    id = "mwaa-network-flow-logs-on"
    title = "Flow logs record at least what the VPC rejects"
    enforcement = "advisory"
    severity = "medium"
    why = "A rejected packet is the one trace that a wrong group or network ACL leaves."
    fix = Fix(
        setting="flowLogs: reject",
        command="aws ec2 create-flow-logs --resource-type VPC --resource-ids VPC"
        " --traffic-type REJECT --log-group-name mwaa-NAME-flow-logs --deliver-logs-permission-arn"
        " ROLE_OF_FLOW_LOGS (a role that vpc-flow-logs.amazonaws.com may assume)",
    )
    source = VPC + "flow-logs.html"
    frameworks = ("AWS FSBP EC2.6", "CIS AWS Foundations 3.7")

    def judge(self, platform: Platform) -> Iterator[Finding]:
        home = vpc(platform)
        watched = []
        for log in require(platform.flow_logs, "the flow logs"):
            if require(log.target, "what a flow log watches") == home.id:
                watched.append(require(log.traffic, "what a flow log records"))
        if not {"ALL", "REJECT"} & set(watched):
            yield fail(f"VPC {short(home.id)} has no flow log of rejected traffic", home.id)
