"""Where a rehearsal keeps its things, and the shell environment that selects it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "123456789012"
PASSPHRASE = "rehearsal"  # noqa: S105 - guards nothing: the state is a throw-away file
PROJECT = "mwaa"

# A user's own AWS settings would win over the rehearsal's, or send a request to AWS.
UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN")


class RehearsalError(Exception):
    """A rehearsal cannot go on: the message is for the user, with what to do."""


@dataclass(frozen=True)
class Workspace:
    """The directories of one rehearsal. `root` is the checkout, `home` all that it writes.

    `policy_config` is a file for `--policy-pack-config`; None: each rule as the pack has it.
    `published` asks for the published provider plugins instead of the stand-ins.
    """

    root: Path = ROOT
    home: Path = ROOT / ".local"
    policy_config: Path | None = None
    published: bool = False

    @property
    def bin(self) -> Path:
        """First on PATH: the `pulumi` of the rehearsal."""
        return self.home / "bin"

    @property
    def engine(self) -> Path:
        """The real engine, with the language host beside it where it has none of its own."""
        return self.home / "engine" / "pulumi"

    @property
    def forks(self) -> Path:
        """The socket behind which processes are forked, while the emulated AWS runs."""
        return self.home / "forks"

    @property
    def pulumi_home(self) -> Path:
        """PULUMI_HOME: plugins and nothing of the user's."""
        return self.home / ("pulumi-published" if self.published else "pulumi")

    @property
    def state(self) -> Path:
        """The file backend."""
        return self.home / "state"

    @property
    def stacks(self) -> Path:
        """Copies of the stack files: the engine writes a salt into the file it is given."""
        return self.home / "stacks"

    def state_of(self, stack: str) -> Path:
        """Where the backend keeps a stack."""
        return self.state / ".pulumi" / "stacks" / PROJECT / f"{stack}.json"

    def has_stack(self, stack: str) -> bool:
        """Whether the backend knows this stack already."""
        return self.state_of(stack).exists()

    def known_stacks(self) -> list[str]:
        """The stacks in the backend, sorted."""
        directory = self.state / ".pulumi" / "stacks" / PROJECT
        return sorted(file.stem for file in directory.glob("*.json"))

    def variables(self, port: int, region: str) -> dict[str, str]:
        """What a shell must export to rehearse, PATH apart."""
        return {
            "PULUMI_HOME": str(self.pulumi_home),
            "PULUMI_BACKEND_URL": self.state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The packages also name providers that the program never uses; nothing is downloaded.
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def path(self, existing: str) -> str:
        """PATH with the rehearsal's `pulumi` and the virtual environment first, each once."""
        first = [str(self.bin), str(self.root / ".venv" / "bin")]
        rest = [entry for entry in existing.split(os.pathsep) if entry and entry not in first]
        return os.pathsep.join([*first, *rest])

    def environment(
        self, port: int, region: str, base: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """A process environment for the rehearsal, from `base` (default: this process's)."""
        environment = dict(os.environ if base is None else base)
        for name in UNSET:
            environment.pop(name, None)
        environment |= self.variables(port, region) | no_proxy(environment)
        environment["PATH"] = self.path(environment.get("PATH", ""))
        return environment


def no_proxy(environment: Mapping[str, str]) -> dict[str, str]:
    """NO_PROXY with the loopback addresses: gRPC and boto3 would ask a proxy for 127.0.0.1."""
    existing = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    names = [name for name in existing.split(",") if name]
    names += [name for name in ("127.0.0.1", "localhost") if name not in names]
    return {"NO_PROXY": ",".join(names), "no_proxy": ",".join(names)}


def notice(endpoint: str, *, published: bool = False) -> str:
    """What a rehearsal is, in one line: nobody should take it for the real thing."""
    plugins = "the published ones" if published else "stand-ins"
    return (
        f"rehearsal: AWS is emulated at {endpoint}, the aws and awsx plugins are {plugins}; "
        "nothing reaches an AWS account"
    )


STACK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
