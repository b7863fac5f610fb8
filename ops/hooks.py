"""What the program asks the live account: before a create or update, does it keep the rules? And
after it, is the environment AVAILABLE?

``__main__.py`` wires this; components know nothing of it. The provider itself takes PENDING for the
end of a create (https://github.com/hashicorp/terraform-provider-aws/issues/37223), so a stack with
customer-managed endpoints would end green with an environment that nobody can use.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import pulumi

from mwaa.settings.load import Settings
from mwaa.settings.replacement import rises
from ops import credentials
from ops.aws import AwsSession
from ops.errors import FailedError, explain

if TYPE_CHECKING:
    from pulumi.dynamic import ResourceProvider

T = TypeVar("T")
AWAITED = ("status", "environmentArn", "endpointIds")
"""Outputs that exist only when there is something to wait for."""


@dataclass(frozen=True, kw_only=True)
class LastLook:
    """The hooks of one environment.

    ``made_by_owner``: the owner of the VPC makes the customer's endpoints, outside of this program,
    and the wait says which. ``timeout_seconds`` bounds each wait; 0 waits as long as the service
    works. ``provider`` are the provider's own settings (``aws:``), so that hooks ask with the same
    credentials, and ``account`` is the account in which the provider works. Where the hooks would
    ask another account, they say so and step aside: nothing is judged, and the wait is left to the
    provider.
    """

    environment: str
    region: str
    customer_endpoints: bool
    account: str
    made_by_owner: bool = False
    provider: Mapping[str, Any] = field(default_factory=dict, repr=False)
    timeout_seconds: float = 0
    interval_seconds: float = 15
    _lock: threading.Lock = field(
        default_factory=threading.Lock, init=False, repr=False, compare=False
    )

    @classmethod
    def of(
        cls, settings: Settings, *, account: str, provider: Mapping[str, Any]
    ) -> "LastLook | None":
        """The hooks of a stack; None where its settings switch them off."""
        if not settings.last_look:
            return None
        return cls(
            environment=settings.environment_name,
            region=settings.region,
            customer_endpoints=settings.endpoint_management == "CUSTOMER",
            made_by_owner=settings.customer_endpoints == "wait",
            account=account,
            provider=provider,
        )

    def for_environment(self) -> pulumi.ResourceHookBinding:
        """Prove the account before a create or update; wait after an update, and after a create
        unless the environment still needs endpoints.

        A create with customer-managed endpoints must not wait where they come after it.
        """
        wait = self._hook("environment")
        return pulumi.ResourceHookBinding(
            before_create=[self._proof(update=False)],
            before_update=[self._proof(update=True)],
            after_create=None if self._makes_endpoints else [wait],
            after_update=[wait],
        )

    def for_last_endpoint(self) -> pulumi.ResourceHookBinding | None:
        """With customer-managed endpoints the create ends after the last of them."""
        if not self._makes_endpoints:
            return None
        return pulumi.ResourceHookBinding(after_create=[self._hook("endpoints")])

    @property
    def _makes_endpoints(self) -> bool:
        return self.customer_endpoints and not self.made_by_owner

    def settled(
        self,
        outputs: Mapping[str, pulumi.Input[Any]],
        *,
        before: str | None = None,
        address: str | None = None,
    ) -> dict[str, pulumi.Input[Any]]:
        """The stack's outputs, with a ``status`` that is waited for when the program updates.

        A hook that failed does not run again on an unchanged resource, so without this the next
        ``pulumi up`` would report success. ``before`` is the status as last exported, which a
        preview goes by: the provider's state always says PENDING of an environment with
        customer-managed endpoints, and a preview would announce that as a change. Such a state has
        no ``webserverUrl`` either: it is read here, and ``address`` is what was last exported.
        """

        async def wait(values: Mapping[str, Any]) -> str:
            if pulumi.runtime.is_dry_run():
                return before or str(values["status"])
            return await self._wait(strict=False) or str(values["status"])

        awaited = {name: outputs[name] for name in AWAITED}

        async def read(_: str) -> str:
            if pulumi.runtime.is_dry_run():
                return address or ""
            found = await asyncio.to_thread(self._address)
            return (address or "") if found is None else found

        status: pulumi.Output[str] = pulumi.Output.all(**awaited).apply(wait)
        address_read: pulumi.Output[str] = status.apply(read)
        url = {"webserverUrl": address_read} if self.customer_endpoints else {}
        return {**outputs, "status": status, **url}

    async def running_version(self, previous: Mapping[str, Any] | None, wanted: str) -> str | None:
        """The Airflow version that the environment runs, asked only where ``wanted`` is of a later
        major than the stack deployed: somebody may have upgraded it outside of the program.

        None where it is not asked, or where AWS does not say.
        """
        if previous is None or not rises(previous, wanted):
            return None
        name = str(previous.get("name") or self.environment)
        return await asyncio.to_thread(self._running_version, name)

    def _running_version(self, name: str) -> str | None:
        from ops.target import find

        session = self._session()
        if session is None:
            return None
        try:
            found = find(session.mwaa, name)
        except Exception as error:
            # Not knowing is safe: the program then refuses the rise, and says how it is done.
            pulumi.log.warn(f"the Airflow version of {name} could not be read: {error}")
            return None
        return found.get("AirflowVersion") if found else None

    def _hook(self, role: str) -> pulumi.ResourceHook:
        async def available(_: pulumi.ResourceHookArgs) -> None:
            await self._wait(strict=True)

        return pulumi.ResourceHook(f"{self.environment}-{role}-available", available)

    def _proof(self, *, update: bool) -> pulumi.ResourceHook:
        async def prove(args: pulumi.ResourceHookArgs) -> None:
            await asyncio.to_thread(self._prove, dict(args.new_inputs or {}), update)

        moment = "update" if update else "create"
        return pulumi.ResourceHook(f"{self.environment}-before-{moment}", prove)

    def _prove(self, inputs: Mapping[str, Any], update: bool) -> None:
        # Imported late: a preview pays for neither the catalog nor the proofs.
        from ops.last_look import prove
        from ops.live.calls import PERMISSIONS as READS

        session = self._session()
        if session is None:
            return
        inputs = {"name": self.environment, **inputs}
        unseen = _explained(
            lambda: prove(session, inputs, update=update, tell=pulumi.log.info), READS
        )
        if unseen:
            pulumi.log.warn(
                "the last look before MWAA is asked could not see all: " + "; ".join(unseen)
            )

    async def _wait(self, *, strict: bool) -> str | None:
        """The status at the end of the wait; None where the hooks step aside."""
        # In a thread: a wait in the event loop would stop every other resource of the program.
        return await asyncio.to_thread(self._follow, strict)

    def _follow(self, strict: bool) -> str | None:
        # Imported late, too: a preview waits for nothing.
        from ops import follow, written

        session = self._session()
        if session is None:
            return None
        name = self.environment
        followed = _explained(
            lambda: follow.follow(
                session.mwaa,
                self.environment,
                timeout_seconds=self.timeout_seconds,
                interval_seconds=self.interval_seconds,
                strict=strict,
                more=lambda: written.summary(written.troubles(session, name)),
                tell=pulumi.log.info if strict else _tell_delays,
            ),
            follow.PERMISSIONS,
        )
        if strict and (wrong := written.summary(written.at_start(session, name))):
            pulumi.log.warn(f"{name} runs without what its files ask for\n{wrong}")
        return followed.status

    def _address(self) -> str | None:
        from ops.target import PERMISSIONS, describe

        session = self._session()
        if session is None:
            return None
        described = _explained(lambda: describe(session, self.environment), PERMISSIONS)
        address = described.get("WebserverUrl") or ""
        return f"https://{address}" if address and "://" not in address else address

    def _session(self) -> AwsSession | None:
        """The provider's account, asked with its credentials; None where the hooks step aside."""
        with self._lock:  # hooks run side by side, and one warning is enough
            return self._proven

    @cached_property
    def _proven(self) -> AwsSession | None:
        session = AwsSession(region=self.region, provider=credentials.read(self.provider))
        reason = _differs(session, self.account)
        if not reason:
            return session
        pulumi.log.warn(
            f"no last look, and the wait for AVAILABLE is left to the provider: {reason}. "
            f"`mwaa doctor` and `mwaa wait` with a --profile of account {self.account} do both"
        )
        return None


def airflow_provider(settings: Settings) -> "ResourceProvider | None":
    """Speaks to Airflow for a stack that has objects there, and is loaded for no other."""
    if not settings.objects:
        return None
    from ops.airflow.provider import AirflowProvider

    return AirflowProvider()


def _differs(session: AwsSession, account: str) -> str:
    """Why ``session`` cannot speak for a provider that works in ``account``; empty: it can."""
    strange = session.provider.not_followed if session.provider else ()
    if strange:
        return f"hooks cannot follow {', '.join(f'aws:{name}' for name in strange)}"
    try:
        found = str(session.client("sts").get_caller_identity()["Account"])
    except Exception as error:
        # Whatever it is: the provider's own credentials work, and only the hooks' do not.
        words = " ".join(str(error).split()) or type(error).__name__
        return f"hooks could not use the provider's credentials ({words})"
    if found == account:
        return ""
    return f"hooks would ask account {found}, and the provider works in {account}"


def _tell_delays(words: str) -> None:
    # The hook before it has reported success already.
    if not words.endswith(" is AVAILABLE"):
        pulumi.log.info(words)


def _explained(work: Callable[[], T], permissions: tuple[str, ...]) -> T:
    """The result of ``work``; a failure a user can fix ends the program with its message."""
    try:
        return work()
    except FailedError as failure:
        # A RunError has no traceback.
        raise pulumi.RunError(str(failure)) from None
    except Exception as error:
        refusal = explain(error, permissions)
        if refusal is None:
            raise
        raise pulumi.RunError(str(refusal)) from None
