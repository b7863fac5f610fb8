"""Every resource type goes through the same life: one row per type in `SCENES`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from rehearsal.plugins.aws.diff import same
from rehearsal.plugins.aws.registry import RESOURCES
from rehearsal.plugins.protocol.values import UNKNOWN
from tests.rehearsal.plugins.aws.engine import Engine, Made
from tests.rehearsal.plugins.aws.scenes import SCENES, Scene


@dataclass
class Stage:
    """A scene with what it stands on already created."""

    scene: Scene
    inputs: dict[str, Any]
    changed: dict[str, Any]
    under: list[Made] = field(default_factory=list)


@pytest.fixture(params=SCENES, ids=lambda scene: scene.type.split(":")[-1])
def stage(request: pytest.FixtureRequest, engine: Engine, unique: str) -> Stage:
    scene: Scene = request.param
    under: list[Made] = []

    def need(type_: str, inputs: dict[str, Any]) -> Made:
        under.append(engine.create(type_, inputs, name=f"{unique}-{len(under)}"))
        return under[-1]

    inputs, changed = scene.build(need, unique)
    return Stage(scene, inputs, changed, under)


def test_every_type_has_a_scene() -> None:
    unlived = {scene.type for scene in SCENES} ^ set(RESOURCES)
    assert not unlived, f"{unlived}: add its scene in tests/rehearsal/plugins/aws/scenes/"


def test_life_of_a_resource(engine: Engine, stage: Stage) -> None:
    kind = stage.scene.type
    table = RESOURCES[kind]

    plan = engine.plan(kind, stage.inputs)
    made = engine.create(kind, stage.inputs)
    assert set(made.outputs) <= {"id", *table.inputs, *table.outputs}
    wrong_promises = {
        key: (plan[key], made.outputs.get(key))
        for key in plan
        if plan[key] is not UNKNOWN
        and not same(table.inputs[key], made.outputs.get(key), plan[key])
    }
    assert not wrong_promises, "what the plan promised is what was made"

    assert engine.changes(made, stage.inputs) == {}, "nothing differs right after a create"
    again = engine.read(made)
    assert again is not None
    assert again.outputs == made.outputs
    assert again.inputs == made.inputs, "a refresh finds nothing new"

    if stage.changed:
        news = {**stage.inputs, **stage.changed}
        kinds = engine.changes(made, news)
        assert {path.split(".")[0].split("[")[0] for path in kinds} - {"tagsAll"} == set(
            stage.changed
        )
        if stage.scene.replaces:
            assert any(kind.endswith("_REPLACE") for kind in kinds.values()), kinds
        else:
            assert not any(kind.endswith("_REPLACE") for kind in kinds.values()), kinds
            made = engine.update(made, news)
            assert engine.changes(made, news) == {}, "nothing differs right after an update"

    engine.delete(made)
    if not stage.scene.lasting:
        assert engine.read(made) is None
    engine.delete(made)


def test_adopted_resource_needs_no_change(engine: Engine, stage: Stage) -> None:
    made = engine.create(stage.scene.type, stage.inputs)
    adopted = engine.adopt(stage.scene.type, stage.scene.import_id(made))
    assert adopted is not None
    unread = {key for key in stage.inputs if RESOURCES[made.type].inputs[key].unread}
    quiet = unread | stage.scene.not_returned
    wanted = {key: value for key, value in stage.inputs.items() if key not in quiet}
    assert engine.changes(adopted, wanted) == {}
    engine.delete(made)


@pytest.mark.parametrize("type_", sorted(RESOURCES))
def test_unknown_property_is_named(engine: Engine, type_: str) -> None:
    with pytest.raises(Exception, match=r"does not know the property 'shape'"):
        engine.check(type_, "it", {"shape": "round"})


def test_rules_inside_a_group_are_made_changed_and_missed(engine: Engine, unique: str) -> None:
    kind = "aws:ec2/securityGroup:SecurityGroup"
    vpc = engine.create("aws:ec2/vpc:Vpc", {"cidrBlock": "10.30.0.0/16"}, name=f"{unique}-vpc")
    itself = {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}
    https = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.30.0.0/16"]}
    inputs = {"vpcId": vpc.id, "name": unique, "ingress": [itself], "egress": [https]}
    made = engine.create(kind, inputs)
    assert engine.changes(made, inputs) == {}
    assert (again := engine.read(made)) is not None and again.inputs == made.inputs
    news = {**inputs, "egress": [itself]}
    changed = engine.update(made, news)
    present = engine.read(changed)
    assert present is not None and present.outputs["egress"] == [itself]
    stale = engine.read(made)
    assert stale is not None and not stale.outputs["egress"], "the old rule is gone"
    engine.delete(changed)
    engine.delete(vpc)


def test_a_default_group_is_taken_over_and_left(
    engine: Engine, boto: Callable[[str], Any], vpc: Made
) -> None:
    kind, ec2 = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", boto("ec2")

    def present() -> tuple[str, list[Any], list[Any]]:
        wanted = {"vpc-id": vpc.id, "group-name": "default"}
        filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
        (group,) = ec2.describe_security_groups(Filters=filters)["SecurityGroups"]
        return group["GroupId"], group["IpPermissions"], group["IpPermissionsEgress"]

    group, ingress, egress = present()
    assert ingress and egress, "AWS makes it with rules"
    inputs = {"vpcId": vpc.id, "ingress": [], "egress": []}
    made = engine.create(kind, inputs)
    assert present() == (made.id, [], []) and made.id == group
    opened = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    world = {**opened, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    itself = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[world, itself])
    again = engine.read(made)
    assert again is not None
    assert again.outputs["ingress"] == [
        {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True},
        {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]},
    ]
    closed = engine.update(again, inputs)
    assert present() == (group, [], [])
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[world])
    engine.delete(closed)
    assert present()[1], "a delete leaves the group as it is"


def test_settings_inside_a_bucket_are_those_of_s3(engine: Engine, unique: str) -> None:
    kind = "aws:s3/bucket:Bucket"
    default = {"sseAlgorithm": "aws:kms"}
    inputs = {
        "bucket": f"first-{unique}",
        "acl": "private",
        "versioning": {"enabled": True},
        "serverSideEncryptionConfiguration": {
            "rule": {"applyServerSideEncryptionByDefault": default}
        },
        "lifecycleRules": [{"id": "x", "enabled": True, "prefix": "tmp/"}],
    }
    made = engine.create(kind, inputs)
    assert engine.changes(made, inputs) == {}
    present = engine.read(made)
    assert present is not None and present.outputs["versioning"] == {"enabled": True}
    off = {**inputs, "versioning": {"enabled": False}}
    assert "versioning.enabled" in engine.changes(made, off)
    engine.delete(made)
