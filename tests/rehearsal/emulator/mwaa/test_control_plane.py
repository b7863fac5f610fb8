"""The twelve operations as clients see them, and their validation against the service model."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.accounts import Accounts
from rehearsal.emulator.clock import Clock
from rehearsal.emulator.server import Emulator
from tests.rehearsal.emulator.platforms.customer import ACCOUNT, REGION, Customer


def forward(emulator: Emulator, seconds: float) -> None:
    emulator.clock.advance(seconds)
    emulator.advance()


def refusal(call: Any) -> str:
    with pytest.raises(ClientError) as problem:
        call()
    assert problem.value.response["Error"]["Code"] == "ValidationException"
    assert problem.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    return str(problem.value.response["Error"]["Message"])


def test_an_environment_becomes_available_after_its_creation_time(
    emulator: Emulator, customer: Customer
) -> None:
    customer.create()
    forward(emulator, 25 * 60 - 1)
    creating = customer.get()
    forward(emulator, 1)
    available = customer.get()
    assert (creating["Status"], creating["LastUpdate"]["Status"]) == ("CREATING", "PENDING")
    assert "WebserverUrl" not in creating
    assert (available["Status"], available["LastUpdate"]["Status"]) == ("AVAILABLE", "SUCCESS")
    assert "-vpce." in available["WebserverUrl"]
    assert available["Arn"] == customer.names.environment_arn
    assert available["KmsKey"] == customer.key


def test_defaults_are_those_of_the_service(available: Customer) -> None:
    environment = available.get()
    expected = {
        "EnvironmentClass": "mw1.small",
        "MinWorkers": 1,
        "MaxWorkers": 10,
        "Schedulers": 2,
        "MinWebservers": 2,
        "MaxWebservers": 2,
        "WebserverAccessMode": "PRIVATE_ONLY",
        "EndpointManagement": "SERVICE",
    }
    assert {name: environment[name] for name in expected} == expected


def test_an_update_keeps_what_it_does_not_name(emulator: Emulator, available: Customer) -> None:
    available.mwaa.update_environment(
        Name="etl", MaxWorkers=5, WorkerReplacementStrategy="GRACEFUL"
    )
    assert available.status == "UPDATING"
    forward(emulator, 15 * 60)
    environment = available.get()
    assert (environment["Status"], environment["MaxWorkers"]) == ("AVAILABLE", 5)
    assert environment["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"
    assert environment["DagS3Path"] == "dags"


def test_a_deleted_environment_is_not_found(emulator: Emulator, available: Customer) -> None:
    available.mwaa.delete_environment(Name="etl")
    available.mwaa.delete_environment(Name="etl")
    assert available.status == "DELETING"
    forward(emulator, 10 * 60)
    with pytest.raises(available.mwaa.exceptions.ResourceNotFoundException) as problem:
        available.get()
    assert problem.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_environments_are_listed_in_pages(emulator: Emulator, customer: Customer) -> None:
    names = [f"etl{number}" for number in range(3)]
    role = customer.names.role_arn
    trust = customer.client("iam").get_role(RoleName=role.rpartition("/")[2])["Role"]
    document = trust["AssumeRolePolicyDocument"]
    document["Statement"][0].pop("Condition")
    customer.client("iam").update_assume_role_policy(
        RoleName=customer.names.role, PolicyDocument=json.dumps(document)
    )
    for name in names:
        customer.create(Name=name, KmsKey=None)
    pages = customer.mwaa.get_paginator("list_environments").paginate(
        PaginationConfig={"PageSize": 2}
    )
    assert [page["Environments"] for page in pages] == [names[:2], names[2:]]
    assert "not valid" in refusal(lambda: customer.mwaa.list_environments(NextToken="%%%"))


def test_tags_are_added_listed_and_removed(available: Customer) -> None:
    mwaa, arn = available.mwaa, available.names.environment_arn
    mwaa.tag_resource(ResourceArn=arn, Tags={"team": "data", "stage": "dev"})
    mwaa.untag_resource(ResourceArn=arn, tagKeys=["stage", "absent"])
    assert mwaa.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "data"}
    assert available.get()["Tags"] == {"team": "data"}
    assert "aws:" in refusal(lambda: mwaa.tag_resource(ResourceArn=arn, Tags={"aws:x": "y"}))
    many = {f"k{number}": "v" for number in range(50)}
    assert "at most 50" in refusal(lambda: mwaa.tag_resource(ResourceArn=arn, Tags=many))


def test_tokens_name_the_host_of_the_web_server(available: Customer) -> None:
    host = available.get()["WebserverUrl"].removeprefix("https://")
    cli = available.mwaa.create_cli_token(Name="etl")
    web = available.mwaa.create_web_login_token(Name="etl")
    assert cli["WebServerHostname"] == web["WebServerHostname"] == host
    assert len(cli["CliToken"]) > 40
    assert web["AirflowIdentity"]


def test_there_are_no_tokens_before_there_is_a_web_server(customer: Customer) -> None:
    customer.create()
    with pytest.raises(customer.mwaa.exceptions.ResourceNotFoundException):
        customer.mwaa.create_cli_token(Name="etl")


def test_the_rest_api_remembers_variables_and_refuses_what_is_not_there(
    available: Customer,
) -> None:
    def invoke(method: str, path: str, **more: Any) -> Any:
        return available.mwaa.invoke_rest_api(Name="etl", Method=method, Path=path, **more)

    assert invoke("GET", "/monitor/health")["RestApiResponse"]["scheduler"]["status"] == "healthy"
    assert [dag["dag_id"] for dag in invoke("GET", "/dags")["RestApiResponse"]["dags"]] == ["hello"]
    assert invoke("POST", "/variables", Body={"key": "a", "value": "1"})["RestApiStatusCode"] == 201
    assert invoke("GET", "/variables/a")["RestApiResponse"]["value"] == "1"
    with pytest.raises(available.mwaa.exceptions.RestApiClientException) as problem:
        invoke("GET", "/variables/b")
    assert problem.value.response["RestApiStatusCode"] == 404
    right = {"action": {"name": "can_read"}, "resource": {"name": "DAGs"}}
    role = {"name": "team", "actions": [right]}
    invoke("POST", "/roles", Body=role)
    assert invoke("GET", "/roles/team")["RestApiResponse"] == role
    for exists, slots in (("overwrite", 7), ("skip", 8)):
        pool = {"name": "etl", "slots": slots}
        action = {"action": "create", "entities": [pool], "action_on_existence": exists}
        assert invoke("PATCH", "/pools", Body={"actions": [action]})["RestApiStatusCode"] == 200
        assert invoke("GET", "/pools/etl")["RestApiResponse"]["slots"] == 7


def test_publish_metrics_is_no_longer_available(available: Customer) -> None:
    message = refusal(lambda: available.mwaa.publish_metrics(EnvironmentName="etl", MetricData=[]))
    assert "no longer available" in message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"AirflowVersion": "a!"}, "at 'airflowVersion' failed to satisfy constraint: Member must "
         "satisfy regular expression pattern: [0-9a-z.]+"),
        ({"WebserverAccessMode": "NONE"}, "Member must satisfy enum value set: [PRIVATE_ONLY, "
         "PUBLIC_ONLY, PUBLIC_AND_PRIVATE]"),
        ({"Schedulers": 6}, "'schedulers' failed to satisfy constraint: Member must have value "
         "less than or equal to 5"),
        ({"WeeklyMaintenanceWindowStart": "SUN:25:00"}, "at 'weeklyMaintenanceWindowStart'"),
        ({"SourceBucketArn": "my-bucket"}, "Value 'my-bucket' at 'sourceBucketArn'"),
        ({"Tags": {"a": "\u2603"}}, "at 'tags.a.member'"),
        ({"AirflowConfigurationOptions": {"core.x": "t\u00fcr"}}, "Value '***' at"),
        ({"LoggingConfiguration": {"TaskLogs": {"Enabled": True, "LogLevel": "LOUD"}}},
         "'loggingConfiguration.taskLogs.logLevel'"),
        ({"KmsKey": "nonsense"}, "at 'kmsKey'"),
    ],
)  # fmt: skip
def test_the_service_model_is_enforced(
    customer: Customer, changes: dict[str, Any], said: str
) -> None:
    message = refusal(lambda: customer.create(**changes))
    assert message.startswith("1 validation error detected: Value ")
    assert said in message


def test_every_violation_is_named_at_once(customer: Customer) -> None:
    message = refusal(lambda: customer.create(WebserverAccessMode="NONE", Schedulers=9))
    assert message.startswith("2 validation errors detected: ")


def test_letters_of_all_scripts_are_allowed_in_tags(customer: Customer) -> None:
    customer.create(Tags={"\u00e9quipe": "donn\u00e9es 1/2 @ \u6771\u4eac"})


def test_the_work_of_the_service_is_faster_by_the_speed() -> None:
    assert Clock(speed=10_000).work("create") == pytest.approx(0.15)


def test_accounts_and_regions_are_apart(clients: Accounts, customer: Customer) -> None:
    customer.create()
    assert clients.client("mwaa", ACCOUNT, "eu-west-1").list_environments()["Environments"] == []
    other = clients.client("mwaa", "210987654321", REGION)
    assert other.list_environments()["Environments"] == []
