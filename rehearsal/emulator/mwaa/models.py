"""The environments of an account in a region, and the operations on them.

Requests arrive here checked against the service model. ``rules`` checks what they refer to,
``lifecycle`` walks the statuses, ``service_side`` builds what the service owns.
"""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, cast

from moto.core.base_backend import BackendDict, BaseBackend

from mwaa.names import Names
from rehearsal.airflow.tokens import sign
from rehearsal.emulator import waiting
from rehearsal.emulator.mwaa import lifecycle, rest, rules
from rehearsal.emulator.mwaa.callers import (
    arn_of,
    authorize_create,
    authorize_update,
    identified,
    user_name,
)
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.mwaa.exceptions import ResourceNotFoundError, ValidationError
from rehearsal.emulator.mwaa.relay import relay
from rehearsal.emulator.mwaa.service_side import build
from rehearsal.emulator.world import world

REACHABLE = ("AVAILABLE", "UPDATING", "UPDATE_FAILED", "CREATING_SNAPSHOT", "MAINTENANCE")
"""Statuses in which Airflow's web server answers."""

IMMUTABLE = ("KmsKey", "EndpointManagement")


class MWAABackend(BaseBackend):
    """The control plane in one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.environments: dict[str, Environment] = {}

    def caller(self, access_key: str) -> str:
        """The ARN of who calls."""
        return arn_of(self.account_id, self.partition, self.region_name, access_key)

    def create_environment(self, request: dict[str, Any], access_key: str) -> str:
        """Start to create; returns the ARN. Raises ValidationError and AccessDeniedError."""
        name = request["Name"]
        now = world().clock.now()
        if name in self.environments:
            raise ValidationError(f"An environment with name {name} already exists.")
        config = {key: value for key, value in request.items() if key != "Name"}
        rules.fill(config, now)
        environment = Environment(name, self.account_id, self.region_name, config, now)
        authorize_create(environment, self.caller(access_key))
        rules.check(environment, now)
        environment.service = build(environment)
        self.environments[name] = environment
        lifecycle.start_create(environment, now)
        return environment.arn

    def environment(self, name: str) -> Environment:
        """The environment, or ResourceNotFoundError."""
        if name not in self.environments:
            arn = Names(name, self.region_name, self.account_id).arn(
                "airflow", f"environment/{name}"
            )
            raise ResourceNotFoundError(f"No environment found for {arn}")
        return self.environments[name]

    def advance(self, now: float) -> None:
        """Let everything happen that is due by ``now``, and drop what is deleted for good."""
        for environment in list(self.environments.values()):
            lifecycle.advance(environment, now)
            if environment.status == "DELETED" and environment.work is None:
                self.environments.pop(environment.name, None)

    def update_environment(
        self, request: dict[str, Any], body: Mapping[str, Any], access_key: str
    ) -> str:
        """Start to update; returns the ARN. Raises ValidationError and AccessDeniedError."""
        environment = self.environment(request["Name"])
        authorize_update(environment, request, self.caller(access_key))
        if environment.status not in ("AVAILABLE", "UPDATE_FAILED"):
            # Wording: https://github.com/cloud-custodian/cloud-custodian/pull/8866
            raise ValidationError(
                f"Environments with {environment.status} status cannot be updated."
            )
        fixed = [member for member in IMMUTABLE if member in body]
        if "SubnetIds" in (body.get("NetworkConfiguration") or {}):
            fixed.append("NetworkConfiguration.SubnetIds")
        if fixed:
            # No member of UpdateEnvironmentInput; said aloud, where the service would ignore it.
            raise ValidationError(f"{', '.join(fixed)} cannot be changed by UpdateEnvironment.")
        now = world().clock.now()
        strategy = request.pop("WorkerReplacementStrategy", None)
        config = rules.merge(environment.config, request)
        changed = Environment(
            environment.name, self.account_id, self.region_name, config, environment.created_at
        )
        rules.check_change(environment.config, config)
        rules.check(changed, now, had=environment.config["AirflowVersion"])
        lifecycle.start_update(environment, config, strategy, now)
        return environment.arn

    def delete_environment(self, name: str) -> None:
        """Start to delete; repeating it changes nothing (the operation is idempotent)."""
        lifecycle.start_delete(self.environment(name), world().clock.now())

    def list_environments(self, limit: int, token: str | None) -> tuple[list[str], str | None]:
        """A page of names in order, and the token of the next page."""
        names = sorted(self.environments)
        start = 0
        if token:
            try:
                last = json.loads(base64.urlsafe_b64decode(token))["after"]
                start = sum(name <= last for name in names)
            except (ValueError, KeyError, TypeError):
                raise ValidationError("The NextToken is not valid.") from None
        page = names[start : start + limit]
        if start + limit >= len(names):
            return page, None
        return page, base64.urlsafe_b64encode(json.dumps({"after": page[-1]}).encode()).decode()

    def _tagged(self, arn: str) -> Environment:
        for environment in self.environments.values():
            if environment.arn == arn:
                return environment
        raise ResourceNotFoundError(f"No environment found for {arn}")

    def tags(self, arn: str) -> dict[str, str]:
        """The tags of an environment."""
        tags: dict[str, str] = self._tagged(arn).config.get("Tags", {})
        return tags

    def tag_resource(self, arn: str, tags: Mapping[str, str]) -> None:
        """Add or overwrite tags; fifty at most."""
        environment = self._tagged(arn)
        merged = {**environment.config.get("Tags", {}), **tags}
        rules.check_tags(merged)
        environment.config["Tags"] = merged

    def untag_resource(self, arn: str, keys: list[str]) -> None:
        """Remove tags; keys that are not there are ignored."""
        environment = self._tagged(arn)
        kept = {k: v for k, v in environment.config.get("Tags", {}).items() if k not in keys}
        environment.config["Tags"] = kept

    def _reachable(self, name: str) -> Environment:
        environment = self.environment(name)
        if environment.status not in REACHABLE or environment.service is None:
            raise ResourceNotFoundError(
                f"No web server found for {environment.arn}: its status is {environment.status}."
            )
        return environment

    def cli_token(self, name: str, access_key: str) -> dict[str, str]:
        """A token for the Airflow CLI, and the host that takes it."""
        environment = self._reachable(name)
        return {
            "CliToken": self._token(environment, access_key, "cli"),
            "WebServerHostname": self._host(environment),
        }

    def _host(self, environment: Environment) -> str:
        """Where the web server answers; on this machine where a real one does."""
        assert environment.service
        if environment.runtime:
            return environment.runtime.address
        return environment.service.hostname(environment.is_private)

    def _token(self, environment: Environment, access_key: str, kind: str) -> str:
        who = identified(environment, access_key, kind)
        if environment.runtime is None:
            return secrets.token_urlsafe(48)
        return sign(who, environment.runtime.secret)

    def web_login_token(self, name: str, access_key: str) -> dict[str, str]:
        """A login token for Airflow's web server, and who it is for."""
        environment = self._reachable(name)
        arn = self.caller(access_key)
        return {
            "WebToken": self._token(environment, access_key, "web"),
            "WebServerHostname": self._host(environment),
            "IamIdentity": arn.rpartition(":")[2],
            "AirflowIdentity": user_name(arn),
        }

    def invoke_rest_api(self, request: Mapping[str, Any], access_key: str) -> dict[str, Any]:
        """Relay a request to Airflow's REST API."""
        environment = self._reachable(request["Name"])
        who = identified(environment, access_key, "rest")
        if environment.runtime:
            waiting.answer_later(partial(relay, environment.runtime, request, who))
            return {}
        return rest.answer(environment, request)

    def publish_metrics(self) -> dict[str, Any]:
        """Refused, as the service model says of this operation."""
        raise ValidationError(
            "This API is for internal use and not meant for public use, and is no longer available."
        )


mwaa_backends = BackendDict(MWAABackend, "mwaa")


def _all() -> list[MWAABackend]:
    return [cast(MWAABackend, backend) for _, _, backend in mwaa_backends.iter_backends()]


def advance_all(now: float) -> None:
    """Let everything happen that is due by ``now``, in every account and region."""
    for backend in _all():
        backend.advance(now)


def environments() -> Iterator[Environment]:
    """Every environment of every account and region."""
    for backend in _all():
        yield from list(backend.environments.values())
