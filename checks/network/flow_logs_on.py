"""Flow logs of the VPC."""

from collections.abc import Iterator

from checks.check import Check, Finding, Remedy, fail, need
from checks.lookups import short, vpc
from checks.sources import VPC
from mwaa.subject import Subject


class FlowLogsOn(Check):
    id = "mwaa-network-flow-logs-on"
    title = "Flow logs record at least what the VPC rejects"
    severity = "advisory"
    why = "A rejected packet is the one trace that a wrong group or network ACL leaves."
    remedy = Remedy(
        setting="flowLogs: reject",
        command="aws ec2 create-flow-logs --resource-type VPC --resource-ids VPC"
        " --traffic-type REJECT ...",
    )
    source = VPC + "flow-logs.html"
    frameworks = ("AWS FSBP EC2.6", "CIS AWS Foundations 3.7")

    def judge(self, subject: Subject) -> Iterator[Finding]:
        home = vpc(subject)
        watched = []
        for log in need(subject.flow_logs, "the flow logs"):
            if need(log.target, "what a flow log watches") == home.id:
                watched.append(need(log.traffic, "what a flow log records"))
        if not {"ALL", "REJECT"} & set(watched):
            yield fail(f"VPC {short(home.id)} has no flow log of rejected traffic", home.id)
