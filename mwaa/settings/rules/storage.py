"""Rules on the key, the bucket and the files that go into it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from mwaa.names import partition_of
from mwaa.service.artifacts import KEYS
from mwaa.settings.problems import Advice, Problem, quoted
from mwaa.settings.values import Choices

_BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_KEY_ID = r"(mrk-)?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}"


def judge(settings: Choices) -> Iterator[Problem | Advice]:
    yield from _key(settings)
    yield from _bucket(settings)
    yield from _dag_path(settings)
    yield from _write_prefixes(settings)
    yield from _files(settings)


def _key(s: Choices) -> Iterator[Problem | Advice]:
    arn = s.existing_key_arn
    allowed = f"arn:{partition_of(s.region)}:kms:{s.region}:<account>:key/<key id>"

    def refused(why: str, do: str) -> Problem:
        return Problem("existingKeyArn", quoted(arn) if arn else "nothing", allowed, why, do)

    if s.encryption != "existing":
        if arn:
            yield Problem(
                "existingKeyArn",
                quoted(arn),
                f'nothing with mwaa:encryption "{s.encryption}"',
                "the stack would use another key than the one named",
                'set mwaa:encryption to "existing", or remove the ARN',
            )
        return
    if not arn:
        yield refused('mwaa:encryption is "existing"', "name the key's ARN")
    elif "alias/" in arn:
        yield refused(
            "MWAA does not support aliases, though its API takes them: the create fails later",
            "give the ARN of the key behind the alias (aws kms describe-key --key-id <alias>)",
        )
    elif not (
        found := re.fullmatch(rf"arn:([a-z-]+):kms:([a-z0-9-]+):\d{{12}}:key/{_KEY_ID}", arn)
    ):
        yield refused("MWAA needs the ARN of a key", "copy the ARN of the key")
    elif found[3]:
        yield refused("MWAA takes no multi-Region key", "choose a single-Region key")
    elif (found[1], found[2]) != (partition_of(s.region), s.region):
        yield refused(
            f"environment, bucket and key must lie in one region, here {s.region}",
            "choose a key of this region",
        )


def _bucket(s: Choices) -> Iterator[Problem | Advice]:
    both = {"bucketName": s.bucket_name, "accessLogsBucketName": s.access_logs_bucket_name}
    for name, value in both.items():
        if s.existing_bucket_name and value:
            yield Problem(
                name,
                quoted(value),
                "nothing together with mwaa:existingBucketName",
                "it describes a new bucket, and this stack uses an existing one",
                f"remove mwaa:{name} or mwaa:existingBucketName",
            )
    named = both | {"existingBucketName": s.existing_bucket_name}
    for name, value in named.items():
        if value and not _BUCKET.fullmatch(value):
            yield _bad_bucket(name, value)
    for value in s.endpoint_bucket_names:
        if not _BUCKET.fullmatch(value):
            yield _bad_bucket("endpointBucketNames", value)


def _bad_bucket(name: str, value: str) -> Problem:
    return Problem(
        name,
        quoted(value),
        "3 to 63 lower-case letters, digits and hyphens, no dots",
        "S3 takes no other names, and a dot breaks its TLS certificate",
        "give the name alone, without s3:// or ARN",
    )


def _dag_path(s: Choices) -> Iterator[Problem | Advice]:
    path = s.dag_s3_path
    if (
        not re.fullmatch(r"[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*/?", path)
        or len(path) > 1024
    ):
        yield Problem(
            "dagS3Path",
            quoted(path),
            "a prefix inside the bucket such as dags, without s3:// and without a leading slash",
            "MWAA reads it relative to the bucket",
            "write the prefix alone",
        )


def _write_prefixes(s: Choices) -> Iterator[Problem | Advice]:
    """What DAGs write must never become what the environment runs."""
    code = {"mwaa:dagS3Path": s.dag_s3_path.strip("/"), **{f"the {k}": v for k, v in KEYS.items()}}
    for given, prefix in zip(s.bucket_write_prefixes, s.write_prefixes, strict=True):

        def refused(why: str, do: str, given: str = given) -> Problem:
            allowed = "prefixes such as export, outside of the DAGs and the delivered files"
            return Problem("bucketWritePrefixes", quoted(given), allowed, why, do)

        if not re.fullmatch(r"[A-Za-z0-9!_.'()-]+(/[A-Za-z0-9!_.'()-]+)*", prefix):
            yield refused(
                "the policies of role and endpoint name it literally, without wildcards",
                "write the prefix alone, without s3:// and without *",
            )
            continue
        for name, place in code.items():
            if f"{place}/".startswith(f"{prefix}/") or f"{prefix}/".startswith(f"{place}/"):
                yield refused(
                    f"{name} ({place}) is run as code: a task could rewrite what every task runs",
                    "choose another prefix",
                )


def _files(s: Choices) -> Iterator[Problem | Advice]:
    files = {
        "requirementsFile": (s.requirements_file, ".txt"),
        "pluginsFile": (s.plugins_file, ".zip"),
        "startupScriptFile": (s.startup_script_file, ".sh"),
    }
    for name, (file, suffix) in files.items():
        if file:
            yield from _file(s, name, file, suffix)


def _file(s: Choices, name: str, file: str, suffix: str) -> Iterator[Problem]:
    def refused(why: str, do: str) -> Problem:
        allowed = f"a {suffix} file inside the project's folder, relative to it"
        return Problem(name, quoted(file), allowed, why, do)

    path = PurePosixPath(file)
    if file.startswith("s3:") or path.is_absolute() or ".." in path.parts:
        yield refused(
            "the program uploads it and pins its version, on every machine alike",
            "put the file into the project and give its relative path",
        )
    elif not s.path(file).is_file():
        yield refused("there is no such file", "create it, correct the path or clear the setting")
    elif path.suffix != suffix:
        yield refused(f"MWAA expects a {suffix} file here", "rename the file")
