"""Clients of the emulated AWS: of the service itself, and of the execution role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ops.aws import client_config

SESSION = "AmazonMWAA-airflow"
"""The name of the session in which MWAA's containers use the execution role."""


@dataclass(frozen=True)
class Account:
    """``keys`` are the variables of the SDK that hold the credentials."""

    endpoint: str
    region: str
    keys: Mapping[str, str] = field(
        default_factory=lambda: {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    )

    def client(self, service: str) -> Any:
        """A client of ``service``; botocore's clients may be used by several threads."""
        return self._session.client(
            service,
            endpoint_url=self.endpoint,
            config=client_config(
                self.endpoint,
                proxies={},
                retries={"total_max_attempts": 3},
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=30,
            ),
        )

    def assume(self, role: str) -> Account:
        """The same account as ``role``."""
        given = self.client("sts").assume_role(RoleArn=role, RoleSessionName=SESSION)["Credentials"]
        keys = {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }
        return Account(self.endpoint, self.region, keys)

    @cached_property
    def _session(self) -> Any:
        import boto3

        return boto3.Session(
            region_name=self.region,
            aws_access_key_id=self.keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=self.keys.get("AWS_SESSION_TOKEN"),
        )

    def variables(self) -> dict[str, str]:
        """What a process needs so that every SDK in it speaks to the emulated AWS, as this one."""
        return {
            **self.keys,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }
