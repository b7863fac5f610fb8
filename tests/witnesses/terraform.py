"""A stack as Terraform's configuration: what its AWS provider plans for it says whether the state
that we left is the one that the genuine provider reads.

The configuration is written from the inputs in the engine's state, by the names of Terraform's own
schema; every resource is imported by its id. The provider is the code that pulumi-aws bridges.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ops.artifacts.uv import cache_folder
from policy.plan.signatures import SECRET, SIGNATURE
from tests.rehearsal.plugins.aws.sdk import snake

SOURCE = "registry.terraform.io/hashicorp/aws"
PROVIDER = f"{SOURCE}/*/*/terraform-provider-aws*"
# Folders that Terraform searches for providers by itself, and where a machine without the registry
# keeps them: https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
MIRRORS = (
    Path.home() / ".terraform.d/plugins",
    Path("/usr/local/share/terraform/plugins"),
    Path("/usr/share/terraform/plugins"),
    Path("/opt/tf-plugins"),
)

# Pulumi's type -> Terraform's, where camel case does not lead from one to the other.
TYPES: Mapping[str, str] = {
    "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
    "aws:cloudwatch/dashboard:Dashboard": "aws_cloudwatch_dashboard",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "aws_cloudwatch_metric_alarm",
    "aws:ec2/eip:Eip": "aws_eip",
    "aws:s3/bucket:Bucket": "aws_s3_bucket",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "aws_vpc_security_group_egress_rule"
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "aws_vpc_security_group_ingress_rule"
    ),
}
# Names that pulumi-aws chose itself, and those by which an import reads.
RENAMED: Mapping[tuple[str, str], str] = {
    ("aws_cloudwatch_metric_alarm", "name"): "alarm_name",
    # An import reads a text as ``value``, whichever of the two arguments it was written with.
    ("aws_ssm_parameter", "insecureValue"): "value",
}
# Services whose name is no part of Terraform's type names.
UNNAMED = ("ec2",)
# Inputs that AWS does not give back: an import cannot know them, whoever made the resource.
UNREAD: Mapping[str, frozenset[str]] = {
    "aws_s3_object": frozenset(
        {"source", "content", "content_base64", "source_hash", "force_destroy"}
    ),
    "aws_s3_bucket": frozenset({"force_destroy"}),
    "aws_kms_key": frozenset({"deletion_window_in_days", "bypass_policy_lockout_safety_check"}),
    "aws_cloudwatch_log_group": frozenset({"skip_destroy"}),
    "aws_iam_role": frozenset({"force_detach_policies"}),
    "aws_security_group": frozenset({"revoke_rules_on_delete"}),
    "aws_default_security_group": frozenset({"revoke_rules_on_delete"}),
}
# Inputs of a later version of the provider than 5.x, and the engine's own.
LATER = frozenset({"region", "__defaults", "tagsAll", "workerReplacementStrategy"})


REQUIRED: Mapping[str, Any] = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}}
}


@dataclass(frozen=True)
class Terraform:
    """The program and the folder in which its AWS provider is installed."""

    program: str
    mirror: Path


def installed() -> Terraform | str:
    """Terraform with its AWS provider, or one line that says what is missing."""
    program = shutil.which("terraform")
    if program is None:
        return "terraform is not installed"
    for mirror in MIRRORS:
        if any(mirror.glob(PROVIDER)):
            return Terraform(program, mirror)
    return "terraform is installed, its provider hashicorp/aws is not"


@dataclass(frozen=True)
class Answer:
    """``changes`` that Terraform plans, a line for each resource; ``imported`` resources of the
    stack. ``missing`` says why it was not asked."""

    changes: str = ""
    imported: int = 0
    missing: str = ""


def ask(
    state: Sequence[Mapping[str, Any]], url: str, region: str, credentials: Mapping[str, str]
) -> Answer:
    """What Terraform plans for the resources of a stack that the emulated AWS at ``url`` holds.

    Raises AssertionError with Terraform's words where it fails.
    """
    found = installed()
    if isinstance(found, str):
        return Answer(missing=found)
    folder, schemas = _prepared(found)
    run = Run(found, Path(folder.name), url, credentials)
    written = configuration(state, schemas)
    provider = {"region": region, "s3_use_path_style": True, "max_retries": 2}
    run.write({**REQUIRED, "provider": {"aws": provider}, **written})
    told = run("plan", "-json", "-input=false", "-out=plan", "-lock=false", "-parallelism=20")
    (counted,) = (line["changes"] for line in map(json.loads, told.splitlines()) if _sums_up(line))
    # To show a plan starts the provider once more, which takes half as long as the plan.
    changes = any(counted[each] for each in ("add", "change", "remove"))
    shown = differences(json.loads(run("show", "-json", "plan"))) if changes else ""
    return Answer(shown, len(written["import"]))


def _sums_up(line: Mapping[str, Any]) -> bool:
    """https://developer.hashicorp.com/terraform/internals/machine-readable-ui#change-summary"""
    return bool(line["type"] == "change_summary")


@cache
def _prepared(terraform: Terraform) -> tuple[TemporaryDirectory[str], Mapping[str, Any]]:
    """A folder in which the provider is ready, until the process ends, and the schema of each of
    its resources."""
    folder = TemporaryDirectory()
    run = Run(terraform, Path(folder.name), "", {})
    run.write(REQUIRED)
    run("init", "-input=false")
    kept = _kept(terraform)
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        staged = kept.with_name(f".{kept.name}.{os.getpid()}")
        staged.write_text(run("providers", "schema", "-json"), encoding="utf-8")
        staged.replace(kept)
    (provided,) = json.loads(kept.read_text(encoding="utf-8"))["provider_schemas"].values()
    return folder, provided["resource_schemas"]


def _kept(terraform: Terraform) -> Path:
    """Where the provider's schemas are kept: to ask for them takes more than half a plan's time."""
    (provider, *_) = sorted(terraform.mirror.glob(PROVIDER))
    facts = provider.stat()
    return cache_folder() / f"{provider.name}-{facts.st_size}-{int(facts.st_mtime)}.json"


@dataclass(frozen=True)
class Run:
    """Terraform in a folder of its own, with nothing of the user's settings."""

    terraform: Terraform
    folder: Path
    url: str
    credentials: Mapping[str, str]

    def write(self, document: Mapping[str, Any]) -> None:
        """The configuration, and where the provider is found."""
        (self.folder / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")
        (self.folder / "cli.tfrc").write_text(
            "provider_installation { filesystem_mirror { path = "
            f'"{self.terraform.mirror}" }} }}\n',
            encoding="utf-8",
        )

    def __call__(self, *arguments: str) -> str:
        """What a command prints. The server is its own proxy: MWAA's hosts have a prefix."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))}
        environment = {
            **clean,
            **{name.upper(): value for name, value in self.credentials.items()},
            "AWS_ENDPOINT_URL": self.url,
            "HTTP_PROXY": self.url,
            "NO_PROXY": "127.0.0.1",
            "TF_CLI_CONFIG_FILE": str(self.folder / "cli.tfrc"),
            "TF_CLI_ARGS": "-no-color",
            "CHECKPOINT_DISABLE": "1",
            # Each process lives for seconds: most of what it could collect ends with it.
            "GOGC": "400",
        }
        done = subprocess.run(
            [self.terraform.program, *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-6000:]
        return done.stdout


def differences(planned: Mapping[str, Any]) -> str:
    """Each resource that a plan changes, with the arguments; imports alone are none."""
    lines = []
    for one in planned.get("resource_changes", ()):
        change = one["change"]
        if change["actions"] == ["no-op"]:
            continue
        before, after = change["before"] or {}, change["after"] or {}
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        shown = "; ".join(f"{key}: {before.get(key)!r} -> {after.get(key)!r}" for key in keys)
        if unknown := change.get("after_unknown"):
            shown += f"; not known before: {unknown}"
        lines.append(f"{one['address']} {'+'.join(change['actions'])}: {shown}")
    return "\n".join(lines)


def configuration(state: Iterable[Mapping[str, Any]], schemas: Mapping[str, Any]) -> dict[str, Any]:
    """The resources of a stack's state and their imports, as Terraform's JSON configuration."""
    resources: dict[str, dict[str, Any]] = {}
    imports = []
    for number, item in enumerate(state):
        if not item.get("custom") or not item["type"].startswith("aws:"):
            continue
        kind = type_of(item["type"])
        name = f"r{number}"
        schema = schemas[kind]["block"]
        inputs = {
            key: _revealed(value) for key, value in item["inputs"].items() if key not in LATER
        }
        renamed = {RENAMED.get((kind, key), key): value for key, value in inputs.items()}
        written = _block(renamed, schema, kind)
        unread = sorted(UNREAD.get(kind, frozenset()) & schema["attributes"].keys())
        # An asset is no text; it is among what is not read.
        written = {key: value for key, value in written.items() if key not in unread}
        if kind == "aws_s3_object":
            # Terraform wants one of them; none is compared with what is stored.
            written["content"] = ""
        written["lifecycle"] = {"ignore_changes": unread}
        resources.setdefault(kind, {})[name] = written
        imports.append({"to": f"{kind}.{name}", "id": import_id(kind, item)})
    return {"resource": resources, "import": imports}


def _revealed(value: Any) -> Any:
    """The plain text of a secret, which an export with ``--show-secrets`` holds."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return json.loads(value["plaintext"])
    return value


def type_of(pulumi: str) -> str:
    """``aws:ec2/subnet:Subnet`` -> ``aws_subnet``."""
    if pulumi in TYPES:
        return TYPES[pulumi]
    module, name = pulumi.removeprefix("aws:").split(":")[0].split("/")
    words = snake(name)
    return f"aws_{words}" if module in UNNAMED else f"aws_{module}_{words}"


def import_id(kind: str, item: Mapping[str, Any]) -> str:
    """What ``terraform import`` takes: the id, but for what is known by two names."""
    inputs = item["inputs"]
    if kind == "aws_route_table_association":
        return f"{inputs['subnetId']}/{inputs['routeTableId']}"
    if kind == "aws_route":
        target = inputs.get("destinationCidrBlock") or inputs.get("destinationPrefixListId")
        return f"{inputs['routeTableId']}_{target}"
    if kind == "aws_s3_object":
        return f"{inputs['bucket']}/{inputs['key']}"
    return str(item["id"])


def _block(inputs: Mapping[str, Any], schema: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Arguments by Terraform's names; nested blocks likewise, maps of the user's as they are."""
    attributes, blocks = schema.get("attributes", {}), schema.get("block_types", {})
    written: dict[str, Any] = {}
    for key, value in inputs.items():
        name = _name(key, attributes.keys() | blocks.keys(), where)
        if name in blocks:
            inner = blocks[name]["block"]
            items = value if isinstance(value, list) else [value]
            written[name] = [_block(item, inner, f"{where}.{name}") for item in items]
        else:
            written[name] = value
    return written


def _name(key: str, known: Iterable[str], where: str) -> str:
    """Terraform's name of an input: Pulumi writes lists in the plural."""
    words = snake(key)
    for candidate in (words, words.removesuffix("s"), words.removesuffix("es")):
        if candidate in known:
            return candidate
    if words.endswith("ies") and f"{words[:-3]}y" in known:
        return f"{words[:-3]}y"
    raise KeyError(f"Terraform's provider has no argument for {where}.{key}")
