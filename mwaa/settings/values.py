"""The choices of one stack as the stack file makes them, and what follows from them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic.alias_generators import to_camel

from mwaa import cidr
from mwaa.names import LOG_TYPES, Names
from mwaa.service import endpoints
from mwaa.service.airflow_options import SecretsBackend
from mwaa.service.classes import CLASSES, Sizing, size
from mwaa.settings import airflow_objects
from mwaa.settings.airflow_objects import AirflowObject
from mwaa.settings.problems import HIDDEN
from mwaa.settings.schema import Fields


class Choices(Fields):
    """One value per field, not judged yet: the rules take this. ``repr`` shows no secret.

    ``region``, ``base`` and ``secret_settings`` are no settings of the project: the provider's
    region, the folder that file paths are relative to, and the YAML names of settings that the
    stack file encrypts.
    """

    region: str
    base: Path
    secret_settings: frozenset[str] = frozenset()

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        secret = {to_camel(s) for s in self.secret_settings} | self.secret_settings
        for name, value in super().__repr_args__():
            yield name, HIDDEN if name is not None and to_camel(name) in secret else value

    @property
    def sizing(self) -> Sizing:
        """The five counts, those left open filled from the class."""
        return size(
            CLASSES[self.environment_class],
            min_workers=self.min_workers,
            max_workers=self.max_workers,
            schedulers=self.schedulers,
            min_webservers=self.min_webservers,
            max_webservers=self.max_webservers,
        )

    @property
    def zones(self) -> tuple[str, ...]:
        """Sorted, so that writing the same zones in another order moves no subnet."""
        return tuple(sorted(self.availability_zones))

    @property
    def address_plan(self) -> cidr.AddressPlan | None:
        """The blocks of a new VPC; None with an existing one."""
        if self.existing_vpc_id:
            return None
        return cidr.plan(self.vpc_cidr, public=self.egress in ("single-nat", "nat-per-zone"))

    @property
    def makes_key(self) -> bool:
        """Whether the program makes the environment's key, so that it writes the key's policy."""
        return self.encryption == "customer-managed"

    @property
    def knows_route_tables(self) -> bool:
        """Whether the program knows route tables into which a gateway endpoint can be put."""
        return not self.existing_vpc_id or bool(self.existing_route_table_ids)

    @property
    def makes_s3_gateway(self) -> bool:
        """Whether the program makes the gateway endpoint of S3."""
        return self.knows_route_tables and "s3" in self.endpoint_services

    @property
    def write_prefixes(self) -> tuple[str, ...]:
        """The parts of the source bucket that DAGs may write to, without slashes at their ends."""
        return tuple(prefix.strip("/") for prefix in self.bucket_write_prefixes)

    @property
    def makes_customer_endpoints(self) -> bool:
        """Whether the program makes the endpoints to database and web server."""
        return self.endpoint_management == "CUSTOMER" and self.customer_endpoints == "make"

    @property
    def endpoint_services(self) -> tuple[str, ...]:
        return endpoints.services(
            self.endpoint_profile, self.additional_endpoint_services, region=self.region
        )

    @property
    def endpoint_client_cidr(self) -> str:
        """The block whose hosts use the endpoints too: of an existing VPC, or of a new one in which
        other environments stand."""
        return self.existing_vpc_cidr or (self.vpc_cidr if self.endpoint_environments else "")

    def neighbors(self, account: str) -> tuple[endpoints.Neighbor, ...]:
        """The other environments that use the endpoints; ``account`` is theirs where none is
        named."""
        return tuple(
            endpoints.Neighbor(
                Names(one["name"], self.region, one.get("account", account), one.get("bucket", "")),
                one.get("key", ""),
            )
            for one in self.endpoint_environments
        )

    @property
    def log_group_levels(self) -> dict[str, str | None]:
        """Level per logging module of the API (``dag_processing`` ...), None where it is off."""
        given = {to_camel(module): module for module in LOG_TYPES}
        levels: dict[str, str | None] = {}
        for key, module in given.items():
            level = self.log_levels.get(key, "INFO")
            levels[module] = None if level == "OFF" else level
        return levels

    @property
    def airflow_options(self) -> dict[str, str]:
        """All Airflow options of the environment, those of the secrets backend included."""
        if self.secrets_backend == "none":
            return dict(self.airflow_configuration_options)
        backend = SecretsBackend(
            prefix=self.secrets_prefix,
            connections_pattern=self.secrets_connections_lookup_pattern,
            variables_pattern=self.secrets_variables_lookup_pattern,
        )
        return {**self.airflow_configuration_options, **backend.options()}

    @property
    def objects(self) -> tuple[AirflowObject, ...]:
        """What of Airflow is the stack's; ``UnreadableError`` where that cannot be read."""
        encrypted = "airflowObjects" in self.secret_settings
        return airflow_objects.read(self.airflow_objects, self.base, encrypted=encrypted)

    @property
    def secret_options(self) -> bool:
        """Whether the stack file encrypts the options: wrap them as a secret again."""
        return "airflowConfigurationOptions" in self.secret_settings

    def names(self, account: str) -> Names:
        """The names of this stack in an account."""
        bucket = self.existing_bucket_name or self.bucket_name
        return Names(self.environment_name, self.region, account, bucket)

    def path(self, file: str) -> Path:
        """The place of a file that a setting names."""
        return self.base / file

    def file(self, name: str) -> Path | None:
        """The file that the field ``name`` names, None where it is empty."""
        file: str = getattr(self, name)
        return self.path(file) if file else None
