"""The account as the service sees it: read by ``ops.live``, as any client reads it.

The requests are answered in this process, one after the other: who asks holds the emulator's lock,
and a second thread would wait for it without end.
"""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from mwaa.model.platform import UNKNOWN, Account, Key, Maybe, Platform, Role, known
from ops.live import environment as live_environment
from ops.live import identity, keys, network, storage
from ops.live import platform as live
from ops.live.reader import AwsReader
from rehearsal.emulator.mwaa.environment import Environment
from rehearsal.emulator.world import world

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class InProcess:
    """Where the clients of one account come from: see ``ops.live.reader.Clients``."""

    account: str
    region_name: str

    def client(self, service: str) -> Any:
        """The client of a service; made once for all who ask."""
        return world().accounts.client(service, self.account, self.region_name)


class InTurn(Executor):
    """Does each piece of work when it is handed over, in the thread that hands it over."""

    def __init__(self, _at_once: int = 1) -> None:
        """As other executors are made."""

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The result of ``work``, or what it raised."""
        done: Future[T] = Future()
        try:
            done.set_result(work(*args, **kwargs))
        except Exception as problem:
            done.set_exception(problem)
        return done


def platform(environment: Environment) -> Platform:
    """The environment and everything around it; in a shared VPC also what its owner made, which no
    client of this account can see."""
    own = live.read(_reader(environment), environment.describe(), pool=InTurn)
    if "endpoints" not in own.partial or not known(own.vpcs) or not known(own.vpcs[0].owner):
        return own
    subnets = environment.config["NetworkConfiguration"]["SubnetIds"]
    owner = AwsReader(InProcess(own.vpcs[0].owner, environment.region))
    theirs = network.read(owner, subnets, [], environment.region, InTurn())
    return replace(
        own,
        endpoints=_both(own.endpoints, theirs["endpoints"]),
        security_groups=_both(own.security_groups, theirs["security_groups"]),
        interfaces=_both(own.interfaces, theirs["interfaces"]),
        partial=frozenset(),
    )


def _both(own: Maybe[tuple[T, ...]], theirs: Maybe[tuple[T, ...]]) -> Maybe[tuple[T, ...]]:
    return (*own, *theirs) if known(own) and known(theirs) else UNKNOWN


def role(environment: Environment) -> Maybe[Role | None]:
    """The execution role with its policies; None where it does not exist."""
    return identity.role(_reader(environment), environment.config["ExecutionRoleArn"], InTurn())


def key(environment: Environment) -> Maybe[Key | None]:
    """The environment's key; None without one, or where it does not exist."""
    return keys.key(_reader(environment), environment.config.get("KmsKey"), InTurn())


def with_role(environment: Environment, role: Role | None) -> Platform:
    """Just enough to judge whether the service may assume ``role``."""
    return Platform(
        origin="live",
        environment=live_environment.environment(environment.describe()),
        account=Account(
            id=environment.account,
            region=environment.region,
            partition=environment.names.partition,
        ),
        role=role,
        bucket=None,
    )


def around_caller(environment: Environment) -> Platform:
    """Just enough to judge what the caller of a create may do: the policies of bucket and key."""
    aws, described = _reader(environment), environment.describe()
    return replace(
        with_role(environment, None),
        bucket=storage.bucket(aws, described, environment.account, InTurn()),
        key=key(environment),
    )


def _reader(environment: Environment) -> AwsReader:
    return AwsReader(InProcess(environment.account, environment.region))
