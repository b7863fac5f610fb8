"""EC2: a gateway endpoint that is modified takes its routes along; a table has one of a service.

moto 5.2.5 makes the second route, writes down the route tables that ModifyVpcEndpoint adds or
removes and leaves their routes alone, so that deleting the endpoint later fails with
InvalidRoute.NotFound. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html;
wording: https://github.com/eksctl-io/eksctl/issues/2510
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around


class _RefusedError(EC2ClientError):
    """Code and message as given; defined outside moto's packages."""


def _route(backend: Any, table: str, prefixes: str) -> Any:
    """The route of ``table`` to a prefix list, or None."""
    for route in backend.get_route_table(table).routes:
        if route.destination_prefix_list and route.destination_prefix_list.id == prefixes:
            return route
    return None


def _check_free(backend: Any, table: str, prefixes: str, but: str = "") -> None:
    route = _route(backend, table, prefixes)
    if route is not None and route.gateway_id != but:
        raise _RefusedError(
            "RouteAlreadyExists",
            f"route table {table} already has a route with destination-prefix-list-id {prefixes}",
        )


def apply() -> None:
    """Wrap creation and modification."""

    @around(EC2Backend, "create_vpc_endpoint")
    def create(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        names = ("vpc_id", "service_name", "endpoint_type", "policy_document", "route_table_ids")
        given = {**dict(zip(names, args, strict=False)), **more}
        if (given.get("endpoint_type") or "Gateway").lower() == "gateway":
            for prefixes in backend.managed_prefix_lists.values():
                if prefixes.prefix_list_name == given["service_name"]:
                    for table in given.get("route_table_ids") or []:
                        _check_free(backend, table, prefixes.id)
        return original(backend, *args, **more)

    @around(EC2Backend, "modify_vpc_endpoint")
    def modify(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        endpoint = backend.vpc_end_points[args[0] if args else more["vpc_id"]]
        prefixes: Any = getattr(endpoint, "destination_prefix_list_id", None)
        for table in more.get("add_route_tables") or []:  # refused before anything is changed
            _check_free(backend, table, prefixes, endpoint.id)
        result = original(backend, *args, **more)
        if not prefixes:
            return result
        for table in more.get("add_route_tables") or []:
            if not _route(backend, table, prefixes):
                backend.create_route(
                    table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes
                )
        for table in more.get("remove_route_tables") or []:
            if _route(backend, table, prefixes):
                backend.delete_route(table, prefixes)
        return result
