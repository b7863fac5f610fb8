"""IAM: roles, their policies, managed policies; and the policy document builder."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Function, Input, ResourceType, State
from rehearsal.plugins.aws.tags import tag_list, tag_map

_POLICY_VERSIONS = 5
_NAME = Input(replace=True, autoname="random")


def client(context: Context) -> Any:
    """The IAM client; IAM has no regions."""
    return context.client("iam")


def _document(answer: Any) -> str:
    # botocore has parsed the documents that IAM sends URL-encoded.
    return answer if isinstance(answer, str) else json.dumps(answer)


def _create_role(context: Context, inputs: State) -> str:
    optional = {
        "Description": inputs.get("description"),
        "PermissionsBoundary": inputs.get("permissionsBoundary"),
        "Tags": tag_list(inputs.get("tagsAll")),
    }
    client(context).create_role(
        RoleName=inputs["name"],
        AssumeRolePolicyDocument=inputs["assumeRolePolicy"],
        Path=inputs["path"],
        MaxSessionDuration=inputs["maxSessionDuration"],
        **{name: value for name, value in optional.items() if value},
    )
    made = context.created(inputs["name"])
    for arn in inputs.get("managedPolicyArns", []):
        client(context).attach_role_policy(RoleName=made, PolicyArn=arn)
    return made


def _attached(context: Context, role: str) -> list[str]:
    pages = client(context).get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return [item["PolicyArn"] for page in pages for item in page["AttachedPolicies"]]


def _read_role(context: Context, name: str, _known: State) -> State:
    role = client(context).get_role(RoleName=name)["Role"]
    created = role["CreateDate"]
    return {
        "name": role["RoleName"],
        "path": role["Path"],
        "assumeRolePolicy": _document(role["AssumeRolePolicyDocument"]),
        "description": role.get("Description"),
        "maxSessionDuration": role.get("MaxSessionDuration", 3600),
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "managedPolicyArns": _attached(context, name),
        "arn": role["Arn"],
        "uniqueId": role["RoleId"],
        "createDate": created.isoformat() if isinstance(created, datetime) else str(created),
        "tags": tag_map(role.get("Tags")),
    }


def _update_role(context: Context, name: str, change: Change) -> None:
    iam, new = client(context), change.new
    if change.touches("assumeRolePolicy"):
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=new["assumeRolePolicy"])
    if change.touches("description"):
        iam.update_role_description(RoleName=name, Description=new.get("description", ""))
    if change.touches("maxSessionDuration"):
        iam.update_role(
            RoleName=name,
            MaxSessionDuration=new["maxSessionDuration"],
            Description=new.get("description", ""),
        )
    if change.touches("permissionsBoundary"):
        if new.get("permissionsBoundary"):
            boundary = new["permissionsBoundary"]
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
        else:
            iam.delete_role_permissions_boundary(RoleName=name)
    if change.touches("managedPolicyArns"):
        has, wants = set(_attached(context, name)), set(new.get("managedPolicyArns", []))
        for arn in sorted(wants - has):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in sorted(has - wants):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)


def _delete_role(context: Context, name: str, state: State) -> None:
    iam = client(context)
    if state.get("forceDetachPolicies"):
        for inline in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=inline)
    if state.get("forceDetachPolicies") or state.get("managedPolicyArns"):
        for arn in _attached(context, name):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    iam.delete_role(RoleName=name)


def _retag_role(
    context: Context, name: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    if gone:
        client(context).untag_role(RoleName=name, TagKeys=gone)
    if tags:
        client(context).tag_role(RoleName=name, Tags=tag_list(tags))


def _put_role_policy(context: Context, inputs: State) -> str:
    client(context).put_role_policy(
        RoleName=inputs["role"], PolicyName=inputs["name"], PolicyDocument=inputs["policy"]
    )
    return f"{inputs['role']}:{inputs['name']}"


def _update_role_policy(context: Context, _id: str, change: Change) -> None:
    _put_role_policy(context, change.new)


def _read_role_policy(context: Context, policy_id: str, _known: State) -> State:
    role, _, name = policy_id.partition(":")
    answer = client(context).get_role_policy(RoleName=role, PolicyName=name)
    return {"role": role, "name": name, "policy": _document(answer["PolicyDocument"])}


def _delete_role_policy(context: Context, policy_id: str, _state: State) -> None:
    role, _, name = policy_id.partition(":")
    client(context).delete_role_policy(RoleName=role, PolicyName=name)


def _create_policy(context: Context, inputs: State) -> str:
    optional = {
        "Description": inputs.get("description"),
        "Tags": tag_list(inputs.get("tagsAll")),
    }
    policy = client(context).create_policy(
        PolicyName=inputs["name"],
        Path=inputs["path"],
        PolicyDocument=inputs["policy"],
        **{name: value for name, value in optional.items() if value},
    )["Policy"]
    return str(policy["Arn"])


def _read_policy(context: Context, arn: str, _known: State) -> State:
    policy = client(context).get_policy(PolicyArn=arn)["Policy"]
    version = client(context).get_policy_version(
        PolicyArn=arn, VersionId=policy["DefaultVersionId"]
    )
    return {
        "name": policy["PolicyName"],
        "path": policy["Path"],
        "description": policy.get("Description"),
        "policy": _document(version["PolicyVersion"]["Document"]),
        "arn": arn,
        "policyId": policy["PolicyId"],
        "attachmentCount": policy.get("AttachmentCount", 0),
        "tags": tag_map(policy.get("Tags")),
    }


def _old_versions(context: Context, arn: str) -> list[str]:
    """Versions that are not the default one, oldest first."""
    versions = client(context).list_policy_versions(PolicyArn=arn)["Versions"]
    old = [v["VersionId"] for v in versions if not v["IsDefaultVersion"]]
    return sorted(old, key=lambda version: int(version.removeprefix("v")))


def _update_policy(context: Context, arn: str, change: Change) -> None:
    if change.touches("policy"):
        old = _old_versions(context, arn)
        if len(old) + 1 >= _POLICY_VERSIONS:
            client(context).delete_policy_version(PolicyArn=arn, VersionId=old[0])
        client(context).create_policy_version(
            PolicyArn=arn, PolicyDocument=change.new["policy"], SetAsDefault=True
        )


def _delete_policy(context: Context, arn: str, _state: State) -> None:
    for version in _old_versions(context, arn):
        client(context).delete_policy_version(PolicyArn=arn, VersionId=version)
    client(context).delete_policy(PolicyArn=arn)


def _retag_policy(
    context: Context, arn: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    if gone:
        client(context).untag_policy(PolicyArn=arn, TagKeys=gone)
    if tags:
        client(context).tag_policy(PolicyArn=arn, Tags=tag_list(tags))


def _attach(context: Context, inputs: State) -> str:
    client(context).attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
    return f"{inputs['role']}/{inputs['policyArn']}"


def _read_attachment(context: Context, attachment: str, _known: State) -> State | None:
    role, _, arn = attachment.partition("/")
    return {"role": role, "policyArn": arn} if arn in _attached(context, role) else None


def _detach(context: Context, attachment: str, _state: State) -> None:
    role, _, arn = attachment.partition("/")
    client(context).detach_role_policy(RoleName=role, PolicyArn=arn)


def _policy_document(_call: Context, arguments: State) -> State:
    statements = []
    for given in arguments.get("statements", []):
        statement: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
        statement["Effect"] = given.get("effect") or "Allow"
        for name, api in (
            ("actions", "Action"),
            ("notActions", "NotAction"),
            ("resources", "Resource"),
            ("notResources", "NotResource"),
        ):
            if given.get(name):
                statement[api] = _one_or_more(given[name])
        for name, api in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
            if given.get(name):
                statement[api] = {p["type"]: _one_or_more(p["identifiers"]) for p in given[name]}
        for condition in given.get("conditions", []):
            operator = statement.setdefault("Condition", {}).setdefault(condition["test"], {})
            operator[condition["variable"]] = _one_or_more(condition["values"])
        statements.append(statement)
    document = {"Version": arguments.get("version") or "2012-10-17", "Statement": statements}
    text = json.dumps(document, indent=2)
    return {
        "id": str(zlib.crc32(text.encode())),
        "json": text,
        "minifiedJson": json.dumps(document),
    }


def _one_or_more(values: list[str]) -> Any:
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


def _look_up_role(context: Context, arguments: State) -> State:
    role = client(context).get_role(RoleName=arguments["name"])["Role"]
    boundary = role.get("PermissionsBoundary") or {}
    return {
        "id": role["RoleName"],
        "name": role["RoleName"],
        "arn": role["Arn"],
        "path": role["Path"],
        "uniqueId": role["RoleId"],
        "description": role.get("Description", ""),
        "maxSessionDuration": role.get("MaxSessionDuration", 3600),
        "permissionsBoundary": boundary.get("PermissionsBoundaryArn", ""),
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"].isoformat(),
        "tags": tag_map(role.get("Tags")),
    }


TYPES = (
    ResourceType(
        name="aws:iam/role:Role",
        inputs={
            "name": _NAME,
            "assumeRolePolicy": Input(required=True, document=True),
            "description": Input(),
            "path": Input(default="/", replace=True),
            "maxSessionDuration": Input(default=3600),
            "permissionsBoundary": Input(),
            "managedPolicyArns": Input(computed=True, unordered=True),
            "forceDetachPolicies": Input(default=False, unread=True),
        },
        outputs=("arn", "uniqueId", "createDate"),
        create=_create_role,
        read=_read_role,
        update=_update_role,
        delete=_delete_role,
        tagger=_retag_role,
        regional=False,
    ),
    ResourceType(
        name="aws:iam/rolePolicy:RolePolicy",
        inputs={
            "name": _NAME,
            "role": Input(required=True, replace=True),
            "policy": Input(required=True, document=True),
        },
        create=_put_role_policy,
        read=_read_role_policy,
        update=_update_role_policy,
        delete=_delete_role_policy,
        regional=False,
    ),
    ResourceType(
        name="aws:iam/policy:Policy",
        inputs={
            "name": _NAME,
            "path": Input(default="/", replace=True),
            "description": Input(replace=True),
            "policy": Input(required=True, document=True),
        },
        outputs=("arn", "policyId", "attachmentCount"),
        create=_create_policy,
        read=_read_policy,
        update=_update_policy,
        delete=_delete_policy,
        tagger=_retag_policy,
        regional=False,
    ),
    ResourceType(
        name="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs={
            "role": Input(required=True, replace=True),
            "policyArn": Input(required=True, replace=True),
        },
        create=_attach,
        read=_read_attachment,
        delete=_detach,
        regional=False,
    ),
)

FUNCTIONS = (
    Function("aws:iam/getRole:getRole", frozenset({"name"}), _look_up_role),
    Function(
        "aws:iam/getPolicyDocument:getPolicyDocument",
        frozenset({"statements", "version"}),
        _policy_document,
    ),
)
