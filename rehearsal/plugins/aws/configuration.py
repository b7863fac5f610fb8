"""The provider's own settings: `aws:region`, `aws:defaultTags` and the few others that apply.

Source: https://www.pulumi.com/registry/packages/aws/installation-configuration/
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ops.credentials import ProviderCredentials, accounts, read, structured
from rehearsal.plugins.aws.context import PluginError, require_loopback

# Settings that change nothing against an emulated account.
_WITHOUT_EFFECT = frozenset(
    {
        "maxRetries",
        "retryMode",
        "s3UsePathStyle",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "version",
    }
)
_CREDENTIALS = frozenset(
    {"accessKey", "secretKey", "token", "profile", "sharedConfigFiles", "sharedCredentialsFiles"}
    | {"assumeRoles", "assumeRoleWithWebIdentity", "stsRegion"}
)
_KNOWN = (
    _WITHOUT_EFFECT
    | _CREDENTIALS
    | {"region", "defaultTags", "allowedAccountIds", "forbiddenAccountIds"}
)


@dataclass(frozen=True)
class Configuration:
    """What the provider was configured with."""

    region: str
    default_tags: dict[str, str] = field(default_factory=dict)
    credentials: ProviderCredentials = field(default_factory=ProviderCredentials, repr=False)
    allowed_accounts: frozenset[str] = frozenset()
    forbidden_accounts: frozenset[str] = frozenset()

    def admit(self, account: str) -> None:
        """Raises PluginError, in the published provider's words, for an account not allowed.

        https://github.com/hashicorp/aws-sdk-go-base (VerifyAccountIDAllowed, read 2026-11)
        """
        if account in self.forbidden_accounts or (
            self.allowed_accounts and account not in self.allowed_accounts
        ):
            raise PluginError(f"AWS account ID not allowed: {account}")


def configuration_problems(settings: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (setting, reason) that stops the provider from being used."""
    try:
        require_loopback(os.environ.get("AWS_ENDPOINT_URL"))
    except PluginError as error:
        yield "", str(error)
    for name in sorted(set(settings) - _KNOWN):
        if settings[name] is not None:
            yield name, _unknown(name)


def read_configuration(settings: dict[str, Any]) -> Configuration:
    """The configuration. Raises PluginError for a missing region or an unknown setting."""
    unknown = sorted(name for name in set(settings) - _KNOWN if settings[name] is not None)
    if unknown:
        raise PluginError(" ".join(_unknown(name) for name in unknown))
    region = settings.get("region") or os.environ.get("AWS_REGION")
    region = region or os.environ.get("AWS_DEFAULT_REGION")
    if not region:
        raise PluginError(
            "The provider has no region. Set it for the stack: pulumi config set aws:region "
            "us-east-1."
        )
    credentials = read(
        _from_environment(settings)
        | {name: settings[name] for name in _CREDENTIALS if settings.get(name)}
    )
    if credentials.not_followed:
        raise PluginError(
            f"The provider setting {', '.join(credentials.not_followed)} is not in a form that the "
            "provider takes: https://www.pulumi.com/registry/packages/aws/"
            "installation-configuration/."
        )
    tags = (structured(settings.get("defaultTags")) or {}).get("tags") or {}
    return Configuration(
        str(region),
        {key: str(tag) for key, tag in tags.items()},
        credentials,
        accounts(settings.get("allowedAccountIds")),
        accounts(settings.get("forbiddenAccountIds")),
    )


def _from_environment(settings: dict[str, Any]) -> dict[str, str]:
    """The keys of the environment, where the settings name none.

    Emulated keys only name an account; without any the emulator's default one answers.
    """
    if any(settings.get(name) for name in ("accessKey", "profile", "assumeRoleWithWebIdentity")):
        return {}
    return {
        "accessKey": os.environ.get("AWS_ACCESS_KEY_ID") or "test",
        "secretKey": os.environ.get("AWS_SECRET_ACCESS_KEY") or "test",
        "token": os.environ.get("AWS_SESSION_TOKEN", ""),
    }


def _unknown(name: str) -> str:
    return (
        f"The stand-in for rehearsal does not know the provider setting {name}. "
        f"Allowed: {', '.join(sorted(_KNOWN))}."
    )
