"""The environment's key: one of three, never two."""

from typing import Any

import pulumi
import pytest

from components.encryption import EnvironmentKey, EnvironmentKeyArgs
from mwaa import iam_policies
from mwaa.names import Names

KEY = "aws:kms/key:Key"


def key(names: Names, **args: Any) -> EnvironmentKey:
    return EnvironmentKey("enc", EnvironmentKeyArgs(names=names, **args))


def test_a_new_key_rotates_and_lets_the_logs_in(build: Any, names: Names) -> None:
    made = build(lambda: key(names, rotation_days=180, deletion_window_days=14, alarm_topic=True))
    child = made.one(KEY, "enc-key")
    assert child.inputs["enableKeyRotation"] is True
    assert child.inputs["rotationPeriodInDays"] == 180
    assert child.inputs["deletionWindowInDays"] == 14
    assert child.inputs["multiRegion"] is False
    assert child.document("policy") == iam_policies.key_policy(names, alarm_topic=True)
    alias = made.one("aws:kms/alias:Alias", "enc-alias").inputs
    assert (alias["name"], alias["targetKeyId"]) == (names.key_alias, "id-of-enc-key")
    assert {r.parent for r in made.of(KEY)} == {made.one("mwaa:components:EnvironmentKey").urn}


@pytest.mark.parametrize("args", [{"existing_key_arn": "arn:mine"}, {"aws_owned": True}])
def test_a_key_that_exists_is_not_made(build: Any, names: Names, args: dict[str, Any]) -> None:
    made = build(lambda: key(names, **args))
    assert not made.of(KEY)
    assert (made.result.key_arn is None) == ("aws_owned" in args)


@pytest.mark.parametrize(
    ("protect", "force_destroy", "protected", "retained"),
    [
        (True, False, True, True),
        (True, True, True, False),
        (False, False, False, True),
        (False, True, False, False),
    ],
)
def test_only_both_keys_together_destroy_it(
    build: Any, names: Names, protect: bool, force_destroy: bool, protected: bool, retained: bool
) -> None:
    made = build(lambda: key(names, protect=protect, force_destroy=force_destroy))
    request = made.one(KEY).request
    assert (request.protect, request.retainOnDelete) == (protected, retained)


def test_two_keys_are_refused(build: Any, names: Names) -> None:
    with pytest.raises(pulumi.RunError, match=r"`aws_owned`.*`existing_key_arn`"):
        build(lambda: key(names, aws_owned=True, existing_key_arn="arn:mine"))
