"""Secrets Manager as the place of what may not stand in a file."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ops.aws import AwsSession
from ops.errors import code

WRITE = ("secretsmanager:CreateSecret", "secretsmanager:PutSecretValue")
READ = ("secretsmanager:GetSecretValue",)
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
# (read 2026-11-27)
NAME: Final = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
LONGEST: Final = 65_536  # bytes of a value


def holds(name: str, value: str) -> bool:
    """Whether Secrets Manager takes a secret of this name and value."""
    return bool(NAME.fullmatch(name)) and 0 < len(value.encode()) <= LONGEST


@dataclass(frozen=True)
class Vault:
    """The secrets of one account and region."""

    aws: AwsSession

    @cached_property
    def client(self) -> Any:
        """The client, made once for all."""
        return self.aws.client("secretsmanager")

    def put(self, name: str, value: str) -> None:
        """Let ``name`` hold ``value``; a second time changes nothing."""
        from botocore.exceptions import ClientError

        if self.get(name) == value:
            return
        try:
            self.client.create_secret(Name=name, SecretString=value)
        except ClientError as error:
            if code(error) != "ResourceExistsException":
                raise
            self.client.put_secret_value(SecretId=name, SecretString=value)

    def get(self, name: str) -> str | None:
        """The value of ``name``, or None where there is no such secret."""
        from botocore.exceptions import ClientError

        try:
            found: str | None = self.client.get_secret_value(SecretId=name).get("SecretString")
            return found
        except ClientError as error:
            if code(error) == "ResourceNotFoundException":
                return None
            raise
