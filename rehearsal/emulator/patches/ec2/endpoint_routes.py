"""EC2: a gateway endpoint that is modified takes its routes along.

moto 5.2.5 writes down the route tables that ModifyVpcEndpoint adds or removes and leaves their
routes alone, so that deleting the endpoint later fails with InvalidRoute.NotFound.
https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
"""

from typing import Any

from moto.ec2.models import EC2Backend

from rehearsal.emulator.patches.seam import around


def _has_route(backend: Any, table: str, endpoint: Any) -> bool:
    return any(
        route.destination_prefix_list is not None
        and route.destination_prefix_list.id == endpoint.destination_prefix_list_id
        for route in backend.get_route_table(table).routes
    )


def apply() -> None:
    """Wrap the modification."""

    @around(EC2Backend, "modify_vpc_endpoint")
    def modify(original: Any, backend: Any, *args: Any, **more: Any) -> Any:
        for table in more.get("add_route_tables") or []:
            backend.get_route_table(table)  # refused before anything is changed
        result = original(backend, *args, **more)
        endpoint = backend.vpc_end_points[args[0] if args else more["vpc_id"]]
        prefixes = getattr(endpoint, "destination_prefix_list_id", None)
        if not prefixes:
            return result
        for table in more.get("add_route_tables") or []:
            if not _has_route(backend, table, endpoint):
                backend.create_route(
                    table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes
                )
        for table in more.get("remove_route_tables") or []:
            if _has_route(backend, table, endpoint):
                backend.delete_route(table, prefixes)
        return result
