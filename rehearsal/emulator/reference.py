"""The reference page of the emulated AWS: what is emulated, what is stored only, what is not there.

Counts, operations, patches, endpoints and durations come from the code; the sentences about what
is stored only were written after trying (moto 5.2.5) and are checked by the tests they name.
"""

import importlib
import inspect
from collections.abc import Iterator

from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model, method_names_from_class

from mwaa.service.endpoints import REQUIRED
from rehearsal.emulator import control, faults, patches
from rehearsal.emulator.clock import DURATIONS, PENDING_SECONDS
from rehearsal.emulator.mwaa import build_checks, metrics
from rehearsal.emulator.mwaa.responses import MWAAResponse

SERVICES = {
    "mwaa": "rehearsal.emulator.mwaa.responses:MWAAResponse",
    "ec2": "moto.ec2.responses:EC2Response",
    "s3": "moto.s3.responses:S3Response",
    "iam": "moto.iam.responses:IamResponse",
    "kms": "moto.kms.responses:KmsResponse",
    "logs": "moto.logs.responses:LogsResponse",
    "cloudwatch": "moto.cloudwatch.responses:CloudWatchResponse",
    "sns": "moto.sns.responses:SNSResponse",
    "ssm": "moto.ssm.responses:SimpleSystemManagerResponse",
    "sqs": "moto.sqs.responses:SQSResponse",
    "sts": "moto.sts.responses:TokenResponse",
}

STORED_ONLY = (
    ("EC2", "Routes, network ACLs and security groups carry no traffic; they are judged when an "
     "environment is built or changed, and with each call of a running Airflow: one that has no "
     "way is not answered."),
    ("EC2", "Flow logs record nothing."),
    ("IAM", "Only sessions of an execution role that are named `AmazonMWAA-airflow` are refused "
     "for want of a permission, in S3, SQS, Logs, CloudWatch, KMS and Secrets Manager; what is not "
     "known is allowed, with a warning. MWAA refuses its callers what their policies do not allow, "
     "and a create or an update for each right that the service borrows from them. In other "
     "services everybody else may do everything; the policy simulator answers. Root, keys that are "
     "nobody's, and sessions of roles that were never made may do everything."),
    ("S3", "Lifecycle rules delete nothing; a public policy is taken under a full access block."),
    ("KMS", "Key policies are checked when put, and asked for log groups and environments; "
     "Encrypt and Decrypt ask them only for sessions of an execution role."),
    ("CloudWatch", "Alarms publish to SNS topics and carry out no other action; those of metric "
     "math, percentiles and anomaly bands stay OK until SetAlarmState. A dashboard's body is not "
     "checked."),
    ("Logs", "Metric filters emit nothing; retention deletes nothing."),
    ("SNS", "Subscriptions deliver nothing by mail."),
    ("MWAA", "Without `make airflow` DAGs never run: InvokeRestApi answers health, version, the "
     "DAG files of the bucket, and variables, pools and connections that were stored through it."),
    ("MWAA", "A maintenance is a status and a record: it brings no new image and replaces no "
     "container. When the support of a version ends, new environments and changes to it are "
     "refused, and an environment that runs it is left alone: nobody upgrades or stops it."),
)  # fmt: skip

ABSENT = (
    "TLS: plain HTTP on the loopback address only",
    "Organizations policies, CloudTrail, Reachability Analyzer; Service Quotas but for two lists",
    "Composite alarms, IAM Access Analyzer, CloudFormation of MWAA environments",
    "Resource sharing of anything but subnets; policies of a session",
)


def page() -> str:
    """The page as Markdown."""
    return (
        "\n".join(
            [
                "# The emulated AWS",
                "",
                "`python -m rehearsal serve [--port N] [--speed X] [--state FILE]` serves an AWS"
                " account on `127.0.0.1`, one port, plain HTTP. It is"
                " [moto](https://github.com/getmoto/moto) with an MWAA control plane and the"
                " patches listed below; for rehearsal and tests only.",
                "",
                *_clients(),
                *_operations(),
                *_statuses(),
                *_judged(),
                *_patches(),
                *_boundaries(),
                *_control(),
            ]
        )
        + "\n"
    )


def _clients() -> Iterator[str]:
    yield from (
        "## Clients",
        "",
        "Any credentials will do; the account is 123456789012.",
        "",
        "| client | settings |",
        "|---|---|",
        "| boto3, AWS CLI | `AWS_ENDPOINT_URL=http://127.0.0.1:PORT`,"
        " `AWS_DISABLE_HOST_PREFIX_INJECTION=true` |",
        "| Terraform's AWS provider | `AWS_ENDPOINT_URL=http://127.0.0.1:PORT`,"
        " `HTTP_PROXY=http://127.0.0.1:PORT`, `s3_use_path_style = true` |",
        "",
        "SDKs put `api.` or `env.` before MWAA's host. A client that cannot be configured otherwise"
        " reaches the server as its HTTP proxy: absolute-URI requests are answered. Terraform's"
        " calls are replayed in the tests, and its own provider plans the running stacks where it"
        " is installed.",
        "",
        "CloudWatch is answered in each of its protocols: JSON, which boto3 speaks, the query form,"
        " and Smithy's RPC v2 with CBOR, which newer SDKs of other languages speak.",
        "",
        "How to use them, and drills with faults and the clock:"
        " [other clients against the emulated AWS](../guides/emulated-aws.md).",
        "",
    )


def implemented(service: str) -> tuple[int, int]:
    """How many operations of botocore's model of ``service`` are answered, and how many it has."""
    module, _, name = SERVICES[service].partition(":")
    response: type[BaseResponse] = getattr(importlib.import_module(module), name)
    names = get_service_model(service).operation_names
    if service == "s3":
        # S3 is dispatched by hand in moto, so that its methods do not bear operations' names.
        return 0, len(names)
    methods = set(method_names_from_class(response))
    return sum(camelcase_to_underscores(name) in methods for name in names), len(names)


def _operations() -> Iterator[str]:
    patches.apply_all()
    yield from ("## Operations", "", "| service | operations answered |", "|---|---|")
    for service in SERVICES:
        some, all_of_them = implemented(service)
        share = f"{some} of {all_of_them}" if some else "objects and bucket settings"
        yield f"| {service} | {share} |"
    yield from (
        "",
        "Others that moto has are answered as moto answers them. An operation that is not there is"
        " refused with status 501 and its name.",
        "",
        "MWAA: " + ", ".join(f"`{name}`" for name in get_service_model("mwaa").operation_names)
        + ". Requests are checked against the service model (required, length, range, pattern,"
        " enum); what the model cannot say is in `rehearsal/emulator/mwaa/rules.py` and"
        " `references.py`, each rule with its source.",
        "",
    )  # fmt: skip


def _statuses() -> Iterator[str]:
    yield from (
        "## Time and statuses",
        "",
        "All twelve statuses are reached. `--speed` divides the duration of work (default 10 000);"
        " deadlines are clock time and pass when the clock is moved.",
        "",
        "| work | minutes at speed 1 |",
        "|---|---|",
    )
    for phase, seconds in DURATIONS.items():
        yield f"| {phase} | {seconds / 60:g} |"
    yield from (
        "",
        f"A `CUSTOMER` environment waits in `PENDING` for its endpoints, {PENDING_SECONDS / 3600:g}"
        " hours at most. Moving the clock past the weekly window brings `MAINTENANCE`. `DELETED`"
        " is seen where the duration `deleted` is above 0; the service answers 404 at once.",
        "",
    )


def _judged() -> Iterator[str]:
    code, message = build_checks.INCORRECT_CONFIGURATION
    yield from (
        "## Late failures",
        "",
        "While it builds, the emulated service proves with `policy/analysis/` that both subnets "
        "reach "
        + ", ".join(f"`{name}`" for name in (*REQUIRED, *build_checks.OWN))
        + ", and that the execution role may do what these topics need: "
        + ", ".join(f"`{name}`" for name in build_checks.LATE_TOPICS)
        + f". Otherwise the environment ends in `CREATE_FAILED`, or its update is rolled back, with"
        f" `LastUpdate.Error` {code}: {message}",
        "",
        "`GET /_emulator/environments` says what was found; the service keeps that to itself.",
        "",
        "Idle metrics: " + ", ".join(
            f"`{namespace}` " + ", ".join(sorted({item[0] for item in items}))
            for namespace, items in metrics.IDLE.items()
        ) + ".",
        "",
        "Where [a real Airflow](../guides/rehearse-airflow.md) runs behind the environment, its "
        "own metrics, REST API and CLI take the place of the idle ones.",
        "",
    )  # fmt: skip


def _patches() -> Iterator[str]:
    yield from (
        "## Patches of moto",
        "",
        "| patch | what AWS does, and moto does not |",
        "|---|---|",
    )
    for patch in patches.PATCHES:
        text = " ".join((inspect.getdoc(patch) or "").split()).replace("``", "`")
        yield f"| `{patch.__name__.rpartition('.')[2]}` | {text} |"
    yield ""


def _boundaries() -> Iterator[str]:
    yield from ("## Stored only", "", "| service | what does not happen |", "|---|---|")
    for service, text in STORED_ONLY:
        yield f"| {service} | {text} |"
    yield from ("", "## Not there", "", *(f"- {text}" for text in ABSENT), "")


def _control() -> Iterator[str]:
    yield from ("## Control endpoints", "", "| under `/_emulator/` | |", "|---|---|")
    for name, text in control.ENDPOINTS.items():
        yield f"| `{name}` | {text} |"
    yield from ("", "## Faults", "")
    yield (inspect.getdoc(faults) or "").partition("\n\n")[2].replace("``", "`")


def operations() -> tuple[str, ...]:
    """MWAA's operations that the backend answers."""
    methods = set(method_names_from_class(MWAAResponse))
    names = get_service_model("mwaa").operation_names
    return tuple(name for name in names if camelcase_to_underscores(name) in methods)
