"""The outputs of a stack: the whole contract between the program and day 2.

``__main__.py`` exports exactly these names; ``ops`` reads nothing else of a stack. Lists keep the
order of the zones. An output that does not apply (no plugins, no topic) is an empty string.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Output:
    """One output: its name in Pulumi, its JSON type, and what it holds."""

    name: str
    type: str
    description: str


OUTPUTS: Final = (
    Output("environmentName", "string", "Name of the MWAA environment."),
    Output("environmentArn", "string", "ARN of the MWAA environment."),
    Output("airflowVersion", "string", "Airflow version that the environment runs."),
    Output("environmentClass", "string", "Environment class."),
    Output("status", "string", "Status when the program last looked; PENDING is not AVAILABLE."),
    Output("webserverUrl", "string", "Address of the Airflow UI, with its scheme."),
    Output("webserverAccessMode", "string", "PRIVATE_ONLY, PUBLIC_ONLY or PUBLIC_AND_PRIVATE."),
    Output("endpointManagement", "string", "SERVICE or CUSTOMER."),
    Output("workerReplacementStrategy", "string", "GRACEFUL or FORCED."),
    Output("region", "string", "AWS region."),
    Output("accountId", "string", "AWS account."),
    Output("bucketName", "string", "Source bucket."),
    Output("bucketArn", "string", "ARN of the source bucket."),
    Output("dagS3Path", "string", "Prefix of the DAGs in the bucket, without slashes at its ends."),
    Output("requirementsKey", "string", "Object key of requirements.txt."),
    Output("requirementsVersion", "string", "Its S3 version that the environment uses."),
    Output("pluginsKey", "string", "Object key of plugins.zip."),
    Output("pluginsVersion", "string", "Its S3 version that the environment uses."),
    Output("startupScriptKey", "string", "Object key of the startup script."),
    Output("startupScriptVersion", "string", "Its S3 version that the environment uses."),
    Output("kmsKeyArn", "string", "Key of the environment; empty with the AWS-owned key."),
    Output("executionRoleArn", "string", "Role that DAGs run with."),
    Output("vpcId", "string", "VPC of the environment."),
    Output("subnetIds", "array", "The environment's two subnets."),
    Output("securityGroupIds", "array", "The environment's security groups, its own first."),
    Output("endpointIds", "object", "VPC endpoints of the program: service suffix to endpoint id."),
    Output("logGroupNames", "object", "Logging module (dag_processing ...) to log group."),
    Output(
        "logRetentionDays", "number", "Days that the program's log groups keep events; 0: forever."
    ),
    Output("databaseVpcEndpointService", "string", "Endpoint service of the metadata database."),
    Output("webserverVpcEndpointService", "string", "Endpoint service of the web server."),
    Output("accessPolicyArns", "object", "Right (admin-web, admin-rest, cli ...) to IAM policy."),
    Output("alarmTopicArn", "string", "SNS topic that the alarms notify."),
    Output("alarmNames", "array", "CloudWatch alarms of the environment."),
    Output("dashboardName", "string", "CloudWatch dashboard."),
    Output(
        "environmentFingerprint",
        "string",
        "Digest of all that an update of the environment would change, as last deployed; secret.",
    ),
    Output(
        "replacementGuards",
        "object",
        "The settings whose change replaces the environment, as last deployed.",
    ),
)

NAMES: Final = tuple(output.name for output in OUTPUTS)

PARAMETERS: Final = (
    *("environmentName", "environmentArn", "airflowVersion", "webserverUrl", "region", "accountId"),
    *("bucketName", "bucketArn", "dagS3Path", "kmsKeyArn", "executionRoleArn"),
    *("vpcId", "subnetIds", "securityGroupIds", "logGroupNames", "accessPolicyArns"),
    "alarmTopicArn",
)
"""The outputs that are written as SSM parameters too, where ``ssmPrefix`` asks for it: what other
stacks and pipelines begin with. A list is one parameter, its entries with commas between them; an
object is one parameter for each of its entries."""
