"""The key, the bucket and the files: what is refused, and why."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mwaa.settings.load import Settings
from mwaa.settings.problems import Problem

Load = Callable[..., Settings]
Refused = Callable[..., list[Problem]]

ID = "0b1c2d3e-0000-4000-8000-000000000000"
KEY = f"arn:aws:kms:us-east-1:123456789012:key/{ID}"


def test_an_existing_key_passes(load: Load) -> None:
    assert load(encryption="existing", existingKeyArn=KEY).existing_key_arn == KEY


@pytest.mark.parametrize(
    "alias", ["alias/airflow", "arn:aws:kms:us-east-1:123456789012:alias/airflow"]
)
def test_an_alias_is_no_key(refused: Refused, alias: str) -> None:
    (problem,) = refused(encryption="existing", existingKeyArn=alias)
    assert (problem.setting, problem.got) == ("existingKeyArn", f'"{alias}"')
    assert "key/<key id>" in problem.allowed
    assert "does not support aliases" in problem.why
    assert "describe-key" in problem.do


@pytest.mark.parametrize(
    ("arn", "why"),
    [
        ("", 'mwaa:encryption is "existing"'),
        (ID, "needs the ARN"),
        (KEY.replace("us-east-1", "eu-west-1"), "one region"),
        (KEY.replace("arn:aws:", "arn:aws-cn:"), "one region"),
        (KEY.replace(ID, f"mrk-{ID.replace('-', '')}"), "multi-Region"),
    ],
)
def test_other_texts_are_no_key(refused: Refused, arn: str, why: str) -> None:
    (problem,) = refused(encryption="existing", existingKeyArn=arn)
    assert problem.setting == "existingKeyArn"
    assert why in problem.why


@pytest.mark.parametrize("encryption", ["customer-managed", "aws-owned"])
def test_a_key_that_would_not_be_used_is_refused(refused: Refused, encryption: str) -> None:
    (problem,) = refused(encryption=encryption, existingKeyArn=KEY)
    assert "existing" in problem.do


@pytest.mark.parametrize("setting", ["bucketName", "accessLogsBucketName"])
def test_both_an_existing_and_a_new_bucket_are_refused(refused: Refused, setting: str) -> None:
    (problem,) = refused(existingBucketName="our-dags", **{setting: "new-bucket"})
    assert problem.setting == setting
    assert "mwaa:existingBucketName" in problem.allowed


@pytest.mark.parametrize("name", ["Our-Dags", "a", "our.dags", "s3://our-dags", "-x-", "a" * 64])
@pytest.mark.parametrize("setting", ["bucketName", "existingBucketName", "accessLogsBucketName"])
def test_a_bad_bucket_name_is_refused(refused: Refused, setting: str, name: str) -> None:
    (problem,) = refused(**{setting: name})
    assert (problem.setting, problem.got) == (setting, f'"{name}"')
    assert "no dots" in problem.allowed


def test_a_bad_bucket_behind_the_endpoint_is_refused(refused: Refused) -> None:
    (problem,) = refused(endpointBucketNames=["lake", "arn:aws:s3:::lake"])
    assert problem.got == '"arn:aws:s3:::lake"'


@pytest.mark.parametrize(
    "prefix",
    ["dags", "dags/export", "/", "", "*", "s3://b/export", "requirements.txt", "plugins.zip/x"],
)
def test_what_dags_write_is_never_code(refused: Refused, prefix: str) -> None:
    (problem,) = refused(bucketWritePrefixes=["export", prefix])
    assert (problem.setting, problem.got) == ("bucketWritePrefixes", f'"{prefix}"')


def test_a_part_that_holds_the_dags_is_refused(refused: Refused) -> None:
    (problem,) = refused(dagS3Path="team/dags", bucketWritePrefixes=["team/"])
    assert "rewrite what every task runs" in problem.why


def test_a_part_of_the_bucket_is_opened(load: Load) -> None:
    assert load(bucketWritePrefixes=["export/", "a/b"]).write_prefixes == ("export", "a/b")


@pytest.mark.parametrize("path", ["/dags", "s3://bucket/dags", "", "a//b", "dags dir"])
def test_a_dag_path_is_a_prefix(refused: Refused, path: str) -> None:
    (problem,) = refused(dagS3Path=path)
    assert (problem.setting, problem.got) == ("dagS3Path", f'"{path}"')


@pytest.mark.parametrize(
    ("setting", "file"),
    [
        ("requirementsFile", "missing/requirements.txt"),
        ("pluginsFile", "plugins.zip"),
        ("startupScriptFile", "startup.sh"),
    ],
)
def test_a_path_without_a_file_is_refused(refused: Refused, setting: str, file: str) -> None:
    (problem,) = refused(**{setting: file})
    assert (problem.setting, problem.got) == (setting, f'"{file}"')
    assert problem.why == "there is no such file"
    assert "relative" in problem.allowed


@pytest.mark.parametrize(
    "file", ["/etc/requirements.txt", "../requirements.txt", "s3://bucket/requirements.txt"]
)
def test_a_file_lies_in_the_project(refused: Refused, file: str) -> None:
    (problem,) = refused(requirementsFile=file)
    assert "on every machine alike" in problem.why


def test_a_folder_is_no_file(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "plugins.zip").mkdir()
    (problem,) = refused(pluginsFile="plugins.zip")
    assert problem.setting == "pluginsFile"


def test_a_file_of_another_kind_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "requirements.in").touch()
    (problem,) = refused(requirementsFile="requirements.in")
    assert ".txt" in problem.why


def test_a_file_that_exists_passes(load: Load, tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "requirements.txt").touch()
    settings = load(requirementsFile="build/requirements.txt")
    assert settings.path(settings.requirements_file).is_file()
