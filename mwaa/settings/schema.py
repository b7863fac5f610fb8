"""Every choice a stack may make: one flat list of typed fields, in the order of the stack file.

YAML names are camelCase (``mwaa:environmentName``), Python names snake_case. ``""``, ``0`` and
``[]`` mean "not set" where the description says so, because Pulumi.yaml cannot declare an optional
scalar without a default. Limits of one field stand here, what one field demands of another in
``mwaa/settings/rules/``. Limits are those of the MWAA API unless a rule cites another source:
https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html
"""

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from mwaa.service.airflow_options import CONNECTIONS_PATTERN
from mwaa.service.classes import CLASSES
from mwaa.service.endpoints import FULL, REQUIRED

Egress: TypeAlias = Literal["none", "single-nat", "nat-per-zone", "existing"]


def _set(default: Any, description: str, *, why: str = "", allowed: str = "", **limits: Any) -> Any:
    """A setting: ``allowed`` puts its limits into words, ``why`` explains them."""
    words: JsonDict = {"why": why, "allowed": allowed}
    return Field(default, description=description, json_schema_extra=words, **limits)


class Fields(BaseModel):
    """The settings as they are declared; ``mwaa.settings.load.Settings`` reads and judges them."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        # Of the classes derived from this one only the last validates: the others are never built.
        defer_build=True,
    )

    # Environment
    environment_name: str = _set(
        ...,
        "Name of the environment. Role, log groups and trust follow from it; it can never change.",
        pattern=r"^[a-zA-Z][0-9a-zA-Z_-]{0,79}$",
        why="MWAA takes no other name; role, log groups and trust are named after it",
        allowed="1 to 80 letters, digits, - and _, a letter first",
    )
    airflow_version: str = _set(
        ...,
        'Airflow version, in full and in quotes ("2.10.3"): YAML would read 2.10 as 2.1.',
        allowed="a version that MWAA supports",
    )
    environment_class: str = _set(
        "mw1.small",
        "Size of the environment; only mw1.micro does not scale.",
        allowed=", ".join(CLASSES),
    )
    min_workers: int = _set(1, "Workers that always run.", ge=1, why="one worker always runs")
    max_workers: int = _set(
        0, "Most workers. 0: 10, or 1 for mw1.micro.", ge=0, why="0 means the class's default"
    )
    schedulers: int = _set(
        0, "Schedulers. 0: 2, or 1 for mw1.micro.", ge=0, le=5, why="MWAA runs at most 5 schedulers"
    )
    min_webservers: int = _set(
        0,
        "Web servers that always run. 0: 2, or 1 for mw1.micro.",
        ge=0,
        le=5,
        why="MWAA runs at most 5 web servers",
    )
    max_webservers: int = _set(
        0,
        "Most web servers. 0: 2, or 1 for mw1.micro.",
        ge=0,
        le=5,
        why="MWAA runs at most 5 web servers",
    )
    webserver_access_mode: Literal["PRIVATE_ONLY", "PUBLIC_ONLY", "PUBLIC_AND_PRIVATE"] = _set(
        "PRIVATE_ONLY", "Who reaches the Airflow UI: only the VPC, or the internet too."
    )
    allow_public_webserver: bool = _set(
        False, "Confirms that the web server may be on the internet. Needed for the public modes."
    )
    endpoint_management: Literal["SERVICE", "CUSTOMER"] = _set(
        "SERVICE",
        "Who makes the database and web server endpoints. CUSTOMER: this program; a VPC shared by "
        "another account needs it. It can never change.",
    )
    customer_endpoints: Literal["make", "wait"] = _set(
        "make",
        "With CUSTOMER: this program makes the two endpoints, or it waits until the owner of the "
        "VPC has made them and prints their services.",
    )
    endpoint_owner_role_arn: str = _set(
        "",
        "Role in the account that owns a shared VPC; this program assumes it to make endpoints.",
        pattern=r"^(arn:aws(-[a-z]+)*:iam::\d{12}:role/[a-zA-Z0-9_+=,.@/-]+)?$",
        why="in a shared VPC only its owner makes endpoints",
        allowed="arn:<partition>:iam::<owner's account>:role/<name>",
    )
    adopt_environment: bool = _set(
        False,
        "Takes over an environment that exists, as it is. Back to false, the settings apply to it.",
    )
    weekly_maintenance_window_start: str = _set(
        "",
        "Start of the weekly maintenance, UTC, for example SUN:03:30. Empty: AWS chooses.",
        pattern=r"^((MON|TUE|WED|THU|FRI|SAT|SUN):([01]\d|2[0-3]):(00|30))?$",
        why="MWAA starts maintenance on the full or half hour, as DAY:HH:MM in UTC",
        allowed="DAY:HH:MM in UTC on the full or half hour, such as SUN:03:30",
    )
    worker_replacement_strategy: Literal["GRACEFUL", "FORCED"] = _set(
        "GRACEFUL", "Updates wait for running tasks (up to 12 hours), or stop them (FORCED)."
    )
    airflow_configuration_options: dict[str, str] = Field(
        default_factory=dict,
        description="Airflow options, section.option to value. Encrypt the whole setting where a "
        "value is secret.",
        repr=False,
    )
    tags: dict[str, str] = Field(
        default_factory=dict, description="Tags on every resource that can carry tags."
    )
    expected_account: str = _set(
        "",
        "Account that the credentials must belong to; with those of another nothing is asked of "
        "AWS. Empty: any account.",
        pattern=r"^(\d{12})?$",
        why="that is the form of an account's id",
        allowed="12 digits, in quotes where they begin with 0",
    )
    # A create that fails was seen to take MWAA about three hours:
    # https://github.com/hashicorp/terraform-provider-aws/pull/32869 (read 2026-11-27)
    create_timeout_minutes: int = _set(
        240,
        "How long a create may take: longer than MWAA needs to call one failed, three hours.",
        ge=60,
        le=4320,
        why="a create takes 20 to 30 minutes when all is well; MWAA itself gives up after 72 hours",
    )
    update_timeout_minutes: int = _set(
        840,
        "How long an update may take: 12 hours of GRACEFUL and two for the update.",
        ge=60,
        le=4320,
        why="an update replaces every container",
    )
    delete_timeout_minutes: int = _set(
        120, "How long a delete may take.", ge=30, le=4320, why="MWAA takes its network down first"
    )
    protect: bool = _set(True, "Protects environment, bucket, key and logs from being destroyed.")
    allow_replacement: bool = _set(
        False, "Lets a change replace the environment; its metadata database is then lost."
    )
    force_destroy: bool = _set(
        False, "With protect off: destroying the stack also destroys bucket contents and logs."
    )

    # Network
    vpc_cidr: str = _set(
        "10.192.0.0/16",
        "Block of a new VPC, /16 to /24. It can never change.",
        allowed="a private IPv4 block, /16 to /24",
    )
    connected_cidrs: tuple[str, ...] = _set(
        (),
        "Blocks of networks connected to the new VPC (VPN, peering, transit gateway): it must not "
        "overlap them.",
    )
    availability_zones: tuple[str, ...] = _set(
        (),
        "The two zones of a new VPC, by name, in any order.",
        allowed="two zones of aws:region",
    )
    egress: Egress = _set(
        "none",
        "Route to the internet: none, one NAT gateway (single-nat), one per zone (nat-per-zone), "
        "or what the existing VPC has (existing).",
    )
    flow_logs: Literal["all", "reject", "none"] = _set(
        "reject", "Traffic that the flow log of a new VPC records."
    )
    existing_vpc_id: str = _set(
        "",
        "Builds into this VPC instead of a new one. It can never change.",
        pattern=r"^(vpc-[0-9a-zA-Z]+)?$",
        why="that is the form of a VPC id",
        allowed="an id like vpc-0123456789abcdef0",
    )
    existing_subnet_ids: tuple[str, ...] = _set(
        (),
        "The two private subnets of the existing VPC, in two zones. They can never change.",
        allowed="two subnet ids",
    )
    existing_route_table_ids: tuple[str, ...] = _set(
        (), "Route tables of those subnets, for the S3 gateway endpoint."
    )
    existing_vpc_cidr: str = _set("", "Block of the existing VPC, which may reach the endpoints.")
    additional_security_group_ids: tuple[str, ...] = _set(
        (),
        "Up to four more security groups of the environment.",
        max_length=4,
        why="MWAA takes five security groups and one is made here",
    )
    webserver_client_cidrs: tuple[str, ...] = _set(
        (), "Blocks that may open the Airflow UI: a VPN, an office."
    )
    webserver_client_security_group_ids: tuple[str, ...] = _set(
        (), "Security groups that may open the Airflow UI: a bastion, a load balancer."
    )
    endpoint_profile: Literal["required", "full", "none"] = _set(
        "required",
        f"VPC endpoints: required ({', '.join(REQUIRED)}), "
        f"full (also {', '.join(FULL[len(REQUIRED) :])}) or none.",
    )
    endpoint_policies: Literal["narrow", "open"] = _set(
        "narrow",
        "What may pass the endpoints: this environment's bucket, key, queue and logs (narrow), or "
        "all (open). A change is an update in place.",
    )
    additional_endpoint_services: tuple[str, ...] = _set(
        (), "More interface endpoints, by suffix (secretsmanager, sts) or full service name."
    )
    endpoint_bucket_names: tuple[str, ...] = _set(
        (),
        "Other buckets that tasks reach through the S3 endpoint. The source bucket can only be "
        "read through it, but for bucketWritePrefixes.",
    )
    endpoint_environments: tuple[dict[str, str], ...] = _set(
        (),
        "Other environments in this VPC that use these endpoints, each as name, bucket (else the "
        "name this program gives), key (ARN, else any) and account (else this one).",
        allowed="mappings of name, and of bucket, key and account where they differ",
    )

    # Encryption and storage
    encryption: Literal["customer-managed", "existing", "aws-owned"] = _set(
        "customer-managed",
        "A key of this stack, an existing key, or AWS's own. It can never change.",
    )
    existing_key_arn: str = _set(
        "",
        "ARN of the existing key.",
        allowed="arn:<partition>:kms:<region>:<account>:key/<key id>",
    )
    key_deletion_window_days: int = _set(
        30, "Days before a deleted key is gone.", ge=7, le=30, why="KMS waits 7 to 30 days"
    )
    key_rotation_days: int = _set(
        365,
        "Days between rotations of the key.",
        ge=90,
        le=2560,
        why="KMS rotates every 90 to 2560 days",
    )
    existing_bucket_name: str = _set(
        "",
        "Takes DAGs from this bucket instead of a new one.",
        allowed="3 to 63 lower-case letters, digits and hyphens",
    )
    bucket_name: str = _set(
        "",
        "Name of the new bucket. Empty: airflow-<environment>-<digest>.",
        allowed="3 to 63 lower-case letters, digits and hyphens",
    )
    dag_s3_path: str = _set(
        "dags",
        "Prefix of the DAGs in the bucket.",
        allowed="a prefix without s3:// or leading slash",
    )
    requirements_file: str = _set(
        "",
        "requirements.txt to install, relative to the project.",
        allowed="a .txt file of the project",
    )
    plugins_file: str = _set(
        "", "plugins.zip to install, relative to the project.", allowed="a .zip file of the project"
    )
    startup_script_file: str = _set(
        "", "Startup script, relative to the project.", allowed="a .sh file of the project"
    )
    bucket_write_prefixes: tuple[str, ...] = _set(
        (),
        "Parts of the source bucket that DAGs may write to, such as export: opens role and S3 "
        "endpoint.",
        allowed="prefixes outside of the DAGs and the delivered files",
    )
    noncurrent_version_days: int = _set(
        90,
        "Days that replaced versions of DAG files are kept; pinned artifacts never expire.",
        ge=1,
        le=3650,
        why="S3 counts whole days",
    )
    access_logs_bucket_name: str = _set(
        "",
        "Bucket for the new bucket's access logs. Empty: none.",
        allowed="3 to 63 lower-case letters, digits and hyphens",
    )

    # Identity
    existing_role_arn: str = _set(
        "",
        "Execution role to use instead of a new one.",
        pattern=r"^(arn:aws(-[a-z]+)*:iam::\d{12}:role/[a-zA-Z0-9_+=,.@/-]+)?$",
        why="MWAA takes the ARN of an IAM role",
        allowed="arn:<partition>:iam::<account>:role/<name>",
    )
    permissions_boundary_arn: str = _set(
        "",
        "Permissions boundary of the new role.",
        pattern=r"^(arn:aws(-[a-z]+)*:iam::(\d{12}|aws):policy/.+)?$",
        why="a boundary is the ARN of an IAM policy",
        allowed="arn:<partition>:iam::<account>:policy/<name>",
    )
    additional_managed_policy_arns: tuple[str, ...] = _set(
        (), "More managed policies of the new role: what the DAGs need."
    )
    additional_role_statements: tuple[dict[str, Any], ...] = _set(
        (), "More IAM statements of the new role: what the DAGs need."
    )
    additional_trusted_principal_arns: tuple[str, ...] = _set(
        (),
        "Users and roles of this account that may assume the new role beside MWAA, to find faults "
        "with its rights.",
        allowed="arn:<partition>:iam::<account>:role/<name> or :user/<name>",
    )
    airflow_objects: dict[str, Any] = Field(
        default_factory=dict,
        description="Pools, variables, connections and roles of Airflow that this stack owns, by "
        "their kind; file names a file with more of them. Encrypt what is secret.",
        repr=False,
    )
    secrets_backend: Literal["none", "secrets-manager"] = _set(
        "none", "Where Airflow looks for connections and variables before its database."
    )
    secrets_prefix: str = _set(
        "airflow",
        "Prefix of the secrets: <prefix>/connections, <prefix>/variables.",
        pattern=r"^[a-zA-Z0-9_+=.@-]+(/[a-zA-Z0-9_+=.@-]+)*$",
        why="it is the head of a secret's name, which the role's policy names",
        allowed="words of letters, digits and _+=.@-, separated by /",
    )
    secrets_connections_lookup_pattern: str = _set(
        CONNECTIONS_PATTERN,
        "Connections whose name matches are looked for in Secrets Manager; all others are not, and "
        "cost no call.",
        why="Airflow reads it as a regular expression of Python",
        allowed="a regular expression",
    )
    secrets_variables_lookup_pattern: str = _set(
        "",
        "Variables whose name matches are looked for in Secrets Manager. Empty: all.",
        why="Airflow reads it as a regular expression of Python",
        allowed="a regular expression, or empty",
    )
    airflow_roles: tuple[Literal["Admin", "Op", "User", "Viewer", "Public"], ...] = _set(
        ("Admin", "Op", "User", "Viewer", "Public"), "Airflow roles to write access policies for."
    )
    create_access_policies: bool = _set(True, "Whether to write access policies.")

    # Logs, monitoring, the last look
    log_levels: dict[str, str] = Field(
        default_factory=dict,
        description="Level or OFF per log: dagProcessing, scheduler, task, webserver, worker. "
        "INFO where not named.",
    )
    log_retention_days: int = _set(
        365,
        "Days that logs are kept. 0: they never expire.",
        allowed="a span that CloudWatch Logs offers",
    )
    adopt_log_groups: bool = _set(
        False, "Takes over log groups that exist, as a deleted environment leaves them behind."
    )
    alarms: bool = _set(True, "CloudWatch alarms on scheduler, queue, workers and database.")
    dashboard: bool = _set(True, "A CloudWatch dashboard.")
    alarm_emails: tuple[str, ...] = _set((), "Addresses that a new SNS topic notifies.")
    existing_alarm_topic_arn: str = _set(
        "",
        "SNS topic to notify instead of a new one.",
        pattern=r"^(arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[a-zA-Z0-9_-]+(\.fifo)?)?$",
        why="alarms notify the ARN of an SNS topic",
        allowed="arn:<partition>:sns:<region>:<account>:<topic>",
    )
    ssm_prefix: str = _set(
        "",
        "Writes outputs as SSM parameters below this path, such as /mwaa/prod, for pipelines and "
        "other stacks. Empty: none.",
        pattern=r"^((/[a-zA-Z0-9_.-]+){1,10})?$",
        why="SSM finds parameters by the parts of a path, and takes at most 15",
        allowed="a path such as /mwaa/prod, of 1 to 10 parts, without a slash at its end",
    )
    last_look: bool = _set(
        True,
        "Proves network, role, key and bucket in the account, just before the environment is made.",
    )
