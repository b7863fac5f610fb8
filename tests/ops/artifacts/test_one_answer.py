"""The same files get the same answer as files, in a plan and in an account: one set of rules."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from mwaa.model.platform import Bucket, ObjectVersion, Platform, known
from ops.artifacts import platform as files
from ops.aws import AwsSession
from ops.live import artifacts as account
from ops.live.reader import AwsReader
from policy.rules.catalog import catalog, judge
from policy.rules.rule import FILES
from tests.fixtures import changes
from tests.fixtures.delivered import DAG, GOOD
from tests.fixtures.platforms import no_internet
from tests.policy.plan import plans

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
REQUIREMENTS, SCRIPT = "requirements.txt", "startup.sh"
PINNED = "-c /dev/null\n--no-index\n--find-links /usr/local/airflow/plugins\n"

ABOUT_FILES = [rule for rule in catalog() if rule.section() == "delivery" and rule.origins == FILES]

# Files -> the rules (mwaa-delivery-...) that fail. Names in plugins/ go into plugins.zip.
TABLE: list[tuple[Mapping[str, str], set[str]]] = [
    ({REQUIREMENTS: GOOD, "plugins/constraints.txt": "", SCRIPT: "export A=1\n"}, set()),
    ({SCRIPT: "export AWS_DEFAULT_REGION=eu-west-1\n"}, {"startup-script-is-shell"}),
    ({SCRIPT: "export AIRFLOW__CORE__FERNET_KEY=x\n"}, {"startup-script-is-shell"}),
    ({SCRIPT: "test -f x || curl https://example.org\n"}, {"startup-script-offline"}),
    ({SCRIPT: "yum update\n"}, {"startup-script-offline"}),
    ({SCRIPT: "sudo yum -y install libaio\n"}, {"startup-script-offline"}),
    ({SCRIPT: '"${V}/bin/pip" install dbt-core\n'}, {"startup-script-offline"}),
    ({SCRIPT: "export PIP_USER=true\n"}, {"startup-script-exports-harmless"}),
    ({SCRIPT: "set -e\nunzip x.zip\n"}, {"startup-script-lets-containers-start"}),
    ({SCRIPT: "exec sleep 1\n"}, {"startup-script-lets-containers-start"}),
    ({SCRIPT: "exit 1\n"}, {"startup-script-exits-zero"}),
    ({SCRIPT: "if true; then\n"}, {"startup-script-parses"}),
    ({SCRIPT: "export DB_PASSWORD=hunter2hunter2\n"}, {"startup-script-holds-no-secrets"}),
    ({SCRIPT: "#!/usr/bin/env python3\n"}, {"startup-script-is-shell"}),
    ({REQUIREMENTS: PINNED + "requests<3\n"}, set()),
    ({REQUIREMENTS: PINNED + "requests\n"}, {"requirements-pinned"}),
    ({REQUIREMENTS: PINNED + "flask-appbuilder==1.0\n"}, {"airflow-not-replaced"}),
    ({REQUIREMENTS: PINNED + "boto3==1.0\n"}, set()),
    ({REQUIREMENTS: PINNED + "./local.whl\n"}, {"requirements-files-present"}),
    ({REQUIREMENTS: PINNED.replace("-c /dev/null\n", "") + "a==1\n"}, {"requirements-constrained"}),
    ({REQUIREMENTS: "-c /dev/null\na==1\n"}, {"requirements-offline"}),
    ({REQUIREMENTS: PINNED + "what is this\n"}, {"requirements-readable"}),
    (
        {REQUIREMENTS: PINNED + "a @ https://me:hunter2hunter2@example.org/a.whl\n"},
        {"requirements-hold-no-secrets", "requirements-from-index", "requirements-offline"},
    ),
    (
        {REQUIREMENTS: PINNED + "-r /usr/local/airflow/dags/b.txt\n", "dags/b.txt": "celery==1\n"},
        {"airflow-not-replaced"},
    ),
    (
        {REQUIREMENTS: PINNED + "-c /usr/local/airflow/plugins/no.txt\na==1\n", "plugins/a.py": ""},
        {"requirements-files-present"},
    ),
    ({"plugins/types.py": ""}, {"no-shadowing"}),
    ({"plugins/plugins/a.py": ""}, {"plugins-at-root"}),
    ({"plugins/numpy-2.0-cp39-cp39-manylinux2014_x86_64.whl": ""}, {"wheels-fit"}),
    ({"plugins/airflow_local_settings.py": ""}, {"dags-local-settings-safe"}),
    ({"plugins.zip": "not an archive"}, {"plugins-unpack"}),
    ({"dags/a.py": "task(queue='x')\n"}, {"dags-use-no-queue"}),
    ({"dags/a.py": "def a(:\n"}, {"dags-parse"}),
    ({"dags/a.py": "X = Variable.get('x')\n"}, {"dags-read-nothing-when-parsed"}),
    ({"dags/a.py": "run('airflow db clean')\n"}, {"dags-leave-database-alone"}),
    ({"dags/io.py": DAG}, {"no-shadowing"}),
    ({"dags/team/key.txt": "AKIA" + "ABCDEFGHIJKLMNOP\n"}, {"dags-hold-no-secrets"}),
]


def delivered(texts: Mapping[str, str]) -> dict[str, bytes]:
    """The objects in the bucket: what lies in plugins/ as an archive."""
    found = {k: text.encode() for k, text in texts.items() if not k.startswith("plugins/")}
    inside = {k.removeprefix("plugins/"): v for k, v in texts.items() if k.startswith("plugins/")}
    if inside:
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as archive:
            for name, text in inside.items():
                archive.writestr(name, text)
        found["plugins.zip"] = written.getvalue()
    return found


def folder_of(objects: Mapping[str, bytes], folder: Path) -> Path:
    for key, content in objects.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def planned(folder: Path, keys: Mapping[str, bytes]) -> tuple[ObjectVersion, ...]:
    """The objects as the plan's reader sees uploads of these files."""
    bucket = [plans.urn(plans.BUCKET, "b")]
    uploads = [
        plans.resource(OBJECT, key, {"bucket": bucket}, key=key, source={"path": str(folder / key)})
        for key in keys
    ]
    found = plans.platform(
        plans.resource(plans.BUCKET, "b"),
        *uploads,
        plans.resource(plans.ENV, "env", {"sourceBucketArn": bucket}, name="prod"),
    ).bucket
    assert known(found) and found is not None and known(found.objects)
    return found.objects


class S3:
    """A client of S3 whose bucket holds these objects; it counts the bytes that it hands out."""

    def __init__(self, objects: Mapping[str, bytes]) -> None:
        self.objects = objects
        self.given = 0

    def can_paginate(self, operation: str) -> bool:
        return False

    def _content(self, key: str) -> bytes:
        if key not in self.objects:
            raise ClientError({"Error": {"Code": "404", "Message": ""}}, "HeadObject")
        return self.objects[key]

    def head_object(self, *, Key: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        return {"ContentLength": len(self._content(Key)), "VersionId": "v1"}

    def get_object(self, *, Key: str, Range: str = "", **_: Any) -> dict[str, Any]:  # noqa: N803
        content = self._content(Key)
        if Range:
            first, last = (int(n) for n in Range.removeprefix("bytes=").split("-"))
            content = content[first : last + 1]
        self.given += len(content)
        return {"Body": io.BytesIO(content)}

    def list_objects_v2(self, *, Prefix: str, **_: Any) -> dict[str, Any]:  # noqa: N803
        below = [key for key in self.objects if key.startswith(Prefix)]
        return {"Contents": [{"Key": k, "Size": len(self.objects[k])} for k in below]}


def lived(client: S3) -> tuple[ObjectVersion, ...]:
    """The objects as the account's reader sees them."""
    aws = AwsReader(cast(AwsSession, None), _clients={"s3": client})
    described = {
        f"{kind}S3Path": key
        for kind, key in (
            ("Requirements", REQUIREMENTS),
            ("Plugins", "plugins.zip"),
            ("StartupScript", SCRIPT),
        )
        if key in client.objects
    }
    with ThreadPoolExecutor(2) as pool:
        objects, partial = account.objects(aws, "bucket", described, pool)
    assert known(objects) and not partial
    return objects


def answer(platform: Platform, origin: str, objects: tuple[ObjectVersion, ...]) -> dict[str, Any]:
    """What the rules about files say, by rule: verdict and words."""
    keys = {one.key for one in objects}
    bucket = cast(Bucket, platform.bucket)
    platform = changes.with_environment(
        replace(platform, origin=origin, bucket=replace(bucket, objects=objects, partial=False)),
        requirements_s3_path=REQUIREMENTS if REQUIREMENTS in keys else None,
        plugins_s3_path="plugins.zip" if "plugins.zip" in keys else None,
        startup_script_s3_path=SCRIPT if SCRIPT in keys else None,
    )
    return {
        one.rule.id.removeprefix("mwaa-delivery-"): sorted(
            (finding.verdict.value, finding.found) for finding in one.findings
        )
        for one in judge(platform, ABOUT_FILES)
        if one.findings
    }


@pytest.mark.parametrize(("texts", "failing"), TABLE, ids=range(len(TABLE)))
def test_the_same_files_get_one_answer(
    texts: Mapping[str, str], failing: set[str], tmp_path: Path
) -> None:
    objects = delivered(texts)
    folder = folder_of(objects, tmp_path)
    as_files = files.read(folder, version="3.2.1", is_private=True)
    bucket = cast(Bucket, as_files.bucket)
    read = bucket.objects
    assert known(read)
    answers = {
        "artifacts": answer(no_internet(), "artifacts", read),
        "plan": answer(no_internet(), "plan", planned(folder, objects)),
        "live": answer(no_internet(), "live", lived(S3(objects))),
    }
    assert answers["artifacts"] == answers["plan"] == answers["live"]
    assert set(answers["artifacts"]) == failing
    # And the platform that preflight makes of the folder says the same.
    own = {
        one.rule.id.removeprefix("mwaa-delivery-")
        for one in judge(as_files)
        if one.rule.origins == FILES and one.verdict.value == "fail"
    }
    assert own == failing


def test_of_a_large_archive_only_its_names_and_texts_are_fetched() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("constraints.txt", "a==1\n")
        for number in range(12):
            archive.writestr(f"w{number}-1-py3-none-any.whl", bytes(4 * 1024 * 1024))
    client = S3({"plugins.zip": written.getvalue()})
    found = lived(client)[0]
    assert found.texts == {"constraints.txt": "a==1\n"}
    assert known(found.members) and len(found.members or ()) == 13
    assert client.given < len(written.getvalue()) / 4


def test_what_cannot_be_read_is_unknown() -> None:
    class Denied(S3):
        def get_object(self, **_: Any) -> dict[str, Any]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "GetObject")

    objects = delivered({REQUIREMENTS: "a==1\n", "plugins/a.py": "", "dags/a.py": DAG})
    for one in lived(Denied(objects)):
        assert not known(one.text) and not known(one.members)
