"""The credentials of the AWS provider, for those who must ask AWS as the provider does.

Read from the provider's own settings, the keys below ``aws:`` in a stack file. Sources:
https://www.pulumi.com/registry/packages/aws/installation-configuration/ and the arguments of
``pulumi_aws.Provider`` 7.51; for the order, aws-sdk-go-base, which the provider stands on: keys or
a profile, then the web identity, then each role assumed with what the one before it gave
(https://github.com/hashicorp/aws-sdk-go-base, read 2026-11).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from botocore.session import Session

# Settings that say how often, how strictly or with which tags, not who asks whom.
_IRRELEVANT = frozenset(
    {"allowedAccountIds", "forbiddenAccountIds", "defaultTags", "ignoreTags", "maxRetries"}
    | {"retryMode", "s3UsEast1RegionalEndpoint", "s3UsePathStyle", "skipCredentialsValidation"}
    | {"skipMetadataApiCheck", "skipRegionValidation", "skipRequestingAccountId"}
    | {"tagPolicyCompliance", "tokenBucketRateLimiterCapacity", "userAgents", "version"}
    | {"pluginDownloadURL"}
)
_PLAIN = frozenset({"profile", "accessKey", "secretKey", "token", "stsRegion"})
# A setting and what botocore calls it.
_VARIABLES = {
    "region": "region",
    "customCaBundle": "ca_bundle",
    "ec2MetadataServiceEndpoint": "ec2_metadata_service_endpoint",
    "ec2MetadataServiceEndpointMode": "ec2_metadata_service_endpoint_mode",
}
_FLAGS = {"useDualstackEndpoint": "use_dualstack_endpoint", "useFipsEndpoint": "use_fips_endpoint"}
# botocore takes one file of each kind, the provider several.
_FILES = {"sharedConfigFiles": "config_file", "sharedCredentialsFiles": "credentials_file"}
_ROLES = ("assumeRoles", "assumeRoleWithWebIdentity")
NAMES = _IRRELEVANT | _PLAIN | {*_VARIABLES, *_FLAGS, *_FILES, *_ROLES}
"""Every setting of the provider that is known here."""

_UNIT_SECONDS = {"h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")


def _seconds(text: Any) -> int:
    """The seconds of a duration as Go writes it, such as ``1h30m``."""
    parts = _DURATION.findall(str(text))
    if not parts or "".join(number + unit for number, unit in parts) != str(text):
        raise ValueError
    return round(sum(float(number) * _UNIT_SECONDS[unit] for number, unit in parts))


# A setting of a role, STS's name of it, and its form there.
_MEMBERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "duration": ("DurationSeconds", _seconds),
    "externalId": ("ExternalId", str),
    "policy": ("Policy", str),
    "policyArns": ("PolicyArns", lambda arns: [{"arn": str(arn)} for arn in arns]),
    "sessionName": ("RoleSessionName", str),
    "sourceIdentity": ("SourceIdentity", str),
    "tags": ("Tags", lambda tags: [{"Key": k, "Value": str(v)} for k, v in tags.items()]),
    "transitiveTagKeys": ("TransitiveTagKeys", lambda keys: [str(key) for key in keys]),
}
_BY_WEB_IDENTITY = frozenset({"duration", "policy", "policyArns", "sessionName"})


@dataclass(frozen=True)
class Role:
    """A role to assume; ``options`` are further members of STS's request."""

    arn: str
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class WebIdentity:
    """A role that the bearer of a token may assume; the token, or the file that holds it."""

    role: Role
    token: str = field(default="", repr=False)
    token_file: str = ""

    def read(self) -> str:
        """The token as it is now: whoever issued it may have renewed the file."""
        return self.token or Path(self.token_file).expanduser().read_text(encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class ProviderCredentials:
    """Who the provider is; ``not_followed`` are the settings that cannot be followed here."""

    profile: str = ""
    access_key: str = ""
    secret_key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    web_identity: WebIdentity | None = None
    roles: tuple[Role, ...] = ()
    sts_region: str = ""
    variables: Mapping[str, str | bool] = field(default_factory=dict)
    """botocore's configuration variables."""
    not_followed: tuple[str, ...] = ()

    def session(self, region: str = "") -> "Session":
        """A botocore session of these credentials. AWS is asked when they are first needed.

        ``region`` goes before the provider's own setting.
        """
        base = self._plain(region)
        if self.access_key:
            base.set_credentials(self.access_key, self.secret_key, self.token or None)
        if self.web_identity is None and not self.roles:
            return base
        from botocore.credentials import CredentialResolver

        made = self._plain(region)
        chain = CredentialResolver(providers=[_chained(self, base)])
        made.register_component("credential_provider", chain)
        return made

    def _plain(self, region: str) -> "Session":
        from botocore.session import Session

        made = Session(profile=self.profile or None)
        for name, value in self.variables.items():
            made.set_config_variable(name, value)
        if region:
            made.set_config_variable("region", region)
        return made


def read(settings: Mapping[str, Any]) -> ProviderCredentials:
    """The credentials that the provider's settings mean, by their names without ``aws:``.

    What is not understood is named in ``not_followed``, and refuses nothing: the provider judges
    its own settings.
    """
    given = {name: value for name, value in settings.items() if value not in (None, "")}
    stray = set(given) - NAMES
    variables: dict[str, str | bool] = {}
    for name, variable in _VARIABLES.items():
        if name in given:
            variables[variable] = str(given[name])
    for name, variable in _FLAGS.items():
        if str(given.get(name, "")).lower() == "true":
            variables[variable] = True
    roles: tuple[Role, ...] = ()
    web_identity = None
    for name in given.keys() & {*_FILES, *_ROLES}:
        try:
            value = structured(given[name])
            if name in _FILES:
                (variables[_FILES[name]],) = _listed(value)
            elif name == "assumeRoles":
                roles = tuple(_role(one, frozenset(_MEMBERS)) for one in _listed(value))
            else:
                web_identity = _web_identity(value)
        except (AttributeError, KeyError, TypeError, ValueError):
            stray.add(name)
    return ProviderCredentials(
        profile=str(given.get("profile", "")),
        access_key=str(given.get("accessKey", "")),
        secret_key=str(given.get("secretKey", "")),
        token=str(given.get("token", "")),
        web_identity=web_identity,
        roles=roles,
        sts_region=str(given.get("stsRegion", "")),
        variables=variables,
        not_followed=tuple(sorted(stray)),
    )


def structured(value: Any) -> Any:
    """A nested setting of the provider, which the engine and the SDK hand on as JSON text."""
    return json.loads(value) if isinstance(value, str) and value else value


def accounts(value: Any) -> frozenset[str]:
    """The accounts in ``allowedAccountIds`` or ``forbiddenAccountIds``, a list or its JSON text."""
    return frozenset(str(one) for one in structured(value) or ())


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _role(given: Mapping[str, Any], members: frozenset[str]) -> Role:
    """Raises ``KeyError`` for a setting of a role that is not known, or a role without ARN."""
    options = {}
    for name, value in given.items():
        if name == "roleArn" or value in (None, "", [], {}):
            continue
        if name not in members:
            raise KeyError(name)
        member, form = _MEMBERS[name]
        options[member] = form(value)
    return Role(str(given["roleArn"]), options)


def _web_identity(given: Mapping[str, Any]) -> WebIdentity:
    rest = dict(given)
    token = str(rest.pop("webIdentityToken", None) or "")
    token_file = str(rest.pop("webIdentityTokenFile", None) or "")
    if not (token or token_file):
        raise KeyError("webIdentityToken")
    return WebIdentity(_role(rest, _BY_WEB_IDENTITY), token, token_file)


def _chained(given: ProviderCredentials, base: "Session") -> Any:
    """What gives botocore the last credentials of the chain, and renews them in a long wait."""
    from botocore import credentials as aws
    from botocore.exceptions import NoCredentialsError

    def sts(service: str, **more: Any) -> Any:
        region = given.sts_region or base.get_config_variable("region")
        return base.create_client(service, region_name=region, **more)

    def deferred(method: str, fetcher: Any) -> "Credentials":
        refreshed: Credentials = aws.DeferredRefreshableCredentials(
            fetcher.fetch_credentials, method
        )
        return refreshed

    class Chain(aws.CredentialProvider):
        METHOD = "provider"

        def load(self) -> "Credentials":
            identity = given.web_identity
            found: Credentials | None
            if identity is not None:
                found = deferred(
                    "assume-role-with-web-identity",
                    aws.AssumeRoleWithWebIdentityCredentialFetcher(
                        sts, identity.read, identity.role.arn, dict(identity.role.options)
                    ),
                )
            else:
                found = base.get_credentials()
            if found is None:
                raise NoCredentialsError
            for role in given.roles:
                found = deferred(
                    "assume-role",
                    aws.AssumeRoleCredentialFetcher(sts, found, role.arn, dict(role.options)),
                )
            return found

    return Chain()
