"""IAM: tag keys of users and roles are compared without regard to case, those of policies with it.

moto 5.2.5 does the first only while it creates a role, and the second never: a role can have two
keys that differ by case alone, and a policy cannot.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html (case sensitivity)
"""

from collections.abc import Iterable
from typing import Any

from moto.iam.models import IAMBackend

from rehearsal.emulator.patches.seam import around

Tags = list[dict[str, str]]


def _without(tags: Tags, keys: Iterable[str]) -> Tags:
    gone = {key.lower() for key in keys}
    return [tag for tag in tags if tag["Key"].lower() not in gone]


def _keys(tags: Tags) -> list[str]:
    return [tag["Key"] for tag in tags]


def _check_exact(backend: Any, tags: Tags) -> None:
    if len(set(_keys(tags))) < len(tags):
        backend._tag_verification(tags)  # which refuses the second of two that are the same
    for tag in tags:
        backend._tag_verification([tag])


def apply() -> None:
    """Wrap what tags and untags each of the three."""
    _roles()
    _users()
    _policies()


def _roles() -> None:
    @around(IAMBackend, "tag_role")
    def tag(original: Any, backend: Any, role_name: str, tags: Tags) -> None:
        backend._tag_verification(tags)
        role = backend.get_role(role_name)
        role.tags = _without(role.tags, _keys(tags))
        original(backend, role_name, tags)

    @around(IAMBackend, "untag_role")
    def untag(original: Any, backend: Any, role_name: str, tag_keys: list[str]) -> None:
        original(backend, role_name, tag_keys)
        role = backend.get_role(role_name)
        role.tags = _without(role.tags, tag_keys)


def _users() -> None:
    def drop(backend: Any, name: str, keys: Iterable[str]) -> None:
        arn, gone = backend.get_user(name).arn, {key.lower() for key in keys}
        held = backend.tagger.get_tag_dict_for_resource(arn)
        same = [key for key in held if key.lower() in gone]
        backend.tagger.untag_resource_using_names(arn, same)

    @around(IAMBackend, "create_user")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        backend._tag_verification(more.get("tags") or (args[3] if len(args) > 3 else None) or [])
        return original(backend, *args, **more)

    @around(IAMBackend, "tag_user")
    def tag(original: Any, backend: Any, name: str, tags: Tags) -> None:
        backend._tag_verification(tags)
        drop(backend, name, _keys(tags))
        original(backend, name, tags)

    @around(IAMBackend, "untag_user")
    def untag(original: Any, backend: Any, name: str, tag_keys: list[str]) -> None:
        drop(backend, name, tag_keys)


def _policies() -> None:
    @around(IAMBackend, "create_policy")
    def create(
        original: Any, backend: Any, *args: Any, tags: Tags | None = None, **more: Any
    ) -> Any:
        *others, given = args if len(args) > 4 else (*args, tags)
        _check_exact(backend, given or [])
        policy = original(backend, *others, tags=[], **more)
        policy.tags = {tag["Key"]: tag for tag in given or []}
        return policy

    @around(IAMBackend, "tag_policy")
    def tag(original: Any, backend: Any, policy_arn: str, tags: Tags) -> None:
        _check_exact(backend, tags)
        backend.get_policy(policy_arn).tags.update({tag["Key"]: tag for tag in tags})

    @around(IAMBackend, "untag_policy")
    def untag(original: Any, backend: Any, policy_arn: str, tag_keys: list[str]) -> None:
        for key in tag_keys:
            backend._validate_tag_key(key, exception_param="tagKeys")
            backend.get_policy(policy_arn).tags.pop(key, None)
