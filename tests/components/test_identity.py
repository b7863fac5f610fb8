"""The execution role: assumed by MWAA alone, allowed what its environment needs."""

from typing import Any

import pulumi
import pytest

from components.identity import ExecutionRole, ExecutionRoleArgs
from mwaa import iam_policies
from mwaa.names import Names

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
STATEMENT = {"Effect": "Allow", "Action": "glue:StartJobRun", "Resource": "*"}


def role(names: Names, **args: Any) -> ExecutionRole:
    return ExecutionRole("exec", ExecutionRoleArgs(names=names, **args))


def test_the_role_trusts_mwaa_for_this_environment_only(build: Any, names: Names) -> None:
    made = build(lambda: role(names, permissions_boundary_arn="arn:boundary"))
    child = made.one(ROLE, "exec-role")
    assert child.inputs["name"] == names.role
    assert child.inputs["permissionsBoundary"] == "arn:boundary"
    assert child.document("assumeRolePolicy") == iam_policies.execution_trust(names)
    # Inline and managed lists on the role would detach what other resources attach.
    assert not {"inlinePolicies", "managedPolicyArns"} & set(child.inputs)


def test_people_may_assume_the_role_when_named(build: Any, names: Names) -> None:
    debugger = f"arn:aws:iam::{names.account}:role/debugger"
    made = build(lambda: role(names, trusted_principal_arns=(debugger,)))
    document = made.one(ROLE, "exec-role").document("assumeRolePolicy")
    assert document == iam_policies.execution_trust(names, [debugger])
    stranger = "arn:aws:iam::999999999999:role/debugger"
    with pytest.raises(pulumi.RunError, match=f"{stranger}.*{names.account}"):
        build(lambda: role(names, trusted_principal_arns=(debugger, stranger)))


@pytest.mark.parametrize("argument", ["permissions_boundary_arn", "managed_policy_arns"])
def test_a_policy_of_another_account_is_named_with_the_account(
    build: Any, names: Names, argument: str
) -> None:
    def made(arn: str) -> Any:
        given = arn if argument == "permissions_boundary_arn" else (arn,)
        return build(lambda: role(names, **{argument: given}))

    assert made(f"arn:aws:iam::{names.account}:policy/b") and made("arn:aws:iam::aws:policy/b")
    foreign = "arn:aws:iam::999999999999:policy/b"
    with pytest.raises(pulumi.RunError, match=f"`{argument}` names {foreign}.*{names.account}"):
        made(foreign)


def test_dags_write_where_it_is_opened(build: Any, names: Names) -> None:
    made = build(lambda: role(names, write_prefixes=("export",)))
    document = made.one(POLICY, "exec-environment").document("policy")
    assert document == iam_policies.execution_permissions(names, write_prefixes=["export"])


def test_the_key_stands_in_a_policy_of_its_own(build: Any, names: Names) -> None:
    made = build(lambda: role(names, key_arn=pulumi.Output.from_input("arn:key")))
    environment = made.one(POLICY, "exec-environment")
    assert environment.document("policy") == iam_policies.execution_permissions(names)
    assert "arn:key" not in environment.wire
    key = made.one(POLICY, "exec-key")
    assert key.document("policy") == iam_policies.key_permissions(names, "arn:key")
    assert key.inputs["role"] == names.role


def test_without_a_key_of_its_own_the_role_may_use_that_of_aws(build: Any, names: Names) -> None:
    made = build(lambda: role(names))
    document = made.one(POLICY, "exec-key").document("policy")
    assert document == iam_policies.aws_owned_key_permissions(names)


def test_secrets_open_in_both_policies(build: Any, names: Names) -> None:
    made = build(lambda: role(names, key_arn="arn:key", secrets_prefix="airflow"))
    environment = made.one(POLICY, "exec-environment").document("policy")
    assert environment == iam_policies.execution_permissions(names, secrets_prefix="airflow")
    key = made.one(POLICY, "exec-key").document("policy")
    assert key == iam_policies.key_permissions(names, "arn:key", secrets=True)


def test_what_dags_need_is_added_apart(build: Any, names: Names) -> None:
    made = build(
        lambda: role(
            names, statements=[STATEMENT], managed_policy_arns=["arn:aws:iam::aws:policy/Glue"]
        )
    )
    assert made.one(POLICY, "exec-dags").document("policy") == iam_policies.document(STATEMENT)
    attachment = made.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "exec-attach-Glue")
    assert attachment.inputs["policyArn"] == "arn:aws:iam::aws:policy/Glue"
    component = made.one("mwaa:components:ExecutionRole")
    assert all(r.parent == component.urn for r in made.resources if r.type.startswith("aws:iam"))


def test_an_existing_role_is_left_alone(build: Any, names: Names) -> None:
    made = build(lambda: role(names, existing_role_arn="arn:theirs", key_arn="arn:key"))
    assert not [r for r in made.resources if r.type.startswith("aws:iam")]


@pytest.mark.parametrize(
    "args",
    [
        {"permissions_boundary_arn": "arn:boundary"},
        {"managed_policy_arns": ("arn:policy",)},
        {"statements": (STATEMENT,)},
        {"trusted_principal_arns": ("arn:aws:iam::123456789012:role/debugger",)},
    ],
)
def test_an_existing_role_is_never_changed(build: Any, names: Names, args: dict[str, Any]) -> None:
    with pytest.raises(pulumi.RunError, match=rf"`{next(iter(args))}`.*`existing_role_arn`"):
        build(lambda: role(names, existing_role_arn="arn:theirs", **args))
