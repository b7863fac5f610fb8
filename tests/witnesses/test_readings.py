"""Every operation that the live reader calls is understood as AWS answers it."""

from __future__ import annotations

import pytest

from mwaa.model.unknown import UNKNOWN
from ops.live.calls import CALLS
from tests.witnesses import samples
from tests.witnesses.readings import READINGS, expected, found, read
from tests.witnesses.recordings import Call, Recording, recordings

# What the caller may do is witnessed by recorded decisions, and an object's content has no members.
ELSEWHERE = {
    ("iam", "get_context_keys_for_principal_policy"),
    ("iam", "simulate_principal_policy"),
    ("s3", "get_object"),
}
# Answers that say that something is not there, or not set; any other refusal is told as one.
ABSENT = {
    ("iam", "get_role"): "NoSuchEntity",
    ("kms", "describe_key"): "NotFoundException",
    ("kms", "get_key_rotation_status"): "UnsupportedOperationException",
    ("s3", "get_bucket_encryption"): "ServerSideEncryptionConfigurationNotFoundError",
    ("s3", "get_bucket_lifecycle_configuration"): "NoSuchLifecycleConfiguration",
    ("s3", "get_bucket_ownership_controls"): "OwnershipControlsNotFoundError",
    ("s3", "get_bucket_policy"): "NoSuchBucketPolicy",
    ("s3", "get_public_access_block"): "NoSuchPublicAccessBlockConfiguration",
}
RECORDED = [
    pytest.param(call, one, id=one.name)
    for call, found in recordings().items()
    if call in READINGS
    for one in found
]


def test_every_call_of_the_reader_is_witnessed() -> None:
    assert set(CALLS) == set(READINGS) | ELSEWHERE


@pytest.mark.skipif(not RECORDED, reason="recorded answers of AWS: ../shared/recorded is not here")
@pytest.mark.parametrize(("call", "recording"), RECORDED)
def test_a_recorded_answer_is_understood(call: Call, recording: Recording) -> None:
    if recording.error is None:
        assert found(call, recording.answer) == expected(call, recording.answer)
        return
    _, told = read(call, recording.error)
    absent = ABSENT.get(call) == recording.error.response["Error"]["Code"]
    refused = [one.call for one in told.denied]
    assert refused == ([] if absent else [" ".join(call)])


@pytest.mark.parametrize("call", READINGS, ids="-".join)
def test_an_answer_with_every_member_is_understood(call: Call) -> None:
    answer = samples.full(*call)
    _, told = read(call, answer)
    assert told.denied == []
    assert found(call, answer) == expected(call, answer)


@pytest.mark.parametrize("call", READINGS, ids="-".join)
def test_an_answer_with_the_required_members_alone_is_read(call: Call) -> None:
    _, told = read(call, samples.minimal(*call))
    assert told.denied == []


def test_what_an_answer_leaves_out_is_unknown() -> None:
    platform, _ = read(("sts", "get_caller_identity"), {})
    assert platform.account.id is UNKNOWN and platform.account.caller is UNKNOWN
    platform, _ = read(("kms", "describe_key"), {})
    assert platform.key is UNKNOWN
