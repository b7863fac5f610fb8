"""EC2: an endpoint has a policy of its own only where its service takes one, and can lose it again.

moto 5.2.5 takes any text as the policy of any service, and ignores ResetPolicy.
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html ("If an AWS service
doesn't support endpoint policies, we allow full access to any endpoint for the service"); wording:
https://github.com/pulumi/pulumi-aws-native/issues/1711 and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidPolicyDocument)
"""

import json
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response

from rehearsal.emulator.patches.ec2.endpoint_services import details
from rehearsal.emulator.patches.seam import around


class _RefusedError(EC2ClientError):
    """Code and message as given; defined outside moto's packages."""


def _check(backend: Any, service: str, kind: str | None, policy: str | None) -> None:
    if not policy:
        return
    found = details(backend, service, kind or "Gateway")
    if found is not None and not found["VpcEndpointPolicySupported"]:
        message = f"Service {service} only supports the full-access endpoint policy."
        raise _RefusedError("InvalidParameter", message)
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict) or "Statement" not in document:
        message = "The specified policy document is not a valid JSON policy document."
        raise _RefusedError("InvalidPolicyDocument", message)


def apply() -> None:
    """Wrap creation and modification."""

    @around(EC2Backend, "create_vpc_endpoint")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        names = ("vpc_id", "service_name", "endpoint_type", "policy_document")
        given = {**dict(zip(names, args, strict=False)), **more}
        kind, policy = given.get("endpoint_type"), given.get("policy_document")
        _check(backend, given["service_name"], kind, policy)
        return original(backend, *args, **more)

    @around(EC2Response, "modify_vpc_endpoint")
    def modify(original: Any, response: Any) -> Any:
        backend: Any = response.ec2_backend
        endpoint = backend.vpc_end_points.get(response._get_param("VpcEndpointId"))
        if endpoint is not None:
            policy = response._get_param("PolicyDocument")
            _check(backend, endpoint.service_name, endpoint.vpc_endpoint_type, policy)
        answer = original(response)
        if endpoint is not None and response._get_bool_param("ResetPolicy"):
            endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        return answer
