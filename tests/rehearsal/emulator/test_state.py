"""The account survives a restart; a file that cannot be trusted or read is refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.emulator import state
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.server import Emulator
from rehearsal.emulator.state import StateError
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer

TRUST, RIGHT = (
    json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **rest}]})
    for rest in (
        {"Principal": "*", "Action": "sts:AssumeRole"},
        {"Action": "s3:GetObject", "Resource": "*"},
    )
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "account.state"


def test_the_account_survives(
    emulator: Emulator, customer: Customer, clients: Accounts, file: Path
) -> None:
    customer.create()
    forward(emulator, 25 * 60)
    kms = customer.client("kms")
    signing = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]["KeyId"]
    signed = kms.sign(
        KeyId=signing, Message=b"m", MessageType="RAW", SigningAlgorithm="RSASSA_PSS_SHA_256"
    )["Signature"]
    queue = customer.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    customer.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    before = customer.get()
    emulator.advance()
    state.save(file, 7.5)
    emulator.reset()
    assert customer.mwaa.list_environments()["Environments"] == []
    assert state.load(file) == 7.5
    assert customer.get() == before
    body = customer.client("s3").get_object(Bucket=customer.names.bucket, Key="dags/hello.py")
    assert body["Body"].read() == b"# a DAG\n"
    assert kms.verify(
        KeyId=signing,
        Message=b"m",
        MessageType="RAW",
        Signature=signed,
        SigningAlgorithm="RSASSA_PSS_SHA_256",
    )["SignatureValid"]
    messages = customer.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert [message["Body"] for message in messages] == ["hello"]
    customer.mwaa.update_environment(Name="etl", MaxWorkers=4)
    forward(emulator, 15 * 60)
    assert customer.get()["MaxWorkers"] == 4
    customer.mwaa.delete_environment(Name="etl")
    forward(emulator, 10 * 60)
    assert clients.client("mwaa", ACCOUNT, REGION).list_environments()["Environments"] == []


def test_policies_of_aws_come_back_with_what_they_are_attached_to(
    emulator: Emulator, customer: Customer, file: Path
) -> None:
    iam, reader = customer.client("iam"), "arn:aws:iam::aws:policy/ReadOnlyAccess"
    mine = iam.create_policy(PolicyName="mine", PolicyDocument=RIGHT)["Policy"]["Arn"]
    iam.create_role(RoleName="reads", AssumeRolePolicyDocument=TRUST)
    for policy in (reader, mine):
        iam.attach_role_policy(RoleName="reads", PolicyArn=policy)

    def attached() -> list[tuple[str, int]]:
        pages = iam.get_paginator("list_policies").paginate()
        return [(one["Arn"], one["AttachmentCount"]) for page in pages for one in page["Policies"]]

    before = attached()
    assert {(reader, 1), (mine, 1)} <= {*before}
    assert len(before) > 1000
    state.save(file, 0.0)
    emulator.reset()
    state.load(file)
    assert attached() == before
    # The role and the list speak of one and the same policy.
    iam.detach_role_policy(RoleName="reads", PolicyArn=reader)
    assert dict(attached())[reader] == 0


def test_no_file_is_an_empty_account(file: Path) -> None:
    assert state.load(file) is None


def test_the_file_is_private_and_replaced_as_a_whole(emulator: Emulator, file: Path) -> None:
    state.save(file, 0.0)
    state.save(file, 1.0)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def _other_moto(file: Path) -> None:
    head, _, body = file.read_bytes().partition(b"\n")
    stated = json.loads(head)
    stated["emulated AWS state"]["moto"] = "4.0.0"
    file.write_bytes(json.dumps(stated).encode() + b"\n" + body)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


def _foreign(file: Path) -> None:
    file.write_bytes(b"hello\n")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _writable(file: Path) -> None:
    file.chmod(0o666)


def _linked(file: Path) -> None:
    real = file.with_name("elsewhere")
    file.rename(real)
    file.symlink_to(real)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_other_moto, "other versions: moto 4.0.0"),
        (_cut, "damaged"),
        (_foreign, "no state of the emulated AWS"),
        (_empty, "no state of the emulated AWS"),
        (_writable, "can be written by others"),
        (_linked, "not a regular file of this user"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    emulator: Emulator, file: Path, spoil: Callable[[Path], None], said: str
) -> None:
    state.save(file, 0.0)
    spoil(file)
    with pytest.raises(StateError, match=said):
        state.load(file)
