"""The service acts with its caller's rights: who lacks one is refused, as the last look said."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa.service.iam_actions import KEY_GRANT_CALLS
from ops.aws import AwsSession
from ops.errors import FailedError
from ops.last_look import prove
from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.mwaa.test_control_plane import forward
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer

ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
NEEDED = (
    "airflow:CreateEnvironment",
    "airflow:TagResource",
    "ec2:CreateNetworkInterface",
    "ec2:CreateVpcEndpoint",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "iam:CreateServiceLinkedRole",
    "iam:PassRole",
    "s3:GetEncryptionConfiguration",
    *KEY_GRANT_CALLS,
)
"""https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html"""
PLACES = (
    "ec2:CreateVpcEndpoint on vpc",
    "ec2:CreateVpcEndpoint on subnet",
    "ec2:CreateVpcEndpoint on security-group",
    "ec2:CreateNetworkInterface on subnet",
)


class Deployer:
    """A role that the customer made, or a user, and its calls."""

    def __init__(self, customer: Customer, clients: Accounts, *, user: bool = False) -> None:
        self.iam = customer.client("iam")
        self.is_user = user
        if user:
            self.iam.create_user(UserName="ana")
            key = self.iam.create_access_key(UserName="ana")["AccessKey"]
        else:
            self.iam.create_role(RoleName="ana", Path="/ci/", AssumeRolePolicyDocument="{}")
            sts, arn = customer.client("sts"), f"arn:aws:iam::{ACCOUNT}:role/ci/ana"
            key = sts.assume_role(RoleArn=arn, RoleSessionName="ana")["Credentials"]
        self.customer = customer
        session = clients.session(ACCOUNT, REGION)
        session._session.set_credentials(key["AccessKeyId"], key["SecretAccessKey"])
        self.session = AwsSession(region=REGION)
        self.session.__dict__.update(session=session, config=None)
        self.mwaa = self.session.client("mwaa")

    def may(self, *statements: dict[str, Any]) -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        if self.is_user:
            self.iam.put_user_policy(UserName="ana", PolicyName="may", PolicyDocument=document)
        else:
            self.iam.put_role_policy(RoleName="ana", PolicyName="may", PolicyDocument=document)

    def create(self) -> None:
        self.mwaa.create_environment(**self.customer.wish, Tags={"team": "data"})

    def look(self, *, update: bool = False, **changed: Any) -> None:
        """The last look before a create, or an update, as this caller."""
        wish = {**self.customer.wish, "Tags": {"team": "data"}, **changed}
        network = {
            name[0].lower() + name[1:]: v for name, v in wish["NetworkConfiguration"].items()
        }
        modules = ("dagProcessing", "scheduler", "task", "webserver", "worker")
        inputs = {
            **{name[0].lower() + name[1:]: value for name, value in wish.items()},
            "networkConfiguration": network,
            "webserverAccessMode": "PRIVATE_ONLY",
            "endpointManagement": "SERVICE",
            "environmentClass": "mw1.small",
            "loggingConfiguration": {
                f"{one}Logs": {"enabled": True, "logLevel": "INFO"} for one in modules
            },
        }
        prove(
            self.session,
            inputs,
            update=update,
            tell=lambda _: None,
            sleep=lambda _: None,
        )


def refusal(call: Any) -> str:
    with pytest.raises(ClientError) as problem:
        call()
    answer = problem.value.response
    assert answer["Error"]["Code"] == "AccessDeniedException"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403
    return str(answer["Error"]["Message"])


def without(action: str, kind: str = "") -> dict[str, Any]:
    resource = f"arn:aws:ec2:*:*:{kind}/*" if kind else "*"
    return {"Effect": "Deny", "Action": action, "Resource": resource}


@pytest.mark.parametrize("right", [*NEEDED, *PLACES])
def test_each_right_is_needed(customer: Customer, clients: Accounts, right: str) -> None:
    action, _, kind = right.partition(" on ")
    ana = Deployer(customer, clients)
    ana.may(ALL, without(action, kind))
    message = refusal(ana.create)
    if action == "ec2:CreateVpcEndpoint":
        assert message == "User does not have permissions to manage VPC endpoints."
    else:
        who = f"arn:aws:sts::{ACCOUNT}:assumed-role/ana/ana"
        assert message.startswith(f"User: {who} is not authorized to perform: {action} on resource")
    assert customer.mwaa.list_environments()["Environments"] == []


@pytest.mark.parametrize("places", [False, True], ids=["everywhere", "in places"])
def test_the_last_look_says_before_what_would_be_refused(
    customer: Customer, clients: Accounts, places: bool
) -> None:
    ana = Deployer(customer, clients)
    asked = [one.partition(" on ")[::2] for one in (PLACES if places else NEEDED)]
    ana.may(ALL, *(without(action, kind) for action, kind in asked))
    with pytest.raises(FailedError) as foreseen:
        ana.look()
    said = str(foreseen.value)
    for action, kind in asked:
        if action == "iam:CreateServiceLinkedRole":
            assert "mwaa-identity-service-linked-role" in said
        else:
            assert re.search(rf"ana may not {action} on .*{kind}", said), action


@pytest.mark.parametrize("user", [False, True], ids=["role", "user"])
def test_who_has_them_all_creates_and_who_has_none_may_not_even_look(
    customer: Customer, clients: Accounts, user: bool
) -> None:
    ana = Deployer(customer, clients, user=user)
    assert "airflow:CreateEnvironment" in refusal(ana.create)
    assert "airflow:ListEnvironments" in refusal(ana.mwaa.list_environments)
    ana.may(ALL)
    ana.look()
    ana.create()
    assert ana.mwaa.get_environment(Name="etl")["Environment"]["Status"] == "CREATING"


def test_where_mwaas_role_exists_nobody_needs_to_make_it(
    customer: Customer, clients: Accounts
) -> None:
    customer.client("iam").create_service_linked_role(AWSServiceName="airflow.amazonaws.com")
    ana = Deployer(customer, clients)
    ana.may(ALL, without("iam:CreateServiceLinkedRole"))
    ana.look()
    ana.create()


def test_the_keys_policy_alone_may_be_enough(customer: Customer, clients: Accounts) -> None:
    ana = Deployer(customer, clients)
    others = {"Effect": "Allow", "NotAction": "kms:*", "Resource": "*"}
    ana.may(others)
    assert "kms:" in refusal(ana.create)
    kms = customer.client("kms")
    policy = json.loads(kms.get_key_policy(KeyId=customer.key, PolicyName="default")["Policy"])
    policy["Statement"].append(
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/ci/ana"},
            "Action": "kms:*",
            "Resource": "*",
        }
    )
    kms.put_key_policy(KeyId=customer.key, PolicyName="default", Policy=json.dumps(policy))
    ana.look()
    ana.create()


def test_an_update_takes_its_own_rights_and_passes_a_role_that_changes(
    emulator: Emulator, customer: Customer, clients: Accounts
) -> None:
    customer.create()
    forward(emulator, 25 * 60)
    ana = Deployer(customer, clients)
    ana.may(ALL, without("iam:PassRole"))
    other = customer.client("iam").get_role(RoleName=customer.names.role)["Role"]["Arn"] + "-2"
    with pytest.raises(FailedError, match=r"may not iam:PassRole on .*-2"):
        ana.look(update=True, ExecutionRoleArn=other)
    update = ana.mwaa.update_environment
    assert "iam:PassRole" in refusal(lambda: update(Name="etl", ExecutionRoleArn=other))
    ana.may(ALL, without("airflow:UpdateEnvironment"))
    with pytest.raises(FailedError, match="may not airflow:UpdateEnvironment"):
        ana.look(update=True)
    assert "airflow:UpdateEnvironment" in refusal(lambda: update(Name="etl", MaxWorkers=5))
    ana.may(ALL, without("iam:PassRole"))
    ana.look(update=True)
    update(Name="etl", MaxWorkers=5)


def test_every_operation_is_refused_by_its_own_action(
    customer: Customer, clients: Accounts
) -> None:
    customer.create()
    ana = Deployer(customer, clients)
    arn = customer.names.environment_arn
    calls = {
        "GetEnvironment": lambda: ana.mwaa.get_environment(Name="etl"),
        "DeleteEnvironment": lambda: ana.mwaa.delete_environment(Name="etl"),
        "TagResource": lambda: ana.mwaa.tag_resource(ResourceArn=arn, Tags={"a": "b"}),
        "UntagResource": lambda: ana.mwaa.untag_resource(ResourceArn=arn, tagKeys=["a"]),
        "ListTagsForResource": lambda: ana.mwaa.list_tags_for_resource(ResourceArn=arn),
        "CreateCliToken": lambda: ana.mwaa.create_cli_token(Name="etl"),
    }
    for operation, call in calls.items():
        assert refusal(call).endswith(f"airflow:{operation} on resource: {arn}")
