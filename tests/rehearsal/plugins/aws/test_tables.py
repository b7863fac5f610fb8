"""The tables name what the installed SDK names, so that a typing error is found here."""

from __future__ import annotations

import pytest

from ops.commands.impact.disruption import ENVIRONMENT
from ops.commands.impact.resources import disruption_of
from ops.commands.permissions.actions import ACTIONS
from rehearsal.plugins.aws.registry import RESOURCES
from tests.rehearsal.plugins.aws.sdk import properties


@pytest.mark.parametrize("type_", sorted(RESOURCES))
def test_table_agrees_with_the_sdk(type_: str) -> None:
    table, sdk = RESOURCES[type_], properties(type_)
    inputs = set(table.inputs) - {"tagsAll"}
    assert inputs <= sdk.inputs, "an input the SDK does not have"
    assert set(table.outputs) <= sdk.outputs, "an output the SDK does not have"
    assert not set(table.outputs) & inputs, "an output that is an input"
    required = {name for name, spec in table.inputs.items() if spec.required}
    assert sdk.required <= required, "a required input that the table takes for optional"


@pytest.mark.parametrize("type_", sorted(RESOURCES))
def test_unstable_outputs_hang_on_known_inputs(type_: str) -> None:
    table = RESOURCES[type_]
    for output, causes in table.unstable.items():
        assert output in {*table.outputs, *table.inputs}
        assert causes <= set(table.inputs)


# Types that other programs rehearse with; this one makes none, so its deployer needs no rights.
OF_OTHERS = {
    "aws:ec2/networkAcl:NetworkAcl",
    "aws:ec2/networkAclRule:NetworkAclRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:kms/keyPolicy:KeyPolicy",
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketV2:BucketV2",
}


def test_whoever_deploys_a_type_is_told_the_rights_it_needs() -> None:
    unnamed = set(RESOURCES) - set(ACTIONS) - OF_OTHERS
    assert not unnamed, f"{unnamed}: add its actions to ops/commands/permissions/actions.py"


def test_impact_knows_what_losing_a_type_means_to_airflow() -> None:
    unknown = {type_ for type_ in RESOURCES if disruption_of(type_) is None} - {ENVIRONMENT}
    assert not unknown, f"{unknown}: say it in ops/commands/impact/resources.py"
