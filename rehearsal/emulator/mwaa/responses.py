"""Parses and serializes MWAA's twelve operations; what they do is in ``models``."""

import json
from typing import Any

from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model

from mwaa.names import Names
from rehearsal.emulator import wire
from rehearsal.emulator.mwaa import callers, validation
from rehearsal.emulator.mwaa.exceptions import MalformedRequestError
from rehearsal.emulator.mwaa.models import MWAABackend, mwaa_backends

JSON_TYPES = ("", "application/json", "application/x-amz-json-1.1", "application/octet-stream")


class MWAAResponse(BaseResponse):
    """Dispatched by moto on method and path; every method answers one operation."""

    # A body that is no UTF-8 is the client's mistake, and is answered as one.
    use_raw_body = True

    def __init__(self) -> None:
        super().__init__(service_name="mwaa")

    @property
    def backend(self) -> MWAABackend:
        """The control plane of the caller's account and region."""
        backend: MWAABackend = mwaa_backends[self.current_account][self.region]
        return backend

    def setup_class(
        self,
        request: Any,
        full_url: str | None = None,
        headers: Any = None,
        use_raw_body: bool | None = None,
    ) -> None:
        super().setup_class(request, full_url, headers, use_raw_body)
        if not self.body:
            # moto falls back to the headers, and would check a signature over those.
            self.data = {}

    def determine_response_protocol(self, service_model: Any) -> str:
        # Whatever content type a client sent, this service answers rest-json.
        return "rest-json"

    def serialized(self, action_result: ActionResult) -> Any:
        problem = action_result.result
        if isinstance(problem, MalformedRequestError):
            # Not in the service model, so that moto's serializer would not know its status.
            answer = wire.error("mwaa", problem.status, problem.code, problem.message)
            return answer.status, dict(answer.headers), answer.body.decode()
        return super().serialized(action_result)

    def _input(self) -> dict[str, Any]:
        """The operation's input as the client sent it: its caller checked against IAM, and then
        itself against the model."""
        self._authorize()
        model = get_service_model("mwaa").operation_model(self._get_action())
        shape = model.input_shape
        body = self._body()
        values: dict[str, Any] = {}
        for name, member in (shape.members if shape else {}).items():
            place = member.serialization.get("location")
            wire_name = member.serialization.get("name", name)
            if place == "uri":
                values[name] = self.uri_match.get(wire_name)
            elif place == "querystring":
                values.update(self._from_query(name, member, wire_name))
            elif body.get(wire_name) is not None:
                values[name] = body[wire_name]
        validation.check(shape, values)
        return values

    def _authorize(self) -> None:
        backend = self.backend
        resource = "*"
        if "ResourceArn" in self.uri_match:
            resource = self.uri_match["ResourceArn"]
        elif self.uri_match:
            (name,) = self.uri_match.values()
            resource = Names(name, self.region, self.current_account).environment_arn
        callers.authorize(
            self._get_action(),
            self.current_account,
            self.region,
            backend.caller(self.access_key),
            resource,
        )

    def _from_query(self, name: str, member: Any, wire_name: str) -> dict[str, Any]:
        given = self.querystring.get(wire_name)
        if not given:
            return {}
        if member.type_name == "list":
            return {name: list(given)}
        if member.type_name == "integer":
            try:
                return {name: int(given[0])}
            except ValueError:
                return {name: given[0]}  # refused with the other violations
        return {name: given[0]}

    def _body(self) -> dict[str, Any]:
        text = self.body
        if self.method in ("GET", "DELETE") or not text:
            return {}
        content_type = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if content_type not in JSON_TYPES:
            # https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
            raise MalformedRequestError(
                415,
                "UnsupportedMediaTypeException",
                f"Content type {content_type} is not supported; send application/json.",
            )
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise MalformedRequestError(
                400, "SerializationException", "The body is not JSON."
            ) from None
        if not isinstance(document, dict):
            raise MalformedRequestError(
                400, "SerializationException", "The body is not a JSON object."
            )
        return document

    def create_environment(self) -> ActionResult:
        arn = self.backend.create_environment(self._input(), self.access_key)
        return ActionResult({"Arn": arn})

    def get_environment(self) -> ActionResult:
        environment = self.backend.environment(self._input()["Name"])
        return ActionResult({"Environment": environment.describe()})

    def update_environment(self) -> ActionResult:
        arn = self.backend.update_environment(self._input(), self._body(), self.access_key)
        return ActionResult({"Arn": arn})

    def delete_environment(self) -> ActionResult:
        self.backend.delete_environment(self._input()["Name"])
        return ActionResult({})

    def list_environments(self) -> ActionResult:
        given = self._input()
        names, token = self.backend.list_environments(
            given.get("MaxResults") or 25, given.get("NextToken")
        )
        return ActionResult({"Environments": names, "NextToken": token})

    def tag_resource(self) -> ActionResult:
        given = self._input()
        self.backend.tag_resource(given["ResourceArn"], given["Tags"])
        return ActionResult({})

    def untag_resource(self) -> ActionResult:
        given = self._input()
        self.backend.untag_resource(given["ResourceArn"], given["tagKeys"])
        return ActionResult({})

    def list_tags_for_resource(self) -> ActionResult:
        return ActionResult({"Tags": self.backend.tags(self._input()["ResourceArn"])})

    def create_cli_token(self) -> ActionResult:
        return ActionResult(self.backend.cli_token(self._input()["Name"], self.access_key))

    def create_web_login_token(self) -> ActionResult:
        return ActionResult(self.backend.web_login_token(self._input()["Name"], self.access_key))

    def invoke_rest_api(self) -> ActionResult:
        return ActionResult(self.backend.invoke_rest_api(self._input(), self.access_key))

    def publish_metrics(self) -> ActionResult:
        self._input()
        return ActionResult(self.backend.publish_metrics())
